"""A published inspection of one force, with people who are reminded of its deadlines and people who are not."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine

from accounts.models import Role
from inspections.deadlines import set_deadline
from inspections.models import Deadline, DeadlineKind, Side, Stage
from tests.support.factories import make_force, make_inspection, make_user

NOON = "2026-06-03T12:00:00Z"
TODAY = dt.date(2026, 6, 3)


def days(number):
    return dt.timedelta(days=number)


def make_deadline(inspection, due_on=TODAY, *, label="", responsible=Side.FORCE):
    """A deadline of `inspection`, as a recommendation's is made."""
    subject = Deadline.objects.count() + 1
    return set_deadline(
        inspection,
        DeadlineKind.RECOMMENDATION,
        label=label or f"Recommendation {subject}",
        responsible=responsible,
        due_on=due_on,
        subject_id=subject,
    )


@pytest.fixture
def world(db):
    """A force with its lead, and a published inspection of it with its lead inspector."""
    force = make_force("Northmoor Police")
    lead = make_user(Role.LEAD_INSPECTOR, name="Owen Hartley", email="lead@assay.example")
    return SimpleNamespace(
        force=force,
        force_lead=make_user(
            Role.FORCE_LEAD, force=force, name="Helen Marsh", email="force.lead@assay.example"
        ),
        lead=lead,
        inspection=make_inspection(
            Stage.FOLLOW_UP, force=force, lead=lead, team=[make_user(Role.INSPECTOR)]
        ),
    )


@pytest.fixture
def at():
    """Return a function that sets the clock; each call takes the place of the one before."""
    running: list[time_machine.travel] = []

    def travel(moment, *, tick=True):
        while running:
            running.pop().stop()
        traveller = time_machine.travel(moment, tick=tick)
        traveller.start()
        running.append(traveller)

    yield travel
    while running:
        running.pop().stop()


@pytest.fixture
def noon(at):
    """It is the third of June 2026, noon."""
    at(NOON)
