"""The pages on which sections are written, ordered, given to authors, commented on and compared."""

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections.models import InspectionKind, Stage, TeamMember
from reports import authorship, section_comments, sections
from reports.models import ReportOrder, ReportSection, SectionComment, SectionStatus
from tests.reports.material import write_sections
from tests.support.factories import make_framework, make_inspection, make_user

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspector():
    return make_user(Role.INSPECTOR)


@pytest.fixture
def inspection(lead, inspector):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    TeamMember.objects.create(inspection=inspection, user=inspector)
    return inspection


@pytest.fixture
def signed_in(client):
    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def address(name, inspection, *args):
    return reverse(f"reports:{name}", args=[inspection.pk, *args])


def section(inspection, key="summary"):
    return address("section", inspection, key)


def text(response):
    return response.content.decode()


def save(inspection, by, body="Words.", version=0, key="summary"):
    place = sections.place_of(inspection, key)
    return sections.save_section(inspection, place, body=body, version=version, by=by)


# -- Saved by a script -----------------------------------------------------------------------------------------------


def test_a_script_saves_and_is_told_the_version(signed_in, inspection, lead):
    client = signed_in(lead)
    answer = client.post(section(inspection), {"body": "One.", "version": 0}, **JSON)
    assert answer.json()["version"] == 1
    answer = client.post(section(inspection), {"body": "Two.", "version": 1}, **JSON)
    assert answer.json()["version"] == 2
    assert ReportSection.objects.get().body == "Two."


def test_a_script_is_told_of_a_conflict_and_nothing_is_overwritten(
    signed_in, inspection, lead, inspector
):
    save(inspection, inspector, "Theirs.")
    answer = signed_in(lead).post(section(inspection), {"body": "Mine.", "version": 0}, **JSON)
    assert (answer.status_code, answer.json()["by"]) == (409, inspector.name)
    assert ReportSection.objects.get().body == "Theirs."


@pytest.mark.parametrize(
    ("body", "words"), [(" ", "Enter the text"), ("Ask child@home.example.", "personal data")]
)
def test_a_script_is_told_what_is_wrong_at_which_field(signed_in, inspection, lead, body, words):
    answer = signed_in(lead).post(section(inspection), {"body": body, "version": 0}, **JSON)
    assert answer.status_code == 400
    assert words in answer.json()["errors"]["body"][0]
    assert not ReportSection.objects.exists()


def test_a_script_is_told_plainly_that_it_may_not(client, signed_in, inspection, lead):
    data = {"body": "Words.", "version": 0}
    assert client.post(section(inspection), data, **JSON).status_code == 401
    stranger = signed_in(make_user(Role.INSPECTOR))
    assert stranger.post(section(inspection), data, **JSON).status_code == 404
    manager = signed_in(make_user(Role.MANAGER))
    answer = manager.post(section(inspection), data, **JSON)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/json")


def test_the_preview_shows_what_is_typed_and_saves_nothing(signed_in, inspection, lead):
    url = address("section_preview", inspection, "summary")
    answer = signed_in(lead).post(url, {"body": "## It *works*\n\n<script>x</script>"})
    html = answer.json()["html"]
    assert "<em>works</em>" in html
    assert "<script>" not in html
    assert not ReportSection.objects.exists()
    assert signed_in(make_user(Role.MANAGER)).post(url, {"body": "x"}).status_code == 403


def test_of_a_text_that_is_too_long_to_be_saved_the_preview_shows_the_beginning(
    signed_in, inspection, lead
):
    url = address("section_preview", inspection, "summary")
    typed = "a" * sections.LONGEST_SECTION_CHARACTERS + "b" * 1_000_000
    html = signed_in(lead).post(url, {"body": typed}).json()["html"]
    assert "aaa" in html
    assert "b" * 20 not in html


# -- Written on the page ---------------------------------------------------------------------------------------------


def test_the_second_of_two_writers_sees_word_by_word_what_differs(
    signed_in, inspection, lead, inspector
):
    save(inspection, inspector, "The force has eight officers.")
    response = signed_in(lead).post(
        section(inspection), {"body": "The force has nine officers.", "version": 0}
    )
    page = text(response)
    assert response.status_code == 409
    assert "<del>" in page and "eight<" in page
    assert "<ins>" in page and "nine<" in page
    assert f"{inspector.name} saved this section" in page
    assert 'name="version" value="1"' in page


def test_a_review_has_a_text_for_what_was_found_before_one_for_the_summary_and_one_for_details(
    signed_in, lead
):
    earlier = make_inspection(Stage.FOLLOW_UP)
    inspection = make_inspection(
        Stage.DRAFTING,
        lead=lead,
        kind=InspectionKind.POST_INSPECTION_REVIEW,
        parent=earlier,
        force=earlier.force,
    )
    url = section(inspection, "theme-theme-alpha")
    page = text(signed_in(lead).get(url))
    assert all(f'name="{name}"' in page for name in ("earlier", "summary", "body"))
    typed = {"earlier": "Before.", "summary": "Now.", "body": "Details.", "version": 0}
    signed_in(lead).post(url, typed)
    saved = ReportSection.objects.get()
    assert (saved.earlier, saved.summary, saved.body) == ("Before.", "Now.", "Details.")
    # who saves again with an old version is shown all three
    response = signed_in(lead).post(url, {**typed, "earlier": "Long before."})
    assert response.status_code == 409
    assert "What the earlier inspection found: from their version to yours" in text(response)
    assert "Summary of this section: from" not in text(response)


def test_a_section_without_such_a_text_refuses_it(signed_in, inspection, lead):
    place = sections.place_of(inspection, "summary")
    with pytest.raises(sections.SectionRefused):
        sections.save_section(inspection, place, body="x", earlier="y", version=0, by=lead)
    assert 'name="earlier"' not in text(signed_in(lead).get(section(inspection)))


def test_a_section_is_saved_and_said_to_be_ready_by_one_button(signed_in, inspection, inspector):
    signed_in(inspector).post(
        section(inspection), {"body": "Words.", "version": 0, "status": "ready"}
    )
    assert ReportSection.objects.get().status == SectionStatus.READY


def test_a_manager_agrees_to_a_section_that_they_read_and_not_to_another(
    signed_in, inspection, inspector
):
    save(inspection, inspector)
    client = signed_in(make_user(Role.MANAGER))
    assert "Agree to this section" in text(client.get(section(inspection)))
    url = address("section_status", inspection, "summary")
    save(inspection, inspector, "Other words.", version=1)
    response = client.post(url, {"status": "agreed", "version": 1}, follow=True)
    assert "Read it again first." in text(response)
    response = client.post(url, {"status": "agreed", "version": 2}, follow=True)
    assert "“Summary” is agreed." in text(response)
    assert ReportSection.objects.get().status == SectionStatus.AGREED


# -- The outline -----------------------------------------------------------------------------------------------------


def test_a_section_is_moved_by_buttons_on_the_outline(signed_in, inspection, lead):
    client = signed_in(lead)
    url = address("reorder", inspection)
    assert f'action="{url}"' in text(client.get(address("outline", inspection)))
    typed = {"section": "theme-theme-beta", "to": "up", "version": 0}
    response = client.post(url, typed, follow=True)
    assert "has moved up." in text(response)
    response = client.post(url, typed, follow=True)
    assert "Somebody else moved a section" in text(response)
    assert ReportOrder.objects.get().version == 1
    assert client.post(url, {**typed, "section": "none"}).status_code == 404
    assert client.post(url, {**typed, "version": "x"}).status_code == 404
    assert signed_in(make_user(Role.MANAGER)).post(url, typed).status_code == 403


def test_the_preview_of_the_draft_follows_the_order(signed_in, inspection, lead):
    write_sections(inspection)
    client = signed_in(lead)
    client.post(
        address("reorder", inspection), {"section": "theme-theme-beta", "to": "up", "version": 0}
    )
    page = text(client.get(address("preview", inspection)))
    themes = list(inspection.framework.themes.all())
    assert page.index(f">{themes[1].label}<") < page.index(f">{themes[0].label}<")


def test_authors_are_given_on_one_page_and_shown_in_the_outline(
    signed_in, inspection, lead, inspector
):
    client = signed_in(lead)
    url = address("assign", inspection)
    assert inspector.name in text(client.get(url))
    response = client.post(url, {"summary": inspector.pk, "was-summary": ""}, follow=True)
    assert inspector.name in text(response)
    assert ReportSection.objects.get().author == inspector
    response = client.post(url, {"summary": lead.pk, "was-summary": ""}, follow=True)
    assert "Somebody else has given" in text(response)
    assert ReportSection.objects.get().author == inspector


# -- Comments and versions -------------------------------------------------------------------------------------------


def test_comments_are_made_on_the_section_s_page_and_settled_there(
    signed_in, inspection, lead, inspector
):
    url = address("section_comments", inspection, "summary")
    response = signed_in(lead).post(url, {"text": "Say <b>why</b>."}, follow=True)
    assert "Say &lt;b&gt;why&lt;/b&gt;." in text(response)
    assert "comment on “Summary”" in text(signed_in(inspector).get(address("outline", inspection)))
    found = SectionComment.objects.get()
    signed_in(inspector).post(address("settle_comment", inspection, "summary", found.pk))
    assert "No comment is open." in text(signed_in(lead).get(section(inspection)))
    page = text(signed_in(lead).get(url))
    assert f"Settled by {inspector.name}" in page
    elsewhere = address("settle_comment", inspection, "context", found.pk)
    assert signed_in(lead).post(elsewhere).status_code == 404


def test_a_comment_that_says_nothing_or_names_somebody_keeps_the_page(signed_in, inspection, lead):
    url = address("section_comments", inspection, "summary")
    for words in ("", "Ask child@home.example."):
        response = signed_in(lead).post(url, {"text": words})
        assert "<title>Error:" in text(response)
    reason = {"text": "Ask child@home.example.", "confirmed_reason": "It is the office’s"}
    assert signed_in(lead).post(url, reason).status_code == 302
    listed = text(signed_in(lead).get(reverse("cases:confirmed", args=[inspection.pk])))
    assert "Comments on “Summary”" in listed


def test_versions_are_listed_compared_and_taken_back(signed_in, inspection, lead, inspector):
    save(inspection, lead, "The force has eight officers.")
    save(inspection, inspector, "The force has nine officers.", version=1)
    client = signed_in(lead)
    page = text(client.get(address("section_versions", inspection, "summary")))
    assert "Version 2" in page
    assert "?from=1&amp;to=2" in page
    compare = address("section_compare", inspection, "summary")
    page = text(client.get(compare))
    assert "From version 1 to version 2." in page
    assert "eight<" in page and "nine<" in page
    page = text(client.get(compare, {"from": 0, "to": 1}))
    assert "From the empty section to version 1." in page
    assert f'href="{section(inspection)}?version=1"' in page
    page = text(client.get(section(inspection), {"version": 1}))
    assert "This is an older version of the text." in page
    assert 'name="version" value="2"' in page
    for wrong in ({"from": 1, "to": 9}, {"to": "x"}, {"to": "9" * 30}):
        assert client.get(compare, wrong).status_code == 404
    assert client.get(section(inspection), {"version": 9}).status_code == 404


def test_the_force_reads_the_text_and_nothing_of_how_it_came_about(signed_in, lead):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    save(inspection, lead, "Read *me*.")
    place = sections.place_of(inspection, "summary")
    section_comments.comment(inspection, place, "Too mild.", by=lead)
    authorship.assign(inspection, place, lead, was=None, by=lead)
    type(inspection).objects.filter(pk=inspection.pk).update(stage=Stage.FACTUAL_ACCURACY)
    client = signed_in(make_user(Role.FORCE_LEAD, force=inspection.force))
    for url in (section(inspection), address("outline", inspection)):
        page = text(client.get(url))
        assert "Too mild" not in page
        assert lead.name not in page
        assert "Being written" not in page
    assert "Read <em>me</em>." in text(client.get(section(inspection)))
    for name, args in (
        ("section_versions", ["summary"]),
        ("section_compare", ["summary"]),
        ("section_comments", ["summary"]),
        ("assign", []),
    ):
        assert client.get(address(name, inspection, *args)).status_code == 404


def test_a_framework_s_own_outline_is_what_the_page_shows(signed_in, lead):
    framework = make_framework()
    framework.outlines = {
        "full": [
            {"section": "case_analysis", "movable": False, "needed": True, "parts": ["body"]},
            {"section": "theme", "movable": False, "needed": False, "parts": ["body"]},
        ]
    }
    framework.save()
    inspection = make_inspection(Stage.DRAFTING, lead=lead, framework=framework)
    page = text(signed_in(lead).get(address("outline", inspection)))
    assert section(inspection) not in page
    assert address("reorder", inspection) not in page
    assert signed_in(lead).get(section(inspection)).status_code == 404
