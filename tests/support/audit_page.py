"""The pages on which an audit and a section are written, in a real browser: what its scripts say and keep."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from cases.models import CaseFile
from inspections.models import Inspection
from tests.support.factories import PASSWORD
from tests.support.stack import follow

WAIT_MILLISECONDS = 60_000  # everything else may run on the same two cores
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('assay:audit:')).length"


class AuditPage:
    """One tab, signed in as somebody. `page` may be closed and opened again: the browser remembers."""

    def __init__(self, page: Page, address: str, user: User, case: CaseFile) -> None:
        page.set_default_timeout(WAIT_MILLISECONDS)
        self.page = page
        self.address = address
        self.path = f"/cases/{case.pk}/audit/"
        self.user = user

    def sign_in(self) -> Self:
        """Sign in on the way to the audit, and land on it."""
        self.page.goto(f"{self.address}{self.path}")
        return self.sign_in_here()

    def sign_in_here(self, user: User | None = None) -> Self:
        """Fill in the page for signing in, which is open."""
        self.page.get_by_label("Email address").fill((user or self.user).email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        follow(self.page.get_by_role("button", name="Sign in"))
        return self

    def open(self) -> Self:
        """Open the audit and wait until its scripts are at work."""
        self.page.goto(f"{self.address}{self.path}")
        return self.ready()

    def ready(self) -> Self:
        """Wait until the scripts of the page are at work."""
        expect(self.page.locator("form[data-ready]")).to_have_count(1, timeout=WAIT_MILLISECONDS)
        return self

    def close_and_open(self, *, path: str = "") -> Self:
        """Close the tab and open the audit, or `path`, in a new one of the same browser."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT_MILLISECONDS)
        if not path:
            return self.open()
        self.page.goto(f"{self.address}{path}")
        return self

    def write(self, text: str) -> None:
        """Write the reason and leave the field."""
        self.reason.fill(text)
        self.reason.press("Tab")

    @property
    def reason(self) -> Locator:
        return self.page.get_by_label("Reason for the grade")

    def says(self, text: str) -> None:
        """Wait until the page says of its form that …"""
        self.sees(self.page.locator("[data-save-state]"), text)

    def sees(self, locator: Locator, text: str) -> None:
        """Wait until `text` stands in what the locator finds."""
        expect(locator).to_contain_text(text, timeout=WAIT_MILLISECONDS)

    def offline(self, off: bool = True) -> None:
        """Pull the plug, or put it in again."""
        self.page.context.set_offline(off)

    @property
    def kept(self) -> int:
        """How many pages' words this browser keeps."""
        return int(self.page.evaluate(KEPT))

    def keeps_nothing(self) -> None:
        """Wait until the browser has let go of all words."""
        self.page.wait_for_function(f"() => {KEPT} === 0", timeout=WAIT_MILLISECONDS)


class SectionPage(AuditPage):
    """One tab on the page of a section, which says and keeps what the page of an audit does."""

    def __init__(self, page: Page, address: str, user: User, inspection: Inspection) -> None:
        page.set_default_timeout(WAIT_MILLISECONDS)
        self.page = page
        self.address = address
        self.path = f"/inspections/{inspection.pk}/report/sections/summary/"
        self.user = user

    @property
    def text(self) -> Locator:
        return self.page.get_by_label("Text", exact=True)

    @property
    def preview(self) -> Locator:
        return self.page.locator("[data-preview-text]")
