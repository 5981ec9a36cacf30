"""Ties the framework of each row to that of what it belongs to (domain rule 1)."""

from django.db import migrations

from config.composite_keys import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]

    operations = [
        composite_foreign_key(
            "recommendations_recommendation",
            ("inspection_id", "framework_id"),
            "inspections_inspection",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "recommendations_recommendation",
            ("theme_id", "framework_id"),
            "inspections_theme",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "recommendations_recommendation",
            ("timescale_id", "framework_id"),
            "inspections_timescale",
            ("id", "framework_id"),
        ),
    ]
