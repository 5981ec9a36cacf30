"""The manager's desk: every inspection by stage, what blocks it, its files, and PDFs being made."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from cases import figures
from inspections import stages
from inspections.models import Stage
from reports import builds, desk, thematic_reports
from reports.compilation import compile_document
from reports.models import BuildStatus, Publication, ReportBuild, ThematicBuild
from reports.views.desk import PER_PAGE
from tests.support.factories import (
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(Role.MANAGER, name="Grace Adeyemi")


@pytest.fixture
def framework():
    return make_framework()


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


def test_the_nearest_to_publication_comes_first_with_what_a_move_would_be_told(manager, framework):
    planned = make_inspection(Stage.PLANNED, framework=framework)
    fieldwork = make_inspection(Stage.FIELDWORK, framework=framework)
    closed = make_inspection(Stage.CLOSED, framework=framework)
    make_case(fieldwork, reference="CASE-77")
    found = desk.rows(list(desk.in_order(type(planned).objects.all())), manager)
    assert [row.inspection for row in found] == [fieldwork, planned, closed]
    assert "CASE-77" in found[0].reasons[0]
    main = next(move for move in stages.next_transitions(planned) if move.is_main)
    assert found[1].reasons == stages.reasons_against(planned, main)
    assert found[1].next_step == main.label
    assert (found[2].next_step, found[2].reasons) == (None, [])


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


def test_a_page_costs_as_much_however_many_inspections_there_are(manager, framework, client):
    """What blocks an inspection is asked one by one, of those on the page only; all else is asked of all at once."""
    force = make_force()

    def add(number):
        for year in range(number):
            made = make_inspection(
                Stage.PUBLISHED,
                framework=framework,
                force=force,
                fieldwork_start=f"{2000 + year}-02-02",
                fieldwork_end=f"{2000 + year}-02-13",
            )
            made.refresh_from_db()
            publish(made)

    client.force_login(manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/reports/desk/?stage=published").status_code == 200
        return len(captured)

    add(1)
    queries()
    one = queries()
    add(PER_PAGE)
    full = queries()
    add(PER_PAGE)
    assert queries() == full
    # From publication on nothing is asked of a single inspection.
    assert one == full
