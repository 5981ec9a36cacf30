"""A connection lost in the middle of a text: nothing that was typed is lost, and nothing of it outstays its person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache

from accounts.models import Role, User
from cases import grading
from cases.models import Audit, CaseFile
from inspections.models import Side, Stage
from tests.support.audit_page import AuditPage
from tests.support.factories import make_case, make_inspection, make_user
from tests.support.stack import assert_accessible, follow, wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
NO_CONNECTION = "No connection. Your words are kept on this computer and sent when it returns."


@pytest.fixture
def case() -> CaseFile:
    team = [make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)]
    return make_case(make_inspection(Stage.FIELDWORK, team=team), reference="CASE-1")


@pytest.fixture
def inspector(case) -> User:
    return case.inspection.team.order_by("pk")[0].user


@pytest.fixture
def colleague(case) -> User:
    return case.inspection.team.order_by("pk")[1].user


@pytest.fixture
def sit_down(new_page, live_server, case) -> Callable[[User], AuditPage]:
    """Return a function that gives somebody a browser of their own with the audit open in it."""
    return lambda user: AuditPage(new_page(), live_server.url, user, case).sign_in().ready()


@pytest.fixture
def tab(sit_down, inspector) -> AuditPage:
    return sit_down(inspector)


def reason() -> str:
    """What the database has."""
    audit = Audit.objects.filter(side=Side.INSPECTORATE).first()
    return audit.reason if audit else ""


def arrives(text: str) -> None:
    wait_until(lambda: reason() == text, what=f"“{text}” in the database, which has “{reason()}”")


def lose_the_connection_while_writing(tab: AuditPage, text: str) -> None:
    tab.reason.fill("What was saved before.")
    tab.says("Saved at")
    tab.offline()
    tab.write(text)
    tab.says(NO_CONNECTION)
    assert tab.kept == 1
    assert reason() == "What was saved before."


def test_words_are_sent_when_the_connection_returns(tab):
    lose_the_connection_while_writing(tab, "Written on the train.")
    assert_accessible(tab.page)
    tab.offline(False)
    tab.says("Saved at")
    arrives("Written on the train.")
    tab.keeps_nothing()


def test_words_survive_the_page_being_closed_and_go_back_into_the_form(tab):
    tab.page.get_by_role("button", name="Add another finding").click()
    lose_the_connection_while_writing(tab, "Written on the train.")
    tab.page.get_by_label("What was found").last.fill("Seen before the battery went flat.")
    tab.page.get_by_role("button", name="Add another finding").click()
    tab.page.get_by_label("What was found").last.fill("And one more.")
    tab.page.keyboard.press("Tab")
    tab.page.wait_for_function(
        "() => Object.values(localStorage).some(kept => kept.includes('And one more.'))"
    )
    tab.page.close(run_before_unload=False)
    tab.page = tab.page.context.new_page()
    tab.offline(False)
    tab.open()
    tab.sees(tab.page.locator("[data-restored]"), "was kept on this computer")
    assert_accessible(tab.page)
    assert tab.reason.input_value() == "Written on the train."
    tab.says("Saved at")
    arrives("Written on the train.")
    texts = [finding.text for finding in Audit.objects.get().findings.all()]
    assert texts == ["Seen before the battery went flat.", "And one more."]
    tab.keeps_nothing()


def test_any_page_of_assay_sends_what_a_closed_page_has_left(tab):
    lose_the_connection_while_writing(tab, "Written on the train.")
    context = tab.page.context
    tab.page.close()
    tab.page = context.new_page()
    tab.offline(False)
    tab.page.goto(f"{tab.address}/")
    tab.sees(tab.page.locator("[data-kept-words]"), "CASE-1 was kept on this computer. It is saved")
    arrives("Written on the train.")
    tab.keeps_nothing()


def test_somebody_who_saved_meanwhile_is_not_overwritten_by_kept_words(tab, case, colleague):
    lose_the_connection_while_writing(tab, "Written on the train.")
    tab.page.close()
    save(case, colleague, "Written in the office.")
    context = tab.page.context
    tab.page = context.new_page()
    tab.offline(False)
    tab.page.goto(f"{tab.address}/")
    notice = tab.page.locator("[data-kept-words]")
    tab.sees(notice, "What you wrote on case CASE-1 is not saved")
    follow(notice.get_by_role("link", name="Open it"))
    tab.ready()
    tab.sees(tab.page.locator("[data-dispute]"), "Written in the office.")
    tab.sees(tab.page.locator("[data-dispute]"), "Written on the train.")
    tab.open()  # whoever does not choose is asked again
    tab.sees(tab.page.locator("[data-dispute]"), "Written on the train.")
    assert (reason(), tab.kept) == ("Written in the office.", 1)
    part = tab.page.get_by_role("group", name="Reason for the grade")
    part.get_by_label("Yours, not saved").check()
    tab.page.get_by_role("button", name="Save what I chose").click()
    arrives("Written on the train.")
    tab.keeps_nothing()


def test_words_for_an_audit_that_was_submitted_meanwhile_are_shown_and_stay(tab, case, colleague):
    lose_the_connection_while_writing(tab, "Written on the train.")
    tab.page.close()
    save(case, colleague, "Written in the office.", submit=True)
    tab.page = tab.page.context.new_page()
    tab.offline(False)
    tab.page.goto(f"{tab.address}/cases/{case.pk}/")
    notice = tab.page.locator("[data-kept-words]")
    tab.sees(notice, "it can no longer be changed")
    notice.get_by_text("Show what you wrote").click()
    tab.sees(notice, "Written on the train.")
    assert_accessible(tab.page)
    assert tab.kept == 1
    notice.get_by_role("button", name="Throw these words away").click()
    tab.keeps_nothing()


def test_signing_out_asks_before_words_are_lost_and_then_removes_them(tab, case, colleague):
    save(case, colleague, "Written in the office.", submit=True)
    tab.write("Too late.")
    tab.sees(tab.page.locator("[data-dispute]"), "This audit can no longer be changed")
    assert_accessible(tab.page)
    follow(tab.page.get_by_role("button", name="Sign out"))
    main = tab.page.get_by_role("main")
    tab.sees(main, "What you wrote here is not saved yet")
    tab.sees(main.get_by_role("listitem"), "CASE-1")
    assert_accessible(tab.page)
    assert tab.kept == 1
    follow(main.get_by_role("button", name="Sign out"))
    tab.page.wait_for_url("**/login/**")
    tab.keeps_nothing()


def test_signing_out_first_saves_what_is_unsent(tab):
    tab.reason.fill("Written in haste.")
    follow(tab.page.get_by_role("button", name="Sign out"))
    tab.page.wait_for_url("**/login/**")
    assert reason() == "Written in haste."
    tab.keeps_nothing()


def test_nobody_is_signed_out_and_loses_words_while_there_is_no_connection(tab):
    lose_the_connection_while_writing(tab, "Written on the train.")
    tab.page.get_by_role("button", name="Sign out").click()
    tab.sees(tab.page.locator("[data-kept-words]"), "Assay cannot sign you out now")
    assert tab.kept == 1
    tab.offline(False)
    arrives("Written on the train.")


def test_somebody_whose_session_ended_signs_in_again_in_another_tab_and_goes_on(tab):
    tab.write("Before the session ended.")
    tab.says("Saved at")
    Session.objects.all().delete()
    cache.clear()
    tab.write("After the session ended.")
    tab.says("You are signed out. Your words are kept on this computer.")
    assert tab.kept == 1
    with tab.page.context.expect_page() as opened:
        tab.page.get_by_role("link", name="Sign in again in a new tab").click()
    other = AuditPage(opened.value, tab.address, tab.user, Audit.objects.get().case)
    other.sign_in_here()
    tab.page.bring_to_front()
    tab.says("Saved at")
    arrives("After the session ended.")
    tab.keeps_nothing()


def test_whoever_signs_in_next_on_a_browser_finds_no_words_of_another(tab, case, colleague):
    save(case, colleague, "Written in the office.", submit=True)
    tab.write("Too late.")
    tab.sees(tab.page.locator("[data-dispute]"), "This audit can no longer be changed")
    Session.objects.all().delete()
    cache.clear()
    tab.close_and_open(path="/")
    assert tab.kept == 1  # a session that ends takes no words along
    tab.sign_in_here(colleague)
    tab.keeps_nothing()


def save(case: CaseFile, user: User, text: str, *, submit: bool = False) -> None:
    """Save or submit the audit as somebody else, from wherever they are."""
    audit = grading.own_audit(case, user)
    grade = case.inspection.framework.grades.first()
    saved = grading.save(
        case,
        side=Side.INSPECTORATE,
        by=user,
        version=audit.version if audit else 0,
        grade=grade,
        reason=text,
    )
    if submit:
        grading.submit(saved, by=user, version=saved.version)
