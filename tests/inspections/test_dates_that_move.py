"""Whatever is asked, agreed, refused and corrected, in whatever order: a date is where the rules put it (rule 6)."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import Conflict
from accounts.models import Role
from inspections import dates, extensions, start
from inspections.models import Deadline, Extension, News, NewsKind, Stage
from recommendations import publication
from tests.support.factories import make_inspection, make_recommendation, make_user

PUBLISHED = dt.date(2023, 11, 30)  # three months later is a leap day
TODAY = dt.date(2024, 1, 15)


class Place:
    """An inspection with one recommendation, and those who act on its dates."""

    def __init__(self) -> None:
        self.lead = make_user(Role.LEAD_INSPECTOR)
        self.manager = make_user(Role.MANAGER)
        self.inspection = make_inspection(
            Stage.FOLLOW_UP,
            lead=self.lead,
            fieldwork_start=dt.date(2023, 6, 1),
            fieldwork_end=dt.date(2023, 6, 9),
            published_on=PUBLISHED,
        )
        self.force_lead = make_user(Role.FORCE_LEAD, force=self.inspection.force)
        recommendation = make_recommendation(self.inspection)
        publication.count_from(self.inspection, PUBLISHED)
        recommendation.refresh_from_db()
        self.deadline = recommendation.deadline

    def ask(self, days: int) -> Extension:
        self.deadline.refresh_from_db()
        wanted = self.deadline.due_on + dt.timedelta(days=days)
        return extensions.ask(self.deadline, wanted_on=wanted, reason="Why.", by=self.force_lead)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("agree"), st.integers(1, 90)),
        st.tuples(st.just("refuse"), st.integers(1, 90)),
        st.tuples(st.just("withdraw"), st.integers(1, 90)),
        st.tuples(st.just("correct"), st.integers(-120, 46)),
    ),
    max_size=6,
)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_the_date_is_the_counted_one_or_the_latest_agreed_one_and_the_first_stays_on_show(steps):
    with (
        time_machine.travel(dt.datetime(2024, 1, 15, 12, tzinfo=dt.UTC), tick=False),
        transaction.atomic(),
    ):
        _go_through(steps)
        transaction.set_rollback(True)


def _go_through(steps):
    place, counts_from, agreed = Place(), PUBLISHED, []
    deadline = place.deadline
    assert deadline.due_on == dt.date(2024, 2, 29)
    for what, days in steps:
        if what == "correct":
            day = PUBLISHED + dt.timedelta(days=days)
            if day == counts_from:
                continue
            start.correct(place.inspection, day=day, reason="Why.", by=place.lead)
            counts_from = day
        else:
            deadline.refresh_from_db()
            if deadline.due_on + dt.timedelta(days=days) < TODAY:
                continue
            wish = place.ask(days)
            if what == "agree":
                extensions.agree(wish, by=place.lead)
                agreed.append(wish.wanted_on)
            elif what == "refuse":
                extensions.refuse(wish, by=place.lead, answer="No.")
            else:
                extensions.withdraw(wish, by=place.force_lead)
        deadline.refresh_from_db()
        first = dates.add(counts_from, "months", 3)
        assert deadline.first_due_on == first
        assert deadline.due_on == max([first, *agreed])
        assert (deadline in Deadline.objects.overdue(TODAY)) == (deadline.due_on < TODAY)
    others = place.inspection.deadlines.exclude(pk=deadline.pk)
    for other in others:
        assert other.due_on == dates.add(counts_from, other.unit, other.amount)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(st.dates(dt.date(2023, 6, 9), dt.date(2024, 6, 8)))
def test_met_on_its_day_and_overdue_on_the_next_whenever_it_was_published(day):
    with transaction.atomic():
        inspection = make_inspection(
            Stage.PUBLISHED,
            fieldwork_start=dt.date(2023, 6, 1),
            fieldwork_end=dt.date(2023, 6, 9),
            published_on=day,
        )
        for timescale in ("immediately", "three-months", "six-months"):
            make_recommendation(inspection, timescale=timescale)
        publication.count_from(inspection, day)
        for deadline in inspection.deadlines.all():
            assert deadline not in Deadline.objects.overdue(deadline.due_on)
            assert deadline in Deadline.objects.overdue(deadline.due_on + dt.timedelta(days=1))
        transaction.set_rollback(True)


def at_once(*actions):
    """Do the actions at the same moment, each in a connection of its own; return what each raised, or None."""
    barrier = threading.Barrier(len(actions))
    raised: list[Exception | None] = [None] * len(actions)

    def run(number: int) -> None:
        try:
            barrier.wait()
            actions[number]()
        except Exception as error:
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.fixture
def place(transactional_db):
    with time_machine.travel(dt.datetime(2024, 1, 15, 12, tzinfo=dt.UTC), tick=False):
        yield Place()


def test_of_two_leads_who_decide_at_once_one_decides_and_the_other_learns_it(place):
    wish = place.ask(30)
    raised = at_once(
        lambda: extensions.agree(wish, by=place.lead),
        lambda: extensions.refuse(wish, by=place.manager, answer="No."),
    )
    assert sorted(type(error).__name__ for error in raised) == ["AlreadyDecided", "NoneType"]
    wish.refresh_from_db()
    place.deadline.refresh_from_db()
    assert (place.deadline.due_on == wish.wanted_on) == (wish.decision == "agreed")
    assert News.objects.filter(kind=NewsKind.EXTENSION_DECIDED).count() == 1


def test_two_who_ask_at_once_ask_once(place):
    colleague = make_user(Role.FORCE_LEAD, force=place.inspection.force)
    wanted = place.deadline.due_on + dt.timedelta(days=9)
    raised = at_once(
        *(
            lambda by=by: extensions.ask(place.deadline, wanted_on=wanted, reason="Why.", by=by)
            for by in (place.force_lead, colleague)
        )
    )
    assert sorted(type(error).__name__ for error in raised) == ["AlreadyAsked", "NoneType"]
    assert Extension.objects.count() == News.objects.count() == 1


def test_an_agreement_and_a_correction_at_once_lose_neither(place):
    wish = place.ask(30)
    raised = at_once(
        lambda: extensions.agree(wish, by=place.lead),
        lambda: start.correct(
            place.inspection, day=dt.date(2023, 12, 4), reason="Why.", by=place.manager
        ),
    )
    assert raised == [None, None]
    place.deadline.refresh_from_db()
    assert place.deadline.first_due_on == dt.date(2024, 3, 4)
    assert place.deadline.due_on == wish.wanted_on


def test_of_two_corrections_of_the_same_day_at_once_one_stands(place):
    days = (dt.date(2023, 12, 4), dt.date(2023, 12, 5))
    raised = at_once(
        *(
            lambda day=day, by=by: start.correct(
                place.inspection, day=day, reason="Why.", by=by, seen=PUBLISHED
            )
            for day, by in zip(days, (place.lead, place.manager), strict=True)
        )
    )
    assert [isinstance(error, Conflict) for error in raised].count(True) == 1
    place.inspection.refresh_from_db()
    place.deadline.refresh_from_db()
    assert place.deadline.counts_from == place.inspection.counts_from
    assert place.deadline.due_on == dates.add(place.inspection.counts_from, "months", 3)
