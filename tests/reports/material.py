"""An inspection of realistic size to report on: the demo's invented force, with its framework, cases and texts."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import yaml

from accounts.models import Force, LocalAuthority, Nation, PolicingArea, Role, User
from cases.models import Route
from inspections import deadlines, frameworks
from inspections.models import DeadlineKind, Framework, Inspection, Side, Stage
from reports import approval
from reports.models import Publication, ReportSection, SectionKind
from reports.publication import publish
from tests.support.factories import (
    make_audit,
    make_case,
    make_inspection,
    make_recommendation,
    make_user,
)

ROOT = Path(__file__).parents[2]
INSPECTION = ROOT / "demo/data/inspections/northmoor-earlier.yaml"


def make_real_framework(name: str = "ncpi-2018") -> Framework:
    """A framework that Assay ships."""
    return frameworks.load(ROOT / f"inspections/frameworks/{name}.yaml")


def make_real_force() -> Force:
    """A force with every fact that a report can show; the same one every time."""
    name = "Northmoor Police"
    if known := Force.objects.filter(name=name).first():
        return known
    force = Force.objects.create(
        name=name,
        code="NM",
        nation=Nation.ENGLAND,
        languages="English",
        area_description="2,310 square kilometres",
        population=612_400,
        population_note="mid-2024 estimate",
        officers=1_420,
        staff=640,
        pcsos=118,
        workforce_as_of=dt.date(2025, 3, 31),
        workforce_source="The force’s own figures.",
    )
    for name, judgment in (("Wexmouth", "Good"), ("Holm Valley", ""), ("Carrick", "")):
        LocalAuthority.objects.create(
            force=force,
            name=name,
            judgment=judgment,
            judgment_date=dt.date(2024, 11, 5) if judgment else None,
        )
    for name in ("Coast", "City", "Upland"):
        PolicingArea.objects.create(force=force, name=name)
    return force


def make_reportable_inspection(
    stage: Stage = Stage.FACTUAL_ACCURACY,
    *,
    lead: User | None = None,
    force: Force | None = None,
    **fields: Any,
) -> Inspection:
    """An inspection with 61 graded cases, every section written, seven recommendations; ready to publish."""
    data = yaml.safe_load(INSPECTION.read_text())
    lead = lead or make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(
        stage,
        force=force or make_real_force(),
        framework=make_real_framework(),
        lead=lead,
        **fields,
    )
    _cases(inspection, data["cases"], lead)
    for row in data["recommendations"]:
        make_recommendation(
            inspection,
            theme=row["theme"],
            timescale=row["timescale"],
            stem=row["stem"],
            points=row.get("points", ()),
        )
    write_sections(inspection, data["sections"], by=lead)
    return inspection


def approved(inspection: Inspection, *, lead: User | None = None) -> Inspection:
    """The inspection, its draft checked by the force, approved by a lead (the first of its team unless given)."""
    for deadline in inspection.deadlines.filter(kind=DeadlineKind.FACTUAL_ACCURACY):
        deadlines.meet(deadline, by=None)
    lead = lead or inspection.team.filter(is_lead=True).select_related("user")[0].user
    approval.approve(inspection, by=lead)
    return inspection


def published(inspection: Inspection, *, by: User, **fields: Any) -> Publication:
    """What a manager published after a lead had approved it; `fields` as for `publish`."""
    return publish(approved(inspection), by=by, **fields)


def _cases(inspection: Inspection, areas: list[dict[str, Any]], by: User) -> None:
    numbers = itertools.count(101)
    for area in areas:
        for route, rows in (("sample", Route.SELF_ASSESSED), ("selected", Route.SELECTED)):
            for row in area.get(route, ()):
                for _ in range(row["cases"]):
                    case = make_case(
                        inspection,
                        area=area["area"],
                        route=rows,
                        reference=f"NM-{next(numbers)}",
                    )
                    make_audit(case, Side.INSPECTORATE, row["inspectorate"], by=by)
                    if "force" in row:
                        make_audit(case, Side.FORCE, row["force"])


def write_sections(
    inspection: Inspection, texts: dict[str, Any] | None = None, *, by: User | None = None
) -> None:
    """Write every section of the inspection's report; those that `texts` lacks get a sentence."""
    texts = dict(texts or {})
    themed = texts.pop("themes", {})
    for kind in SectionKind:
        if kind == SectionKind.THEME:
            for theme in inspection.framework.themes.all():
                _write(inspection, kind, themed.get(theme.code, "It works."), by, theme=theme)
        else:
            _write(inspection, kind, texts.get(kind.value, "It works."), by)


def _write(
    inspection: Inspection, kind: SectionKind, body: str, by: User | None, **fields: Any
) -> None:
    ReportSection.objects.create(
        inspection=inspection,
        framework=inspection.framework,
        kind=kind,
        body=body,
        version=1,
        updated_by=by,
        **fields,
    )
