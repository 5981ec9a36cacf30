"""The pages on which the inspectorate sees what forces have sent, and judges it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections import dates
from inspections.models import Extension, Stage
from recommendations import judging, progress
from recommendations.models import (
    ActionPlan,
    CommissionerComment,
    ImmediateUpdate,
    Judgement,
    PlanVersion,
    ProgressStatus,
    Recommendation,
)
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/follow-up/"


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(force, lead):
    return make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)


def ready(inspection, force_lead, note="All is done.", **parts):
    recommendation = make_recommendation(inspection, **parts)
    set_deadlines(inspection, inspection.published_on)
    recommendation.refresh_from_db()
    progress.report(recommendation, status=ProgressStatus.COMPLETE, note=note, by=force_lead)
    return Recommendation.objects.get(pk=recommendation.pk)


def page_of(client, user, path):
    client.force_login(user)
    response = client.get(path)
    return response.content.decode() if response.status_code == 200 else response.status_code


def test_the_queue_lists_what_waits_and_what_came_in(client, inspection, force_lead, lead):
    recommendation = ready(inspection, force_lead)
    other = ready(inspection, force_lead)
    judging.return_with_questions(other, questions="Which?", by=lead)
    other.refresh_from_db()
    Extension.objects.create(
        deadline=other.deadline,
        from_on=other.deadline.due_on,
        wanted_on=other.deadline.due_on + dt.timedelta(days=30),
        reason="Too little time.",
        asked_by=force_lead,
    )
    plan = ActionPlan.objects.create(inspection=inspection)
    PlanVersion.objects.create(plan=plan, number=1, content=[], submitted_by=force_lead)
    ImmediateUpdate.objects.create(inspection=inspection, accounts={}, by=force_lead)
    CommissionerComment.objects.create(inspection=inspection, text="Good.", by=force_lead)

    page = page_of(client, lead, QUEUE)
    for title in (
        "Recommendations ready for closure: 1",
        "Requests for more time: 1",
        "Action plans: 1",
        "Updates on what was immediate: 1",
        "Comments of police and crime commissioners: 1",
    ):
        assert title in page
    assert f"/recommendations/{recommendation.pk}/judge/" in page
    assert f"Recommendation {recommendation.number}: {recommendation.stem}" in page
    narrowed = page_of(client, lead, f"{QUEUE}?kind=plans")
    assert "Action plans: 1" in narrowed
    assert "Requests for more time: 1" not in narrowed


def test_it_shows_an_inspector_their_own_inspections_only_and_a_manager_all(
    client, inspection, force_lead
):
    ready(inspection, force_lead)

    assert "Nothing waits for you" in page_of(client, make_user(Role.INSPECTOR), QUEUE)
    assert "ready for closure: 1" in page_of(client, make_user(Role.MANAGER), QUEUE)
    for user in (force_lead, make_user(Role.ADMINISTRATOR)):
        assert page_of(client, user, QUEUE) == 403


def test_the_queue_asks_as_much_for_many_as_for_one(client, inspection, force_lead, lead):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(QUEUE).status_code == 200
        return len(asked)

    ready(inspection, force_lead)
    client.force_login(lead)
    client.get(QUEUE)
    few = queries()
    for _ in range(4):
        ready(inspection, force_lead)
    assert queries() == few


def test_the_page_shows_points_that_lack_evidence_and_what_the_force_wrote(
    client, inspection, force_lead, lead
):
    recommendation = ready(inspection, force_lead, note="<b>All</b> done.", points=["of visits"])

    page = page_of(client, lead, f"/recommendations/{recommendation.pk}/judge/")
    assert "of visits" in page
    assert "No evidence" in page
    assert "&lt;b&gt;All&lt;/b&gt; done." in page


def judge(client, recommendation, **data):
    seen = judging.standing(recommendation)
    data = {"seen": f"{seen.request or ''}:{seen.judgement or ''}", **data}
    return client.post(f"/recommendations/{recommendation.pk}/judge/", data)


def test_judged_on_the_page_it_is_settled(client, inspection, force_lead, lead):
    recommendation = ready(inspection, force_lead)
    client.force_login(lead)

    answer = judge(client, recommendation, decision="implemented", words="We saw it.")
    assert answer.headers["Location"] == f"/recommendations/{recommendation.pk}/"
    recommendation.refresh_from_db()
    assert recommendation.settled_on == dates.today()


def test_returned_on_the_page_it_is_in_progress_again(client, inspection, force_lead, lead):
    recommendation = ready(inspection, force_lead)
    client.force_login(lead)

    assert judge(client, recommendation, decision="return", words="Which?").status_code == 302
    recommendation.refresh_from_db()
    assert recommendation.progress_status == ProgressStatus.IN_PROGRESS


def test_what_a_colleague_did_meanwhile_is_shown_before_the_same_words_are_saved(
    client, inspection, force_lead, lead
):
    recommendation = ready(inspection, force_lead)
    seen = judging.standing(recommendation)
    judging.judge(recommendation, outcome="implemented", finding="Fine, I think.", by=lead)
    client.force_login(lead)

    answer = judge(
        client,
        recommendation,
        decision="partly",
        words="Half.",
        seen=f"{seen.request}:{seen.judgement or ''}",
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Something has happened" in page
    assert "Fine, I think." in page
    assert "Half." in page
    assert Judgement.objects.count() == 1


def test_a_form_without_words_or_with_personal_ones_comes_back(
    client, inspection, force_lead, lead
):
    recommendation = ready(inspection, force_lead)
    client.force_login(lead)

    page = judge(client, recommendation, decision="partly").content.decode()
    assert "Enter the finding, or your questions" in page
    page = judge(
        client, recommendation, decision="partly", words="Ask jo@example.org"
    ).content.decode()
    assert "Why is this not personal data?" in page
    assert not Judgement.objects.exists()


def test_who_may_open_it(client, inspection, force, force_lead):
    recommendation = ready(inspection, force_lead)
    path = f"/recommendations/{recommendation.pk}/judge/"

    assert page_of(client, make_user(Role.MANAGER), path) != 403
    for user in (force_lead, make_user(Role.LEAD_INSPECTOR), make_user(Role.ADMINISTRATOR)):
        assert page_of(client, user, path) == 403
    assert page_of(client, make_user(Role.FORCE_LEAD), path) == 404
