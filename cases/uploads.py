"""Reads a table that somebody uploads: a CSV file or an Excel workbook whose first row names the columns.

The file is a stranger's: it is read with limits on size, rows and what it unpacks to, formulas are taken as the text
they are, and nothing in it is executed or fetched.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import count
from typing import IO, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from openpyxl import load_workbook

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_BLANK_ROWS = 1000  # in one stretch; some programs store every row down to the last of the sheet
MAX_CELLS_IN_ROW = 200
MAX_UNPACKED_BYTES = 25 * 1024 * 1024
MAX_PARTS = 200


class Problem(NamedTuple):
    """One thing that is wrong: the row as a spreadsheet numbers it (None: the whole file), the column, a sentence.

    `excerpts` shows, as markup, the words that look like personal data; empty for any other problem.
    """

    row: int | None
    column: str
    sentence: str
    excerpts: tuple[SafeString, ...] = ()


class Unreadable(Exception):
    """The file cannot be read at all, or not further; `problem` says why and where."""

    def __init__(self, sentence: str, row: int | None = None) -> None:
        super().__init__(sentence)
        self.problem = Problem(row, "", sentence)


class _Row(NamedTuple):
    number: int
    cells: list[object]


def read_table(
    upload: IO[bytes], *, columns: Sequence[str], required: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Return each row under the first that holds anything: its number, and its texts by column.

    Of `columns`, those that are not `required` may be missing; others are left aside. Raises Unreadable.
    """
    rows = list(_rows(upload))
    places = _columns(rows, columns, required)
    if len(rows) == 1:
        raise Unreadable(_("The file has no cases under its first row."))
    return [
        (row.number, {name: _text(row.cells, at) for name, at in places.items()})
        for row in rows[1:]
    ]


def _rows(upload: IO[bytes]) -> Iterator[_Row]:
    """Yield the rows that hold anything, with the number that a spreadsheet shows at their left."""
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 5 MB."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _(
                "This is an old or a protected Excel file. Save it as an Excel workbook (.xlsx) without a password."
            )
        )
    is_workbook = content.startswith(b"PK")
    filled = blank = 0
    for row in _workbook_rows(content) if is_workbook else _csv_rows(content):
        if not any(cell not in (None, "") for cell in row.cells):
            blank += 1
            if blank > MAX_BLANK_ROWS:
                return
            continue
        blank = 0
        filled += 1
        if filled > MAX_ROWS + 1:
            raise Unreadable(_("The file has more than 10,000 rows."))
        if any("\0" in cell for cell in row.cells if isinstance(cell, str)):
            raise Unreadable(_("This row holds characters that are not text."), row.number)
        yield row


def _csv_rows(content: bytes) -> Iterator[_Row]:
    text = _decoded(content)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number in count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(
                _("This row cannot be read: a quotation mark is missing, or a text is too long."),
                number,
            ) from None
        yield _Row(number, list(cells[:MAX_CELLS_IN_ROW]))


def _decoded(content: bytes) -> str:
    """Return the text, whatever Excel wrote it in: UTF-8 with or without its mark, UTF-16, Windows-1252."""
    encodings = ["utf-8-sig", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        encodings = []
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))


def _workbook_rows(content: bytes) -> Iterator[_Row]:
    _check_parts(content)
    damaged = _(
        "The workbook is damaged and cannot be read. Save it again as an Excel workbook (.xlsx)."
    )
    try:
        # Formulas stay the text they are: nothing here looks at what a spreadsheet computed.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield _Row(number, list(cells[:MAX_CELLS_IN_ROW]))
    except Unreadable:
        raise
    except Exception as error:
        # openpyxl raises whatever it stumbles over: KeyError, ValueError, BadZipFile, a forbidden entity …
        raise Unreadable(damaged) from error


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to far more than a list of cases needs; zipfile itself stops at the sizes stated here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable(_("This is neither a CSV file nor an Excel workbook (.xlsx).")) from error
    if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
        raise Unreadable(_("The workbook unpacks to far more than a list of cases needs."))


def _columns(rows: list[_Row], columns: Sequence[str], required: Sequence[str]) -> dict[str, int]:
    """Find the columns by the names in the first row."""
    if not rows:
        raise Unreadable(_("The file is empty."))
    names = [_text(rows[0].cells, at).casefold() for at in range(len(rows[0].cells))]
    missing = [column for column in required if column not in names]
    if missing:
        raise Unreadable(
            _("The first row must name the columns. Missing: %(columns)s.")
            % {"columns": ", ".join(missing)},
            rows[0].number,
        )
    repeated = [column for column in columns if names.count(column) > 1]
    if repeated:
        raise Unreadable(
            _("The first row names a column twice: %(columns)s.")
            % {"columns": ", ".join(repeated)},
            rows[0].number,
        )
    return {column: names.index(column) for column in columns if column in names}


def _text(cells: list[object], at: int) -> str:
    """Return what a person would read in the cell."""
    value = cells[at] if at < len(cells) else None
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
