"""Corrections: a further version that says what it corrects; what was published stays as it is (rule 10)."""

import datetime as dt

import pgtrigger
import pytest
from django.urls import reverse

from accounts.errors import Conflict, NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections import dates, stages
from inspections.models import Deadline, News, NewsKind, Party, Stage
from reports import approval, approved, builds, corrections, drafted, sections
from reports.document import Document
from reports.models import Publication, ReportSection, SectionKind
from reports.publication import publish_correction
from tests.reports.material import published, write_sections
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
NOTICE = "The summary said that custody was good. It is not."
PUBLISHED = dt.date(2026, 3, 3)


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead, manager):
    checking = make_inspection(Stage.FACTUAL_ACCURACY, force=make_force(), lead=lead)
    write_sections(checking, {"summary": "Custody is good."})
    make_recommendation(checking)
    published(checking, by=manager, published_on=PUBLISHED)
    checking.refresh_from_db()
    return checking


def rewrite(inspection, lead, body="Custody is poor."):
    place = sections.place_of(inspection, "summary")
    version = sections.entry(inspection, place).version
    sections.save_section(inspection, place, body=body, version=version, by=lead)


def test_what_is_published_is_not_edited_without_a_correction(inspection, lead):
    with pytest.raises(NotAllowed):
        rewrite(inspection, lead)
    with pytest.raises(NotAllowed):
        corrections.open_one(inspection, notice=NOTICE, by=make_user(Role.INSPECTOR))


def test_a_correction_is_a_version_with_its_notice_and_the_old_one_stays(inspection, lead, manager):
    first = inspection.publications.get()
    was, due = first.document, list(Deadline.objects.values_list("pk", "due_on"))
    corrections.open_one(inspection, notice=NOTICE, by=lead)
    rewrite(inspection, lead)
    draft = drafted.document(inspection)
    assert (draft.is_draft, draft.number, draft.corrections[-1].notice) == (True, 2, NOTICE)
    assert corrections.changes(inspection, first, draft) == ["Summary"]
    with pytest.raises(stages.NotYet):
        publish_correction(inspection, by=manager)
    approval.approve(inspection, by=lead)
    with pytest.raises(NotAllowed):
        publish_correction(inspection, by=lead)
    second = publish_correction(inspection, by=manager)
    first.refresh_from_db()
    assert first.document == was
    document = Document.from_json(second.document)
    assert (second.number, second.published_on, document.is_draft) == (2, PUBLISHED, False)
    (notice,) = document.corrections
    assert (notice.number, notice.on, notice.notice) == (2, dates.today(), NOTICE)
    assert document.section("summary").body == "Custody is poor."
    before = Document.from_json(was)
    assert document.recommendations == before.recommendations
    assert document.next_steps == before.next_steps
    assert list(Deadline.objects.values_list("pk", "due_on")) == due
    inspection.refresh_from_db()
    assert (inspection.stage, inspection.published_on) == (Stage.PUBLISHED, PUBLISHED)
    assert not sections.may_edit(inspection, lead)
    told = News.objects.get(kind=NewsKind.REPORT_CORRECTED)
    assert (told.party, told.label) == (Party.FORCE, "Version 2 of the report")


def test_a_third_version_repeats_the_notice_of_the_second(inspection, lead, manager):
    for notice, body in (("First.", "One."), ("Second.", "Two.")):
        corrections.open_one(inspection, notice=notice, by=manager)
        rewrite(inspection, lead, body)
        approval.approve(inspection, by=lead)
        publish_correction(inspection, by=manager)
    document = Document.from_json(inspection.publications.get(number=3).document)
    assert [(each.number, each.notice) for each in document.corrections] == [
        (2, "First."),
        (3, "Second."),
    ]


def test_dates_in_a_correction_are_those_first_published(inspection, lead, manager):
    first = Document.from_json(inspection.publications.get().document)
    with pgtrigger.ignore("inspections.Deadline:moves_only_for_a_reason"):  # as if extended
        Deadline.objects.update(due_on=dt.date(2027, 1, 1))
    corrections.open_one(inspection, notice=NOTICE, by=lead)
    again = drafted.document(inspection)
    assert [one.due_on for one in again.recommendations.values()] == [
        one.due_on for one in first.recommendations.values()
    ]
    assert again.timescales == first.timescales


def test_a_dropped_correction_puts_the_text_back_and_keeps_what_was_written(
    inspection, lead, manager
):
    opened = corrections.open_one(inspection, notice=NOTICE, by=lead)
    with pytest.raises(Conflict):
        corrections.open_one(inspection, notice="Another.", by=manager)
    rewrite(inspection, lead)
    approval.approve(inspection, by=lead)
    corrections.drop(opened, by=lead)
    assert approved.standing(inspection) is None
    summary = ReportSection.objects.get(inspection=inspection, kind=SectionKind.SUMMARY)
    assert (summary.body, summary.version) == ("Custody is good.", 3)
    kept = ReportSection.pgh_event_model.objects.filter(pgh_obj_id=summary.pk)
    assert "Custody is poor." in {each.body for each in kept}
    with pytest.raises(Conflict):
        corrections.drop(opened, by=lead)
    assert Publication.objects.count() == 1


def test_the_notice_names_nobody_and_can_be_reworded(inspection, lead):
    with pytest.raises(LooksPersonal):
        corrections.open_one(inspection, notice="Ask jo@example.org.", by=lead)
    opened = corrections.open_one(inspection, notice=NOTICE, by=lead)
    approval.approve(inspection, by=lead)
    corrections.reword(opened, notice="Otherwise.", by=lead)
    assert not approved.holds(approved.standing(inspection))


def test_a_force_never_reads_the_draft_of_a_correction(client, inspection, lead):
    corrections.open_one(inspection, notice=NOTICE, by=lead)
    client.force_login(make_user(Role.FORCE_LEAD, force=inspection.force))
    for name in ("preview", "approval", "accuracy", "correction"):
        url = reverse(f"reports:{name}", args=[inspection.pk])
        assert client.get(url).status_code == 404, name


def test_a_draft_pdf_of_a_correction_can_be_made(inspection, lead):
    assert not builds.may_request(inspection, lead)
    corrections.open_one(inspection, notice=NOTICE, by=lead)
    assert builds.may_request(inspection, lead)


def test_the_pages_lead_from_the_notice_to_the_next_version(client, inspection, lead, manager):
    client.force_login(lead)
    page = reverse("reports:approval", args=[inspection.pk])
    assert "Correct the report" in client.get(page).content.decode()
    correcting = reverse("reports:correction", args=[inspection.pk])
    assert "Enter what is corrected" in client.post(correcting, {}).content.decode()
    opened = client.post(correcting, {"notice": NOTICE}, follow=True).content.decode()
    assert "A correction is open" in opened and NOTICE in opened
    rewrite(inspection, lead)
    dropping = reverse("reports:drop_correction", args=[inspection.pk])
    assert "<li>Summary</li>" in client.get(dropping).content.decode()
    client.post(page, {"approve": "yes"})
    client.force_login(manager)
    publishing = reverse("reports:publish", args=[inspection.pk])
    assert "Version 2" in client.get(publishing).content.decode()
    shown = client.post(publishing, {}, follow=True).content.decode()
    assert "has been published" in shown
    assert inspection.publications.count() == 2
    second, first = inspection.publications.order_by("-number")
    newer = reverse("reports:publication", args=[second.pk])
    assert "Version 2 corrects:" in client.get(newer).content.decode()
    older = client.get(reverse("reports:publication", args=[first.pk])).content.decode()
    assert "This version was corrected." in older and f'href="{newer}"' in older
    assert client.get(publishing).status_code == 302
