"""Publishing a report: frozen, dated, proved by its hash."""

import datetime as dt
import hashlib
import io

import page
import pypdf
import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from inspections import dates, stages, start
from inspections.models import Deadline, DeadlineKind, News, NewsKind, Party, Stage
from reports import builds
from reports.document import Document
from reports.models import BuildStatus, Publication, ReportBuild, ReportSection, SectionKind
from reports.publication import PublicationRefused, publish
from tests.reports.material import approved, make_reportable_inspection, published
from tests.support.factories import make_case, make_user
from tests.support.stack import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_reportable_inspection(lead=lead)


def test_publishing_moves_the_inspection_sets_every_date_and_freezes_the_document(
    inspection, manager
):
    publication = published(inspection, by=manager, published_on=dt.date(2026, 3, 3))
    inspection.refresh_from_db()
    assert inspection.stage == Stage.PUBLISHED
    assert inspection.published_on == publication.published_on == dt.date(2026, 3, 3)
    due = dict(
        Deadline.objects.filter(kind=DeadlineKind.RECOMMENDATION).values_list(
            "recommendation__number", "due_on"
        )
    )
    assert due[1] == dt.date(2026, 3, 3)
    assert due[3] == dt.date(2026, 6, 3)
    assert due[6] == dt.date(2026, 9, 3)
    document = Document.from_json(publication.document)
    assert {r.number: r.due_on for r in document.recommendations.values()} == due
    assert [(step.label, step.due_on) for step in document.next_steps] == [
        ("Update on what was to be done immediately", dt.date(2026, 4, 14)),
        ("Action plan for the other recommendations", dt.date(2026, 4, 14)),
        ("Comments of the police and crime commissioner on the report", dt.date(2026, 4, 28)),
        ("Revisit to see how the recommendations are being carried out", dt.date(2026, 9, 3)),
    ]
    assert document.figures.graded == 60


def test_today_is_the_date_unless_another_is_given(inspection, manager):
    assert published(inspection, by=manager).published_on == dates.today()


def test_a_report_is_not_published_on_a_day_to_come(inspection, manager):
    with pytest.raises(PublicationRefused):
        publish(inspection, by=manager, published_on=dates.today() + dt.timedelta(days=1))


def test_only_a_manager_publishes(inspection, lead):
    with pytest.raises(stages.NotAllowed):
        publish(inspection, by=lead)
    assert not Publication.objects.exists()


@pytest.mark.parametrize("stage", [Stage.FIELDWORK, Stage.DRAFTING, Stage.PUBLISHED])
def test_only_after_the_factual_accuracy_check(stage, manager, lead):
    inspection = make_reportable_inspection(stage, lead=lead)
    with pytest.raises(stages.NotYet):
        publish(inspection, by=manager)


def test_a_missing_section_and_an_ungraded_case_stand_in_the_way(inspection, manager):
    ReportSection.objects.get(kind=SectionKind.SUMMARY).delete()
    make_case(inspection, area="custody")
    with pytest.raises(stages.NotYet) as refused:
        publish(inspection, by=manager)
    assert refused.value.reasons == [
        "“Summary” has no text.",
        "1 case has no grade that inspectors have submitted.",
        "No lead of the inspection has approved the report.",
    ]
    inspection.refresh_from_db()
    assert inspection.stage == Stage.FACTUAL_ACCURACY
    assert not Deadline.objects.exists()


def test_a_section_left_out_deliberately_does_not(inspection, manager):
    ReportSection.objects.filter(theme__code="decision-making").update(body="")
    document = Document.from_json(published(inspection, by=manager).document)
    assert "Decision-making" not in [section.title for section in document.sections]


def test_if_anything_fails_nothing_has_happened(inspection, manager):
    approved(inspection)
    # The publication of a number that is taken cannot be written, which comes last of all.
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(
            inspection=inspection, number=1, published_on=dates.today(), document={}
        )
        publish(inspection, by=manager)
    inspection.refresh_from_db()
    assert inspection.stage == Stage.FACTUAL_ACCURACY
    assert not Deadline.objects.exists()
    assert not ReportBuild.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_adds_the_pdf_of_the_frozen_document_once(celery_worker, inspection, manager):
    celery_worker.start()
    publication = published(inspection, by=manager, assumed=True)
    wait_until(lambda: Publication.objects.exclude(sha256="").exists(), what=celery_worker.log())
    publication.refresh_from_db()
    content = bytes(publication.pdf)
    assert publication.sha256 == hashlib.sha256(content).hexdigest()
    assert page.validate_pdf_bytes(content).is_compliant
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == publication.pages
    texts = [one_page.extract_text() for one_page in reader.pages]
    assert not any("draft" in text.lower() for text in texts)
    assert "The source prints no publication date" in texts[0]


@pytest.mark.django_db(transaction=True)
def test_the_pdf_shows_what_was_frozen_whatever_has_changed_since(inspection, manager):
    publication = published(inspection, by=manager)
    ReportSection.objects.filter(kind=SectionKind.SUMMARY).update(body="Changed afterwards.")
    build = publication.builds.get()
    builds.run_build(build.pk)
    publication.refresh_from_db()
    first = publication.sha256
    text = "".join(
        one_page.extract_text()
        for one_page in pypdf.PdfReader(io.BytesIO(bytes(publication.pdf))).pages
    )
    assert "Changed afterwards" not in text
    again = ReportBuild.objects.create(inspection=inspection, publication=publication)
    builds.run_build(again.pk)  # somebody asks once more: nothing changes
    again.refresh_from_db()
    publication.refresh_from_db()
    assert again.status == BuildStatus.DONE
    assert publication.sha256 == first


@pytest.mark.django_db(transaction=True)
def test_the_final_pdf_survives_the_death_of_its_worker(celery_worker, inspection, manager):
    celery_worker.start()
    publication = published(inspection, by=manager)
    build = publication.builds.get()
    wait_until(
        lambda: ReportBuild.objects.filter(pk=build.pk, status=BuildStatus.RUNNING).exists(),
        what=celery_worker.log(),
    )
    celery_worker.kill()
    wait_until(lambda: not builds._is_held(build.pk))
    celery_worker.start()
    builds.sweep()
    wait_until(lambda: Publication.objects.exclude(sha256="").exists(), what=celery_worker.log())
    build.refresh_from_db()
    assert build.status == BuildStatus.DONE


def test_the_database_refuses_to_change_or_delete_what_was_published(inspection, manager):
    publication = published(inspection, by=manager)
    Publication.objects.filter(pk=publication.pk).update(pdf=b"pdf", sha256="hash", pages=3)
    changes = [
        "published_on = '2020-01-01'",
        "document = '{}'",
        "number = 7",
        "sha256 = 'x'",
        "pdf = 'other'",
        "pdf = NULL, sha256 = '', pages = NULL",
    ]
    for statement in (
        *(f"UPDATE reports_publication SET {change} WHERE id = %s" for change in changes),
        "DELETE FROM reports_publication WHERE id = %s",
    ):
        with (
            pytest.raises(Exception, match="never changes|annot delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [publication.pk])


def test_a_force_sees_its_own_publications_only(inspection, manager):
    publication = published(inspection, by=manager)
    own = make_user(Role.FORCE_VIEWER, force=inspection.force)
    other = make_user(Role.FORCE_LEAD)
    assert Publication.objects.visible_to(own).get() == publication
    assert not Publication.objects.visible_to(other).exists()


def test_where_the_date_is_in_doubt_nothing_is_due_until_the_lead_confirms_it(
    inspection, manager, lead
):
    publication = published(
        inspection, by=manager, published_on=dt.date(2026, 3, 3), month_only=True
    )
    inspection.refresh_from_db()
    assert (inspection.counts_from, inspection.published_month_only) == (None, True)
    waiting = inspection.deadlines.exclude(kind=DeadlineKind.FACTUAL_ACCURACY)
    assert not waiting.exists()
    document = Document.from_json(publication.document)
    assert {each.due_on for each in document.recommendations.values()} == {None}
    told = News.objects.get(inspection=inspection)
    assert (told.kind, told.party) == (NewsKind.START_IN_DOUBT, Party.INSPECTORATE)
    start.confirm(inspection, day=dt.date(2026, 3, 10), by=lead)
    first = inspection.recommendations.get(number=1)
    assert first.deadline.due_on == dt.date(2026, 3, 10)
