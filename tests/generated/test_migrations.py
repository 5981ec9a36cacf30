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
    with admin.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

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
def test_they_go_forwards_from_nothing_back_and_forwards_again(manage):
    there = ["migrate()", "showmigrations(format='plan')"]
    back = [f"migrate('{app}', 'zero')" for app in OURS]
    written = manage([*there, *back, *there, "check(databases=['default'])"])
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
    "accounts": "0001_initial",
    "inspections": "0001_initial",
    "cases": "0003_framework_without_index",
    "recommendations": "0004_framework_without_index",
    "reports": "0004_framework_without_index",
    "reminders": "0002_cancelled_digests",
}
# Written with the models as they were then: a submitted and a draft audit of one case, with two findings.
DATA_OF_THEN = """
import datetime
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state(list(PREVIOUS.items())).apps
def make(app, model, **fields):
    return apps.get_model(app, model).objects.create(**fields)
def number(app, model, **fields):
    return make(app, model, **fields).pk
day = datetime.date(2026, 2, 2)
moment = datetime.datetime(2026, 2, 3, 12, tzinfo=datetime.UTC)
with transaction.atomic():
    force = number("accounts", "force", name="Then Police", code="then", nation="england")
    framework = number(
        "inspections", "framework", code="then", version="1", title="Then", kinds=["full"], digest="0" * 64
    )
    of_it = {"framework_id": framework}
    part = {**of_it, "code": "one", "label": "One", "order": 1}
    grade = number("inspections", "grade", **part, letter="O", colour_role="strong")
    area = number("inspections", "area", **part, sample_quota=1)
    themes = [number("inspections", "theme", **{**part, "code": f"t{n}", "order": n}) for n in (1, 2)]
    inspection = number(
        "inspections", "inspection", force_id=force, kind="full", stage="fieldwork", fieldwork_start=day,
        fieldwork_end=day, **of_it,
    )
    route = {"route": "self_assessed", **of_it}
    case = number("cases", "casefile", inspection_id=inspection, reference="CASE-1", area_id=area, **route)
    audit = {"case_id": case, "grade_id": grade, "reason": "Because.", "version": 2, **route}
    submitted = number(
        "cases", "audit", side="inspectorate", status="submitted", submitted_at=moment, first_submitted_at=moment,
        **audit,
    )
    make("cases", "audit", side="force", status="draft", **audit)
    for theme in themes:
        make("cases", "finding", audit_id=submitted, theme_id=theme, text="Seen alone.", **of_it)
"""
LOOK_NOW = """
from cases.models import Audit, AuditStatus, Finding
from inspections.models import Framework
submitted, draft = Audit.objects.order_by("pk")
assert (submitted.status, submitted.final_grade, submitted.reading) == ("submitted", submitted.grade, "main")
assert (draft.status, draft.final_grade) == ("draft", None)
assert (draft.timeline, draft.people, draft.facts) == ([], [], {})
assert len({finding.key for finding in Finding.objects.all()}) == Finding.objects.count() == 2
assert {finding.text for finding in Finding.objects.all()} == {"Seen alone."}
assert Framework.objects.get().referral_answer_hours > 0
assert Audit.pgh_event_model.objects.filter(pgh_obj=submitted.pk).count() > 1
print("as it was")
"""


@pytest.mark.slow
def test_data_of_the_previous_version_comes_along(manage):
    there = [f"migrate('{app}', '{name}')" for app, name in PREVIOUS.items()]
    data = [f"PREVIOUS = {PREVIOUS!r}", DATA_OF_THEN]
    written = manage([*there, *data, "migrate()", LOOK_NOW, "check(databases=['default'])"])
    assert "as it was" in written
