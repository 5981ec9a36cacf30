"""Generated data: as many as asked for, and the same for the same seed."""

from __future__ import annotations

import datetime
import hashlib
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count

from accounts.models import Force, User
from cases import figures
from cases.models import Audit, CaseFile, Finding
from demo.generator import AlreadyGenerated, Size, generate
from inspections import frameworks
from inspections.models import Deadline, Inspection, Stage
from recommendations.models import Recommendation

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 3, 3)
SMALL = Size(forces=3, inspections=12, cases=600)


@pytest.fixture
def methodologies() -> None:
    for file in sorted(
        (Path(settings.BASE_DIR) / "inspections" / "frameworks").glob("ncpi-*.yaml")
    ):
        frameworks.load(file)


def fingerprint() -> str:
    """A hash over what matters of all generated rows, without keys that the database gives."""
    found = hashlib.sha256()
    for rows in (
        Force.objects.order_by("code").values_list("code", "name", "population"),
        User.objects.order_by("email").values_list("email", "name", "roles"),
        CaseFile.objects.order_by("inspection__fieldwork_start", "reference").values_list(
            "reference", "area__code", "route", "summary", "opened_on"
        ),
        Audit.objects.order_by("case__inspection__fieldwork_start", "case__reference", "side").values_list(
            "side", "grade__code", "reason", "submitted_at", "submitted_by__email"
        ),
        Recommendation.objects.order_by("inspection__fieldwork_start", "number").values_list(
            "theme__code", "timescale__code", "progress_status"
        ),
        Deadline.objects.order_by("inspection__fieldwork_start", "due_on", "label").values_list(
            "label", "due_on", "met_on"
        ),
    ):  # fmt: skip
        found.update(repr(list(rows)).encode())
    return found.hexdigest()


def made_with(seed: int) -> str:
    """Generate, take the fingerprint, and leave the database as it was."""
    point = transaction.savepoint()
    generate(seed, SMALL, today=TODAY)
    found = fingerprint()
    transaction.savepoint_rollback(point)
    return found


def test_the_same_seed_makes_the_same_data_and_another_seed_others(methodologies):
    assert made_with(1) == made_with(1) != made_with(2)


def test_as_many_of_everything_are_made_as_asked_for(methodologies):
    generate(1, SMALL, today=TODAY)
    assert Force.objects.count() == 3
    assert Inspection.objects.count() == 12
    assert CaseFile.objects.count() == 600


def test_generated_inspections_stand_where_their_age_puts_them(methodologies):
    generate(1, SMALL, today=TODAY)
    newest = Inspection.objects.order_by("-fieldwork_start").first()
    assert newest.stage == Stage.FIELDWORK
    assert not Inspection.objects.filter(fieldwork_start__gt=TODAY).exists()
    assert not Audit.objects.filter(submitted_at__date__gt=TODAY).exists()
    for inspection in Inspection.objects.exclude(stage=Stage.FIELDWORK):
        counted = figures.for_report(inspection)
        assert counted.graded == counted.cases > 0


def test_every_generated_row_has_its_event_in_the_history(methodologies):
    generate(1, SMALL, today=TODAY)
    for model in (CaseFile, Audit, Finding):
        events = model.pgh_event_model.objects.filter(pgh_label="insert")
        assert events.count() == model.objects.count()
        assert (
            not events.values("pgh_obj_id").annotate(times=Count("pk")).filter(times__gt=1).exists()
        )
    audit = Audit.objects.first()
    event = Audit.pgh_event_model.objects.get(pgh_obj_id=audit.pk)
    assert (event.reason, event.grade_id, event.submitted_at) == (
        audit.reason,
        audit.grade_id,
        audit.submitted_at,
    )


def test_changes_after_generating_leave_their_trace_by_trigger_again(methodologies):
    generate(1, SMALL, today=TODAY)
    case = CaseFile.objects.first()
    CaseFile.objects.filter(pk=case.pk).update(summary="Changed.")
    labels = CaseFile.pgh_event_model.objects.filter(pgh_obj_id=case.pk).order_by("pgh_id")
    assert [event.pgh_label for event in labels] == ["insert", "update"]


def test_a_second_generated_set_is_refused(methodologies):
    generate(1, SMALL, today=TODAY)
    with pytest.raises(AlreadyGenerated):
        generate(2, SMALL, today=TODAY)
    with pytest.raises(CommandError, match="already holds generated data"):
        call_command("generate", "--forces=1", "--inspections=1", "--cases=1")


def test_the_command_says_what_it_made(methodologies):
    said = io.StringIO()
    call_command("generate", "--seed=3", "--forces=2", "--inspections=3", "--cases=90", stdout=said)
    assert "2 forces, 3 inspections and 90 cases" in said.getvalue()
