"""Ties the framework of each row to that of what it belongs to (domain rule 1)."""

from django.db import migrations

from config.composite_keys import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        composite_foreign_key(
            "reports_reportsection",
            ("inspection_id", "framework_id"),
            "inspections_inspection",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "reports_reportsection",
            ("theme_id", "framework_id"),
            "inspections_theme",
            ("id", "framework_id"),
        ),
    ]
