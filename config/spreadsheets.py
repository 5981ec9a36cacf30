"""Tables that leave Assay as files for a spreadsheet: CSV as a stream, and Excel workbooks.

Numbers and dates are written as such. Texts are other people's: none becomes a formula, whatever it begins with.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from config.archives import for_xml

Cell = str | Promise | int | float | Decimal | dt.date | dt.datetime | None
CSV, XLSX = "csv", "xlsx"
KINDS = (CSV, XLSX)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
# What a spreadsheet would take for a formula if a cell began with it; the last four are wide letters, which some
# programs make narrow.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_IN_XLSX = (
    10_000  # rows; a workbook is made whole before it is sent, some two seconds for so many
)
MOST_IN_CELL = 32_767  # characters, Excel's limit
ROWS_AT_ONCE = 200
NARROWEST, WIDEST = 12, 60  # columns, in characters
_LOOKS_ESCAPED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")


def harmless(value: str) -> str:
    """Return `value` so that no spreadsheet takes it for a formula when it reads it from a CSV file."""
    return f"'{value}" if value.lstrip(" \xa0").startswith(FORMULA_STARTS) else value


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a CSV file in pieces: UTF-8 with its mark, commas, CRLF, dates as 2026-03-03 and 2026-03-03 14:32."""
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow([harmless(str(text)) for text in head])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _csv_cell(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{_local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int | float | Decimal):
        return cell
    return harmless(str(cell))


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its title, the heads of its columns, and its rows."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: its first row stays in sight, dates are dates, no text is a formula."""
    return workbook_of([Sheet(title, head, rows)])


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of several sheets; a title that a sheet before it has gets a number."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        _add_sheet(book, _sheet_title(sheet.title, taken), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_title(title: str, taken: set[str]) -> str:
    """Return `title` as Excel takes it: 31 characters without brackets and such, not there yet in any case."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", for_xml(title)).strip("' ") or "Sheet"
    found, number = plain[:31], 1
    while found.casefold() in taken:
        number += 1
        found = f"{plain[: 31 - len(str(number)) - 1]} {number}"
    taken.add(found.casefold())
    return found


def _add_sheet(book: Workbook, title: str, told: Sheet) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    table = [list(row) for row in told.rows]
    for number, text in enumerate(told.head, start=1):
        longest = max((len(str(row[number - 1] or "")) for row in table), default=0)
        width = min(max(longest, len(str(text)), NARROWEST) + 2, WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_text_cell(sheet, str(text), bold=True) for text in told.head])
    for row in table:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, dt.datetime):
        return _local(cell)
    if cell is None or isinstance(cell, int | float | Decimal | dt.date):
        return cell
    return _text_cell(sheet, str(cell))


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """A cell that holds text and nothing else: openpyxl would make a formula of “=1”, and an error of “#N/A”."""
    text = _LOOKS_ESCAPED.sub(r"_x005F_\1", for_xml(text))
    made = WriteOnlyCell(sheet, text[:MOST_IN_CELL])
    made.data_type = "s"
    if bold:
        made.font = Font(bold=True)
    return made


def _local(moment: dt.datetime) -> dt.datetime:
    """Return the moment as a clock in London shows it, without zone and seconds: spreadsheets know no zones."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return local.replace(tzinfo=None, second=0, microsecond=0)


# -- As answers -----------------------------------------------------------------------------------------------------


def response(
    kind: str, name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse | StreamingHttpResponse:
    """Return a file of `kind` called `name`; a CSV file is sent while it is made. Raises KeyError for another kind."""
    answer: HttpResponse | StreamingHttpResponse
    if kind == CSV:
        answer = StreamingHttpResponse(
            csv_lines(head, rows), content_type="text/csv; charset=utf-8"
        )
    elif kind == XLSX:
        answer = HttpResponse(workbook(title, head, rows), content_type=XLSX_TYPE)
    else:
        raise KeyError(kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer
