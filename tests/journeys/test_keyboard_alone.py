"""Signing in, grading and submitting without touching a mouse."""

from __future__ import annotations

import pytest

from accounts.models import Role
from cases.models import Audit
from inspections.models import Stage
from tests.support.factories import PASSWORD, make_case, make_inspection, make_user
from tests.support.keyboard import Keyboard

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_inspector_signs_in_grades_a_case_and_submits_it(page, live_server):
    inspector = make_user(Role.INSPECTOR)
    inspection = make_inspection(Stage.FIELDWORK, team=[inspector])
    case = make_case(inspection, reference="CASE-1")
    make_case(inspection, reference="CASE-2")
    page.goto(live_server.url)
    person = Keyboard(page)

    person.tab_to("Email address")
    person.write(inspector.email)
    person.tab_to("Password")
    person.write(PASSWORD)
    person.land("Your work")

    person.tab_to("Skip to main content")
    person.press("Enter")
    person.tab_to("Grade 2 cases")
    person.land("Cases")
    person.tab_to("Grade the next case")
    person.land("Audit of case CASE-1")

    person.tab_to("Theme")
    person.press("ArrowDown")
    person.tab_to("Kind")
    person.press("ArrowDown")
    person.tab_to("What was found")
    person.write("The child was seen alone.")
    person.tab_to("Good")  # the first of the grades: Tab reaches the group, the arrows choose
    person.press("ArrowDown", "ArrowDown")
    person.tab_to("Reason for the grade")
    person.write("Risk was missed twice.")
    person.tab_to("Save draft")
    person.land("Audit of case CASE-1")
    assert page.get_by_label("Bad", exact=True).is_checked()

    person.tab_to("Submit")
    person.land("Case CASE-1")
    audit = Audit.objects.get(case=case)
    assert audit.is_submitted
    assert (audit.grade.code, audit.reason) == ("bad", "Risk was missed twice.")

    person.tab_to("Next case")
    person.land("Audit of case CASE-2")


def test_what_is_wrong_with_a_form_is_where_the_keyboard_is(page, live_server):
    inspector = make_user(Role.INSPECTOR)
    case = make_case(make_inspection(Stage.FIELDWORK, team=[inspector]), reference="CASE-1")
    page.goto(f"{live_server.url}/cases/{case.pk}/audit/")
    person = Keyboard(page)
    person.tab_to("Email address")
    person.write(inspector.email)
    person.tab_to("Password")
    person.write(PASSWORD)
    person.land("Audit of case CASE-1")

    person.tab_to("Submit")
    person.land("Audit of case CASE-1")
    summary = page.locator(".govuk-error-summary")
    assert summary.evaluate("it => it === document.activeElement")
    person.tab_to("Enter the reason for the grade")
    person.press("Enter")
    person.write("Risk was missed twice.")
    assert page.get_by_label("Reason for the grade").input_value() == "Risk was missed twice."
