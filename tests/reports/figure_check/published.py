"""Published reports as documents: their text from a folder outside the project, their counts from the demo's data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from cases.figures import AreaMatrix
from reports.document import Document, Section
from tests.reports.figure_check.material import FRAMEWORKS, make_document, names_of

DATA = FRAMEWORKS.parents[1] / "demo" / "data" / "inspections"
INSPECTIONS = {
    "Dyfed-Powys Police": "dyfed-powys-2014",
    "Gwent Police": "gwent-2019",
    "South Wales Police": "south-wales-2016",
}
FOOTNOTE = re.compile(r"^\s*\d{1,2}\s+[A-Z]")
HEADING = re.compile(r"^\s*\d{1,2}\.\s+[A-Z]")


def published(folder: str) -> Iterator[tuple[str, Document, dict[str, list[str]]]]:
    """Return name, document and further names of each published report whose text lies in `folder`."""
    for facts in sorted(Path(folder).glob("*.facts.json")):
        raw = json.loads(facts.read_text())
        inspection = yaml.safe_load((DATA / f"{INSPECTIONS[raw['force']]}.yaml").read_text())
        code = "-".join(inspection["framework"].values())
        framework = yaml.safe_load((FRAMEWORKS / f"{code}.yaml").read_text())
        document = make_document(_counts(inspection, framework), framework)
        text = _markdown((facts.parent / raw["file"]).read_text())
        yield (
            raw["force"],
            dataclasses.replace(
                document,
                force=raw["force"],
                figures=_with_areas(document, inspection),
                fieldwork_start=dt.date.fromisoformat(raw["fieldwork"]["start"] + "-01"),
                fieldwork_end=dt.date.fromisoformat(raw["fieldwork"]["end"] + "-28"),
                sections=(*document.sections, Section("summary", "summary", "Text", text)),
            ),
            names_of(framework),
        )


def _counts(inspection: dict[str, Any], framework: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of an inspection's file in the shape of the written set."""
    codes = [grade["code"] for grade in framework["grades"]]
    cases: dict[str, Any] = {}
    matrix = [[0] * len(codes) for _each in codes]
    for area in inspection["cases"]:
        own, chosen = [0] * len(codes), [0] * len(codes)
        for row in area.get("sample", []):
            place = codes.index(row["inspectorate"])
            own[place] += row["cases"]
            matrix[codes.index(row["force"])][place] += row["cases"]
        for row in area.get("selected", []):
            chosen[codes.index(row["inspectorate"])] += row["cases"]
        cases[area["area"]] = {"self_assessed": own, "selected": chosen}
    timescales: dict[str, int] = {}
    themes: dict[str, int] = {}
    for each in inspection["recommendations"]:
        timescales[each.get("timescale", "none")] = (
            timescales.get(each.get("timescale", "none"), 0) + 1
        )
        themes[each["theme"]] = themes.get(each["theme"], 0) + 1
    return {
        "cases": cases,
        "matrix": matrix,
        "recommendations": {"timescales": timescales, "themes": themes},
    }


def _with_areas(document: Document, inspection: dict[str, Any]) -> Any:
    """Return the document's figures with the matrix of each area."""
    codes = [grade.code for grade in document.figures.grades]
    by_code = {area["area"]: area for area in inspection["cases"]}
    found = []
    for row in document.figures.by_area:
        counts = [[0] * len(codes) for _each in codes]
        for each in by_code[row.code].get("sample", []):
            counts[codes.index(each["force"])][codes.index(each["inspectorate"])] += each["cases"]
        rows = tuple(
            dataclasses.replace(matrix, counts=tuple(c))
            for matrix, c in zip(document.figures.matrix, counts, strict=True)
        )
        found.append(AreaMatrix(row.code, row.label, rows))
    return dataclasses.replace(document.figures, matrix_by_area=tuple(found))


def _markdown(text: str) -> str:
    """Return the text as Markdown: lines of a page that was laid out become paragraphs, bullets become lists."""
    lines = []
    footnote = False
    for line in text.replace("\r", "").replace("\x0c", "\n").splitlines():
        bare = line.strip()
        footnote = bool(FOOTNOTE.match(line)) or (footnote and bool(bare))
        if footnote:
            continue
        if bare.startswith("•"):
            lines.append("- " + bare.lstrip("• "))
        elif HEADING.match(line) and not bare.endswith((".", ",")):
            lines.append(f"\n## {re.sub(r'^[0-9.]+ ', '', bare)}\n")
        else:
            lines.append(bare)
    return _joined(lines)


def _joined(lines: list[str]) -> str:
    """Return the lines without the empty ones that only the layout put between lines of one sentence."""
    found: list[str] = []
    for line in lines:
        if not line and found and not found[-1]:
            continue
        found.append(line)
    text = "\n".join(found)
    return re.sub(r"(?<=[a-z0-9,;–’])\n\n(?=[a-z0-9(])", "\n", text)
