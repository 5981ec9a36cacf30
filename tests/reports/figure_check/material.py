"""The written set: documents with given counts, and sentences with what is true of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cases.figures import Figures, GradeOfScale, Row, SampleRow
from reports.document import (
    Document,
    EarlierInspection,
    EarlierJudgement,
    Recommendation,
    Section,
    Share,
)

HERE = Path(__file__).parent
FRAMEWORKS = HERE.parents[2] / "inspections" / "frameworks"


class Written(NamedTuple):
    """A sentence of the set, the document that it is held against, and its true verdict.

    Those that are `held_out` were written after the check and measured once.
    """

    source: str
    document: Document
    names: dict[str, list[str]]
    says: str
    after: str
    is_: str
    held_out: bool


def written_set() -> list[Written]:
    """Return every sentence of the set."""
    found = []
    for file in sorted(HERE.glob("*.yaml")):
        raw = yaml.safe_load(file.read_text())
        framework = yaml.safe_load((FRAMEWORKS / f"{raw['framework']}.yaml").read_text())
        document = make_document(raw, framework)
        for half, held_out in (("sentences", False), ("held_out", True)):
            found += [
                Written(
                    source=file.stem,
                    document=document,
                    names=names_of(framework),
                    says=each["says"],
                    after=each.get("after", ""),
                    is_=each["is"],
                    held_out=held_out,
                )
                for each in raw[half]
            ]
    return found


def names_of(framework: dict[str, Any]) -> dict[str, list[str]]:
    """Return the further names of grades and areas that a framework's file gives."""
    return {each["of"]: each["also"] for each in framework.get("names", [])}


def make_document(raw: dict[str, Any], framework: dict[str, Any]) -> Document:
    """Return a document with the counts that `raw` gives."""
    areas = [
        (area["code"], area["label"]) for area in framework["areas"] if area["code"] in raw["cases"]
    ]
    grades = tuple(
        GradeOfScale(g["code"], g["label"], g["letter"], g["colour_role"])
        for g in framework["grades"]
    )
    own = {code: raw["cases"][code]["self_assessed"] for code, _label in areas}
    chosen = {code: raw["cases"][code]["selected"] for code, _label in areas}
    by_area = tuple(
        Row(code, label, tuple(a + b for a, b in zip(own[code], chosen[code], strict=True)))
        for code, label in areas
    )
    routes = (
        Row("self_assessed", "Self-assessed by the force", _sum(own.values())),
        Row("selected", "Selected by inspectors", _sum(chosen.values())),
    )
    matrix = tuple(
        Row(grade.code, grade.label, tuple(row))
        for grade, row in zip(grades, raw["matrix"], strict=True)
    )
    figures = Figures(
        grades=grades,
        headline=Row("all", "", _sum([routes[0].counts, routes[1].counts])),
        by_route=routes,
        by_area=by_area,
        matrix=matrix,
        force_sample=Row("force", "", tuple(sum(row) for row in raw["matrix"])),
        sample=tuple(
            SampleRow(code, label, sum(own[code]), sum(own[code]), sum(chosen[code]))
            for code, label in areas
        ),
        cases=sum(row.total for row in by_area),
    )
    return Document(
        language="en-gb",
        title="Somewhere Police: full inspection",
        subtitle="",
        force="Somewhere Police",
        framework=framework["title"],
        fieldwork_start=dt.date(2018, 3, 5),
        fieldwork_end=dt.date(2018, 3, 16),
        published_on=None,
        published_on_assumed=False,
        number=1,
        figures=figures,
        facts=(),
        facts_note="",
        sections=_sections(raw),
        timescales=(),
        next_steps=(),
        glossary=(),
        earlier=_earlier(raw),
        recommendations_by_theme=_shares(framework["themes"], raw["recommendations"]["themes"]),
        recommendations_by_timescale=_shares(
            framework["timescales"], raw["recommendations"]["timescales"]
        ),
    )


def _sum(rows: Any) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


def _shares(parts: list[dict[str, Any]], counts: dict[str, int]) -> tuple[Share, ...]:
    return tuple(Share(p["code"], p["label"], counts.get(p["code"], 0)) for p in parts)


def _recommendations(count: int) -> tuple[Recommendation, ...]:
    return tuple(Recommendation(n, "Improve.", (), "", "", None) for n in range(1, count + 1))


def _sections(raw: dict[str, Any]) -> tuple[Section, ...]:
    total = sum(raw["recommendations"]["timescales"].values())
    return (Section("theme-one", "theme", "Findings", "", _recommendations(total)),)


def _earlier(raw: dict[str, Any]) -> EarlierInspection | None:
    outcomes = raw.get("earlier", [])
    if not outcomes:
        return None
    judged = tuple(EarlierJudgement(n, o, "", None) for n, o in enumerate(outcomes, start=1))
    return EarlierInspection("", None, False, _recommendations(len(outcomes)), judged)
