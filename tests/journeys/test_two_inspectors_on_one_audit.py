"""Two inspectors write the same audit at the same time: both see both versions, and choose."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from cases.models import Audit
from inspections.models import Stage
from tests.support.audit_page import WAIT_MILLISECONDS, AuditPage
from tests.support.factories import make_case, make_inspection, make_user
from tests.support.stack import assert_accessible, wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]


@pytest.fixture
def both(new_page, live_server) -> list[AuditPage]:
    """Two inspectors with the same, still empty audit open before them."""
    team = [make_user(Role.INSPECTOR, name=name) for name in ("Ann One", "Bob Two")]
    case = make_case(make_inspection(Stage.FIELDWORK, team=team), reference="CASE-1")
    return [AuditPage(new_page(), live_server.url, user, case).sign_in().ready() for user in team]


def add_finding(tab: AuditPage, text: str) -> None:
    tab.page.get_by_label("What was found").last.fill(text)
    tab.page.keyboard.press("Tab")


def test_one_takes_over_the_others_finding_and_keeps_their_own_reason(both):
    ann, bob = both
    ann.write("Ann's reason.")
    add_finding(ann, "Ann's finding.")
    ann.page.get_by_role("radiogroup", name="Look for alpha 1.").get_by_label("Not met").check()
    ann.says("Saved at")
    wait_until(lambda: saved() == ("Ann's reason.", ["Ann's finding."], ["not_met"]))

    bob.write("Bob's reason.")
    add_finding(bob, "Bob's finding.")
    dispute = bob.page.locator("[data-dispute]")
    bob.sees(dispute, "Ann One changed this audit, too")
    bob.sees(dispute, "Ann's reason.")
    bob.sees(dispute, "Bob's reason.")
    assert_accessible(bob.page)
    assert bob.kept == 1
    take = dispute.get_by_role("button", name="Save what I chose")
    take.click()
    bob.sees(dispute, "Choose one version of each part")
    choice(bob, "Reason for the grade", "Yours, not saved").check()
    take.click()
    expect(dispute).to_have_count(0, timeout=WAIT_MILLISECONDS)
    bob.says("Saved at")
    findings = ["Ann's finding.", "Bob's finding."]
    wait_until(lambda: saved() == ("Bob's reason.", findings, ["not_met"]), what=str(saved()))
    bob.keeps_nothing()

    ann.write("Ann's second reason.")  # and now it is Ann who is behind
    dispute = ann.page.locator("[data-dispute]")
    ann.sees(dispute, "Bob Two changed this audit, too")
    choice(ann, "Reason for the grade", "Saved by Bob Two").check()
    dispute.get_by_role("button", name="Save what I chose").click()
    expect(dispute).to_have_count(0, timeout=WAIT_MILLISECONDS)
    ann.says("Saved at")
    assert ann.reason.input_value() == "Bob's reason."
    assert saved() == ("Bob's reason.", findings, ["not_met"])
    ann.keeps_nothing()


def test_what_only_one_of_them_changed_needs_no_thought(both):
    ann, bob = both
    ann.write("Ann's reason.")
    ann.says("Saved at")
    bob.page.get_by_label("Good", exact=True).check()
    dispute = bob.page.locator("[data-dispute]")
    bob.sees(dispute, "Ann One changed this audit, too")
    expect(choice(bob, "Reason for the grade", "Saved by Ann One")).to_be_checked()
    expect(choice(bob, "Grade", "Yours, not saved")).to_be_checked()
    dispute.get_by_role("button", name="Save what I chose").click()
    bob.says("Saved at")
    wait_until(lambda: Audit.objects.get().grade is not None)
    audit = Audit.objects.get()
    assert (audit.grade.code, audit.reason) == ("good", "Ann's reason.")


def test_nobody_loses_words_when_the_other_one_removes_a_finding(both):
    ann, bob = both
    add_finding(ann, "Ann's finding.")
    ann.says("Saved at")
    bob.open()
    bob.page.get_by_label("What was found").first.fill("Ann's finding, sharpened.")
    bob.page.keyboard.press("Tab")
    bob.says("Saved at")
    wait_until(lambda: saved()[1] == ["Ann's finding, sharpened."])
    ann.page.get_by_label("Remove this finding").first.check()
    dispute = ann.page.locator("[data-dispute]")
    ann.sees(dispute, "Ann's finding, sharpened.")
    ann.sees(dispute, "(nothing)")
    choice(ann, "Finding", "Saved by Bob Two").check()
    dispute.get_by_role("button", name="Save what I chose").click()
    expect(dispute).to_have_count(0, timeout=WAIT_MILLISECONDS)
    ann.says("Saved at")
    assert saved()[1] == ["Ann's finding, sharpened."]
    assert (
        ann.page.get_by_label("What was found").first.input_value() == "Ann's finding, sharpened."
    )


def choice(tab: AuditPage, part: str, version: str):
    """The radio button for one version of the part."""
    group = tab.page.locator("[data-dispute]").get_by_role("group", name=part, exact=True)
    return group.get_by_label(version)


def saved() -> tuple[str, list[str], list[str]]:
    """The reason, the findings and the answers that the database has."""
    audit = Audit.objects.first()
    if audit is None:
        return "", [], []
    return (
        audit.reason,
        [finding.text for finding in audit.findings.all()],
        [row.answer for row in audit.answers.order_by("indicator__order") if row.answer],
    )
