"""What recommendations say against closing, and what they ask of people at home."""

import datetime as dt

import pytest

from accounts.models import Role
from inspections import dates
from inspections.models import Extension, InspectionKind, Stage
from recommendations import judging, progress
from recommendations.models import ActionPlan, PlanVersion
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


def test_an_inspector_is_asked_to_judge_what_is_ready_and_a_review_to_look_back(force, force_lead):
    inspector = make_user(Role.INSPECTOR)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, team=[inspector])
    ready, other = make_recommendation(inspection), make_recommendation(inspection)
    progress.report(ready, status="complete", note="Done.", by=force_lead)
    review = make_inspection(
        Stage.FIELDWORK,
        force=force,
        team=[inspector],
        parent=inspection,
        kind=InspectionKind.RE_INSPECTION,
    )

    closure = "Judge 1 recommendation that is ready for closure"
    assert titles(inspector) == [closure, "Judge 2 earlier recommendations in the review"]
    assert titles(make_user(Role.INSPECTOR)) == []
    for recommendation in (ready, other):
        judging.judge(
            recommendation, outcome="partly", finding="Half.", by=inspector, made_in=review
        )
    assert titles(inspector) == [closure], "the review has not been published"
    judging.judge(ready, outcome="implemented", finding="Seen.", by=inspector)
    assert titles(inspector) == []


def test_the_lead_is_asked_to_answer_plans_and_requests_for_more_time(force, force_lead):
    lead, inspector = make_user(Role.LEAD_INSPECTOR), make_user(Role.INSPECTOR)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead, team=[inspector])
    recommendation = make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)
    recommendation.refresh_from_db()
    due_on = recommendation.deadline.due_on
    Extension.objects.create(
        deadline=recommendation.deadline,
        from_on=due_on,
        wanted_on=due_on + dt.timedelta(days=9),
        reason="Late.",
        asked_by=force_lead,
    )
    plan = ActionPlan.objects.create(inspection=inspection)
    PlanVersion.objects.create(plan=plan, number=1, content=[], submitted_by=force_lead)

    assert titles(lead) == ["Answer 1 request for more time", "Answer 1 action plan"]
    assert titles(inspector) == ["Answer 1 action plan"]


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


def test_nobody_is_asked_about_what_is_settled_or_about_their_own_wish(force, force_lead):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    undated = make_recommendation(inspection, timescale="none")
    judging.judge(undated, outcome="no_longer_applicable", finding="Law changed.", by=lead)
    revisit = make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)
    revisit.refresh_from_db()
    due_on = revisit.deadline.due_on
    Extension.objects.create(
        deadline=revisit.deadline,
        from_on=due_on,
        wanted_on=due_on + dt.timedelta(days=9),
        reason="Late.",
        asked_by=lead,
    )

    assert titles(force_lead) == titles(lead) == []


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
