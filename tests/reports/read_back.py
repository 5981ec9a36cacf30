"""Reads the copies of a report as their readers do, and says what figures each has."""

from __future__ import annotations

import csv
import io
import json
import re

import docx
import lxml.html
import pypdf
from openpyxl import load_workbook

# The tables of counts, in order: each a list of rows, each the name of the row and its numbers.
Tables = list[list[tuple[str, ...]]]


def counts(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """The rows below the head, if every cell but the first is a number; else nothing."""
    body = [tuple(" ".join(str(cell).split()).replace(",", "") for cell in row) for row in rows]
    table = [(rows[at][0].strip(), *row[1:]) for at, row in enumerate(body)][1:]
    numbers = [cell for row in table for cell in row[1:]]
    return table if numbers and all(re.fullmatch(r"\d+", cell) for cell in numbers) else []


def of_html(content: bytes) -> Tables:
    page = lxml.html.fromstring(content.decode())
    tables = [
        counts(
            [
                [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
                for row in table.xpath(".//tr")
            ]
        )
        for table in page.xpath("//table")
    ]
    return [table for table in tables if table]


def of_word(content: bytes) -> Tables:
    document = docx.Document(io.BytesIO(content))
    tables = [
        counts([[cell.text for cell in row.cells] for row in table.rows])
        for table in document.tables
    ]
    return [table for table in tables if table]


def sheets(content: bytes) -> dict[str, list[list]]:
    book = load_workbook(io.BytesIO(content))
    return {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in book.worksheets}


def of_workbook(content: bytes) -> Tables:
    found = [
        counts([[str(cell) for cell in row] for row in rows if len(row) > 2])
        for rows in sheets(content).values()
    ]
    return [table for table in found if table]


def of_json(content: bytes) -> Tables:
    data = json.loads(content)
    tables = [
        [(row["label"], *map(str, row["counts"]), str(row["total"])) for row in table["rows"]]
        for table in data["tables"]
    ]
    sample = data["document"]["figures"]["sample"]
    rows = [(row["label"], row["quota"], row["self_assessed"], row["selected"]) for row in sample]
    rows.append(("Total", *(sum(row[at] for row in rows) for at in (1, 2, 3))))
    tables.append([(r[0], *map(str, r[1:]), str(r[2] + r[3])) for r in rows])
    return tables


def missing_in_pdf(content: bytes, tables: Tables) -> list[tuple[str, ...]]:
    """The rows of `tables` that the PDF has not: their name, wrapped or not, and then their numbers."""
    words = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split()
    ).replace(",", "")
    return [
        row
        for table in tables
        for row in table
        if " ".join([row[0].replace(",", ""), *row[1:]]) not in words
    ]


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
