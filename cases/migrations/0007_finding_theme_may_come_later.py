import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_same_framework_of_parts")]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="theme",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inspections.theme"),
        ),
        migrations.AlterField(
            model_name="findingevent",
            name="theme",
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", related_query_name="+", to="inspections.theme"),
        ),
    ]
