"""The page that says how the follow-up of an inspection stands."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections import dates, deadlines
from inspections.models import Extension, Stage
from recommendations import progress
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force("Northmoor Police")


@pytest.fixture
def inspection(force):
    long_ago = dates.today() - dt.timedelta(days=200)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, published_on=long_ago)
    for timescale in ("immediately", "three-months", "six-months", "none"):
        make_recommendation(inspection, timescale=timescale)
    set_deadlines(inspection, long_ago)
    deadlines.start_follow_up(inspection, long_ago, ["immediately", "three-months"])
    return inspection


def page_of(client, inspection, user):
    client.force_login(user)
    response = client.get(f"/inspections/{inspection.pk}/follow-up/")
    return response.content.decode() if response.status_code == 200 else response.status_code


def test_it_counts_what_is_open_ready_overdue_and_settled(client, force, inspection):
    lead = make_user(Role.FORCE_LEAD, force=force)
    first = inspection.recommendations.get(number=1)
    progress.report(first, status="complete", note="Done.", by=lead)
    inspection.recommendations.filter(number=2).update(
        outcome="implemented", settled_on=dates.today()
    )
    deadlines.lapse(inspection.recommendations.get(number=2).deadline)

    page = page_of(client, inspection, lead)

    assert "4 recommendations:" in page
    assert "3 open, of which 1 ready for closure and 1 overdue; 1 settled." in page
    assert "Action plan" in page and "Revisit" in page
    assert "Implemented" in page and "Ready for closure" in page
    assert 'aria-current="page">\n' in page or "Follow-up" in page


def test_it_shows_requests_for_more_time(client, force, inspection):
    lead = make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh")
    deadline = inspection.recommendations.get(number=3).deadline
    Extension.objects.create(
        deadline=deadline,
        from_on=deadline.due_on,
        wanted_on=deadline.due_on + dt.timedelta(days=30),
        reason="The system is late.",
        asked_by=lead,
    )

    page = page_of(client, inspection, make_user(Role.MANAGER))

    assert "Requests for more time that wait for an answer" in page
    assert "Helen Marsh" in page


def test_who_may_open_it(client, force, inspection):
    assert page_of(client, inspection, make_user(Role.FORCE_VIEWER, force=force)) != 404
    assert page_of(client, inspection, make_user(Role.INSPECTOR)) != 404
    assert page_of(client, inspection, make_user(Role.FORCE_LEAD)) == 404
    draft = make_inspection(Stage.DRAFTING, force=force)
    assert page_of(client, draft, make_user(Role.MANAGER)) == 404


def test_it_costs_the_same_for_many_recommendations(client, inspection):
    manager = make_user(Role.MANAGER)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page_of(client, inspection, manager)
        return len(captured)

    queries()
    before = queries()
    for _number in range(5):
        make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)
    assert queries() == before
