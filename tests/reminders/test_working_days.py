"""What is said on no weekend or bank holiday."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Nation
from inspections.models import DeadlineKind
from reminders import delivery, outbox
from reminders.delivery import Outcome
from reminders.models import ReminderPolicy
from reminders.working_days import is_working_day, next_working_day
from tests.reminders.conftest import (
    FORCE_LEAD,
    days,
    make_deadline,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def on_working_days(db):
    ReminderPolicy.objects.update_or_create(kind="", defaults={"working_days_only": True})


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (dt.date(2026, 6, 5), True),
        (dt.date(2026, 6, 6), False),  # a Saturday
        (dt.date(2026, 6, 7), False),
        (dt.date(2026, 4, 3), False),  # Good Friday
        (dt.date(2026, 4, 6), False),  # Easter Monday
        (dt.date(2026, 12, 28), False),  # Boxing Day's substitute
        (dt.date(2026, 3, 17), True),  # Northern Ireland's alone
        (dt.date(2026, 11, 30), True),  # Scotland's alone
    ],
)
@pytest.mark.parametrize("nation", Nation)
def test_bank_holidays_are_those_of_england_and_wales(day, working, nation):
    assert is_working_day(day, nation) is working
    assert is_working_day(next_working_day(day, nation), nation)


def test_what_falls_on_the_easter_weekend_is_said_on_the_tuesday_once(
    world, sweep, mail_server, on_working_days
):
    good_friday = dt.date(2026, 4, 3)
    make_deadline(world.inspection, good_friday)

    told = {number: rows for number in range(-3, 7) if (rows := sweep(good_friday + days(number)))}

    assert told == {
        -3: [(FORCE_LEAD, "before:7", "duty")],
        4: [(FORCE_LEAD, "overdue:1", "duty")],
    }


def test_a_mail_that_could_not_leave_on_friday_leaves_on_monday(
    world, mail_server, at, on_working_days
):
    friday = dt.date(2026, 6, 5)
    make_deadline(world.inspection, friday)
    outcomes = {}
    for number in range(4):
        at(dt.datetime.combine(friday + days(number), dt.time(12), tzinfo=dt.UTC))
        mail_server.reply = None if number else "451 Try again later"
        outbox.plan(friday + days(number))
        waiting = delivery.waiting(timezone.now())
        outcomes[number] = [delivery.send(pk) for pk in waiting]

    assert outcomes == {
        0: [Outcome.LATER],
        1: [Outcome.QUIET],
        2: [Outcome.QUIET],
        3: [Outcome.SENT],
    }


def test_quiet_is_what_its_kind_says(world, sweep, mail_server, on_working_days):
    ReminderPolicy.objects.create(kind=DeadlineKind.RECOMMENDATION)
    saturday = dt.date(2026, 6, 6)
    make_deadline(world.inspection, saturday)

    assert sweep(saturday) == [(FORCE_LEAD, "on_the_day", "duty")]
