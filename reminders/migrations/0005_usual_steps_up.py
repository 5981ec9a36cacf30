"""Let what has been overdue for long climb, as it does without any policy; make room for policies by kind."""

from django.db import migrations
from django.db.migrations.state import StateApps

STEPS = [("leads", 14), ("managers", 28)]


def write_steps(apps: StateApps, schema_editor: object) -> None:
    """Give the policy that is there its steps."""
    escalations = apps.get_model("reminders", "Escalation").objects
    for policy in apps.get_model("reminders", "ReminderPolicy").objects.filter(kind=""):
        for to, after_days in STEPS:
            escalations.get_or_create(policy=policy, to=to, defaults={"after_days": after_days})


class Migration(migrations.Migration):
    dependencies = [("reminders", "0004_policies_news_and_feeds")]

    operations = [
        migrations.RunPython(write_steps, migrations.RunPython.noop),
        # The first policy was written with its key, of which the sequence knows nothing.
        migrations.RunSQL(
            "SELECT setval(pg_get_serial_sequence('reminders_reminderpolicy', 'id'), "
            "(SELECT COALESCE(MAX(id), 1) FROM reminders_reminderpolicy))",
            migrations.RunSQL.noop,
        ),
    ]
