"""The sample, its draw, its handing in and the assignment of its cases in a real browser, at both widths, and without
scripts.

Set ASSAY_SCREENSHOTS to a folder to keep a picture of every page.
"""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases import assignment, draws, hand_in, sampling
from cases.models import CaseFile
from inspections.models import Side, Stage
from tests.cases.conftest import make_place
from tests.support.factories import PASSWORD, make_audit, make_case
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
LIST = "reference,area\n" + "".join(
    f"{area[0].upper()}-{number},{area}\n"
    for area in ("alpha", "beta", "gamma")
    for number in range(9)
)


def sign_in(page, live_server, user):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))


def looks_right(page, name):
    """At a desk and on a phone: no accessibility violation, nothing to scroll to sideways."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name} is {width} pixels wide"
        folder = os.environ.get("ASSAY_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)


def go(page, live_server, place, name, *more):
    page.goto(live_server.url + reverse(f"cases:{name}", args=[place.inspection.pk, *more]))


def attach(page, label, text):
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label(label, exact=True).set_input_files(file)


def test_the_force_draws_its_sample_and_every_step_can_be_read(live_server, page):
    place = make_place(Stage.SELF_ASSESSMENT)
    make_case(place.inspection, area="beta", reference="B-0")
    sign_in(page, live_server, place.assessor)
    go(page, live_server, place, "sample")
    looks_right(page, "sample-of-the-force")
    follow(page.get_by_role("link", name="Draw what is missing at random"))
    looks_right(page, "draw")
    follow(page.get_by_role("button", name="Read the list"))
    expect(page.get_by_role("alert")).to_contain_text("Select a CSV or XLSX file")
    attach(page, "List of eligible cases", "reference,area\nA-1,nowhere\nAnna,alpha\n")
    follow(page.get_by_role("button", name="Read the list"))
    looks_right(page, "draw-with-problems")
    attach(page, "List of eligible cases", LIST.replace("G-", "X-", 1).split("G-")[0])
    follow(page.get_by_role("button", name="Read the list"))
    looks_right(page, "draw-preview")
    follow(page.get_by_role("button", name="Draw 4 cases"))
    expect(page.get_by_role("main")).to_contain_text("the same cases come out")
    looks_right(page, "draw-detail")
    go(page, live_server, place, "draw")
    looks_right(page, "draw-with-draws")
    assert CaseFile.objects.count() == 5


def test_the_force_hands_in_and_the_lead_returns_it(live_server, page, new_page):
    place = make_place(Stage.SELF_ASSESSMENT)
    draws.draw(
        place.inspection,
        {area: [f"{area[0].upper()}-{n}" for n in range(9)] for area in ("alpha", "beta", "gamma")},
        by=place.assessor,
    )
    cases = list(place.inspection.cases.all())
    for case in cases[1:]:
        make_audit(case, Side.FORCE, by=place.assessor)
    sign_in(page, live_server, place.assessor)
    go(page, live_server, place, "hand_in")
    looks_right(page, "hand-in-with-something-missing")
    make_audit(cases[0], Side.FORCE, by=place.assessor)
    go(page, live_server, place, "sample")
    looks_right(page, "sample-that-is-complete")
    follow(page.get_by_role("button", name="Hand in the self-assessment"))
    looks_right(page, "hand-in")
    follow(page.get_by_role("button", name="Hand in the self-assessment"))
    expect(page.get_by_role("main")).to_contain_text("The self-assessment is handed in.")
    looks_right(page, "sample-handed-in")
    theirs = new_page()
    sign_in(theirs, live_server, place.lead)
    go(theirs, live_server, place, "sample")
    looks_right(theirs, "sample-of-the-lead")
    follow(theirs.get_by_role("link", name="Return it to the force"))
    follow(theirs.get_by_role("button", name="Return it to the force"))
    looks_right(theirs, "return-without-a-reason")
    theirs.get_by_label("Why is the self-assessment returned?").fill("B-1 says too little.")
    follow(theirs.get_by_role("button", name="Return it to the force"))
    go(page, live_server, place, "sample")
    expect(page.get_by_role("main")).to_contain_text("B-1 says too little.")
    looks_right(page, "sample-returned")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_lead_assigns_cases_by_hand_and_evenly(live_server, new_page, scripts):
    place = make_place()
    for area in ("alpha", "beta", "gamma"):
        for number in range(3):
            make_case(place.inspection, area=area, reference=f"{area}-{number}")
    page = new_page(java_script_enabled=scripts)
    sign_in(page, live_server, place.lead)
    go(page, live_server, place, "assignment")
    for name in ("alpha-0", "gamma-2"):
        page.get_by_label(f"Select {name}").check()
    page.get_by_label("Assign ticked cases to").select_option(label=place.inspector.name)
    follow(page.get_by_role("button", name="Assign", exact=True))
    expect(page.get_by_role("main")).to_contain_text(
        f"2 cases are assigned to {place.inspector.name}."
    )
    assert CaseFile.objects.filter(assigned_to=place.inspector).count() == 2
    if scripts:
        looks_right(page, "assignment")
        follow(page.get_by_role("button", name="Assign", exact=True))
        looks_right(page, "assignment-with-errors")
    follow(page.get_by_role("button", name="Assign evenly"))
    if scripts:
        looks_right(page, "spread")
    follow(page.get_by_role("button", name="Continue"))
    if scripts:
        looks_right(page, "spread-preview")
    follow(page.get_by_role("button", name="Assign 7 cases"))
    assert CaseFile.objects.filter(assigned_to=place.inspector).count() in (4, 5)
    assert not CaseFile.objects.filter(assigned_to=None).exists()
    page.get_by_label("Assigned to", exact=True).select_option(label="Nobody")
    follow(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("main")).to_contain_text("No case matches")


def test_the_pages_are_right_while_there_is_nothing_and_when_all_is_done(live_server, page):
    place = make_place()
    sign_in(page, live_server, place.lead)
    go(page, live_server, place, "assignment")
    looks_right(page, "assignment-without-cases")
    go(page, live_server, place, "draw")
    looks_right(page, "draw-that-was-not-made")
    go(page, live_server, place, "add")
    looks_right(page, "add")
    case = make_case(place.inspection, assigned_to=place.lead)
    make_audit(case, by=place.lead)
    go(page, live_server, place, "assignment")
    looks_right(page, "assignment-all-done")
    go(page, live_server, place, "sample")
    looks_right(page, "sample-in-fieldwork")


def test_a_sample_is_drawn_and_handed_in_without_scripts(live_server, new_page):
    place = make_place(Stage.SELF_ASSESSMENT)
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, place.force_lead)
    go(page, live_server, place, "draw")
    attach(page, "List of eligible cases", LIST)
    follow(page.get_by_role("button", name="Read the list"))
    follow(page.get_by_role("button", name="Draw 6 cases"))
    assert CaseFile.objects.count() == 6
    for case in CaseFile.objects.all():
        make_audit(case, Side.FORCE, by=place.assessor)
    go(page, live_server, place, "sample")
    follow(page.get_by_role("button", name="Hand in the self-assessment"))
    follow(page.get_by_role("button", name="Hand in the self-assessment"))
    place.inspection.refresh_from_db()
    assert place.inspection.handed_in_by == place.force_lead
    assert not hand_in.may_hand_in(place.inspection, place.force_lead)
    assert sampling.may_add(place.inspection, place.force_lead) is None
    assert assignment.may_assign(place.inspection, place.lead)
