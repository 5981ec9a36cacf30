"""Many cases from one CSV or XLSX file, all rows or none; and the template of such a file.

The file is a stranger's: it is read with limits on size, rows and what it unpacks to, formulas are taken as the text
they are, and nothing in it is executed or fetched.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import IO, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook, load_workbook

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data, sampling
from cases.models import CaseFile, Route
from cases.sampling import NewCase
from inspections.models import Area, Inspection

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_BLANK_ROWS = 1000  # in one stretch; some programs store every row down to the last of the sheet
MAX_CELLS_IN_ROW = 200
MAX_UNPACKED_BYTES = 25 * 1024 * 1024
MAX_PARTS = 200
REFERENCE, AREA, OPENED, SUMMARY = "reference", "area", "date opened", "summary"
COLUMNS = (REFERENCE, AREA, OPENED, SUMMARY)
REQUIRED = (REFERENCE, AREA)
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y")
FIELD_COLUMNS = {"reference": REFERENCE, "area": AREA, "opened_on": OPENED, "summary": SUMMARY}
# What a spreadsheet would take for a formula if a cell began with it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Problem(NamedTuple):
    """One thing that is wrong: the row as a spreadsheet numbers it (None: the whole file), the column, a sentence."""

    row: int | None
    column: str
    sentence: str


class ImportErrors(DomainError):
    """Nothing was imported; `problems` says why, row by row."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            ngettext(
                "Nothing was imported: the file has %(count)d problem.",
                "Nothing was imported: the file has %(count)d problems.",
                len(problems),
            )
            % {"count": len(problems)}
        )


class _Unreadable(Exception):
    """The file cannot be read at all, or not further; the message says why."""

    def __init__(self, sentence: str, row: int | None = None) -> None:
        super().__init__(sentence)
        self.row = row


class _Row(NamedTuple):
    number: int
    cells: list[object]


def import_cases(
    inspection: Inspection,
    upload: IO[bytes],
    *,
    personal_data_confirmed: bool = False,
    by: User,
) -> list[CaseFile]:
    """Add every case of the file, or none.

    The first row names the columns. Raises NotAllowed, or ImportErrors with all that is wrong.
    """
    if sampling.may_add(inspection, by) is None:  # before reading what they sent
        raise NotAllowed(_("You cannot add cases to this inspection at this stage."))
    try:
        rows = list(_rows(upload))
        columns = _columns(rows)
    except _Unreadable as error:
        raise ImportErrors([Problem(error.row, "", str(error))]) from error
    if len(rows) == 1:
        nothing = _("The file has no cases under its first row.")
        raise ImportErrors([Problem(None, "", nothing)])
    texts = (
        (row.number, {name: _text(row.cells, at) for name, at in columns.items()})
        for row in rows[1:]
    )
    return import_rows(inspection, texts, personal_data_confirmed=personal_data_confirmed, by=by)


def import_rows(
    inspection: Inspection,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    personal_data_confirmed: bool = False,
    by: User,
) -> list[CaseFile]:
    """Add the case of every row, or none. A row is its number, for what is wrong with it, and texts by column.

    Raises NotAllowed, or ImportErrors with all that is wrong.
    """
    route = sampling.may_add(inspection, by)
    if route is None:
        raise NotAllowed(_("You cannot add cases to this inspection at this stage."))
    reader = _Reader(inspection, route, personal_data_confirmed)
    for number, values in rows:
        reader.read(number, values)
    if reader.problems:
        raise ImportErrors(reader.problems)
    try:
        return sampling.add_cases(inspection, reader.cases, route=route, by=by)
    except sampling.CaseRefused as refused:  # somebody added cases meanwhile
        problem = Problem(None, FIELD_COLUMNS.get(refused.field, ""), str(refused))
        raise ImportErrors([problem]) from refused


class _Reader:
    """Turns rows of text into cases, and notes what is wrong with them."""

    def __init__(self, inspection: Inspection, route: Route, confirmed: bool) -> None:
        self.cases: list[NewCase] = []
        self.problems: list[Problem] = []
        self.areas = sampling.areas_by_name(inspection.framework.areas.all())
        self.taken = sampling.taken_references(inspection)
        self.room = sampling.room_in_sample(inspection) if route == Route.SELF_ASSESSED else None
        self.confirmed = confirmed
        self.rows_by_reference: dict[str, int] = {}

    def read(self, number: int, values: Mapping[str, str]) -> None:
        before = len(self.problems)
        for column in REQUIRED:
            if not values[column]:
                self._note(number, column, _("Enter the %(column)s") % {"column": column})
        area = self._area(number, values[AREA])
        opened_on = self._date(number, values.get(OPENED, ""))
        summary = values.get(SUMMARY, "")
        found = [] if self.confirmed else personal_data.suspicions(summary)
        if found:
            self._note(number, SUMMARY, personal_data.sentence(found))
        self._note_repeat(number, values[REFERENCE])
        if area is None or len(self.problems) > before:
            return
        case = NewCase(values[REFERENCE], area, summary, opened_on)
        refused = sampling.problem_with(case, self.taken, self.room)
        if refused:
            self._note(number, FIELD_COLUMNS[refused.field], str(refused))
        else:
            self.cases.append(case)

    def _note(self, number: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(number, column, sentence))

    def _note_repeat(self, number: int, reference: str) -> None:
        first = self.rows_by_reference.setdefault(reference.upper(), number)
        if reference and first != number:
            self._note(
                number,
                REFERENCE,
                _("Row %(row)d of this file has the same reference") % {"row": first},
            )

    def _area(self, number: int, name: str) -> Area | None:
        area = self.areas.get(name.casefold())
        if name and area is None:
            self._note(
                number,
                AREA,
                _("“%(name)s” is not an area of this framework") % {"name": name[:60]},
            )
        return area

    def _date(self, number: int, text: str) -> dt.date | None:
        if not text:
            return None
        for form in DATE_FORMATS:
            try:
                return dt.datetime.strptime(text, form).date()
            except ValueError:
                continue
        self._note(
            number,
            OPENED,
            _("“%(text)s” is not a date such as 27/3/2026 or 2026-03-27") % {"text": text[:30]},
        )
        return None


def _rows(upload: IO[bytes]) -> Iterator[_Row]:
    """Yield the rows that hold anything, with the number that a spreadsheet shows at their left."""
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _Unreadable(_("The file is larger than 5 MB."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Unreadable(
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
            raise _Unreadable(_("The file has more than 10,000 rows."))
        if any("\0" in cell for cell in row.cells if isinstance(cell, str)):
            raise _Unreadable(_("This row holds characters that are not text."), row.number)
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
            raise _Unreadable(
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
    raise _Unreadable(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))


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
    except _Unreadable:
        raise
    except Exception as error:
        # openpyxl raises whatever it stumbles over: KeyError, ValueError, BadZipFile, a forbidden entity …
        raise _Unreadable(damaged) from error


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to far more than a list of cases needs; zipfile itself stops at the sizes stated here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _Unreadable(_("This is neither a CSV file nor an Excel workbook (.xlsx).")) from error
    if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
        raise _Unreadable(_("The workbook unpacks to far more than a list of cases needs."))


def _columns(rows: list[_Row]) -> dict[str, int]:
    """Find the columns by the names in the first row."""
    if not rows:
        raise _Unreadable(_("The file is empty."))
    names = [_text(rows[0].cells, at).casefold() for at in range(len(rows[0].cells))]
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        raise _Unreadable(
            _("The first row must name the columns. Missing: %(columns)s.")
            % {"columns": ", ".join(missing)},
            rows[0].number,
        )
    repeated = [column for column in COLUMNS if names.count(column) > 1]
    if repeated:
        raise _Unreadable(
            _("The first row names a column twice: %(columns)s.")
            % {"columns": ", ".join(repeated)},
            rows[0].number,
        )
    return {column: names.index(column) for column in COLUMNS if column in names}


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


# -- The template ---------------------------------------------------------------------------------------------------


def harmless(value: str) -> str:
    """Return `value` so that no spreadsheet takes it for a formula; for everything Assay writes into one."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def csv_template() -> bytes:
    """The names of the columns, with the mark by which Excel knows UTF-8."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def xlsx_template(areas: Iterable[Area]) -> bytes:
    """A workbook with the columns to fill in, and a second sheet that lists the areas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    for letter, width in zip("ABCD", (18, 44, 16, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(COLUMNS)
    names = book.create_sheet(_("Areas"))
    names.column_dimensions["A"].width = 60
    names.append([_("Write one of these in the column “area”")])
    for area in areas:
        names.append([harmless(area.label)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
