"""What recommendations say against closing, and what they ask of people at home."""

import datetime as dt

import pytest

from accounts.models import Role
from inspections import dates
from inspections.models import Stage
from recommendations import progress
from recommendations.guards import guard
from recommendations.publication import set_deadlines
from recommendations.work import work_for
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force)


def titles(user):
    return [str(item.title) for item in work_for(user, dates.today())]


def test_an_undated_recommendation_keeps_an_inspection_open_until_reported_complete(
    force, force_lead
):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force)
    undated = make_recommendation(inspection, timescale="none")
    make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)

    assert guard(inspection, "close") == [
        "The force has not reported recommendation 1 complete."
    ], "the second one's deadline speaks for itself"
    assert guard(inspection, "begin_follow_up") == []
    progress.report(undated, status="complete", note="Done.", by=force_lead)
    assert guard(inspection, "close") == []


def test_a_force_lead_is_asked_about_what_has_no_date_and_no_progress(force, force_lead):
    inspection = make_inspection(Stage.PUBLISHED, force=force)
    undated = make_recommendation(inspection, timescale="none")
    make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)
    elsewhere = make_inspection(Stage.PUBLISHED)
    make_recommendation(elsewhere, timescale="none")

    assert titles(force_lead) == ["Report progress on 1 recommendation without a date"]
    progress.report(undated, status="in_progress", note="Begun.", by=force_lead)
    assert titles(force_lead) == []


def test_the_lead_inspector_reads_what_was_reported_lately(force, force_lead):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    fresh, old = make_recommendation(inspection), make_recommendation(inspection)
    progress.report(
        old,
        status="in_progress",
        note="Long ago.",
        by=force_lead,
        at=dates.now() - dt.timedelta(days=30),
    )
    assert titles(lead) == []
    for note in ("Begun.", "More."):
        progress.report(fresh, status="in_progress", note=note, by=force_lead)

    assert titles(lead) == ["Read the progress on 1 recommendation"]
    assert titles(make_user(Role.LEAD_INSPECTOR)) == []


def test_the_lead_of_a_draft_without_recommendations_is_asked_to_write_them():
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.DRAFTING, lead=lead)

    assert titles(lead) == ["Write the recommendations"]
    make_recommendation(inspection)
    assert titles(lead) == []


def test_nobody_else_is_asked_for_anything(force):
    make_recommendation(make_inspection(Stage.PUBLISHED, force=force), timescale="none")

    for role in (Role.FORCE_VIEWER, Role.FORCE_ASSESSOR):
        assert titles(make_user(role, force=force)) == []
    for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.INSPECTOR):
        assert titles(make_user(role)) == []
