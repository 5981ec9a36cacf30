"""People at their browsers: they do what people do, by the words that the pages show.

Set ASSAY_SCREENSHOTS to a folder to keep a picture of every page that somebody landed on.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response

from tests.support.stack import follow, watch_page

WAIT_MILLISECONDS = 40_000  # pages take a moment while everything else runs on the same two cores
_picture = itertools.count(1)


class Person:
    """Somebody at a browser of their own. Landing on an error page fails the test."""

    def __init__(
        self, page: Page, address: str, email: str, *, keeps_pictures: bool = True
    ) -> None:
        self.page = page
        self.address = address
        self.email = email
        self.keeps_pictures = keeps_pictures
        page.set_default_timeout(WAIT_MILLISECONDS)
        page.on("response", self._note_answer)
        self._broken: list[str] = []

    def _note_answer(self, response: Response) -> None:
        if response.status >= 400:
            self._broken.append(f"{response.status} {response.request.method} {response.url}")

    # -- Moving about -----------------------------------------------------------------------------------------------

    def sign_in(self, password: str) -> None:
        """Sign in on the page for it, and land on “Your work”."""
        self.open("/")
        self.fill("Email address", self.email)
        self.fill("Password", password)
        self.press("Sign in")
        self.reads("Your work")

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        self._landed()

    def fetch(self, paths: list[str]) -> dict[str, str]:
        """Let the browser ask for `paths` as a script of the page would, and return what it is told, errors and all."""
        ask = "path => fetch(path).then(answer => answer.text())"
        told = {path: self.page.evaluate(ask, path) for path in paths}
        self._broken.clear()
        return told

    def follow(self, text: str, *, exact: bool = True) -> None:
        """Follow the first link that is called `text`, and land on its page."""
        follow(self.page.get_by_role("main").get_by_role("link", name=text, exact=exact).first)
        self._landed()

    def go_to(self, text: str) -> None:
        """Choose one of the parts of Assay, at the top of every page."""
        self._choose_from("Assay", text)

    def turn_to(self, text: str) -> None:
        """Choose one of the parts of the inspection that is open."""
        self._choose_from("Parts of this inspection", text)

    def turn_within_to(self, text: str) -> None:
        """Choose one of the pages that the open part of the inspection has."""
        links = self.page.get_by_role("navigation", name="Sections", exact=True)
        follow(links.get_by_role("link", name=text, exact=True))
        self._landed()

    def _choose_from(self, menu: str, text: str) -> None:
        links = self.page.get_by_role("navigation", name=menu)
        follow(links.get_by_role("link", name=text, exact=True))
        self._landed()

    def press(self, text: str, *, expects: int | None = None) -> None:
        """Press the button that is called `text`, and land wherever it leads; `expects` is the error of that page."""
        follow(self.page.get_by_role("button", name=text, exact=True).first)
        self._landed(expects)

    def _landed(self, expects: int | None = None) -> None:
        answers = [answer for answer in self._broken if not answer.startswith(f"{expects} ")]
        self._broken.clear()
        assert not answers, answers
        self.keep_picture()

    # -- Forms ------------------------------------------------------------------------------------------------------

    def fill(self, label: str, text: str) -> None:
        """Write into the box with that label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def fill_date(self, legend: str, day: dt.date) -> None:
        """Write a date into the three boxes under `legend`."""
        group = self.page.get_by_role("group", name=legend)
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part, exact=True).fill(str(number))

    def choose(self, label: str) -> None:
        """Tick the radio button or box with that label."""
        self.page.get_by_label(label, exact=True).check()

    def select(self, label: str, option: str) -> None:
        """Choose from a list of options."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def attach(self, label: str, name: str, content: bytes) -> None:
        """Put a file into the box with that label."""
        file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.get_by_label(label, exact=True).set_input_files(file)

    def download(self, text: str) -> bytes:
        """Press the button that is called `text` and return the file that comes."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=text, exact=True).first.click()
        return Path(waiting.value.path()).read_bytes()

    # -- Reading ----------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What the page says, white space squeezed."""
        return " ".join(self.page.get_by_role("main").inner_text().split())

    @property
    def source(self) -> str:
        """The whole source of the page as the browser has it now."""
        return self.page.content()

    def reads(self, *texts: str) -> None:
        """Find every one of `texts` on the page, in any case of letters."""
        said = self.text.lower()
        for text in texts:
            assert text.lower() in said, (
                f"{self.email} at {self.page.url} misses “{text}” in: {said}"
            )

    def does_not_read(self, *texts: str) -> None:
        """Find none of `texts` on the page."""
        said = self.text.lower()
        for text in texts:
            assert text.lower() not in said, f"{self.email} at {self.page.url} reads “{text}”"

    def waits_for_button(self, text: str) -> None:
        """Wait until a page that reloads itself has a button called `text`."""
        self.page.get_by_role("button", name=text, exact=True).first.wait_for(timeout=90_000)
        self.page.wait_for_load_state()
        self._landed()

    def keep_picture(self) -> None:
        """Keep a picture of the page for people, if a folder is named."""
        folder = os.environ.get("ASSAY_SCREENSHOTS")
        if not folder or not self.keeps_pictures:
            return
        words = re.sub(r"\W+", "-", f"{self.email.partition('@')[0]} {self.page.title()}").strip(
            "-"
        )
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.page.screenshot(
            path=Path(folder) / f"{next(_picture):03}-{words.lower()[:70]}.png", full_page=True
        )


class Office:
    """Where the people of a journey sit: each gets a browser of their own, on one running Assay."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self.browser = browser
        self.address = address
        self.password = password

    @contextmanager
    def person(self, name: str, **options: Any) -> Iterator[Person]:
        """Sign in as `NAME@assay.example`; console errors, script errors and requests to elsewhere fail the test."""
        problems: list[str] = []
        context, page = watch_page(self.browser, problems, **options)
        try:
            somebody = Person(page, self.address, f"{name}@assay.example")
            somebody.sign_in(self.password)
            yield somebody
        finally:
            context.close()
        assert not problems, problems

    @contextmanager
    def person_on_record(self, name: str, record: Path) -> Iterator[Person]:
        """Like `person`; everything that their browser receives is written to `record` once the block ends."""
        with self.person(name, record_har_path=record, record_har_content="embed") as somebody:
            yield somebody


def received(record: Path) -> list[tuple[str, str]]:
    """Return the address and text of every answer that a browser on record has received."""
    entries = json.loads(record.read_text())["log"]["entries"]
    texts = [
        (entry["request"]["url"], entry["response"]["content"])
        for entry in entries
        if "image" not in entry["response"]["content"].get("mimeType", "")
    ]
    return [(url, content["text"]) for url, content in texts if content.get("text")]
