"""The tables of a page as a file: what a page shows is what its file has, number for number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from config import numbers, spreadsheets
from config.spreadsheets import Cell, Sheet


def response(kind: str, name: str, tables: Sequence[dict[str, Any]]) -> HttpResponseBase:
    """Return the `tables` of a page (`caption`, `head`, `rows`, perhaps `totals`, as for `data_table`) as a file.

    A workbook has a sheet for each; a CSV file a line for each number, with its table, row and column. Raises KeyError
    for another kind.
    """
    if kind == spreadsheets.XLSX:
        answer = HttpResponse(
            spreadsheets.workbook_of([_sheet(table) for table in tables]),
            content_type=spreadsheets.XLSX_TYPE,
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        answer["Cache-Control"] = "no-store"
        return answer
    head = (_("Table"), _("Row"), _("Column"), _("Number"))
    return spreadsheets.response(kind, name, name, head, _lines(tables))


def _sheet(table: dict[str, Any]) -> Sheet:
    return Sheet(
        table["caption"],
        [_text(column) for column in table["head"]],
        [[_value(cell) for cell in row] for row in _rows(table)],
    )


def _lines(tables: Iterable[dict[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    for table in tables:
        columns = [_text(column) for column in table["head"]][1:]
        for row in _rows(table):
            for column, cell in zip(columns, row[1:], strict=True):
                yield table["caption"], _text(row[0]), column, _value(cell)


def _rows(table: dict[str, Any]) -> list[Sequence[Any]]:
    totals = table.get("totals")
    return [*table["rows"], *([totals] if totals else [])]


def _text(cell: Any) -> str:
    return str(cell["text"] if isinstance(cell, dict) else cell)


def _value(cell: Any) -> Cell:
    """A cell's number as one; it is written without separators on pages."""
    text = _text(cell)
    number = numbers.whole(text)
    return text if number is None else number
