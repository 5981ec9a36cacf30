"""The page of one recommendation."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, Role
from inspections.models import News, NewsKind, Stage, TeamMember
from recommendations import progress
from recommendations.evidence import Proof, Upload
from recommendations.models import Action, ActionPlan, ProgressStatus
from recommendations.publication import set_deadlines
from tests.recommendations import hostile
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
    assert "3 months from publication on 3 March 2026." in page


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


def test_evidence_goes_with_the_word_and_stands_in_the_timeline(client, recommendation, force_lead):
    client.force_login(force_lead)
    address = f"/recommendations/{recommendation.pk}/"
    first, second = recommendation.points.all()
    assert client.get(address).content.decode().count("No evidence yet") == 2

    page = client.post(
        address,
        {
            "status": "in_progress",
            "note": "The policy is new.",
            "files": [
                SimpleUploadedFile("../policy.pdf", hostile.PDF),
                SimpleUploadedFile("room.png", hostile.image()),
            ],
            "shows": "What changed",
            "proves": [first.pk],
        },
        follow=True,
    ).content.decode()

    assert "Progress saved. 2 files kept." in page
    assert ">policy.pdf</a>" in page and ">room.png</a>" in page
    assert "Proves point 1" in page
    assert recommendation.evidence.last().sha256 in page
    assert page.count("No evidence yet") == 1


def test_a_page_dressed_as_an_image_is_refused_beside_the_field(client, recommendation, force_lead):
    client.force_login(force_lead)

    page = client.post(
        f"/recommendations/{recommendation.pk}/",
        {
            "status": "in_progress",
            "note": "See the picture.",
            "files": [SimpleUploadedFile("room.png", hostile.HTML, "image/png")],
        },
    ).content.decode()

    assert "room.png: The file holds a web page" in page
    assert "See the picture.</textarea>" in page
    assert not recommendation.progress.exists()


def test_closure_is_asked_for_with_a_list_of_the_points_that_nothing_proves(
    client, recommendation, force_lead
):
    client.force_login(force_lead)
    address = f"/recommendations/{recommendation.pk}/"
    typed = {"status": "complete", "note": "All of it is done."}

    page = client.post(address, typed).content.decode()
    assert "No evidence proves these points yet: of &lt;b&gt;meetings&lt;/b&gt;; of visits" in page
    assert not recommendation.progress.exists()

    page = client.post(address, {**typed, "although_unproved": "on"}, follow=True).content.decode()
    assert "The inspectorate is asked to close this recommendation." in page
    assert "The inspectorate has to judge it" in page
    told = News.objects.get(kind=NewsKind.CLOSURE_ASKED)
    assert (told.party, told.subject_id) == ("inspectorate", recommendation.pk)
    assert told.label == "Recommendation 1"


def test_a_word_may_be_about_one_point(client, recommendation, force_lead):
    client.force_login(force_lead)
    point = recommendation.points.all()[1]

    page = client.post(
        f"/recommendations/{recommendation.pk}/",
        {"about": f"point-{point.pk}", "status": "complete", "note": "Visits are noted."},
        follow=True,
    ).content.decode()

    assert "Point 2: done" in page
    recommendation.refresh_from_db()
    assert recommendation.progress_status == "in_progress"
    assert recommendation.deadline.met_on is None


def test_a_point_of_another_recommendation_cannot_be_chosen(client, recommendation, force_lead):
    other = make_recommendation(recommendation.inspection, points=["elsewhere"])
    client.force_login(force_lead)

    answer = client.post(
        f"/recommendations/{recommendation.pk}/",
        {"about": f"point-{other.points.get().pk}", "status": "complete", "note": "Done."},
    )

    assert answer.status_code == 200
    assert not recommendation.progress.exists()


def test_a_request_longer_than_allowed_is_not_read(client, recommendation, force_lead, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    client.force_login(force_lead)

    answer = client.post(
        f"/recommendations/{recommendation.pk}/",
        {
            "status": "in_progress",
            "note": "Long.",
            "files": [SimpleUploadedFile("notes.txt", b"a" * 2000)],
        },
    )

    assert answer.status_code == 400
    assert not recommendation.progress.exists()


def test_both_sides_discuss_and_each_keeps_notes_to_itself(
    client, recommendation, force_lead, force
):
    manager = make_user(Role.MANAGER)
    address = f"/recommendations/{recommendation.pk}/"
    said = [
        (force_lead, "both", "Is a new form enough?"),
        (force_lead, "own", "We are behind with training."),
        (manager, "both", "Only if it is used."),
        (manager, "own", "Ask for a sample in June."),
    ]
    for person, audience, text in said:
        client.force_login(person)
        answer = client.post(
            f"{address}remarks/", {"remark-text": text, "remark-audience": audience}
        )
        assert answer.status_code == 302

    of_force = page_of(client, recommendation, make_user(Role.FORCE_VIEWER, force=force))
    of_inspectorate = page_of(client, recommendation, manager)

    for page in (of_force, of_inspectorate):
        assert "Is a new form enough?" in page and "Only if it is used." in page
    assert "We are behind with training." in of_force
    assert "We are behind with training." not in of_inspectorate
    assert "Ask for a sample in June." in of_inspectorate
    assert "Ask for a sample in June." not in of_force
    assert set(News.objects.values_list("kind", "party")) == {
        (NewsKind.REMARK, "force"),
        (NewsKind.REMARK, "inspectorate"),
    }
    assert News.objects.count() == 2


def test_who_only_reads_writes_nothing(client, recommendation, force):
    people = [
        make_user(Role.FORCE_VIEWER, force=force),
        make_user(Role.INSPECTOR),
        make_user(Role.ADMINISTRATOR),
    ]
    for person in people:
        page = page_of(client, recommendation, person)
        assert "Write about it" not in page
        answer = client.post(
            f"/recommendations/{recommendation.pk}/remarks/",
            {"remark-text": "Hello", "remark-audience": "both"},
        )
        assert answer.status_code == 403
    assert not recommendation.remarks.exists()


def test_evidence_comes_as_an_attachment_to_who_may_have_it_and_that_is_on_record(
    client, recommendation, force_lead, force
):
    member, other = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    TeamMember.objects.create(inspection=recommendation.inspection, user=member)
    progress.report(
        recommendation,
        status="in_progress",
        note="See the file.",
        by=force_lead,
        proof=Proof([Upload(io.BytesIO(hostile.PDF), "Politik für alle.pdf")]),
    )
    kept = recommendation.evidence.get()
    readers = [make_user(Role.FORCE_VIEWER, force=force), make_user(Role.MANAGER), member]
    strangers = [other, make_user(Role.ADMINISTRATOR), make_user(Role.FORCE_LEAD)]

    for person in readers:
        client.force_login(person)
        answer = client.get(f"/evidence/{kept.pk}/")
        assert b"".join(answer.streaming_content) == hostile.PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert "für alle.pdf</a>" in page_of(client, recommendation, person)
    for person in strangers:
        client.force_login(person)
        assert client.get(f"/evidence/{kept.pk}/").status_code == 404
    client.logout()
    assert client.get(f"/evidence/{kept.pk}/").status_code == 302

    page = page_of(client, recommendation, other)
    assert "With 1 file of evidence, open to the inspection’s team." in page
    assert "für alle" not in page
    taken = Access.objects.filter(subject="evidence", subject_id=kept.pk)
    assert {row.user for row in taken} == set(readers)


def test_a_file_that_is_gone_from_its_place_is_not_found(client, recommendation, force_lead):
    progress.report(
        recommendation,
        status="in_progress",
        note="See the file.",
        by=force_lead,
        proof=Proof([Upload(io.BytesIO(hostile.PDF), "policy.pdf")]),
    )
    kept = recommendation.evidence.get()
    kept.file.storage.delete(kept.file.name)
    client.force_login(force_lead)

    assert client.get(f"/evidence/{kept.pk}/").status_code == 404
    assert not Access.objects.exists()


def test_the_owner_of_an_action_reports_on_that_alone(client, recommendation, force):
    owner = make_user(Role.FORCE_ASSESSOR, force=force)
    plan = ActionPlan.objects.create(inspection=recommendation.inspection)
    own, other = (
        Action.objects.create(
            plan=plan, recommendation=recommendation, text=text, owner=person, submitted=True
        )
        for text, person in (("Train everybody", owner), ("Buy a system", None))
    )
    client.force_login(owner)
    address = f"/recommendations/{recommendation.pk}/"
    page = client.get(address).content.decode()
    assert f'value="action-{own.pk}"' in page
    assert f"action-{other.pk}" not in page and "point-" not in page

    for about in ("", f"action-{other.pk}"):
        client.post(address, {"about": about, "status": "complete", "note": "Done."})
    assert not recommendation.progress.exists()

    client.post(address, {"about": f"action-{own.pk}", "status": "complete", "note": "Done."})
    own.refresh_from_db()
    assert own.status == "complete"
    assert recommendation.progress.get().action == own
