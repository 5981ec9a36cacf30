"""Writes many case files with their audits and findings at once, as the demo and the generator need them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.models import User
from cases.models import Audit, AuditStatus, CaseFile, Finding, IndicatorAnswer, Route
from demo.details import Details
from demo.source import Row
from demo.texts import Texts
from inspections.methodology import of as parts_of
from inspections.models import Area, Framework, Grade, Inspection, Side, Theme, Timescale

LONDON = ZoneInfo("Europe/London")
BATCH = 2_000


class Methodology:
    """A framework's parts by their codes."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.areas: dict[str, Area] = {area.code: area for area in framework.areas.all()}
        self.grades: dict[str, Grade] = {grade.code: grade for grade in framework.grades.all()}
        self.themes: dict[str, Theme] = {theme.code: theme for theme in framework.themes.all()}
        self.timescales: dict[str, Timescale] = {
            timescale.code: timescale for timescale in framework.timescales.all()
        }


@dataclass(frozen=True)
class Auditors:
    """Who grades for the force, and who take turns for the inspectorate."""

    force: User
    inspectors: Sequence[User]


def at(day: datetime.date, number: int) -> datetime.datetime:
    """Return a moment in the working hours (London time) of `day`, another one for each `number`."""
    return datetime.datetime.combine(
        day, datetime.time(9 + number % 8, number * 7 % 60), tzinfo=LONDON
    )


def write_cases(
    inspection: Inspection,
    rows: Sequence[Row],
    *,
    methodology: Methodology,
    auditors: Auditors,
    texts: Texts,
    first_reference: int = 1,
    graded_until: datetime.date | None = None,
    findings_per_audit: int = 2,
    with_answers: bool = True,
) -> list[CaseFile]:
    """Write a case file for each of `rows`, its audits with what they hold, and the inspectorate's findings by theme.

    References are the force's code and a number that counts from `first_reference`. The force grades in the fortnight
    before fieldwork (or before `graded_until`, if that is earlier), inspectors during it, nobody after `graded_until`.
    """
    cases = [
        CaseFile(
            inspection=inspection,
            framework_id=inspection.framework_id,
            reference=f"{inspection.force.code}-{first_reference + number:03}",
            area=methodology.areas[row.area],
            route=Route.SELF_ASSESSED if row.self_assessed else Route.SELECTED,
            summary=texts.summary(row.area),
            opened_on=inspection.fieldwork_start - datetime.timedelta(30 + number * 37 % 300),
            selection_reason="" if row.self_assessed else texts.selection(),
            added_by=auditors.force if row.self_assessed else _inspector(auditors, number),
        )
        for number, row in enumerate(rows)
    ]
    CaseFile.objects.bulk_create(cases, batch_size=BATCH)
    calendar = _Calendar(inspection, graded_until)
    audits: list[Audit] = []
    findings: list[Finding] = []
    answers: list[IndicatorAnswer] = []
    for number, (case, row) in enumerate(zip(cases, rows, strict=True)):
        if row.force_grade:
            grade = methodology.grades[row.force_grade]
            details = _details(case, grade, methodology, number)
            audit = _audit(case, Side.FORCE, grade, row.force_draft, auditors.force,
                           calendar.force(number), texts, row.area, details)  # fmt: skip
            audits.append(audit)
            answers += _answers(audit, details) if with_answers else []
        if row.inspectorate_grade:
            grade = methodology.grades[row.inspectorate_grade]
            details = _details(case, grade, methodology, number)
            audit = _audit(case, Side.INSPECTORATE, grade, row.inspectorate_draft, _inspector(auditors, number),
                           calendar.inspectorate(number), texts, row.area, details)  # fmt: skip
            audits.append(audit)
            answers += _answers(audit, details) if with_answers else []
            findings += _findings(
                audit, grade, row.area, methodology, texts, findings_per_audit, details
            )
    Audit.objects.bulk_create(audits, batch_size=BATCH)
    Finding.objects.bulk_create(findings, batch_size=BATCH)
    IndicatorAnswer.objects.bulk_create(answers, batch_size=BATCH)
    return cases


def _inspector(auditors: Auditors, number: int) -> User:
    return auditors.inspectors[number % len(auditors.inspectors)]


class _Calendar:
    """On which day which audit is submitted."""

    def __init__(self, inspection: Inspection, until: datetime.date | None) -> None:
        start = inspection.fieldwork_start
        last = min(inspection.fieldwork_end, until) if until else inspection.fieldwork_end
        self._force_last = min(start, until or start) - datetime.timedelta(1)
        self._start = start
        self._days = max((last - start).days, 0) + 1

    def force(self, number: int) -> datetime.datetime:
        return at(self._force_last - datetime.timedelta(number % 14), number)

    def inspectorate(self, number: int) -> datetime.datetime:
        return at(self._start + datetime.timedelta(number % self._days), number)


def _audit(
    case: CaseFile,
    side: Side,
    grade: Grade,
    draft: bool,
    by: User,
    moment: datetime.datetime,
    texts: Texts,
    area: str,
    details: Details,
) -> Audit:
    return Audit(
        case=case,
        framework_id=case.framework_id,
        route=case.route,
        side=side,
        status=AuditStatus.DRAFT if draft else AuditStatus.SUBMITTED,
        grade=grade,
        final_grade=None if draft else grade,
        reason=texts.reason(area, grade.colour_role),
        timeline=details.timeline(),
        people=details.people(),
        facts=details.facts(),
        version=1,
        updated_by=by,
        submitted_by=None if draft else by,
        submitted_at=None if draft else moment,
        first_submitted_at=None if draft else moment,
    )


def _details(case: CaseFile, grade: Grade, methodology: Methodology, number: int) -> Details:
    assert case.opened_on
    return Details(
        parts_of(methodology.framework), case.area_id, case.opened_on, grade.colour_role, number
    )


def _answers(audit: Audit, details: Details) -> list[IndicatorAnswer]:
    return [
        IndicatorAnswer(
            audit=audit,
            framework_id=audit.framework_id,
            indicator=indicator,
            answer=answer,
            note=note,
        )
        for indicator, answer, note in details.answers()
    ]


def _findings(
    audit: Audit,
    grade: Grade,
    area: str,
    methodology: Methodology,
    texts: Texts,
    number: int,
    details: Details,
) -> list[Finding]:
    themes = [code for code in texts.themes(area) if code in methodology.themes]
    return [
        Finding(
            audit=audit,
            framework_id=audit.framework_id,
            theme=methodology.themes[theme],
            kind=details.kind,
            text=texts.finding(theme, grade.colour_role),
            key=f"demo-{place}",
            position=place,
        )
        for place, theme in enumerate(themes[:number])
    ]
