"""Says of the deadlines of recommendations that there are already what they were counted from."""

from django.db import migrations

FORWARDS = """
    UPDATE inspections_deadline AS deadline
    SET basis = 'publication', counts_from = inspection.published_on,
        unit = timescale.unit, amount = timescale.amount
    FROM recommendations_recommendation AS recommendation, inspections_timescale AS timescale,
        inspections_inspection AS inspection
    WHERE recommendation.deadline_id = deadline.id AND timescale.id = recommendation.timescale_id
        AND inspection.id = deadline.inspection_id AND inspection.published_on IS NOT NULL
        AND timescale.amount IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0005_follow_up"),
        ("inspections", "0006_say_how_dates_came_about"),
    ]

    # Back again, the columns go with inspections 0005.
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
