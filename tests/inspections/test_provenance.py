"""Every date says how it came about."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Role
from inspections import deadlines, extensions, start
from inspections.models import DeadlineBasis, DeadlineKind, Party, Stage
from inspections.provenance import how_it_came_about, short_name, time_words
from recommendations import publication
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
PUBLISHED = dt.date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _on_20_may_2026():
    with time_machine.travel("2026-05-20T10:00:00+00:00", tick=False):
        yield


def dated(timescale="three-months", **fields):
    inspection = make_inspection(
        Stage.FOLLOW_UP, lead=make_user(Role.LEAD_INSPECTOR), **{"counts_from": PUBLISHED, **fields}
    )
    recommendation = make_recommendation(inspection, timescale=timescale)
    if inspection.counts_from:
        publication.count_from(inspection, inspection.counts_from)
    recommendation.refresh_from_db()
    return recommendation


def how(recommendation):
    recommendation.refresh_from_db()
    return publication.how_dated(recommendation)


def test_a_date_counted_from_publication_says_so():
    assert how(dated()) == "3 months from publication on 3 March 2026."
    assert how(dated("immediately")) == "On publication, 3 March 2026."


def test_what_has_no_timescale_says_so_and_a_draft_says_nothing():
    assert how(dated("none")) == "The report states no timescale, so there is no date."
    draft = make_recommendation(make_inspection(Stage.DRAFTING))
    assert publication.how_dated(draft) == ""


def test_what_waits_for_the_lead_says_that():
    waiting = dated(counts_from=None, published_month_only=True)
    assert how(waiting).startswith("There is no date until the lead confirms")
    inspection = waiting.inspection
    lead = inspection.team.get().user
    start.confirm(inspection, day=dt.date(2026, 3, 12), by=lead)
    assert how(waiting) == (
        "3 months from publication on 12 March 2026. The report says only March 2026."
    )


def test_an_assumed_date_and_one_that_differs_from_the_reports_say_that():
    assert how(dated(published_on_assumed=True)).endswith("The date of publication is assumed.")
    late = dated(
        counts_from=dt.date(2026, 2, 20),
        fieldwork_start=dt.date(2024, 2, 1),
        fieldwork_end=dt.date(2024, 3, 2),
    )
    assert how(late) == (
        "3 months from publication on 20 February 2026. "
        "The report says 3 March 2026; the lead confirmed the other day."
    )


def test_a_moved_date_shows_the_first():
    recommendation = dated()
    inspection, deadline = recommendation.inspection, recommendation.deadline
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    wish = extensions.ask(deadline, wanted_on=dt.date(2026, 7, 1), reason="Why.", by=force_lead)
    extensions.agree(wish, by=inspection.team.get().user)
    assert how(recommendation) == (
        "3 months from publication on 3 March 2026. First due on 3 June 2026; an extension was agreed."
    )


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (DeadlineBasis.SET, "Set by the inspectorate."),
        (DeadlineBasis.ACTION_PLAN, "Set by the force in its action plan."),
    ],
)
def test_a_date_that_somebody_chose_says_who(basis, words):
    deadline = deadlines.set_deadline(
        make_inspection(Stage.FOLLOW_UP),
        DeadlineKind.ACTION,
        label="Recommendation 4: an action that somebody described",
        responsible=Party.FORCE,
        due_on=dt.date(2026, 6, 1),
        basis=basis,
        subject_id=1,
    )
    assert how_it_came_about(deadline) == words
    assert short_name(deadline) == "Recommendation 4"


@pytest.mark.parametrize(
    ("unit", "amount", "words"),
    [
        ("days", 1, "1 day"),
        ("days", 56, "56 days"),
        ("weeks", 6, "6 weeks"),
        ("months", 1, "1 month"),
    ],
)
def test_times_are_told_in_words(unit, amount, words):
    assert time_words(unit, amount) == words
