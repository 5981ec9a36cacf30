"""The factual accuracy check: what the force says of the draft, and what it is answered."""

import io
import re

import page as pdf_ua
import pypdf
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.errors import Conflict, NotAllowed
from accounts.models import Access, Role
from cases.personal_data import LooksPersonal
from inspections import stages
from inspections.models import DeadlineKind, Inspection, News, NewsKind, Stage
from reports import accuracy, accuracy_record, guards
from reports.models import AccuracyComment, AccuracyRecord, ReportSection, SectionKind
from tests.reports.material import write_sections
from tests.support.factories import make_force, make_inspection, make_user
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db
SUMMARY = "The force knows its **young people**, and\nlistens to them."


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    drafted = make_inspection(Stage.DRAFTING, force=make_force(), lead=lead)
    write_sections(drafted, {"summary": SUMMARY})
    return stages.move(drafted, "send_for_factual_accuracy", by=lead)


@pytest.fixture
def force_lead(inspection):
    return make_user(Role.FORCE_LEAD, force=inspection.force)


def said(inspection, by, **fields):
    wanted = {"section_key": "summary", "passage": "", "text": "It is otherwise.", **fields}
    return accuracy.comment(inspection, by=by, **wanted)


def answer(comment, by, decision="accepted", text="", seen=None):
    return accuracy.answer(comment, decision=decision, text=text, seen=seen, by=by)


def told(kind):
    return News.objects.filter(kind=kind).count()


def test_the_force_is_told_of_a_draft_comments_replies_and_is_answered(
    inspection, force_lead, lead
):
    assert told(NewsKind.DRAFT_SENT) == 1
    one = said(inspection, force_lead, passage="knows its young people, and listens")
    assert (one.round, one.section_key) == (1, "summary")
    reasons = [each.text for each in guards.before_approval(inspection)]
    assert len(reasons) == 2 and "1 comment of the force has no answer." in reasons
    accuracy.reply(inspection, note="", by=force_lead)
    assert inspection.deadlines.get(kind=DeadlineKind.FACTUAL_ACCURACY).met_by == force_lead
    assert told(NewsKind.DRAFT_CHECKED) == 1
    with pytest.raises(NotAllowed):
        said(inspection, force_lead)
    with pytest.raises(NotAllowed):
        accuracy.reply(inspection, note="", by=force_lead)
    answer(one, lead, "not_accepted", "The files say so.")
    assert told(NewsKind.DRAFT_ANSWERED) == 1
    assert guards.before_approval(inspection) == []


@pytest.mark.parametrize(
    ("key", "passage", "field"),
    [
        ("summary", "words that nobody wrote", "passage"),
        ("context", "knows its young people", "passage"),
        ("nowhere", "", "passage"),
    ],
)
def test_a_quotation_stands_in_the_section(inspection, force_lead, key, passage, field):
    with pytest.raises(accuracy.CommentRefused) as refused:
        said(inspection, force_lead, section_key=key, passage=passage)
    assert refused.value.field == field


def test_a_comment_names_nobody(inspection, force_lead):
    with pytest.raises(LooksPersonal):
        said(inspection, force_lead, text="Ask jo@example.org.")


def test_only_the_lead_of_this_force_comments_and_only_the_team_answers(
    inspection, force_lead, lead
):
    others = [
        make_user(Role.FORCE_VIEWER, force=inspection.force),
        make_user(Role.FORCE_ASSESSOR, force=inspection.force),
        make_user(Role.FORCE_LEAD, force=make_force()),
        lead,
        make_user(Role.MANAGER),
    ]
    for person in others:
        with pytest.raises(NotAllowed):
            said(inspection, person)
    one = said(inspection, force_lead)
    for person in (*others[:3], make_user(Role.INSPECTOR), force_lead):
        with pytest.raises(NotAllowed):
            answer(one, person)


def test_a_comment_is_taken_back_until_it_is_answered(inspection, force_lead, lead):
    first, second = said(inspection, force_lead), said(inspection, force_lead)
    accuracy.withdraw(first, by=force_lead)
    with pytest.raises(Conflict):
        answer(first, lead)
    answer(second, lead)
    with pytest.raises(Conflict):
        accuracy.withdraw(second, by=force_lead)


def test_of_two_answers_the_second_is_told_of_the_first(inspection, force_lead, lead):
    one = said(inspection, force_lead)
    answered = answer(one, lead)
    with pytest.raises(Conflict):
        answer(one, lead, "not_accepted", "No.")
    changed = answer(one, lead, "not_accepted", "No.", seen=answered.answered_at)
    assert changed.answer == "No."
    decisions = AccuracyComment.pgh_event_model.objects.filter(pgh_obj_id=one.pk)
    assert {each.decision for each in decisions} == {"", "accepted", "not_accepted"}


def test_a_refusal_says_why(inspection, force_lead, lead):
    with pytest.raises(accuracy.CommentRefused):
        answer(said(inspection, force_lead), lead, "not_accepted")


def test_a_draft_that_is_sent_again_is_checked_again(inspection, force_lead, lead):
    one = said(inspection, force_lead)
    accuracy.reply(inspection, note="", by=force_lead)
    stages.move(inspection, "return_to_drafting", by=lead)
    inspection.refresh_from_db()
    answer(one, lead)
    again = stages.move(inspection, "send_for_factual_accuracy", by=lead)
    assert accuracy.reply_of(again) is None
    assert said(again, force_lead).round == 2


def test_the_force_reads_the_draft_with_its_own_watermark(client, inspection, force_lead):
    client.force_login(force_lead)
    url = reverse("reports:accuracy", args=[inspection.pk])
    shown = client.get(url).content.decode()
    assert "knows its <strong>young people</strong>" in shown
    assert "Official – sensitive: draft" in shown and shown.count(force_lead.name) >= 2
    assert '<svg class="assay-watermark"' in shown and "style=" not in shown
    assert Access.objects.filter(user=force_lead, subject_id=inspection.pk).exists()
    commenting = reverse("reports:accuracy_comment", args=[inspection.pk, "summary"])
    wrong = client.post(commenting, {"passage": "not there", "text": "No."})
    assert "These words are not in this section" in wrong.content.decode()
    client.post(commenting, {"passage": "young people", "text": "<script>alert(1)</script>"})
    shown = client.get(url).content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    back = reverse(
        "reports:accuracy_withdraw", args=[inspection.pk, AccuracyComment.objects.get().pk]
    )
    assert "Taken back" in client.post(back, follow=True).content.decode()
    replying = reverse("reports:accuracy_reply", args=[inspection.pk])
    assert "has 0 comments" in client.get(replying).content.decode()
    assert "replied on" in client.post(replying, {"note": ""}, follow=True).content.decode()
    assert client.get(replying).status_code == 403


def test_the_team_answers_on_a_page_that_keeps_what_was_typed(client, inspection, force_lead, lead):
    one = said(inspection, force_lead, passage="young people")
    ReportSection.objects.filter(kind=SectionKind.SUMMARY).update(body="Otherwise.")
    client.force_login(lead)
    url = reverse("reports:accuracy_answer", args=[inspection.pk, one.pk])
    assert "no longer in the section" in client.get(url).content.decode()
    assert "Enter why" in client.post(url, {"decision": "not_accepted"}).content.decode()
    answer(one, lead)
    late = client.post(url, {"decision": "not_accepted", "answer": "Mine.", "seen": ""})
    assert late.status_code == 409
    assert (
        "Mine." in late.content.decode() and "Somebody else has answered" in late.content.decode()
    )
    client.force_login(force_lead)
    assert client.get(url).status_code == 403


def test_other_forces_and_the_commissioner_read_no_comments(client, inspection, force_lead):
    said(inspection, force_lead, text="Between us.")
    office = make_user(Role.FORCE_VIEWER, force=inspection.force, works_for_commissioner=True)
    url = reverse("reports:accuracy", args=[inspection.pk])
    client.force_login(office)
    assert "Between us." not in client.get(url).content.decode()
    row = accuracy_record.request(inspection, by=force_lead)
    assert not AccuracyRecord.objects.visible_to(office).exists()
    assert AccuracyRecord.objects.visible_to(force_lead).get() == row
    Inspection.objects.update(stage=Stage.DRAFTING)  # taken back to be mended
    assert not AccuracyRecord.objects.visible_to(force_lead).exists()
    Inspection.objects.update(stage=Stage.FACTUAL_ACCURACY)
    client.force_login(make_user(Role.FORCE_LEAD, force=make_force()))
    assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_record_is_a_pdf_for_everybody(client, inspection, force_lead, lead):
    one = said(inspection, force_lead, passage="young people", text="They are children.")
    accuracy.reply(inspection, note="Thank you.", by=force_lead)
    answer(one, lead, "not_accepted", "We keep the word.")
    client.force_login(force_lead)
    client.post(reverse("reports:ask_for_accuracy_record", args=[inspection.pk]))
    row = inspection.accuracy_records.get()
    accuracy_record.run(row.pk)
    url = reverse("reports:accuracy_record_pdf", args=[inspection.pk, row.pk])
    content = client.get(url).content
    assert pdf_ua.validate_pdf_bytes(content).is_compliant
    text = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    for words in (
        "young people",
        "They are children.",
        "We keep the word.",
        "Thank you.",
        lead.name,
    ):
        assert words in text
    client.force_login(make_user(Role.FORCE_LEAD, force=make_force()))
    assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_words_selected_in_the_section_are_quoted_and_found_again(
    live_server, new_page, client, inspection, force_lead
):
    client.force_login(force_lead)
    page = new_page(viewport={"width": 1280, "height": 900})
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    url = reverse("reports:accuracy_comment", args=[inspection.pk, "summary"])
    page.goto(live_server.url + url)
    field = page.get_by_label("The words that you comment on")
    page.locator("[data-passage-source] p", has_text="listens to them").click(click_count=3)
    expect(field).to_have_value(re.compile(r"knows its young people, and\s+listens to them\."))
    assert_accessible(page)
    page.get_by_label("What is not right, and what would be").fill("It is otherwise.")
    follow(page.get_by_role("button", name="Save comment"))
    expect(page.get_by_text("Your comment has been saved.")).to_be_visible()
    assert_accessible(page)
    assert "young people" in AccuracyComment.objects.get().passage
