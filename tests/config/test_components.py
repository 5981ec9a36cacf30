"""The layouts and components in a real browser: on a desk and on a phone, with and without JavaScript."""

import pytest
from django.test import Client

from tests.support.factories import Role, make_force, make_user
from tests.support.stack import assert_accessible, follow

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FILTERS = (
    "?area=a&area=b&search=GW&after-day=1&after-month=3&after-year=2026&mine=on&sort=-due&page=2"
)
PAGES = ["gallery/components", "gallery/form", f"gallery/list{FILTERS}"]

pytestmark = pytest.mark.django_db(transaction=True)


def open_as(new_page, live_server, user, path, **options):
    client = Client()
    client.force_login(user)
    page = new_page(**options)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/{path}")
    return page


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES, ids=["components", "form", "list"])
def test_a_page_passes_axe_and_needs_no_sideways_scroll(
    gallery, live_server, new_page, path, viewport
):
    page = open_as(new_page, live_server, make_user(Role.MANAGER), path, viewport=viewport)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_every_link_of_the_error_summary_leads_to_a_box(gallery, live_server, new_page, script):
    page = open_as(new_page, live_server, make_user(), "gallery/form", java_script_enabled=script)
    page.get_by_label("Reference").fill("twice")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    follow(page.get_by_role("button", name="Save"))

    assert page.title().startswith("Error: Every field")
    links = page.locator(".govuk-error-summary a")
    texts = links.all_inner_texts()
    assert texts[0] == "This case is already in the sample"
    assert "Deadline must be a real date" in texts
    assert "Select a grade" in texts
    for link in links.all():
        box = page.locator(link.get_attribute("href"))
        assert box.count() == 1
        assert box.evaluate("box => ['INPUT', 'SELECT', 'TEXTAREA'].includes(box.tagName)")
    assert page.get_by_label("Day").input_value() == "31"
    assert page.get_by_label("Reference").input_value() == "twice"
    if script:
        assert_accessible(page)


def test_a_chosen_filter_goes_away_with_one_click_and_the_others_stay(
    gallery, live_server, new_page
):
    page = open_as(new_page, live_server, make_user(), f"gallery/list{FILTERS}", viewport=DESK)
    follow(page.get_by_role("link", name="Remove this filter: Area: Domestic abuse"))
    assert page.get_by_role("link", name="Remove this filter: Area: Missing").count() == 1
    assert page.get_by_role("link", name="Domestic abuse").count() == 0
    assert "sort=-due" in page.url
    assert "page=" not in page.url
    follow(page.get_by_role("link", name="Due after: 1 March 2026"))
    assert "after-" not in page.url
    follow(page.get_by_role("link", name="Clear filters"))
    assert page.url.endswith("/gallery/list")


def test_sorting_turns_round_and_pages_keep_the_filters(gallery, live_server, new_page):
    page = open_as(new_page, live_server, make_user(), "gallery/components?area=a", viewport=DESK)
    follow(page.get_by_role("link", name="Reference"))
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Reference")
    follow(page.get_by_role("link", name="Reference"))
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Reference")
    follow(page.get_by_role("link", name="Next"))
    assert "area=a" in page.url
    assert "sort=-reference" in page.url


def test_a_person_sees_who_they_are_and_signs_out_with_one_button(gallery, live_server, new_page):
    user = make_user(Role.FORCE_LEAD, name="Fran Force", force=make_force("Gwent Police"))
    page = open_as(new_page, live_server, user, "gallery/list", viewport=DESK)
    header = page.get_by_role("banner").inner_text()
    assert "Fran Force" in header
    assert "Force lead" in header
    assert "Gwent Police" in header
    follow(page.get_by_role("button", name="Sign out"))
    assert page.get_by_text("You have signed out.").is_visible()
    assert page.get_by_role("button", name="Sign in").is_visible()
