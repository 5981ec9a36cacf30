"""A published inspection of one force, with people who are reminded of its deadlines and people who are not."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role, User
from inspections.deadlines import set_deadline
from inspections.models import Deadline, DeadlineKind, Side, Stage
from reminders import delivery, outbox
from reminders.models import Reminder
from tests.support.factories import make_force, make_inspection, make_user

NOON = "2026-06-03T12:00:00Z"
TODAY = dt.date(2026, 6, 3)
FORCE_LEAD, LEAD = "force.lead@assay.example", "lead@assay.example"


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


def person(name, *roles, **fields):
    return make_user(*roles, name=name.title(), email=f"{name}@assay.example", **fields)


def joined_before():
    """Everybody has had an account for long, so that nothing happened before they came."""
    User.objects.update(date_joined=timezone.now() - days(100))


def text_of(message):
    """The words of a mail's plain text, with a space between any two."""
    return " ".join(message.get_body(("plain",)).get_content().split())


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


@pytest.fixture
def sweep(at):
    """Return a function that plans and tries everything once on a day, and says who was told of what, and why."""

    def on(day):
        at(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC))
        last = Reminder.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        outbox.plan(day)
        for pk in delivery.waiting(timezone.now()):
            delivery.send(pk)
        rows = Reminder.objects.filter(pk__gt=last).values_list("user__email", "occasion", "reason")
        return sorted(rows)

    return on
