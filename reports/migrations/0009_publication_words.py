"""Lets everybody search published reports by the words of their titles and sections."""

import django.contrib.postgres.indexes
from django.db import migrations

import reports.models.publications


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_thematic")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                reports.models.publications.ReportWords("document"), name="publication_words"
            ),
        ),
    ]
