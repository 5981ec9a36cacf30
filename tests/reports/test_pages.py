"""The pages of reports, asked for by each kind of person."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from inspections import dates
from inspections.models import Stage
from reports import builds, sections, work
from reports.models import BuildStatus, Publication, ReportBuild, ReportSection, SectionKind
from tests.reports.material import approved, make_reportable_inspection, published, write_sections
from tests.support.factories import make_force, make_inspection, make_user
from tests.support.stack import assert_accessible

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.DRAFTING, lead=lead)


@pytest.fixture
def signed_in(client):
    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def address(name, *args):
    return reverse(f"reports:{name}", args=args)


def text(response):
    return response.content.decode()


def test_the_outline_says_what_stands_in_the_way_with_links(signed_in, inspection, lead):
    page = text(signed_in(lead).get(address("outline", inspection.pk)))
    assert "“Summary” has no text." in page
    assert f'href="{address("section", inspection.pk, "summary")}"' in page
    assert "No text yet" in page
    write_sections(inspection)
    page = text(signed_in(lead).get(address("outline", inspection.pk)))
    assert "Nothing is missing." in page


def test_the_outline_points_at_numbers_that_no_table_has(signed_in, lead):
    inspection = make_reportable_inspection(Stage.DRAFTING, lead=lead)
    ReportSection.objects.filter(kind=SectionKind.SUMMARY).update(
        body="We found 21 cases good and 19 as inadequate."
    )
    page = text(signed_in(lead).get(address("outline", inspection.pk)))
    assert "1 sentence states a figure that no table has." in page
    assert f'href="{address("checks", inspection.pk)}"' in page


def test_the_manager_is_shown_what_to_read_again_before_it_is_published(signed_in, lead, manager):
    inspection = make_reportable_inspection(Stage.FACTUAL_ACCURACY, lead=lead)
    page = text(signed_in(manager).get(address("publish", inspection.pk)))
    assert "holds what looks like personal data" not in page
    assert "house style" not in page
    ReportSection.objects.filter(kind=SectionKind.SUMMARY).update(
        body="We waited whilst others spoke. Write to someone@example.org."
    )
    inspection.recommendations.filter(number=1).update(stem="Ring 020 7946 0018 at once.")
    approved(inspection)
    page = text(signed_in(manager).get(address("publish", inspection.pk)))
    assert "The house style has a remark on 1 text." in page
    assert "“Summary” holds what looks like personal data" in page
    assert "“Recommendation 1” holds what looks like personal data" in page
    assert "Publish now" in page


def test_a_section_is_previewed_without_being_saved(signed_in, inspection, lead):
    response = signed_in(lead).post(
        address("section", inspection.pk, "summary"),
        {"body": "Some *words*.", "version": 0, "preview": "1"},
    )
    assert "<em>words</em>" in text(response)
    assert not ReportSection.objects.exists()


def test_a_section_is_saved_and_the_outline_says_so(signed_in, inspection, lead):
    response = signed_in(lead).post(
        address("section", inspection.pk, "summary"),
        {"body": "Words.", "version": 0},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == address("outline", inspection.pk)
    assert "“Summary” has been saved." in text(response)
    assert ReportSection.objects.get().body == "Words."


def test_the_second_of_two_writers_gets_both_texts_and_can_save_after_reading(
    signed_in, inspection, lead
):
    place = sections.place_of(inspection, "summary")
    sections.save_section(inspection, place, body="Theirs.", version=0, by=lead)
    url = address("section", inspection.pk, "summary")
    response = signed_in(lead).post(url, {"body": "Mine.", "version": 0})
    assert response.status_code == 409
    assert "Theirs." in text(response)
    assert "Mine." in text(response)
    assert 'name="version" value="1"' in text(response)
    signed_in(lead).post(url, {"body": "Theirs and mine.", "version": 1})
    assert ReportSection.objects.get().body == "Theirs and mine."


def test_empty_text_is_an_error_that_keeps_the_page(signed_in, inspection, lead):
    response = signed_in(lead).post(
        address("section", inspection.pk, "summary"), {"body": " ", "version": 0}
    )
    assert response.status_code == 200
    assert "Enter the text of this section." in text(response)
    assert "<title>Error:" in text(response)


def test_who_may_read_but_not_write_reads_the_text_and_is_refused_a_save(
    signed_in, inspection, manager
):
    write_sections(inspection, {"summary": "Read *me*."})
    url = address("section", inspection.pk, "summary")
    page = text(signed_in(manager).get(url))
    assert "Read <em>me</em>." in page
    assert 'name="body"' not in page
    assert signed_in(manager).post(url, {"body": "x", "version": 1}).status_code == 403


def test_unknown_sections_are_not_found(signed_in, inspection, lead):
    for key in ("theme", "theme-none", "annex", "case_analysis"):
        response = signed_in(lead).get(address("section", inspection.pk, key))
        assert response.status_code == 404, key


@pytest.mark.parametrize("stage", [Stage.DRAFTING, Stage.FACTUAL_ACCURACY])
def test_drafts_are_there_for_the_team_and_managers_and_for_the_force_from_the_check_on(
    signed_in, stage, lead, manager
):
    force = make_force()
    inspection = make_inspection(stage, force=force, lead=lead)
    write_sections(inspection)
    build = ReportBuild.objects.create(inspection=inspection)
    builds.run_build(build.pk)
    pages = [
        address("outline", inspection.pk),
        address("section", inspection.pk, "summary"),
        address("preview", inspection.pk),
    ]
    pdfs = [
        address("build_status", inspection.pk, build.pk),
        address("draft_pdf", inspection.pk, build.pk),
    ]
    checking = stage == Stage.FACTUAL_ACCURACY
    everybody = [
        (lead, True, True),
        (manager, True, True),
        (make_user(Role.INSPECTOR), False, False),
        (make_user(Role.ADMINISTRATOR), False, False),
        (make_user(Role.FORCE_LEAD, force=force), checking, False),
        (make_user(Role.FORCE_LEAD), False, False),
    ]
    for person, reads, downloads in everybody:
        for url in pages:
            assert signed_in(person).get(url).status_code == (200 if reads else 404), (person, url)
        for url in pdfs:
            expected = 200 if downloads else 404
            assert signed_in(person).get(url).status_code == expected, (person.roles, url)


def test_a_force_gets_the_pdf_once_it_is_published_and_nobody_elses(signed_in, lead, manager):
    inspection = make_reportable_inspection(lead=lead)
    own = make_user(Role.FORCE_VIEWER, force=inspection.force)
    other = make_user(Role.FORCE_LEAD)
    publication = published(inspection, by=manager)
    url = address("download", publication.pk)
    assert signed_in(own).get(url).status_code == 404  # the worker is still at it
    builds.run_build(publication.builds.get().pk)
    publication.refresh_from_db()
    response = signed_in(own).get(url)
    assert response.content == bytes(publication.pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="northmoor-police-2026-inspection.pdf"'
    )
    assert signed_in(other).get(url).status_code == 404
    assert signed_in(other).get(address("publication", publication.pk)).status_code == 404
    assert "Northmoor" not in text(signed_in(other).get(address("list")))
    page = text(signed_in(own).get(address("publication", publication.pk)))
    assert publication.sha256 in page


def test_a_build_is_asked_for_by_a_button_and_watched_on_a_page_that_reloads(
    signed_in, inspection, lead
):
    response = signed_in(lead).post(address("build", inspection.pk), follow=True)
    build = ReportBuild.objects.get()
    assert response.redirect_chain[-1][0] == address("build_status", inspection.pk, build.pk)
    assert response["Refresh"]
    assert "Waiting for a worker" in text(response)
    ReportBuild.objects.update(status=BuildStatus.RUNNING, step=3, pages=17)
    page = text(signed_in(lead).get(address("build_status", inspection.pk, build.pk)))
    assert "Step 3 of 4: Laying out the pages. 17 pages so far." in page
    ReportBuild.objects.update(status=BuildStatus.FAILED, error="It could not be made.")
    response = signed_in(lead).get(address("build_status", inspection.pk, build.pk))
    assert "It could not be made." in text(response)
    assert "Try again" in text(response)
    assert "Refresh" not in response


def test_asking_for_a_build_needs_a_form_and_the_right(signed_in, inspection, lead):
    assert signed_in(lead).get(address("build", inspection.pk)).status_code == 405
    checking = make_inspection(Stage.FACTUAL_ACCURACY)
    force_lead = make_user(Role.FORCE_LEAD, force=checking.force)
    assert signed_in(force_lead).post(address("build", checking.pk)).status_code == 403


def test_the_publish_page_says_what_will_happen_and_to_how_many_and_then_does_it(
    signed_in, lead, manager
):
    inspection = approved(make_reportable_inspection(lead=lead))
    url = address("publish", inspection.pk)
    page = text(signed_in(manager).get(url))
    assert "7 recommendations get their deadlines" in page
    assert "Publishing cannot be undone." in page
    response = signed_in(manager).post(url, follow=True)
    publication = Publication.objects.get()
    assert response.redirect_chain[-1][0] == address("publication", publication.pk)
    assert "has been published" in text(response)
    assert publication.published_on == dates.today()
    assert signed_in(manager).get(url).status_code == 302


def test_whoever_publishes_can_say_that_only_the_month_is_known_and_the_lead_is_asked_for_the_day(
    signed_in, lead, manager
):
    inspection = approved(make_reportable_inspection(lead=lead))
    typed = {
        "published_on-day": str(inspection.fieldwork_end.day),
        "published_on-month": str(inspection.fieldwork_end.month),
        "published_on-year": str(inspection.fieldwork_end.year),
        "month_only": "on",
    }
    response = signed_in(manager).post(address("publish", inspection.pk), typed)
    assert response.status_code == 302
    inspection.refresh_from_db()
    assert (inspection.published_on, inspection.published_month_only, inspection.counts_from) == (
        inspection.fieldwork_end,
        True,
        None,
    )
    page = text(signed_in(lead).get(reverse("inspections:start", args=[inspection.pk])))
    assert "Only its month is known." in page


@pytest.mark.parametrize(
    ("days", "error"), [(1, "must be today or in the past"), (-100000, "first day of fieldwork")]
)
def test_an_impossible_date_of_publication_is_refused_on_the_page(
    signed_in, lead, manager, days, error
):
    inspection = make_reportable_inspection(lead=lead)
    day = dates.today() + dt.timedelta(days=days)
    response = signed_in(manager).post(
        address("publish", inspection.pk), {"published_on": day.isoformat()}
    )
    assert error in text(response)
    assert not Publication.objects.exists()


def test_the_publish_page_lists_what_is_missing(signed_in, manager):
    inspection = make_inspection(Stage.FACTUAL_ACCURACY)
    url = address("publish", inspection.pk)
    assert "“Summary” has no text." in text(signed_in(manager).get(url))
    response = signed_in(manager).post(url)
    assert response.status_code == 409
    assert "“Summary” has no text." in text(response)
    assert not Publication.objects.exists()


def test_only_managers_reach_the_publish_page(signed_in, lead):
    inspection = make_reportable_inspection(lead=lead)
    assert signed_in(lead).get(address("publish", inspection.pk)).status_code == 403
    assert signed_in(lead).post(address("publish", inspection.pk)).status_code == 403


def test_a_failed_final_pdf_can_be_asked_for_again_by_a_manager(signed_in, lead, manager):
    publication = published(make_reportable_inspection(lead=lead), by=manager)
    ReportBuild.objects.update(status=BuildStatus.FAILED, error="It stopped.")
    page = text(signed_in(manager).get(address("publication", publication.pk)))
    assert "It stopped." in page
    assert signed_in(lead).post(address("retry", publication.pk)).status_code == 403
    signed_in(manager).post(address("retry", publication.pk))
    assert ReportBuild.objects.active().get().publication == publication


def test_an_assumed_date_is_marked(signed_in, lead, manager):
    publication = published(
        make_reportable_inspection(lead=lead),
        by=manager,
        published_on=dt.date(2026, 3, 3),
        assumed=True,
    )
    for url in (address("list"), address("publication", publication.pk)):
        page = text(signed_in(manager).get(url))
        assert "3 March 2026" in page
        assert "Date assumed" in page


def _publications(count):
    force = make_force()
    for number in range(count):
        inspection = make_inspection(Stage.PUBLISHED, force=force)
        Publication.objects.create(
            inspection=inspection,
            published_on=dt.date(2026, 1, 1) + dt.timedelta(days=number),
            document={"format": 1},
        )


def test_the_list_costs_the_same_for_one_report_and_for_fifty(signed_in, manager):
    client = signed_in(manager)
    _publications(1)
    client.get(address("list"))
    with CaptureQueriesContext(connection) as one:
        client.get(address("list"))
    _publications(60)
    with CaptureQueriesContext(connection) as many:
        page = text(client.get(address("list")))
    assert len(many) == len(one)
    assert "Showing 1 to 50 of 61 reports" in page


def test_the_list_is_filtered_by_force_and_year(signed_in, manager):
    _publications(1)
    other = make_inspection(Stage.PUBLISHED)
    Publication.objects.create(
        inspection=other, published_on=dt.date(2025, 5, 5), document={"format": 1}
    )
    client = signed_in(manager)
    assert "Showing 1 to 1 of 1" in text(client.get(address("list"), {"year": "2025"}))
    found = text(client.get(address("list"), {"force": other.force_id}))
    assert "Showing 1 to 1 of 1" in found


def test_what_waits_is_told_to_each(lead, manager):
    today = dates.today()
    drafting = make_inspection(Stage.DRAFTING, lead=lead)
    (item,) = work.work_for(lead, today)
    assert "8 sections have no text yet" in str(item.detail)
    assert item.url == address("outline", drafting.pk)
    checking = approved(make_reportable_inspection(lead=lead))
    (item,) = work.work_for(manager, today)
    assert item.url == address("publish", checking.pk)
    publication = published(checking, by=manager)
    assert work.work_for(manager, today) == []
    Publication.objects.update(pdf=b"x", sha256="y", pages=1)
    own = make_user(Role.FORCE_VIEWER, force=checking.force)
    for person in (manager, own):
        (item,) = work.work_for(person, today)
        assert item.url == address("publication", publication.pk)
    assert work.work_for(own, today + dt.timedelta(days=work.NEW_DAYS)) == []
    assert work.work_for(make_user(Role.ADMINISTRATOR), today) == []


def _hold_still(route):
    """Show a page that waits for something without its reloading, which would interrupt who examines it."""
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
    route.fulfill(response=answer, headers=headers)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.django_db(transaction=True)
def test_the_pages_have_no_barriers_and_fit_a_phone(
    live_server, new_page, signed_in, lead, manager, width
):
    inspection = make_reportable_inspection(Stage.DRAFTING, lead=lead)
    build = ReportBuild.objects.create(inspection=inspection)
    report = published(make_reportable_inspection(lead=lead), by=manager)
    page = new_page(viewport={"width": width, "height": 900})
    session = signed_in(lead).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.route(live_server.url + address("build_status", inspection.pk, build.pk), _hold_still)
    page.route(live_server.url + address("publication", report.pk), _hold_still)
    for url in (
        address("outline", inspection.pk),
        address("section", inspection.pk, "context"),
        address("preview", inspection.pk),
        address("build_status", inspection.pk, build.pk),
        address("list"),
        address("publication", report.pk),
    ):
        page.goto(live_server.url + url)
        assert_accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, (url, wider)
