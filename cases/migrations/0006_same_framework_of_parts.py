"""What must hold of the columns that the migration before has filled, and ties to the framework (domain rule 1)."""

from django.db import migrations, models

from config.composite_keys import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_fill_final_grades")]

    operations = [
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('final_grade__isnull', True), ('status', 'draft')), models.Q(('final_grade', models.F('grade')), ('status', 'submitted')), models.Q(('final_grade__isnull', False), ('moderated_at__isnull', False), ('reading', 'main'), ('side', 'inspectorate'), ('status', 'moderated'), models.Q(('moderation_reason', ''), _negated=True)), _connector='OR'), name='audit_final_grade_is_the_one_given_or_moderated'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('audit', 'key'), name='finding_once_per_key'),
        ),
        composite_foreign_key(
            "cases_audit",
            ("final_grade_id", "framework_id"),
            "inspections_grade",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "cases_indicatoranswer",
            ("audit_id", "framework_id"),
            "cases_audit",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "cases_indicatoranswer",
            ("indicator_id", "framework_id"),
            "inspections_indicator",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "cases_commontheme",
            ("inspection_id", "framework_id"),
            "inspections_inspection",
            ("id", "framework_id"),
        ),
        composite_foreign_key(
            "cases_commontheme",
            ("area_id", "framework_id"),
            "inspections_area",
            ("id", "framework_id"),
        ),
    ]
