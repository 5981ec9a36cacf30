"""Fills the new columns of what is there: the grade that counts, and a key of its own for each finding.

In a migration of its own, because a table with changes that wait for their checks can't be altered.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_parts_of_an_audit")]

    operations = [
        migrations.RunSQL(
            "UPDATE cases_audit SET final_grade_id = grade_id WHERE status = 'submitted'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE cases_finding SET key = 'finding-' || id", migrations.RunSQL.noop
        ),
    ]
