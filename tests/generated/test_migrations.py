"""Migrations: complete, and able to go forwards from nothing, and back where they can be reversed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from stack.processes import ROOT

OURS = ["reminders", "reports", "recommendations", "cases", "inspections"]


def _as_code(call: str) -> str:
    """Write “migrate('cases', 'zero')” as the call of that command; other code stays as it is."""
    command = re.fullmatch(r"(\w+)\((.*)\)", call)
    return f"call_command('{command[1]}', {command[2]})" if command else call


@pytest.fixture
def manage(django_db_setup: None) -> Iterator[Callable[[list[str]], str]]:
    """A function that runs management commands and code, one after the other, on an empty database of its own."""
    yield from _database_of_its_own("template1")


@pytest.fixture
def manage_migrated(django_db_setup: None) -> Iterator[Callable[[list[str]], str]]:
    """The same on a copy of this process's database, which was migrated forwards from nothing."""
    connection.close()
    yield from _database_of_its_own(settings.DATABASES["default"]["NAME"])


def _database_of_its_own(template: str) -> Iterator[Callable[[list[str]], str]]:
    server = settings.DATABASES["default"]
    name = f"{server['NAME']}_migrations"
    address = {
        "host": server["HOST"],
        "port": server["PORT"],
        "user": server["USER"],
        "password": server["PASSWORD"],
        "dbname": "postgres",
    }
    url = (
        f"postgres://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}/{name}"
    )
    admin = psycopg2.connect(**address)
    admin.autocommit = True
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with admin.cursor() as cursor:
        cursor.execute(drop)
        if template != "template1":
            cursor.execute(
                end_others, [template]
            )  # threads of earlier tests may have left a connection
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        cursor.execute(create.format(sql.Identifier(name), sql.Identifier(template)))

    def run(calls: list[str]) -> str:
        program = ["import django", "from django.core.management import call_command"]
        program += ["django.setup()", *(_as_code(call) for call in calls)]
        done = subprocess.run(
            [sys.executable, "-c", "\n".join(program)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    yield run
    with admin.cursor() as cursor:
        cursor.execute(drop)
    admin.close()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
def test_they_go_back_to_nothing_and_forwards_again(manage_migrated):
    there = ["migrate()", "showmigrations(format='plan')"]
    back = [f"migrate('{app}', 'zero')" for app in OURS]
    written = manage_migrated([*back, *there, "check(databases=['default'])"])
    assert "[X]" in written
    assert "[ ]" not in written


@pytest.mark.django_db
def test_each_can_be_undone():
    loader = MigrationLoader(connection)
    stuck = [
        str(migration)
        for (app, _), migration in loader.disk_migrations.items()
        if app in [*OURS, "accounts"]
        for operation in migration.operations
        if not operation.reversible
    ]
    assert not stuck


# The migrations of the last version that people have data in. With a release, write its own here.
PREVIOUS = {
    "accounts": "0002_who_read_what",
    "inspections": "0004_self_assessment_handed_in",
    "cases": "0009_counts_kept_by_triggers",
    "recommendations": "0004_framework_without_index",
    "reports": "0004_framework_without_index",
    "reminders": "0003_urgent_mails",
}
# Written with the models as they were then: a published inspection with a recommendation, both with a date, and the
# one policy of reminders.
DATA_OF_THEN = """
import datetime
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state(list(PREVIOUS.items())).apps
def number(app, model, **fields):
    return apps.get_model(app, model).objects.create(**fields).pk
day, published = datetime.date(2026, 2, 2), datetime.date(2026, 3, 31)
with transaction.atomic():
    force = number("accounts", "force", name="Then Police", code="then", nation="england")
    lead = number(
        "accounts", "user", name="Then", email="then@assay.example", force_id=force, roles=["force_lead"], password="!"
    )
    framework = number(
        "inspections", "framework", code="then", version="1", title="Then", kinds=["full"], digest="0" * 64
    )
    of_it = {"framework_id": framework}
    part = {**of_it, "code": "one", "label": "One", "order": 1}
    theme = number("inspections", "theme", **part)
    months = number("inspections", "timescale", **part, unit="months", amount=3)
    rule = number(
        "inspections", "followuprule", **{**part, "code": "action-plan"}, responsible="force", unit="weeks", amount=6,
        timescale_codes=["one"],
    )
    inspection = number(
        "inspections", "inspection", force_id=force, kind="full", stage="published", fieldwork_start=day,
        fieldwork_end=day, published_on=published, **of_it,
    )
    due = {"inspection_id": inspection, "responsible": "force", "label": "Due"}
    recommendation = number(
        "recommendations", "recommendation", inspection_id=inspection, number=1, theme_id=theme, timescale_id=months,
        stem="Improve.", progress_status="in_progress", **of_it,
    )
    on = datetime.date(2026, 6, 30)
    deadline = number(
        "inspections", "deadline", kind="recommendation", subject_id=recommendation, due_on=on, first_due_on=on, **due
    )
    apps.get_model("recommendations", "recommendation").objects.update(deadline_id=deadline)
    number("recommendations", "progressupdate", recommendation_id=recommendation, status="in_progress", note="Begun.",
        by_id=lead)
    on = datetime.date(2026, 5, 12)
    number("inspections", "deadline", kind="follow_up", follow_up_rule_id=rule, due_on=on, first_due_on=on, **due)
    apps.get_model("reminders", "reminderpolicy").objects.update(days_before=[14], overdue_every_days=3)
    digest = number("reminders", "digest", user_id=lead, day=day, message_id="<then>", status="cancelled")
    number(
        "reminders", "reminder", user_id=lead, deadline_id=deadline, due_on=datetime.date(2026, 6, 30),
        occasion="before:28", digest_id=digest,
    )
"""
LOOK_NOW = """
import datetime
from inspections.models import Deadline, FollowUpRule, Inspection
from recommendations.models import ProgressUpdate, Recommendation
from reminders.models import Reminder, ReminderPolicy
published = datetime.date(2026, 3, 31)
assert Inspection.objects.get().counts_from == published
recommendation, plan = Deadline.objects.order_by("pk")
assert (recommendation.basis, recommendation.counts_from) == ("publication", published)
assert (recommendation.unit, recommendation.amount, str(recommendation.due_on)) == ("months", 3, "2026-06-30")
assert (plan.kind, plan.basis, plan.unit, plan.amount) == ("action_plan", "publication", "weeks", 6)
assert FollowUpRule.objects.get().kind == "action_plan"
assert Recommendation.objects.open().get().outcome == ""
assert ProgressUpdate.objects.get().note == "Begun."
assert (ReminderPolicy.objects.get().kind, ReminderPolicy.objects.get().overdue_every_days) == ("", 3)
assert Reminder.objects.get().reason == "duty"
assert Deadline.pgh_event_model.objects.filter(pgh_obj=plan.pk).count() > 1
print("as it was")
"""


@pytest.mark.slow
def test_data_of_the_previous_version_comes_along(manage):
    there = [f"migrate('{app}', '{name}')" for app, name in PREVIOUS.items()]
    data = [f"PREVIOUS = {PREVIOUS!r}", DATA_OF_THEN]
    written = manage([*there, *data, "migrate()", LOOK_NOW, "check(databases=['default'])"])
    assert "as it was" in written
