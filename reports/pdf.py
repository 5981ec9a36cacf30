"""The document as a PDF that meets PDF/UA-1, and that is the same file, byte for byte, whenever it is made again.

It reads the style sheet and fonts configuration in `reports/assets` and the Liberation fonts of the system; no other
file and no network, whatever a text asks for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from inspections.presentation import date_range
from reports import markdown, pdf_check, tables
from reports.chapters import chapters
from reports.document import Document
from reports.progress import CHECK, COMPOSE, LAY_OUT, Progress

ASSETS = Path(__file__).parent / "assets"
ADDRESS = "report:"  # what the template calls its assets: “report:report.css”
SILENT = Progress()
LINK = re.compile(r"(<a\s[^>]*>)(.*?)</a>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
NO_GLYPH = "\N{WHITE SQUARE}"


class NothingElse(ValueError):
    """A report asked for a file or an address that is none of its own assets."""


@dataclasses.dataclass(frozen=True)
class Pdf:
    """A finished PDF, with the SHA-256 (hexadecimal) that proves it."""

    content: bytes
    sha256: str
    pages: int


class PdfRefused(Exception):
    """No PDF can come of this, however often it is tried; the message is a sentence for the person."""


def make(document: Document, progress: Progress = SILENT) -> Pdf:
    """Return `document` as a PDF and tell `progress` how far it is, from composing on.

    A document that is a draft says so on every page. About a second for every ten pages.
    """
    progress.step(COMPOSE)
    return print_html(compose(document), progress)


def print_html(html: str, progress: Progress = SILENT) -> Pdf:
    """Return the PDF of a whole HTML document that reads nothing but our own assets.

    Raises PdfRefused if what came of it is not a PDF for everybody (`reports.pdf_check`).
    """
    # Fontconfig reads this once, when this process first asks for a font.
    os.environ["FONTCONFIG_FILE"] = str(ASSETS / "fonts.conf")
    import weasyprint  # loads Pango; the web server never needs it

    progress.step(LAY_OUT)
    with _heard(progress):
        source = weasyprint.HTML(
            string=links_of_words(html), base_url=ADDRESS, url_fetcher=_fetcher()
        )
        pages = source.render(pdf_variant="pdf/ua-1")
        content = pages.write_pdf(pdf_variant="pdf/ua-1")
    progress.step(CHECK)
    if faults := pdf_check.faults(content):
        raise PdfRefused(" ".join(faults))
    return Pdf(content, hashlib.sha256(content).hexdigest(), len(pages.pages))


@contextlib.contextmanager
def _heard(progress: Progress) -> Iterator[None]:
    """Let `progress` hear of every page that WeasyPrint lays out, and end the layout by an error of its own.

    WeasyPrint tells its steps to a log and nobody else; a filter of a log runs where the line is written, so that what
    it raises ends the layout.
    """
    log = logging.getLogger("weasyprint.progress")

    def listen(record: logging.LogRecord) -> bool:
        if record.args and isinstance(record.args, tuple) and isinstance(record.args[0], int):
            progress.page(record.args[0])
        return False

    before = log.level
    log.setLevel(logging.INFO)
    log.addFilter(listen)
    try:
        yield
    finally:
        log.removeFilter(listen)
        log.setLevel(before)


def compose(document: Document) -> str:
    """Return the HTML of which the PDF is made, in the document's language."""
    with translation.override(document.language):
        html = render_to_string(
            "reports/pdf/report.html",
            {
                "document": document,
                "fieldwork": date_range(document.fieldwork_start, document.fieldwork_end),
                **parts(document, at_foot=True),
            },
        )
    return printable(html)


def parts(document: Document, *, at_foot: bool = False, base: str = "") -> dict[str, Any]:
    """Return what `reports/document.jinja` needs beside the document itself, in the language that is active.

    Its texts are to be rendered in reading order. Footnotes stand after each text, or `at_foot` of the page.
    `base` is the address of the whole document for a page that shows a part of it.
    """
    reading = markdown.Reading(document, at_foot=at_foot, base=base)
    return {"chapters": chapters(document), "markdown": reading, "tables": tables}


def _fetcher() -> object:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetsOnly(URLFetcher):  # type: ignore[misc]
        """Serves the files of `reports/assets` by name, and nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            name = url.removeprefix(ADDRESS)
            if not url.startswith(ADDRESS) or name not in {path.name for path in ASSETS.iterdir()}:
                raise NothingElse(url)
            return URLFetcherResponse(
                url, (ASSETS / name).read_bytes(), {"Content-Type": "text/css; charset=utf-8"}
            )

    return AssetsOnly()


def printable(text: str) -> str:
    """Return `text` with what the report's fonts have no sign for replaced by “□”, as PDF/UA wants a sign for each."""
    return re.sub(
        r"[^\x09\x0a\x20-\x7e]", lambda m: m[0] if ord(m[0]) in _signs() else NO_GLYPH, text
    )


def links_of_words(html: str) -> str:
    """Return `html` whose links hold words alone: of markup within a link WeasyPrint makes a link without its tag."""
    return LINK.sub(lambda link: f"{link[1]}{TAG.sub(_space, link[2])}</a>", html)


def _space(tag: re.Match[str]) -> str:
    return " " if tag[0].startswith("<br") else ""


@functools.cache
def _signs() -> frozenset[int]:
    """Code points that regular and bold Liberation Sans both have."""
    from fontTools.ttLib import TTFont

    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    found = []
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        path = next(
            (p for folder in folders for p in folder.rglob(f"LiberationSans-{face}.ttf")), None
        )
        if path is None:
            raise FontMissing
        with TTFont(path, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*found)


class FontMissing(PdfRefused):
    """The Liberation fonts are not installed (Debian: fonts-liberation)."""

    def __str__(self) -> str:
        return _(
            "The Liberation fonts are not installed; on Debian: apt-get install fonts-liberation."
        )
