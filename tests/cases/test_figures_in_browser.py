"""The pages of figures in a real browser: accessible at both widths in every state, without scripts, and on paper."""

import re

import pytest
from playwright.sync_api import expect

from cases import common_themes
from cases.common_themes import NewTheme
from cases.models import CommonTheme, Finding, FindingKind
from inspections.models import Side
from tests.cases.conftest import make_place
from tests.cases.test_tally import answer
from tests.support.factories import PASSWORD, make_audit, make_case
from tests.support.journey import Person
from tests.support.stack import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
PARTS = ("", "indicators/", "indicators/?area=alpha", "agreement/", "themes/")


@pytest.fixture
def scene():
    """An inspection with 24 compared cases, answers in every state, findings, and one theme."""
    place = make_place()
    theme = place.framework.themes.all()[0]
    for number in range(24):
        case = make_case(place.inspection, area=["alpha", "beta"][number % 2])
        ours = make_audit(case, grade=["good", "fair", "bad"][number % 3])
        make_audit(case, Side.FORCE, ["good", "fair"][number % 2])
        answer(
            ours,
            *[["met", "partly"], ["not_met", ""], ["not_recorded", "not_applicable"]][number % 3],
        )
        Finding.objects.create(
            audit=ours,
            framework_id=ours.framework_id,
            theme=theme,
            kind=FindingKind.values[number % 3],
            text=f"Finding {number}: enquiries drifted for weeks.",
        )
    found = common_themes.findings(place.inspection, place.inspector)
    common_themes.gather(
        place.inspection,
        [finding.pk for finding in found[:3]],
        under=NewTheme("Drift", FindingKind.WEAKNESS),
        by=place.inspector,
    )
    return place


def person(new_page, live_server, user, **options):
    somebody = Person(new_page(**options), live_server.url, user.email)
    somebody.sign_in(PASSWORD)
    return somebody


def assert_fits_and_is_accessible(page):
    assert_accessible(page)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_figures_fit_and_are_accessible(new_page, live_server, scene, size):
    somebody = person(new_page, live_server, scene.inspector, viewport=size)
    start = f"/inspections/{scene.inspection.pk}/figures/"
    theme = CommonTheme.objects.get()
    for part in (*PARTS, f"themes/{theme.pk}/"):
        somebody.open(start + part)
        assert_fits_and_is_accessible(somebody.page)
    somebody.open(f"{start}themes/")
    somebody.press("Put under theme", expects=400)
    expect(somebody.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_fits_and_is_accessible(somebody.page)


def test_empty_pages_are_accessible_and_say_what_will_be_there(new_page, live_server):
    place = make_place()
    somebody = person(new_page, live_server, place.lead, viewport=DESK)
    for part in PARTS:
        somebody.open(f"/inspections/{place.inspection.pk}/figures/{part}")
        assert_fits_and_is_accessible(somebody.page)


def test_findings_are_gathered_renamed_and_taken_out_without_scripts(new_page, live_server, scene):
    somebody = person(new_page, live_server, scene.inspector, java_script_enabled=False)
    page = somebody.page
    somebody.open(f"/inspections/{scene.inspection.pk}/figures/themes/?area=alpha")
    for number in (4, 6):
        page.get_by_label(re.compile(f"Finding {number}:")).check()
    page.get_by_label("Or a new one: what do they have in common?").fill("Nobody supervised")
    page.get_by_role("radio", name="Concern").check()
    somebody.press("Put under theme")
    somebody.reads("Put under “Nobody supervised”.")
    somebody.follow("Nobody supervised")
    somebody.reads("Finding 4: enquiries drifted for weeks.", "2 cases")
    page.get_by_label("What do they have in common?").fill("Supervision was missing")
    somebody.press("Rename")
    somebody.reads("Theme renamed.", "Supervision was missing")
    for number in (4, 6):
        page.get_by_label(re.compile(f"Finding {number}:")).check()
    somebody.press("Take the ticked ones out")
    somebody.reads("2 findings taken out.")
    somebody.press("Delete this theme")
    somebody.reads("Theme “Supervision was missing” deleted.")


def test_on_paper_there_are_tables_and_charts_and_nothing_to_press(new_page, live_server, scene):
    somebody = person(new_page, live_server, scene.inspector, viewport=DESK)
    page = somebody.page
    page.emulate_media(media="print")
    for part in ("indicators/", "agreement/"):
        somebody.open(f"/inspections/{scene.inspection.pk}/figures/{part}")
        expect(page.locator(".assay-table").first).to_be_visible()
        expect(page.locator(".assay-chart").first).to_be_visible()
        for gone in (".assay-sections", ".assay-sub-navigation", ".assay-navigation"):
            expect(page.locator(gone)).to_be_hidden()
        after = "e => getComputedStyle(e, '::after').content"
        assert page.locator(".assay-table .govuk-link").first.evaluate(after) == "none"
