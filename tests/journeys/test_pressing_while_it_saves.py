"""A page that saves by itself: its answers pull no button from under a press, and nothing typed early is missed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import Role, User
from cases.models import Audit, CaseFile
from inspections.models import Inspection, Side, Stage
from reports.models import ReportSection
from tests.support.audit_page import AuditPage, SectionPage
from tests.support.factories import make_case, make_inspection, make_user
from tests.support.stack import follow, wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
NAMES_A_CHILD = "Her mother Karen Smith, 07700 900123, rang twice."


@pytest.fixture
def inspector() -> User:
    return make_user(Role.INSPECTOR)


@pytest.fixture
def drafting(inspector) -> Inspection:
    return make_inspection(Stage.DRAFTING, team=[inspector])


@pytest.fixture
def case(inspector) -> CaseFile:
    return make_case(make_inspection(Stage.FIELDWORK, team=[inspector]))


def start_of_press(button: Locator, pointer: str) -> Callable[[], object]:
    """Put the mouse or a finger down on `button`; return what takes it away again."""
    page = button.page
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if pointer == "mouse":
        page.mouse.move(x, y)
        page.mouse.down()
        return page.mouse.up
    touch = page.context.new_cdp_session(page)
    finger = {"touchPoints": [{"x": x, "y": y}]}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", **finger})
    lift = {"type": "touchEnd", "touchPoints": []}
    return lambda: touch.send("Input.dispatchTouchEvent", lift)


@pytest.mark.parametrize("pointer", ["mouse", "finger"])
def test_a_warning_that_comes_during_a_press_does_not_lose_it(
    new_page, live_server, inspector, case, pointer
):
    page = new_page(has_touch=pointer == "finger")
    tab = AuditPage(page, live_server.url, inspector, case).sign_in().ready()
    tab.reason.press_sequentially(NAMES_A_CHILD)
    held = hold(page, "**/audit/")
    let_go = start_of_press(page.get_by_role("button", name="Save draft"), pointer)
    tab.reason.blur()  # which a finger does only with its click
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        let_it_come(page, held)
    page.wait_for_timeout(300)  # for the page to make of the answer what it will
    page.unroute("**/audit/")
    with page.expect_navigation():
        let_go()
    assert Audit.objects.get(side=Side.INSPECTORATE).reason == NAMES_A_CHILD


def test_what_was_typed_before_the_scripts_came_is_saved_without_being_touched_again(
    new_page, live_server, inspector, drafting
):
    tab = SectionPage(new_page(), live_server.url, inspector, drafting).sign_in().ready()
    type_before_the_scripts_come(tab, "Officers listen.")
    tab.says("Saved at")
    assert ReportSection.objects.get().body == "Officers listen."


def test_so_it_is_on_a_page_that_came_back_with_errors(new_page, live_server, inspector, case):
    tab = AuditPage(new_page(), live_server.url, inspector, case).sign_in().ready()
    held = hold(tab.page, "**/audit/page.js")
    follow(tab.page.get_by_role("button", name="Submit"))
    expect(tab.page.get_by_role("alert")).to_contain_text("There is a problem")
    tab.reason.press_sequentially("Officers listen.")
    let_it_come(tab.page, held)
    wait_until(
        lambda: Audit.objects.filter(side=Side.INSPECTORATE, reason="Officers listen.").exists(),
        what="the words in the database",
    )


def test_it_takes_nothing_from_words_that_another_page_could_not_send(
    new_page, live_server, inspector, drafting
):
    tab = SectionPage(new_page(), live_server.url, inspector, drafting).sign_in().ready()
    tab.offline()
    tab.text.fill("Written on the train.")
    tab.text.press("Tab")
    tab.says("No connection.")
    context = tab.page.context
    tab.page.close()
    tab.page = context.new_page()
    tab.offline(False)
    type_before_the_scripts_come(tab, "Officers listen.")
    tab.sees(tab.page.locator("[data-dispute]"), "changed this section, too")
    assert ReportSection.objects.get().body == "Officers listen."
    assert tab.text.input_value() == "Written on the train."


def type_before_the_scripts_come(tab: SectionPage, text: str) -> None:
    """Open the page of the section and type while its own script is still on the way."""
    held = hold(tab.page, "**/section/page.js")
    tab.page.goto(f"{tab.address}{tab.path}", wait_until="commit")
    tab.text.press_sequentially(text)
    let_it_come(tab.page, held)


def hold(page: Page, address: str) -> list[Route]:
    """Let what the page asks of `address` wait on the way; return where these requests gather."""
    held: list[Route] = []

    def keep(route: Route) -> None:  # Playwright takes no built-in function such as held.append
        held.append(route)

    page.route(address, keep)
    return held


def let_it_come(page: Page, held: list[Route]) -> None:
    """Wait until the page asks, and let the request go on."""
    while not held:
        page.wait_for_timeout(50)  # Playwright tells of requests only while it is waited on
    held.pop().continue_()
