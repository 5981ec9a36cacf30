"""The copies of a report beside its PDF: for a browser, for other programs, for a spreadsheet and a word processor.

Each is made of the document alone, so that they cannot say anything that the PDF does not; the same document gives
the same bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from django.template.loader import render_to_string
from django.utils import translation

from config.spreadsheets import XLSX_TYPE, csv_lines
from reports import open_data, pdf
from reports.document import Document
from reports.models import FileKind
from reports.report_workbook import as_workbook
from reports.word import as_word

CSV_TYPE = "text/csv; charset=utf-8"


@dataclasses.dataclass(frozen=True)
class FileFormat:
    """What a copy is called when it is downloaded, and its media type."""

    name: str
    content_type: str


# The copies that are files to download; the web page is a part of a page.
FORMATS = {
    FileKind.DOCX: FileFormat(
        "report.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    FileKind.TABLES: FileFormat("tables.xlsx", XLSX_TYPE),
    FileKind.FIGURES: FileFormat("figures.csv", CSV_TYPE),
    FileKind.RECOMMENDATIONS: FileFormat("recommendations.csv", CSV_TYPE),
    FileKind.JSON: FileFormat("report.json", "application/json"),
}


def make(document: Document) -> dict[FileKind, bytes]:
    """Return every copy of `document`, in its language."""
    with translation.override(document.language):
        return {kind: write(document) for kind, write in _WRITERS.items()}


def web_page(document: Document) -> str:
    """Return the report as a part of a page, from its corrections to its annexes; the language is the active one."""
    return render_to_string("public/body.html", {"document": document, **pdf.parts(document)})


def _html(document: Document) -> bytes:
    return web_page(document).encode()


def _figures(document: Document) -> bytes:
    return b"".join(csv_lines(open_data.FIGURE_COLUMNS, open_data.figure_rows(document)))


def _recommendations(document: Document) -> bytes:
    rows = open_data.recommendation_rows(document)
    return b"".join(csv_lines(open_data.RECOMMENDATION_COLUMNS, rows))


_WRITERS: dict[FileKind, Callable[[Document], bytes]] = {
    FileKind.HTML: _html,
    FileKind.JSON: open_data.as_json,
    FileKind.FIGURES: _figures,
    FileKind.RECOMMENDATIONS: _recommendations,
    FileKind.TABLES: as_workbook,
    FileKind.DOCX: as_word,
}
