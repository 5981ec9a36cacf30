"""Files for spreadsheets: what is written is what is read, and no text becomes a formula."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from openpyxl import load_workbook

from config import spreadsheets
from config.archives import steady

HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.test","x")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1+1",
    "#N/A",
    "_x0041_",
    "<b>&amp;</b>",
    'a "quoted", text;\nof two lines',
    "’–é漢\U0001f600",
    "x" * 40_000,
    "bell\x07 and \ufffe",
    "00123",
    "1e5",
    "TRUE",
]


def lines(rows):
    content = b"".join(spreadsheets.csv_lines(["Text", "=Head"], rows))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells(rows):
    content = spreadsheets.workbook("A title: [of a sheet] that is far too long", ["Text"], rows)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=2)]


def test_no_text_in_a_csv_file_begins_like_a_formula():
    read = lines([[text, 1] for text in HOSTILE])
    assert read[0] == ["Text", "'=Head"]
    for text, (cell, number) in zip(HOSTILE, read[1:], strict=True):
        assert cell in (text, f"'{text}")
        assert not cell.lstrip(" ").startswith(spreadsheets.FORMULA_STARTS)
        assert number == "1"


def test_numbers_and_dates_in_a_csv_file_are_written_as_spreadsheets_read_them():
    moment = dt.datetime(2026, 7, 3, 13, 32, 10, tzinfo=dt.UTC)
    row = [-3, 2.5, Decimal("1.10"), dt.date(2026, 3, 3), moment, None, ""]
    assert lines([row])[1] == ["-3", "2.5", "1.10", "2026-03-03", "2026-07-03 14:32", "", ""]


def test_every_text_in_a_workbook_is_a_text_and_reads_as_it_was():
    for text, (cell,) in zip(HOSTILE, cells([[text] for text in HOSTILE]), strict=True):
        assert cell.data_type == "s", text
        expected = text[: spreadsheets.MOST_IN_CELL].replace("\x07", " ").replace("\ufffe", " ")
        value = cell.value.replace("_x005F_", "_").replace("\r\n", "\n")
        assert value.replace("\r", "\n") == expected.replace("\r", "\n")


def test_numbers_and_dates_in_a_workbook_are_numbers_and_dates():
    moment = dt.datetime(2026, 7, 3, 13, 32, 10, tzinfo=dt.UTC)
    ((number, nothing, day, when),) = cells([[-3, None, dt.date(2026, 3, 3), moment]])
    assert (number.value, number.data_type) == (-3, "n")
    assert (day.value.date(), day.is_date) == (dt.date(2026, 3, 3), True)
    assert (when.value, when.is_date) == (dt.datetime(2026, 7, 3, 14, 32), True)
    assert nothing.value is None


def test_a_csv_file_is_sent_while_it_is_made():
    made = []

    def rows():
        for number in range(1000):
            made.append(number)
            yield [number]

    pieces = spreadsheets.csv_lines(["Number"], rows())
    next(pieces)
    assert len(made) == spreadsheets.ROWS_AT_ONCE
    assert b"".join(pieces).count(b"\r\n") == 800


def test_there_is_no_third_kind_of_file():
    with pytest.raises(KeyError):
        spreadsheets.response("pdf", "name", "Title", [], [])


def test_a_workbook_of_several_sheets_gives_each_a_title_of_its_own_that_excel_takes():
    told = ["Grades: all", "grades? all", "A" * 40, "A" * 40, "", "'"]
    content = spreadsheets.workbook_of(
        spreadsheets.Sheet(title, ["Text"], [[number]]) for number, title in enumerate(told)
    )
    book = load_workbook(io.BytesIO(content))
    assert len({title.casefold() for title in book.sheetnames}) == len(told)
    assert all(len(title) <= 31 for title in book.sheetnames)
    assert [sheet["A2"].value for sheet in book.worksheets] == list(range(len(told)))


def test_the_same_workbook_made_at_another_time_is_the_same_file():
    with time_machine.travel("2026-03-03"):
        first = steady(spreadsheets.workbook("A", ["Text"], [["x", 1]]))
    with time_machine.travel("2027-01-01"):
        assert steady(spreadsheets.workbook("A", ["Text"], [["x", 1]])) == first
