"""The day from which timescales count: known, confirmed where in doubt, corrected where wrong."""

import datetime as dt

import pytest
import time_machine

from accounts.errors import Conflict, NotAllowed, TextRefused
from accounts.models import Role
from inspections import extensions, stages, start
from inspections.models import Deadline, DeadlineKind, News, NewsKind, Party, Stage
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
PUBLISHED = dt.date(2026, 3, 3)
RIGHT = dt.date(2026, 3, 17)
WHY = "The report went out two weeks later than planned."


@pytest.fixture(autouse=True)
def _on_20_may_2026():
    with time_machine.travel("2026-05-20T10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


def published(lead, **fields):
    """An inspection that has just been published; its timescales have not begun."""
    inspection = make_inspection(
        Stage.PUBLISHED, lead=lead, published_on=PUBLISHED, **{"counts_from": None, **fields}
    )
    for timescale in ("immediately", "three-months", "none"):
        make_recommendation(inspection, timescale=timescale)
    return inspection


def due(inspection):
    """Due dates by kind; that of recommendation 2, three months from the start, stands for all of its kind."""
    rows = Deadline.objects.filter(inspection=inspection).order_by("due_on")
    return {each.kind: (each.first_due_on, each.due_on) for each in rows}


def test_timescales_count_from_publication_where_that_is_known(lead):
    inspection = published(lead)
    assert start.begin(inspection)
    inspection.refresh_from_db()
    assert (inspection.counts_from, inspection.counts_from_by) == (PUBLISHED, None)
    assert not start.needs_confirmation(inspection)
    assert inspection.deadlines.count() == 2 + 4


@pytest.mark.parametrize(
    "fields",
    [
        {"published_month_only": True},
        {"published_on_assumed": True},
        {"fieldwork_start": dt.date(2025, 2, 1), "fieldwork_end": dt.date(2025, 3, 2)},
    ],
)
def test_a_doubtful_date_waits_for_a_lead_and_nothing_is_due_before(lead, fields):
    inspection = published(lead, **fields)
    assert not start.begin(inspection)
    assert start.needs_confirmation(inspection)
    assert not inspection.deadlines.exists()
    confirmed = start.confirm(inspection, day=RIGHT, by=lead, reason="The covering letter.")
    assert not start.needs_confirmation(confirmed)
    assert (confirmed.counts_from, confirmed.counts_from_by) == (RIGHT, lead)
    assert confirmed.published_on == PUBLISHED  # what the report says stays on show
    assert due(inspection)[DeadlineKind.RECOMMENDATION][1] == dt.date(2026, 6, 17)
    with pytest.raises(start.NothingToConfirm):
        start.confirm(inspection, day=PUBLISHED, by=lead)


def test_a_report_within_a_year_of_fieldwork_is_plausible(lead):
    inspection = published(
        lead, fieldwork_start=dt.date(2025, 2, 1), fieldwork_end=dt.date(2025, 3, 3)
    )
    assert start.begin(inspection)


def test_a_correction_counts_every_date_anew_and_tells_all_sides(lead):
    inspection = published(lead)
    start.begin(inspection)
    by = make_user(Role.MANAGER)
    corrected = start.correct(inspection, day=RIGHT, reason=WHY, by=by, seen=PUBLISHED)
    assert (corrected.counts_from, corrected.published_on) == (RIGHT, RIGHT)
    assert corrected.counts_from_reason == WHY
    assert due(inspection) == {
        DeadlineKind.RECOMMENDATION: (dt.date(2026, 6, 17), dt.date(2026, 6, 17)),
        DeadlineKind.UPDATE: (dt.date(2026, 4, 28), dt.date(2026, 4, 28)),
        DeadlineKind.ACTION_PLAN: (dt.date(2026, 4, 28), dt.date(2026, 4, 28)),
        DeadlineKind.PCC_COMMENTS: (dt.date(2026, 4, 28), dt.date(2026, 4, 28)),
        DeadlineKind.REVISIT: (dt.date(2026, 9, 17), dt.date(2026, 9, 17)),
    }
    assert {each.moved_on for each in inspection.deadlines.all()} == {dt.date(2026, 5, 20)}
    news = News.objects.filter(kind=NewsKind.DATES_CORRECTED)
    assert {each.party for each in news} == set(Party.values)
    assert {each.label for each in news} == {str(inspection)}


def test_a_correction_keeps_an_agreed_extension_unless_the_date_is_later_still(lead):
    inspection = published(lead)
    start.begin(inspection)
    deadline = inspection.recommendations.get(number=2).deadline
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    wish = extensions.ask(deadline, wanted_on=dt.date(2026, 6, 20), reason="Why.", by=force_lead)
    extensions.agree(wish, by=lead)
    start.correct(inspection, day=RIGHT, reason=WHY, by=lead)
    deadline.refresh_from_db()
    assert (deadline.first_due_on, deadline.due_on) == (
        dt.date(2026, 6, 17),
        dt.date(2026, 6, 20),
    )
    start.correct(inspection, day=dt.date(2026, 4, 1), reason=WHY, by=lead)
    deadline.refresh_from_db()
    assert deadline.due_on == dt.date(2026, 7, 1)


def test_where_another_day_was_confirmed_a_correction_leaves_what_the_report_says(lead):
    inspection = published(lead, published_month_only=True)
    start.confirm(inspection, day=PUBLISHED, by=lead)
    corrected = start.correct(inspection, day=RIGHT, reason=WHY, by=lead)
    assert (corrected.counts_from, corrected.published_on) == (RIGHT, PUBLISHED)
    assert corrected.published_month_only


def test_who_saw_another_day_than_the_present_one_corrects_nothing(lead):
    inspection = published(lead)
    with pytest.raises(Conflict):
        start.correct(inspection, day=RIGHT, reason=WHY, by=lead)
    start.begin(inspection)
    start.correct(inspection, day=RIGHT, reason=WHY, by=lead, seen=PUBLISHED)
    with pytest.raises(Conflict):
        start.correct(inspection, day=dt.date(2026, 3, 9), reason=WHY, by=lead, seen=PUBLISHED)


@pytest.mark.parametrize("day", [dt.date(2026, 5, 21), dt.date(2026, 2, 1), PUBLISHED])
def test_some_days_cannot_be_the_one(lead, day):
    inspection = published(lead)
    start.begin(inspection)
    with pytest.raises(start.UnusableStart):
        start.correct(inspection, day=day, reason=WHY, by=lead)


def test_a_correction_says_why_and_names_nobody(lead):
    inspection = published(lead)
    start.begin(inspection)
    with pytest.raises(start.NoReason):
        start.correct(inspection, day=RIGHT, reason=" ", by=lead)
    with pytest.raises(TextRefused):
        start.correct(inspection, day=RIGHT, reason="See john.smith@example.com", by=lead)


def test_only_its_lead_or_a_manager_says_which_day_it_is(lead):
    inspection = published(lead, published_on_assumed=True)
    for user in (
        make_user(Role.INSPECTOR),
        make_user(Role.LEAD_INSPECTOR),
        make_user(Role.FORCE_LEAD, force=inspection.force),
        make_user(Role.ADMINISTRATOR),
    ):
        assert not start.may_set(inspection, user)
        with pytest.raises(NotAllowed):
            start.confirm(inspection, day=RIGHT, by=user)
    start.confirm(inspection, day=RIGHT, by=make_user(Role.MANAGER))


def test_nothing_closes_before_the_day_is_confirmed(lead):
    inspection = published(lead, published_on_assumed=True)
    inspection.stage = Stage.FOLLOW_UP
    inspection.save()
    reasons = stages.reasons_against(inspection, stages.TRANSITIONS["close"])
    assert "Nobody has confirmed from which day the timescales count." in reasons
