"""The warning about personal data in a browser: marked words, a reason, nothing lost, no accessibility problem."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases import personal_data
from cases.models import CaseFile, ConfirmedFragment
from cases.personal_data import Place
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.inspections.test_pages_in_browser import DESK, PHONE, sign_in
from tests.support.factories import make_audit, make_case
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db(transaction=True)


def look(page, name, tmp_path):
    """Examine the page as it stands, at both widths."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not wide, f"{name} scrolls sideways at {size}"
        page.screenshot(path=tmp_path / f"{name}-{size['width']}.png", full_page=True)
    assert_accessible(page)


@pytest.fixture
def place(db):
    return make_place()


def test_words_are_marked_and_pass_with_a_reason_without_javascript(
    live_server, new_page, place, tmp_path
):
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, place.inspector)
    page.goto(live_server.url + reverse("cases:add", args=[place.inspection.pk]))
    page.get_by_label("Reference").fill("GW-1")
    page.get_by_label(place.framework.areas.all()[0].label).check()
    page.get_by_label("Summary").fill("The file is long. Her mother Karen rang. Nobody answered.")
    page.get_by_label("Why").first.fill("A late referral")
    add = page.get_by_role("button", name="Add the case")
    follow(add)
    error = page.locator("#id_summary-error")
    expect(error.locator("mark")).to_have_text("Karen")
    expect(error.locator(".assay-excerpt")).to_have_text("Her mother Karen rang.")
    page.get_by_role("link", name="This looks like personal data").click()
    assert page.url.endswith("#id_summary")
    expect(page.get_by_label("Summary")).to_have_value(
        "The file is long. Her mother Karen rang. Nobody answered."
    )
    # A reason covers what the page has shown, not what is typed afterwards.
    page.get_by_label("Summary").fill("Her mother Karen rang from 07700 900123.")
    page.get_by_label("Why is this not personal data?").fill("Karen is a charity")
    follow(add)
    expect(page.locator("#id_summary-error mark").last).to_have_text("07700 900123")
    expect(page.get_by_label("Why is this not personal data?")).to_have_value("Karen is a charity")
    assert not CaseFile.objects.exists()
    page.get_by_label("Summary").fill("Her mother Karen rang.")
    follow(add)
    assert CaseFile.objects.get().summary == "Her mother Karen rang."
    assert ConfirmedFragment.objects.get().reason == "Karen is a charity"


def test_every_state_of_the_warning_is_accessible(live_server, page, place, tmp_path):
    sign_in(page, live_server, place.inspector)
    page.goto(live_server.url + reverse("cases:add", args=[place.inspection.pk]))
    page.get_by_label("Reference").fill("GW-1")
    page.get_by_label("Summary").fill(
        "x" * 200 + " Her mother Karen, her aunt Denise, J. Smith of 14 Mill Lane, CF10 3NQ, "
        "07700 900123 and jo@example.org"
    )
    page.get_by_label(place.framework.areas.all()[0].label).check()
    page.get_by_label("Why").first.fill("A late referral")
    follow(page.get_by_role("button", name="Add the case"))
    expect(page.locator("#id_summary-error mark")).to_have_count(7)
    look(page, "refused", tmp_path)
    page.get_by_label("Why is this not personal data?").fill("…")
    follow(page.get_by_role("button", name="Add the case"))
    expect(page.locator("#id_confirmed_reason-error")).to_contain_text("Enter why")
    look(page, "reason-missing", tmp_path)
    page.goto(live_server.url + reverse("cases:import", args=[place.inspection.pk]))
    page.set_input_files(
        "input[type=file]",
        {
            "name": "cases.csv",
            "mimeType": "text/csv",
            "buffer": b"reference,area,summary,selection reason\nA-1,alpha,Her mother Karen rang,Late\n",
        },
    )
    follow(page.get_by_role("button", name="Import"))
    expect(page.locator("table mark")).to_have_text("Karen")
    expect(page.get_by_label("Why is none of this personal data?")).to_be_visible()
    look(page, "import", tmp_path)


def test_the_list_of_confirmed_texts_is_accessible_empty_and_full(
    live_server, page, place, tmp_path
):
    inspection = place.at(Stage.FIELDWORK)
    address = live_server.url + reverse("cases:confirmed", args=[inspection.pk])
    sign_in(page, live_server, place.lead)
    page.goto(address)
    look(page, "empty", tmp_path)
    case = make_case(inspection)
    for number in range(55):
        personal_data.check(
            {"summary": f"Write to person{number}@example.org"},
            place=Place.of_case(case),
            by=place.inspector,
            reason="A long reason that says at some length why this is none. " * (1 + number % 5),
        )
    make_audit(make_case(inspection), submitted=False, reason="Her mother Karen, born 3 May 2010")
    page.goto(address)
    expect(page.get_by_text("Showing 1 to 50 of 55 confirmed texts")).to_be_visible()
    look(page, "full", tmp_path)


def test_the_note_of_a_move_asks_for_a_reason_only_when_it_looks_personal(
    live_server, page, place, tmp_path
):
    inspection = place.at(Stage.FACTUAL_ACCURACY)
    sign_in(page, live_server, place.lead)
    page.goto(
        live_server.url + reverse("inspections:move", args=[inspection.pk, "return_to_drafting"])
    )
    reason = page.get_by_label("Why is this not personal data?")
    expect(reason).to_have_count(0)
    page.get_by_label("Note for the history").fill("Jayden Smith asked for it")
    move = page.get_by_role("button", name="Return to drafting")
    follow(move)
    look(page, "move", tmp_path)
    reason.fill("The name of a report")
    follow(move)
    inspection.refresh_from_db()
    assert inspection.stage == Stage.DRAFTING
    assert ConfirmedFragment.objects.get().place == "stage"
