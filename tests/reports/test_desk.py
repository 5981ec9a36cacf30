"""The manager's desk: every inspection by stage, what blocks it, its files, and PDFs being made."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

from accounts.models import Role
from cases import figures
from inspections import dates, deadlines, stages
from inspections.models import DeadlineKind, Inspection, InspectionKind, Party, Stage
from reports import accuracy, builds, desk, thematic_reports
from reports.compilation import compile_document
from reports.models import (
    AccuracyComment,
    BuildStatus,
    Publication,
    ReportBuild,
    SectionKind,
    ThematicBuild,
)
from reports.views.desk import PER_PAGE
from tests.reports.material import write_sections
from tests.support.factories import (
    make_audit,
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_reading,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


@pytest.fixture
def manager():
    return make_user(Role.MANAGER, name="Grace Adeyemi")


@pytest.fixture
def framework():
    return make_framework()


def make_deadline(inspection):
    return deadlines.set_deadline(
        inspection,
        DeadlineKind.FACTUAL_ACCURACY,
        label="A thing to do",
        responsible=Party.FORCE,
        due_on=dates.today() + dt.timedelta(days=7),
    )


def publish(inspection, number=1):
    return Publication.objects.create(
        inspection=inspection,
        number=number,
        published_on=inspection.published_on,
        document=compile_document(inspection, figures.for_report(inspection)).to_json(),
        pdf=b"%PDF",
        pages=3,
        sha256="0" * 64,
    )


def test_the_nearest_to_publication_comes_first_with_what_blocks_it(manager, framework):
    planned = make_inspection(Stage.PLANNED, framework=framework)
    fieldwork = make_inspection(Stage.FIELDWORK, framework=framework)
    closed = make_inspection(Stage.CLOSED, framework=framework)
    make_case(fieldwork, reference="CASE-77")
    found = desk.rows(list(desk.in_order(type(planned).objects.all())), manager)
    assert [row.inspection for row in found] == [fieldwork, planned, closed]
    assert found[0].blocks == ["1 ungraded case"]
    assert found[1].blocks == ["No date for the self-assessment", "Nobody leads it"]
    main = next(move for move in stages.next_transitions(planned) if move.is_main)
    assert found[1].next_step == main.label
    assert (found[2].next_step, found[2].blocks) == (None, [])
    assert [row.reasons for row in found] == [None, None, None]


def test_what_is_counted_of_all_agrees_with_what_the_guards_say_of_each(manager, framework):
    """Everything that the desk counts is wrong somewhere here, and the guards object to it in as many sentences."""
    earlier = make_inspection(Stage.CLOSED, framework=framework, force=make_force())
    make_recommendation(earlier)
    lead = make_user(Role.LEAD_INSPECTOR, name="Ann Lead")
    reader = make_user(Role.INSPECTOR)
    asked = make_inspection(Stage.SELF_ASSESSMENT, framework=framework)
    make_case(asked)
    fieldwork = make_inspection(Stage.FIELDWORK, framework=framework, lead=lead, team=[reader])
    make_case(fieldwork)
    owed, differing = make_case(fieldwork), make_case(fieldwork)
    for case in (owed, differing):
        make_audit(case, by=lead)
    make_reading(owed, reader, by=lead)
    worst = framework.grades.last().code
    make_reading(differing, reader, by=lead, grade=worst)
    drafted = make_inspection(
        Stage.DRAFTING,
        framework=framework,
        kind=InspectionKind.POST_INSPECTION_REVIEW,
        parent=earlier,
        force=earlier.force,
        fieldwork_start=dt.date(2027, 2, 1),
        fieldwork_end=dt.date(2027, 2, 5),
    )
    make_case(drafted)
    write_sections(drafted)
    drafted.report_sections.filter(kind=SectionKind.SUMMARY).update(body=" ")
    drafted.report_sections.filter(kind=SectionKind.CONTEXT).update(body="")  # left out
    sent = make_inspection(Stage.DRAFTING, framework=framework, lead=lead)
    write_sections(sent)
    sent = stages.move(sent, "send_for_factual_accuracy", by=lead)
    said_by = make_user(Role.FORCE_LEAD, force=sent.force)
    accuracy.comment(sent, section_key="summary", passage="", text="It is otherwise.", by=said_by)
    followed = make_inspection(Stage.FOLLOW_UP, framework=framework, counts_from=None)
    make_recommendation(followed)
    make_deadline(followed)

    found = desk.rows(list(desk.in_order(Inspection.objects.all())), manager)
    blocks = {row.inspection: row.blocks for row in found}
    until = date_format(accuracy.awaited(sent).due_on, "j F Y")
    assert blocks[asked] == [
        "2 cases missing from the force’s sample",
        "1 case not graded by the force",
    ]
    assert blocks[fieldwork] == [
        "1 ungraded case",
        "1 further reading not submitted",
        "1 case whose second reading disagrees",
    ]
    assert blocks[drafted] == [
        "1 earlier recommendation not judged",
        "1 section without text",
        "1 ungraded case",
    ]
    assert blocks[sent] == [
        f"Reply of the force awaited until {until}",
        "1 comment of the force without an answer",
        "Not approved by a lead",
    ]
    assert blocks[followed] == [
        "Nobody has confirmed from which day the timescales count",
        "1 open deadline",
        "1 recommendation not judged, or still owed",
    ]
    for inspection, counted in blocks.items():
        moves = [move for move in stages.next_transitions(inspection) if move.is_main]
        said = [reason for move in moves for reason in stages.reasons_against(inspection, move)]
        # The sample lacks a case of each of two areas: two sentences, one count.
        assert len(said) == len(counted) + (inspection == asked), (said, counted)


def test_the_row_that_is_opened_says_all_that_the_guards_say(manager, framework, client):
    drafted = make_inspection(Stage.DRAFTING, framework=framework)
    other = make_inspection(Stage.DRAFTING, framework=framework)
    write_sections(drafted, {"summary": "Of all cases, 97% were good. See {{case:nothing}}."})
    write_sections(other)
    move = stages.main_transitions([drafted])[drafted.pk]
    said = stages.reasons_against(drafted, move)
    assert said  # of its text alone, so nothing of it is counted
    client.force_login(manager)
    page = client.get("/reports/desk/?stage=drafting").content.decode()
    assert page.count("Nothing, if its text is in order") == 2
    assert "leaves out the text of a draft" in page
    assert f"?stage=drafting&amp;open={drafted.pk}&amp;page=1#inspection-{drafted.pk}" in page
    assert not any(escape(reason) in page for reason in said)
    opened = client.get(f"/reports/desk/?stage=drafting&open={drafted.pk}").content.decode()
    assert f'id="inspection-{drafted.pk}"' in opened
    assert all(escape(reason) in opened for reason in said)
    assert opened.count("Nothing, if its text is in order") == 1
    for nonsense in ("0", "x", ""):
        assert client.get(f"/reports/desk/?open={nonsense}").status_code == 200


def test_the_files_are_those_of_the_last_version_and_the_last_draft(manager, framework, client):
    published = make_inspection(Stage.PUBLISHED, framework=framework)
    publish(published)
    last = publish(published, number=2)
    drafted = make_inspection(Stage.DRAFTING, framework=framework)
    for _time in range(2):
        build = ReportBuild.objects.create(
            inspection=drafted, status=BuildStatus.DONE, pdf=b"%PDF", pages=2, sha256="1" * 64,
            finished_at=timezone.now(),
        )  # fmt: skip
    client.force_login(manager)
    page = client.get("/reports/desk/").content.decode()
    assert f"/reports/{last.pk}/" in page
    assert "/versions/2/report.pdf" in page
    assert "/versions/1/" not in page
    assert f"/report/builds/{build.pk}/draft.pdf" in page


def test_pdfs_being_made_are_shown_with_their_progress_and_can_be_cancelled(
    manager, framework, client
):
    drafted = make_inspection(Stage.DRAFTING, framework=framework)
    build = builds.request_build(drafted, by=manager)
    ReportBuild.objects.filter(pk=build.pk).update(
        status=BuildStatus.RUNNING, step=3, pages=12, attempts=1, started_at=timezone.now()
    )
    published = make_inspection(Stage.PUBLISHED, framework=framework)
    publish(published)
    report = thematic_reports.make(
        title="Across", introduction="", inspections=[published], comparison=None, by=manager
    )
    other = ThematicBuild.objects.create(report=report, requested_by=manager)
    client.force_login(manager)
    page = client.get("/reports/desk/").content.decode()
    assert "Step 3 of 4" in page
    assert "12 pages so far" in page
    assert "Waiting for a worker" in page
    for address in (
        f"/inspections/{drafted.pk}/report/builds/{build.pk}/cancel/",
        f"/reports/thematic/{report.pk}/builds/{other.pk}/cancel/",
    ):
        assert f'action="{address}"' in page
        client.post(address)
    assert "No PDF is being made now" in client.get("/reports/desk/").content.decode()


def test_only_managers_have_a_desk(framework, client):
    inspection = make_inspection(Stage.PUBLISHED, framework=framework)
    for person in (
        make_user(Role.LEAD_INSPECTOR),
        make_user(Role.ADMINISTRATOR),
        make_user(Role.FORCE_LEAD, force=inspection.force),
    ):
        client.force_login(person)
        assert client.get("/reports/desk/").status_code == 403
        assert "/reports/desk/" not in client.get("/reports/").content.decode()


@pytest.mark.parametrize("stage", [*Stage])
def test_a_page_costs_as_much_however_many_inspections_there_are(stage, manager, framework, client):
    force, reader = make_force(), make_user(Role.INSPECTOR)
    earlier = make_inspection(Stage.CLOSED, framework=framework, force=force)
    make_recommendation(earlier)

    def add(year):
        """One that has something of everything, so that every query finds rows."""
        made = make_inspection(
            stage,
            framework=framework,
            force=force,
            kind=InspectionKind.POST_INSPECTION_REVIEW,
            parent=earlier,
            fieldwork_start=dt.date(year, 2, 2),
            fieldwork_end=dt.date(year, 2, 13),
        )
        make_case(made)
        case = make_case(made)
        make_audit(case)
        make_reading(case, reader)
        write_sections(made, {"summary": ""})
        make_recommendation(made)
        make_deadline(made)
        AccuracyComment.objects.create(
            inspection=made, section_key="summary", text="It is otherwise.", by=reader
        )
        if made.is_published:
            publish(made)
        return made

    client.force_login(manager)

    def queries(query=""):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/reports/desk/?stage={stage}{query}&kind=post_inspection_review")
            assert page.status_code == 200
        return len(captured), page.content.decode().count('id="inspection-')

    first = add(2001)
    queries(f"&open={first.pk}")  # what is remembered from one page to the next
    one, rows = queries()
    assert rows == (stage != Stage.CLOSED)
    opened = queries(f"&open={first.pk}")[0]
    for number in range(1, PER_PAGE):
        add(2001 + number)
    full, rows = queries()
    assert rows == (0 if stage == Stage.CLOSED else PER_PAGE)
    assert full == one
    assert one < MOST_QUERIES
    assert queries(f"&open={first.pk}")[0] == opened
