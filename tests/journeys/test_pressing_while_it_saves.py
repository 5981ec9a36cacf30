"""A page that saves by itself: its answers pull no button from under a press, and nothing typed early is missed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route

from accounts.models import Role, User
from cases.models import Audit, CaseFile
from inspections.models import Inspection, Side, Stage
from reports.models import ReportSection
from tests.support.audit_page import AuditPage, SectionPage
from tests.support.factories import make_case, make_inspection, make_user

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


def press_while_it_is_answered(button: Locator) -> None:
    """Press the mouse on `button`, let the page be told meanwhile what became of its saving, then let go."""
    page = button.page
    held = hold(page, "**/audit/")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        let_it_come(page, held)
    page.wait_for_timeout(300)  # for the page to make of the answer what it will
    page.unroute("**/audit/")
    with page.expect_navigation():
        page.mouse.up()


def test_a_warning_that_comes_during_a_press_does_not_lose_it(
    new_page, live_server, inspector, case
):
    tab = AuditPage(new_page(), live_server.url, inspector, case).sign_in().ready()
    tab.reason.press_sequentially(NAMES_A_CHILD)
    press_while_it_is_answered(tab.page.get_by_role("button", name="Save draft"))
    assert Audit.objects.get(side=Side.INSPECTORATE).reason == NAMES_A_CHILD


def test_what_was_typed_before_the_scripts_came_is_saved_without_being_touched_again(
    new_page, live_server, inspector, drafting
):
    tab = SectionPage(new_page(), live_server.url, inspector, drafting).sign_in().ready()
    held = hold(tab.page, "**/section/page.js")
    tab.page.reload(wait_until="commit")
    tab.text.press_sequentially("Officers listen.")
    let_it_come(tab.page, held)
    tab.says("Saved at")
    assert ReportSection.objects.get().body == "Officers listen."


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
