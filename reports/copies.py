"""The copies of a report beside its PDF: for a browser, for other programs, for a spreadsheet and a word processor.

Each is made of the document alone, so that they cannot say anything that the PDF does not; the same document gives
the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils import translation

from config.spreadsheets import csv_lines
from reports import open_data
from reports.document import Document
from reports.models import FileKind
from reports.report_workbook import as_workbook
from reports.word import as_word


def make(document: Document) -> dict[FileKind, bytes]:
    """Return every copy of `document`, in its language."""
    with translation.override(document.language):
        return {kind: write(document) for kind, write in _WRITERS.items()}


def _figures(document: Document) -> bytes:
    return b"".join(csv_lines(open_data.FIGURE_COLUMNS, open_data.figure_rows(document)))


def _recommendations(document: Document) -> bytes:
    rows = open_data.recommendation_rows(document)
    return b"".join(csv_lines(open_data.RECOMMENDATION_COLUMNS, rows))


_WRITERS: dict[FileKind, Callable[[Document], bytes]] = {
    FileKind.JSON: open_data.as_json,
    FileKind.FIGURES: _figures,
    FileKind.RECOMMENDATIONS: _recommendations,
    FileKind.TABLES: as_workbook,
    FileKind.DOCX: as_word,
}
