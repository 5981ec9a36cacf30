"""The list of cases in a real browser: ticking rows, with and without scripts, at a desk and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import CaseFile
from tests.cases.conftest import make_place
from tests.support.factories import PASSWORD, make_audit, make_case
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}


@pytest.fixture
def scene(db):
    place = make_place()
    for number in range(55):
        case = make_case(place.inspection, reference=f"A-{number:02}")
        if number < 3:
            make_audit(case, grade="bad", by=place.inspector)
    return place


def sign_in(page, live_server, user):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))


def case_list(live_server, place, query=""):
    return live_server.url + reverse("cases:list", args=[place.inspection.pk]) + query


def test_the_bar_appears_with_the_first_tick_and_one_box_ticks_the_page(live_server, page, scene):
    sign_in(page, live_server, scene.lead)
    page.goto(case_list(live_server, scene, "?state=counted"))
    proceed = page.get_by_role("button", name="Continue")
    expect(page.get_by_label("Select all on this page")).to_be_visible()
    expect(proceed).to_be_hidden()
    page.get_by_label("Select A-01").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(proceed).to_be_visible()
    page.get_by_label("Select A-01").uncheck()
    expect(proceed).to_be_hidden()
    page.get_by_label("Select all on this page").check()
    expect(page.get_by_text("50 selected")).to_be_visible()
    page.get_by_label("Select A-02").uncheck()
    expect(page.get_by_text("49 selected")).to_be_visible()
    expect(page.get_by_label("Select all on this page")).not_to_be_checked()
    page.get_by_label("All 55 cases that match").check()
    expect(page.get_by_label("Select A-02")).to_be_checked()
    page.get_by_label("With selected", exact=True).select_option("Assign to somebody")
    follow(proceed)
    expect(page.get_by_role("heading", name="Assign 55 cases")).to_be_visible()
    page.get_by_label(scene.inspector.name).check()
    follow(page.get_by_role("button", name="Assign 55 cases"))
    done = f"55 cases are newly assigned to {scene.inspector.name}."
    expect(page.get_by_text(done)).to_be_visible()
    assert CaseFile.objects.filter(assigned_to=scene.inspector).count() == 55


def test_without_scripts_the_bar_is_simply_there(live_server, new_page, scene):
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, scene.lead)
    page.goto(case_list(live_server, scene))
    page.get_by_label("Select A-01").check()
    page.get_by_label("Select A-03").check()
    page.get_by_label("With selected", exact=True).select_option("Exclude")
    follow(page.get_by_role("button", name="Continue"))
    page.get_by_label("Why are these cases excluded?").fill("Sealed by the court.")
    follow(page.get_by_role("button", name="Exclude 2 cases"))
    assert page.get_by_text("2 cases are excluded.").is_visible()
    page.goto(case_list(live_server, scene, "?state=excluded"))
    page.get_by_text("Saved views").click()
    page.get_by_label("Save what you see now as").fill("Out of the count")
    follow(page.get_by_role("button", name="Save view"))
    page.goto(case_list(live_server, scene))
    page.get_by_text("Saved views (1)").click()
    follow(page.get_by_role("link", name="Out of the count"))
    assert page.get_by_text("Showing 1 to 2 of 2").is_visible()


def test_every_state_of_the_list_passes_axe_and_fits_on_a_phone(live_server, page, scene):
    sign_in(page, live_server, scene.lead)
    many = "?state=graded&area=alpha&grade=bad&assigned=none&route=self_assessed&sort=-grade"
    for query, ticked in (
        ("", True),
        (many, False),
        ("?q=nothing+like+that&indicator=alpha-1&answer=met", False),
        ("?state=nonsense", False),
        ("?page=2", False),
    ):
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            page.goto(case_list(live_server, scene, query))
            if ticked:
                page.get_by_label("Select A-01").check()
                expect(page.get_by_text("1 selected")).to_be_visible()
            for part in page.locator("details").all():
                part.evaluate("part => { part.open = true }")
            wide = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not wide, (query, size)
        assert_accessible(page)
