"""The data in which pages are measured: what the generator makes, with one inspection in fieldwork filled up."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.models import User
from benchmarks.answers import answer_everything
from benchmarks.copies import multiply
from benchmarks.follow_up import write_recommendations
from benchmarks.sizes import BenchSize
from demo.casework import Auditors, Methodology, write_cases
from demo.generator import Size, generate, make_rows
from demo.texts import Texts
from inspections import dates, frameworks
from inspections.models import Inspection, Stage

SEED = 1
CASES_AT_ONCE = 500
MOST_WRITTEN = 10_000  # so many are made one by one; more are copies of those


@dataclass(frozen=True)
class World:
    """What the measured pages need: the big inspection, an inspector of its team, and a manager."""

    inspection: Inspection
    inspector: User
    manager: User


def make(size: BenchSize) -> World:
    """Fill an empty, migrated database and return what to measure in it."""
    today = dates.today()
    for file in sorted((Path(settings.BASE_DIR) / "inspections" / "frameworks").glob("*.yaml")):
        frameworks.load(file)
    generate(SEED, Size(size.forces, size.inspections, size.cases), today=today)
    inspection = Inspection.objects.select_related("force", "framework").get(stage=Stage.FIELDWORK)
    written = min(size.cases_measured, MOST_WRITTEN)
    _fill_up(inspection, written, today)
    answer_everything(inspection)
    multiply(inspection, size.cases_measured // written - 1)
    if size.recommendations:
        write_recommendations(size.recommendations, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return World(
        inspection=inspection,
        inspector=inspection.team.filter(is_lead=False).select_related("user")[0].user,
        manager=User.objects.get(email__startswith="manager@"),
    )


def _fill_up(inspection: Inspection, cases: int, today: datetime.date) -> None:
    """Let inspectors select so many cases that `inspection` has `cases` of them, half of which are graded."""
    there = inspection.cases.count()
    methodology = Methodology(inspection.framework)
    team = [member.user for member in inspection.team.select_related("user")]
    auditors = Auditors(force=inspection.force.people.all()[0], inspectors=team)
    made = make_rows(random.Random(SEED), cases, methodology, complete=False)
    rows = [row for row in made if not row.self_assessed][: cases - there]
    texts = Texts()
    for start in range(0, len(rows), CASES_AT_ONCE):
        write_cases(
            inspection,
            rows[start : start + CASES_AT_ONCE],
            methodology=methodology,
            auditors=auditors,
            texts=texts,
            first_reference=there + 1 + start,
            graded_until=today,
            findings_per_audit=1,
        )
