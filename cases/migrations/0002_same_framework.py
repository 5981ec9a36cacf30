"""Ties the framework of each row to that of what it belongs to (domain rule 1)."""

from django.db import migrations

from config.composite_keys import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        composite_foreign_key(
            "cases_casefile",
            ("inspection_id", "framework_id"),
            "inspections_inspection",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "cases_casefile",
            ("area_id", "framework_id"),
            "inspections_area",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "cases_audit", ("case_id", "framework_id"), "cases_casefile", ("id", "framework_id")
        ),
        composite_foreign_key(
            "cases_audit", ("case_id", "route"), "cases_casefile", ("id", "route")
        ),
        composite_foreign_key(
            "cases_audit", ("grade_id", "framework_id"), "inspections_grade", ("id", "framework_id")
        ),
        composite_foreign_key(
            "cases_finding", ("audit_id", "framework_id"), "cases_audit", ("id", "framework_id")
        ),
        composite_foreign_key(
            "cases_finding",
            ("theme_id", "framework_id"),
            "inspections_theme",
            ("id", "framework_id"),
        ),
    ]
