"""A section in a browser: saved by itself, previewed beside the text, kept without a connection, shared by two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import Role, User
from inspections.models import Inspection, Stage
from reports import sections
from reports.models import ReportSection
from tests.support.audit_page import SectionPage
from tests.support.factories import make_inspection, make_user
from tests.support.stack import assert_accessible, follow, wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]


@pytest.fixture
def inspection() -> Inspection:
    team = [make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)]
    return make_inspection(Stage.DRAFTING, team=team)


@pytest.fixture
def inspector(inspection) -> User:
    return inspection.team.order_by("pk")[0].user


@pytest.fixture
def colleague(inspection) -> User:
    return inspection.team.order_by("pk")[1].user


@pytest.fixture
def sit_down(new_page, live_server, inspection) -> Callable[[User], SectionPage]:
    """Return a function that gives somebody a browser of their own with the section open in it."""
    return lambda user: SectionPage(new_page(), live_server.url, user, inspection).sign_in().ready()


@pytest.fixture
def tab(sit_down, inspector) -> SectionPage:
    return sit_down(inspector)


def stored() -> str:
    return ReportSection.objects.values_list("body", flat=True).first() or ""


def arrives(text: str) -> None:
    wait_until(lambda: stored() == text, what=f"“{text}” in the database, which has “{stored()}”")


def test_a_text_is_saved_and_shown_as_it_will_look_while_somebody_types(tab):
    tab.text.fill("## Officers see the child\n\nThey *listen*.")
    tab.says("Saved at")
    expect(tab.preview.locator("em")).to_have_text("listen")
    expect(tab.preview.locator("h3")).to_have_text("Officers see the child")
    arrives("## Officers see the child\n\nThey *listen*.")
    tab.keeps_nothing()
    assert_accessible(tab.page)


def test_what_was_written_without_a_connection_is_in_the_form_again(tab):
    tab.text.fill("Saved before.")
    tab.says("Saved at")
    tab.offline()
    tab.text.fill("Written on the train.")
    tab.text.press("Tab")
    tab.says("No connection.")
    assert tab.kept == 1
    context = tab.page.context
    tab.page.close()
    tab.page = context.new_page()
    tab.offline(False)
    tab.open()
    tab.sees(tab.page.locator("[data-restored]"), "was kept on this computer")
    arrives("Written on the train.")
    tab.keeps_nothing()


def test_two_people_who_write_at_once_bring_both_texts_together(
    tab, inspection, inspector, colleague
):
    tab.text.fill("The force has eight officers.")
    tab.says("Saved at")
    place = sections.place_of(inspection, "summary")
    version = ReportSection.objects.get().version
    sections.save_section(
        inspection, place, body="The force has nine officers.", version=version, by=colleague
    )
    tab.text.fill("The force has eight officers and staff.")
    tab.says("somebody else changed this section")
    tab.sees(tab.page.locator("[data-dispute]"), f"{colleague.name} changed this section, too")
    assert_accessible(tab.page)
    assert stored() == "The force has nine officers."
    follow(tab.page.get_by_role("button", name="See what differs"))
    tab.sees(tab.page.locator("del"), "nine")
    assert_accessible(tab.page)
    body = tab.page.get_by_label("Your text")
    assert body.input_value() == "The force has eight officers and staff."
    body.fill("The force has nine officers and staff.")
    follow(tab.page.get_by_role("button", name="Save", exact=True))
    arrives("The force has nine officers and staff.")
    tab.keeps_nothing()


def test_on_a_narrow_screen_text_and_preview_are_two_tabs(tab):
    tab.page.set_viewport_size({"width": 375, "height": 800})
    tab.page.reload()
    tab.ready()
    tab.text.fill("Some *words*.")
    expect(tab.preview).to_be_hidden()
    tab.page.locator("button[data-show=preview]").click()
    expect(tab.preview.locator("em")).to_have_text("words")
    expect(tab.text).to_be_hidden()
    assert_accessible(tab.page)
