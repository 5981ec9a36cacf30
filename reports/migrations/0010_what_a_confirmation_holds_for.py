from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0009_publication_words'),
    ]

    operations = [
        # Those that were given before hold for nothing: their questions are asked once more.
        migrations.AddField(
            model_name='figureconfirmation',
            name='holds_for',
            field=models.CharField(blank=True, default='', editable=False, max_length=20),
            preserve_default=False,
        ),
    ]
