"""Ties a case example to the inspection and the framework of its case and theme (domain rule 1)."""

from django.db import migrations

from config.composite_keys import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_writing_checking_publishing")]

    operations = [
        composite_foreign_key(
            "reports_caseexample",
            ("case_id", "inspection_id"),
            "cases_casefile",
            ("id", "inspection_id"),
        ),
        composite_foreign_key(
            "reports_caseexample",
            ("inspection_id", "framework_id"),
            "inspections_inspection",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "reports_caseexample",
            ("theme_id", "framework_id"),
            "inspections_theme",
            ("id", "framework_id"),
        ),
    ]
