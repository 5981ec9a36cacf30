"""Says of the dates that there are already how they came about, and what each follow-up is."""

from django.db import migrations

# The codes that the frameworks of the first version used.
KINDS = {"six-week-update": "update", "action-plan": "action_plan", "revisit": "revisit"}

FORWARDS = [
    # A framework in use is frozen for everybody else.
    "ALTER TABLE inspections_followuprule DISABLE TRIGGER USER",
    *(
        f"UPDATE inspections_followuprule SET kind = '{kind}' WHERE code = '{code}'"  # noqa: S608
        for code, kind in KINDS.items()
    ),
    "ALTER TABLE inspections_followuprule ENABLE TRIGGER USER",
    "UPDATE inspections_inspection SET counts_from = published_on WHERE published_on IS NOT NULL",
    """
    UPDATE inspections_deadline AS deadline
    SET kind = CASE rule.kind WHEN 'other' THEN 'follow_up' ELSE rule.kind END,
        basis = 'publication', counts_from = inspection.published_on, unit = rule.unit, amount = rule.amount
    FROM inspections_followuprule AS rule, inspections_inspection AS inspection
    WHERE rule.id = deadline.follow_up_rule_id AND inspection.id = deadline.inspection_id
        AND inspection.published_on IS NOT NULL
    """,
    "UPDATE inspections_deadline SET basis = 'raised' WHERE starts_with(kind, 'referral')",
]
BACKWARDS = [
    """
    UPDATE inspections_deadline
    SET kind = CASE WHEN follow_up_rule_id IS NULL THEN kind ELSE 'follow_up' END,
        basis = 'set', counts_from = NULL, unit = '', amount = NULL
    """,
    "UPDATE inspections_inspection SET counts_from = NULL",
]


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_how_dates_came_about")]

    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
        )
    ]
