"""The three published inspections: what Assay counts and shows is what their reports print."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from django.urls import reverse

from accounts.models import User
from cases import figures
from cases.figures import Figures, Row
from inspections.models import Inspection
from reports import copies, pdf, public
from reports.document import Document
from reports.models import FileKind
from tests.demo.html_tables import tables
from tests.reports import read_back

FACTS = yaml.safe_load((Path(__file__).parent / "published_figures.yaml").read_text("utf-8"))
WITH_CASES = [key for key, facts in FACTS.items() if "total" in facts]
FORCES = {
    "dyfed-powys": "Dyfed-Powys Police",
    "south-wales": "South Wales Police",
    "gwent": "Gwent Police",
}

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo data")]


def inspection_of(key: str) -> Inspection:
    force, _hyphen, year = key.rpartition("-")
    return Inspection.objects.get(force__name=FORCES[force], fieldwork_start__year=year)


def figures_of(key: str) -> Figures:
    manager = User.objects.get(email="manager@assay.example")
    return figures.for_inspection(inspection_of(key), manager)


def by_code(rows: tuple[Row, ...]) -> dict[str, list[int]]:
    return {row.code: list(row.counts) for row in rows}


@pytest.mark.parametrize("key", WITH_CASES)
def test_headline_totals_are_those_published(demo, key):
    facts, counted = FACTS[key], figures_of(key)
    assert [grade.code for grade in counted.grades] == facts["scale"]
    assert list(counted.headline.counts) == facts["total"]["grades"]
    assert counted.cases == counted.graded == facts["total"]["cases"]


@pytest.mark.parametrize("key", WITH_CASES)
def test_both_routes_have_the_published_grades(demo, key):
    facts, counted = FACTS[key], figures_of(key)
    assert by_code(counted.by_route) == {
        "self_assessed": facts["self_assessed"]["inspectorate"],
        "selected": facts["selected"]["inspectorate"],
    }
    assert [row.total for row in counted.by_route] == [
        facts["self_assessed"]["cases"],
        facts["selected"]["cases"],
    ]


@pytest.mark.parametrize("key", WITH_CASES)
def test_the_matrix_of_both_sides_has_the_published_margins(demo, key):
    sample, counted = FACTS[key]["self_assessed"], figures_of(key)
    assert list(counted.force_sample.counts) == sample["force"]
    assert [row.total for row in counted.matrix] == sample["force"]
    assert list(counted.matrix_totals.counts) == sample["inspectorate"]
    assert counted.compared == sample["cases"]


@pytest.mark.parametrize("key", WITH_CASES)
def test_every_area_whose_grades_are_published_has_them(demo, key):
    facts, areas = FACTS[key], by_code(figures_of(key).by_area)
    assert {code: areas[code] for code in facts["areas"]} == facts["areas"]
    assert {code: sum(areas[code]) for code in facts["area_totals"]} == facts["area_totals"]
    worst = facts.get("area_worst", {})
    assert {code: areas[code][-1] for code in worst} == worst


def test_the_sample_of_2014_has_the_published_number_of_each_case_type(demo):
    sample = figures_of("dyfed-powys-2014").sample
    expected = FACTS["dyfed-powys-2014"]["sample_by_area"]
    assert {row.code: row.self_assessed for row in sample} == expected
    assert {row.code: row.quota for row in sample} == expected


def test_custody_cases_that_dyfed_powys_assessed_have_both_published_sets_of_grades(demo):
    facts = FACTS["dyfed-powys-2014"]["custody_sample"]
    custody = inspection_of("dyfed-powys-2014").cases.filter(
        area__code="custody", route="self_assessed"
    )
    for side, expected in facts.items():
        given = Counter(
            custody.filter(audits__side=side).values_list("audits__grade__code", flat=True)
        )
        assert [given[code] for code in FACTS["dyfed-powys-2014"]["scale"]] == expected


@pytest.mark.parametrize("key", FACTS)
def test_recommendations_have_the_published_timescales_themes_and_points(demo, key):
    facts, recommendations = FACTS[key], inspection_of(key).recommendations.all()
    assert Counter(one.timescale.code for one in recommendations) == facts["recommendations"]
    assert sum(one.points.count() for one in recommendations) == facts["points"]
    if "themes_of_recommendations" in facts:
        assert (
            Counter(one.theme.code for one in recommendations) == facts["themes_of_recommendations"]
        )


@pytest.mark.parametrize("key", FACTS)
def test_an_assumed_date_of_publication_is_marked_as_assumed(demo, key):
    assert inspection_of(key).published_on_assumed


@pytest.mark.parametrize("key", WITH_CASES)
def test_the_figures_page_shows_every_published_figure(demo, client, key):
    client.force_login(User.objects.get(email="manager@assay.example"))
    inspection = inspection_of(key)
    page = client.get(reverse("cases:figures", args=[inspection.pk])).content.decode()
    shown = [row for table in tables(page) for row in table]
    for label, counts in expected_rows(key, inspection, "All cases", "All compared cases"):
        assert [label, *counts] in shown
    for label, given in expected_force_grades(key, inspection):
        assert any(row[0] == label and row[-1] == given for row in shown), label


@pytest.mark.parametrize("key", WITH_CASES)
def test_the_pdf_prints_every_published_figure(demo, key):
    inspection = inspection_of(key)
    document = Document.from_json(inspection.publications.get().document)
    made = pypdf.PdfReader(BytesIO(pdf.make(document).content))
    text = " ".join(" ".join(page.extract_text() for page in made.pages).split())
    for label, counts in expected_rows(key, inspection, "Total", "Total"):
        assert re.search(rf"{re.escape(label)} {' '.join(counts)}\b", text), (label, counts)
    steps = len(FACTS[key]["scale"])
    for label, given in expected_force_grades(key, inspection):
        assert re.search(rf"{re.escape(label)}( \d+){{{steps}}} {given}\b", text), (label, given)


@pytest.mark.parametrize("key", WITH_CASES)
def test_every_copy_and_the_public_page_have_every_published_figure(demo, client, key):
    inspection = inspection_of(key)
    publication = inspection.publications.get()
    made = copies.make(Document.from_json(publication.document))
    read = read_back.of_html(made[FileKind.HTML])
    assert read == read_back.of_html(client.get(public.address(publication)).content)
    assert read == read_back.of_word(made[FileKind.DOCX])
    assert read == read_back.of_workbook(made[FileKind.TABLES])
    assert read == read_back.of_json(made[FileKind.JSON])
    shown = [list(row) for table in read for row in table]
    for label, counts in expected_rows(key, inspection, "Total", "Total"):
        assert [label, *counts] in shown
    for label, given in expected_force_grades(key, inspection):
        assert any(row[0] == label and row[-1] == given for row in shown), label
    in_csv = {row["key"]: row["value"] for row in read_back.csv_rows(made[FileKind.FIGURES])}
    facts = FACTS[key]
    assert in_csv["cases"] == str(facts["total"]["cases"])
    for grade, count in zip(facts["scale"], facts["total"]["grades"], strict=True):
        assert in_csv[f"cases.{grade}"] == str(count)
    for area, counts in facts["areas"].items():
        for grade, count in zip(facts["scale"], counts, strict=True):
            assert in_csv[f"cases.{area}.{grade}"] == str(count)
    in_csv_too = read_back.csv_rows(made[FileKind.RECOMMENDATIONS])
    asked = [row for row in in_csv_too if row["inspection"] == "this"]
    assert len(asked) == sum(facts["recommendations"].values())


def expected_rows(
    key: str, inspection: Inspection, total: str, compared: str
) -> list[tuple[str, list[str]]]:
    """The rows of tables that must be shown: a label, then numbers as text with their sum."""
    facts: dict[str, Any] = FACTS[key]
    areas = dict(inspection.framework.areas.values_list("code", "label"))
    rows = [
        (total, facts["total"]["grades"]),
        ("Selected by inspectors", facts["selected"]["inspectorate"]),
        *((areas[code], grades) for code, grades in facts["areas"].items()),
    ]
    if facts["self_assessed"]["cases"]:
        rows.append(("Self-assessed by the force", facts["self_assessed"]["inspectorate"]))
        rows.append((compared, facts["self_assessed"]["inspectorate"]))
    return [(label, [str(number) for number in (*grades, sum(grades))]) for label, grades in rows]


def expected_force_grades(key: str, inspection: Inspection) -> list[tuple[str, str]]:
    """The rows of the matrix: a grade of the force, and how many cases it gave it to."""
    sample = FACTS[key]["self_assessed"]
    if not sample["cases"]:
        return []
    labels = dict(inspection.framework.grades.values_list("code", "label"))
    return [
        (f"Force: {labels[code]}", str(given))
        for code, given in zip(FACTS[key]["scale"], sample["force"], strict=True)
    ]
