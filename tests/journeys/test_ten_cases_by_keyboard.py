"""Ten cases graded by keyboard alone, with the page's own keys, and those keys switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from cases.models import Audit, CaseFile
from inspections.models import Inspection, Stage
from tests.support.audit_page import WAIT_MILLISECONDS, AuditPage
from tests.support.factories import make_case, make_inspection, make_user
from tests.support.keyboard import Keyboard

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
CASES = 10
ANSWERS = {"m": "met", "p": "partly", "n": "not_met", "r": "not_recorded", "a": "not_applicable"}
GRADES = ["good", "fair", "bad"]


@pytest.fixture
def inspection() -> Inspection:
    inspection = make_inspection(Stage.FIELDWORK, team=[make_user(Role.INSPECTOR)])
    for number in range(CASES):
        make_case(inspection, reference=f"CASE-{number}")
    return inspection


@pytest.fixture
def tab(page: Page, live_server, inspection) -> AuditPage:
    """The audit of the first case, signed in."""
    page.set_default_timeout(WAIT_MILLISECONDS)
    first = inspection.cases.get(reference="CASE-0")
    somebody = AuditPage(page, live_server.url, inspection.team.get().user, first)
    return somebody.sign_in().ready()


def test_an_inspector_grades_ten_cases_by_keyboard_alone(tab):
    person = Keyboard(tab.page)
    for number in range(CASES):
        expect(tab.page.get_by_role("heading", level=1)).to_contain_text(f"CASE-{number}")
        grade(person, number)
        # after the last one, the first is next again: drafts wait to be submitted
        person.land(f"Audit of case CASE-{(number + 1) % CASES}", key="x")
        tab.ready()
    for number in range(CASES):
        assert written(number) == expected(number)


def grade(person: Keyboard, number: int) -> None:
    """Answer both indicators, write a finding, choose a grade, give the reason."""
    first, second = list(ANSWERS)[number % 5], list(ANSWERS)[(number + 1) % 5]
    person.press("j", first, second)
    person.press("f")  # a finding: the focus is on its theme
    person.press("ArrowDown", "Tab", "ArrowDown")
    person.tab_to("What was found")
    person.write(f"Finding number {number}: jump, fix, 3.")
    person.press("Escape", str(number % 3 + 1), "w")
    person.write(f"Reason number {number}.")
    person.press("Escape")


def written(number: int) -> dict[str, object]:
    audit = Audit.objects.get(case__reference=f"CASE-{number}")
    (finding,) = audit.findings.all()
    return {
        "answers": [row.answer for row in audit.answers.order_by("indicator__order")],
        "finding": (finding.theme.code, finding.text),
        "grade": audit.grade.code,
        "reason": audit.reason,
    }


def expected(number: int) -> dict[str, object]:
    answers = list(ANSWERS.values())
    return {
        "answers": [answers[number % 5], answers[(number + 1) % 5]],
        "finding": ("theme-alpha", f"Finding number {number}: jump, fix, 3."),
        "grade": GRADES[number % 3],
        "reason": f"Reason number {number}.",
    }


def test_everything_can_be_done_without_the_pages_own_keys(tab):
    person = Keyboard(tab.page)
    person.tab_to("Met")
    person.press("ArrowRight")
    person.tab_to("Met")
    person.press("Space")
    person.tab_to("Theme")
    person.press("ArrowDown")
    person.tab_to("What was found")
    person.write("The first one.")
    person.tab_to("Add another finding")
    person.press("Enter", "Tab", "Tab")
    person.tab_to("What was found")
    person.write("The second one.")
    person.tab_to("Good")
    person.press("Space")
    person.tab_to("Reason for the grade")
    person.write("All is well.")
    person.tab_to("Save and go to my next case")
    person.land("Audit of case CASE-1")
    audit = Audit.objects.get(case__reference="CASE-0")
    assert [row.answer for row in audit.answers.order_by("indicator__order")] == ["partly", "met"]
    assert [finding.text for finding in audit.findings.all()] == [
        "The first one.",
        "The second one.",
    ]
    assert (audit.grade.code, audit.reason) == ("good", "All is well.")


def test_keys_rest_while_somebody_types_and_stay_off_once_switched_off(tab):
    person, page = Keyboard(tab.page), tab.page
    tab.reason.focus()
    person.write("jmp123?")
    assert tab.reason.input_value() == "jmp123?"
    assert not page.locator("input[type=radio]:checked").count()
    person.press("Escape", "?")
    person.tab_to("Use keyboard shortcuts")
    person.press("Space")
    tab.open()
    assert not page.locator("[data-shortcuts-on]").is_checked()
    person.press("j", "m", "1", "f")
    assert not page.locator("input[type=radio]:checked").count()
    page.get_by_text("Keyboard shortcuts", exact=True).click()
    page.get_by_label("Use keyboard shortcuts").check()
    person.press("j", "m")
    expect(page.locator("[data-indicator] input:checked")).to_have_count(1)
    tab.says("Saved at")  # nothing is on its way any more when the test ends


def test_the_page_says_aloud_how_far_one_is_and_that_it_has_saved(tab):
    spoken = tab.page.locator("[data-announcer]")
    tab.sees(spoken, f"0 of {CASES}")
    tab.write("Help came late.")
    tab.sees(spoken, "Saved at")
    assert CaseFile.objects.get(reference="CASE-0").audits.get().reason == "Help came late."
