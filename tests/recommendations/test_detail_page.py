"""The page of one recommendation."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections import dates, deadlines
from inspections.models import Stage
from recommendations import progress
from recommendations.models import ProgressStatus
from recommendations.publication import set_deadlines
from recommendations.timeline import entries
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh")


@pytest.fixture
def recommendation(force):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force)
    recommendation = make_recommendation(inspection, points=["of <b>meetings</b>", "of visits"])
    set_deadlines(inspection, inspection.published_on)
    recommendation.refresh_from_db()
    return recommendation


def page_of(client, recommendation, user):
    client.force_login(user)
    response = client.get(f"/recommendations/{recommendation.pk}/")
    return response.content.decode() if response.status_code == 200 else response.status_code


def test_it_shows_text_points_theme_date_and_how_the_date_came_about(
    client, recommendation, force_lead
):
    page = page_of(client, recommendation, force_lead)

    assert recommendation.stem in page
    assert "of &lt;b&gt;meetings&lt;/b&gt;" in page
    assert "Theme alpha" in page
    assert "was due 3 June 2026" in page or "3 June 2026" in page
    assert "Within 3 months of publication on 3 March 2026." in page


def test_who_may_open_it(client, recommendation, force):
    for role in (Role.FORCE_LEAD, Role.FORCE_ASSESSOR, Role.FORCE_VIEWER):
        assert page_of(client, recommendation, make_user(role, force=force)) != 404
        assert page_of(client, recommendation, make_user(role)) == 404
    for role in (Role.INSPECTOR, Role.MANAGER, Role.ADMINISTRATOR):
        assert page_of(client, recommendation, make_user(role)) != 404


def test_a_draft_is_for_its_team_managers_and_from_the_check_on_the_force(client, force):
    inspector = make_user(Role.INSPECTOR)
    readers = {
        Stage.DRAFTING: [inspector, make_user(Role.MANAGER)],
        Stage.FACTUAL_ACCURACY: [
            inspector,
            make_user(Role.MANAGER),
            make_user(Role.FORCE_VIEWER, force=force),
        ],
    }
    for stage, people in readers.items():
        inspection = make_inspection(stage, force=force, team=[inspector])
        draft = make_recommendation(inspection)
        for person in people:
            assert page_of(client, draft, person) != 404
            assert client.get(f"/inspections/{inspection.pk}/recommendations/").status_code == 200
        others = [make_user(Role.INSPECTOR), make_user(Role.ADMINISTRATOR)]
        if stage == Stage.DRAFTING:
            others.append(make_user(Role.FORCE_LEAD, force=force))
        for person in others:
            assert page_of(client, draft, person) == 404
            assert client.get(f"/inspections/{inspection.pk}/recommendations/").status_code == 404


def test_the_force_lead_reports_progress_and_lands_on_the_page_again(
    client, recommendation, force_lead
):
    client.force_login(force_lead)
    address = f"/recommendations/{recommendation.pk}/"

    response = client.post(
        address, {"status": "in_progress", "note": "We <i>trained</i> everybody."}, follow=True
    )

    assert response.redirect_chain == [(address, 302)]
    page = response.content.decode()
    assert "Progress saved." in page
    assert "We &lt;i&gt;trained&lt;/i&gt; everybody." in page
    assert "by Helen Marsh" in page


def test_a_report_without_words_is_refused_and_keeps_what_was_chosen(
    client, recommendation, force_lead
):
    client.force_login(force_lead)

    response = client.post(f"/recommendations/{recommendation.pk}/", {"status": "complete"})

    page = response.content.decode()
    assert "Enter what has been done" in page
    assert page.index("Error:") < page.index("<h1")
    assert not recommendation.progress.exists()


@pytest.mark.parametrize("role", [Role.FORCE_VIEWER, Role.FORCE_ASSESSOR])
def test_others_of_the_force_see_no_form_and_may_not_post(client, recommendation, force, role):
    page = page_of(client, recommendation, make_user(role, force=force))
    assert "Save progress" not in page

    answer = client.post(
        f"/recommendations/{recommendation.pk}/", {"status": "complete", "note": "Done."}
    )
    assert answer.status_code == 403
    assert not recommendation.progress.exists()


def test_the_timeline_is_newest_first_with_moves_of_the_deadline(recommendation, force_lead):
    def days_ago(days):
        return dates.now() - dt.timedelta(days=days)

    for status, days in (("in_progress", 20), ("complete", 2)):
        progress.report(
            recommendation, status=status, note=f"{days} days ago", by=force_lead, at=days_ago(days)
        )
    deadline = recommendation.deadline
    deadlines.set_deadline(
        deadline.inspection,
        deadline.kind,
        label=deadline.label,
        responsible=deadline.responsible,
        due_on=dt.date(2026, 8, 1),
        subject_id=recommendation.pk,
    )
    recommendation.refresh_from_db()

    found = [(entry.title, entry.text) for entry in entries(recommendation)]

    assert found == [
        ("Deadline moved", "From 3 June 2026 to 1 August 2026."),
        ("Reported complete", "2 days ago"),
        ("In progress", "20 days ago"),
        ("Report published", "The recommendation became due on 3 June 2026."),
    ]


def test_the_page_costs_the_same_however_much_has_happened(client, recommendation, force_lead):
    client.force_login(force_lead)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/recommendations/{recommendation.pk}/")
        return len(captured)

    progress.report(recommendation, status="in_progress", note="Begun.", by=force_lead)
    before = queries()
    for number in range(10):
        progress.report(
            recommendation, status=ProgressStatus.IN_PROGRESS, note=str(number), by=force_lead
        )
    assert queries() == before


def test_what_looks_like_personal_data_is_asked_about_and_kept_in_the_form(
    client, recommendation, force_lead
):
    client.force_login(force_lead)
    address = f"/recommendations/{recommendation.pk}/"
    typed = {"status": "in_progress", "note": "Write to jo@example.org"}

    page = client.post(address, typed).content.decode()
    assert "This looks like personal data: an email address" in page
    assert "Write to jo@example.org</textarea>" in page
    assert "Why is this not personal data?" in page
    assert "Write to <mark>jo@example.org</mark>" in page

    assert (
        client.post(address, {**typed, "confirmed_reason": "It is the office’s"}).status_code == 302
    )
    assert recommendation.progress.count() == 1
