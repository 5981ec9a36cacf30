"""Inserting a figure, and making, releasing and reading a case example, in a browser and on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from inspections.models import Side, Stage
from reports import sections
from reports.models import CaseExample, ReportSection
from tests.inspections.test_pages_in_browser import DESK, PHONE, sign_in
from tests.support.factories import make_audit, make_case, make_inspection, make_user
from tests.support.stack import assert_accessible, follow, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def look(page):
    """Examine the page as it stands, at both widths."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    assert_accessible(page)


@pytest.fixture
def lead(db):
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    for grade in ("good", "bad", "bad"):
        make_audit(make_case(inspection), Side.INSPECTORATE, grade, by=lead)
    return inspection


@pytest.fixture
def section(inspection):
    return reverse("reports:section", args=[inspection.pk, "summary"])


def test_a_figure_is_found_and_inserted_where_the_writer_is(live_server, new_page, lead, section):
    page = new_page()
    sign_in(page, live_server, lead)
    page.goto(live_server.url + section)
    expect(page.locator("form[data-ready]")).to_be_attached()
    text = page.get_by_label("Text", exact=True)
    text.fill("We saw of them.")
    for _ in range(len(" of them.")):
        text.press("ArrowLeft")
    page.get_by_label("Find").fill("all cases graded bad")
    insert = page.get_by_role("button", name="Insert Cases graded Bad", exact=True)
    insert.click()
    expect(text).to_have_value("We saw [[figure cases.bad]] of them.")
    expect(page.locator("[data-preview-text] data")).to_have_text("two")
    wait_until(
        lambda: ReportSection.objects.filter(body__contains="[[figure cases.bad]]").exists(),
        what="the reference to be saved",
    )
    look(page)


def test_an_older_version_is_read_without_being_saved(live_server, new_page, lead, inspection):
    place = sections.place_of(inspection, "summary")
    for version, words in enumerate(("As it was.", "As it is.")):
        sections.save_section(inspection, place, body=words, version=version, by=lead)
    page = new_page()
    sign_in(page, live_server, lead)
    address = live_server.url + sections.section_url(inspection, place)
    page.goto(f"{address}?version=1")
    expect(page.locator("form[data-ready]")).to_be_attached()
    text = page.get_by_label("Text", exact=True)
    expect(text).to_have_value("As it was.")
    text.focus()
    text.blur()
    page.goto(address)
    expect(text).to_have_value("As it is.")
    assert sections.entry(inspection, place).version == 2
    page.goto(f"{address}?version=1")
    expect(page.locator("form[data-ready]")).to_be_attached()
    follow(page.get_by_role("button", name="Save", exact=True))
    assert sections.entry(inspection, place).body == "As it was."


def test_references_are_there_to_copy_without_javascript(live_server, new_page, lead, section):
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, lead)
    page.goto(live_server.url + section)
    page.get_by_text("All cases", exact=True).click()
    expect(page.get_by_text("[[figure cases.bad]]", exact=True)).to_be_visible()
    assert page.get_by_role("button", name="Insert").count() == 0


def test_an_example_is_made_on_the_page_of_its_case_and_released(
    live_server, new_page, lead, inspection
):
    page = new_page()
    sign_in(page, live_server, lead)
    page.goto(live_server.url + inspection.cases.first().get_absolute_url())
    follow(page.get_by_role("button", name="Make an example"))
    page.get_by_label("Section of the report").select_option(index=1)
    page.get_by_label("Poor practice").check()
    page.get_by_label("What happened").fill("Nobody spoke to the child.")
    look(page)
    follow(page.get_by_role("button", name="Save"))
    follow(page.get_by_role("button", name="Release for the report"))
    assert CaseExample.objects.get().released_by == lead
    look(page)
    follow(page.get_by_role("link", name="Case examples", exact=True))
    expect(page.locator("main")).to_contain_text("Released")
    look(page)
