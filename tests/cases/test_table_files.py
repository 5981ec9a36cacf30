"""The tables of the figures' pages as files: number for number what the page shows."""

import csv
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases.models import Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case

PAGES = ["figures", "tally"]


@pytest.fixture
def filled(place):
    for area, ours in (("alpha", "good"), ("alpha", "bad"), ("beta", "fair")):
        case = make_case(place.inspection, area=area, route=Route.SELF_ASSESSED)
        make_audit(case, grade=ours)
        make_audit(case, Side.FORCE, "good")
    return place


def numbers_on_the_page(client, name, inspection) -> list[int]:
    page = client.get(reverse(f"cases:{name}", args=[inspection.pk])).content.decode()
    cells = re.findall(r'<td role="cell"[^>]*>(.*?)</td>', page, re.DOTALL)
    return [int(re.sub(r"<[^>]+>|\s", "", cell)) for cell in cells]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("person", "stage"), [("inspector", Stage.DRAFTING), ("viewer", Stage.FIELDWORK)]
)
def test_a_file_has_the_numbers_of_its_page(client, filled, person, stage, name):
    filled.at(stage)
    client.force_login(getattr(filled, person))
    shown = numbers_on_the_page(client, name, filled.inspection)
    assert any(shown)
    answer = client.get(reverse(f"cases:{name}_file", args=[filled.inspection.pk, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [int(row[3]) for row in rows[1:]] == shown
    book = load_workbook(
        io.BytesIO(
            client.get(reverse(f"cases:{name}_file", args=[filled.inspection.pk, "xlsx"])).content
        )
    )
    written = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=2, min_col=2, values_only=True)
        for cell in row
    ]
    assert written == shown


@pytest.mark.parametrize("name", PAGES)
def test_a_file_of_another_kind_or_of_what_one_may_not_see_is_not_there(client, filled, name):
    filled.at(Stage.FIELDWORK)
    client.force_login(filled.inspector)
    address = reverse(f"cases:{name}_file", args=[filled.inspection.pk, "pdf"])
    assert client.get(address).status_code == 404
    client.force_login(filled.outsider)
    address = reverse(f"cases:{name}_file", args=[filled.inspection.pk, "csv"])
    assert client.get(address).status_code == 404
