"""The demo's second readings, calibration and moderation, made through the verbs that people use."""

from __future__ import annotations

from accounts.models import User
from cases import calibration, grading, moderation, readings
from cases.content import NewFinding
from cases.models import Audit, CaseFile, FindingKind
from demo.texts import Texts
from inspections import methodology, planning
from inspections.models import Grade, Inspection, Side

READERS = ["second.inspector@assay.example", "third.inspector@assay.example"]
NOTE = "Grade what the record shows. We compare how much weight each of us gives to supervision."
WHY_SETTLED = (
    "The force gives weight to the prompt first response. The record shows no plan after it, and nobody checked the "
    "child’s situation again. The inspector’s grade stands."
)
WHY_DISAGREED = "The delay was recorded and explained, and the child was seen on the same day."


def write_readings(
    inspection: Inspection, lead: User, manager: User, people: dict[str, User], texts: Texts
) -> None:
    """Let two more inspectors join the team and read cases blind, and let the lead settle one grade.

    One case is calibrated by both, one has a second reading that disagrees, one a reading that is still owed.
    """
    first, second = (people[email] for email in READERS)
    for reader in (first, second):
        planning.add_to_team(inspection, reader, by=manager)
    inspection = Inspection.objects.get(pk=inspection.pk)  # the team is new
    graded = moderation.with_differences(inspection.cases.all()).order_by("reference")
    differing = graded.filter(force_steps__gt=0)
    _settle(differing[0], lead)
    _ask(differing[1], first, lead, texts, differs=True)
    readings.ask(differing[2], second, by=lead)
    calibrated = _alike(graded)
    calibration.start(calibrated, [first, second], by=lead, note=NOTE)
    _read(calibrated, first, texts, differs=False)
    _read(calibrated, second, texts, differs=True)


def _alike(graded: moderation.Compared) -> CaseFile:
    found: CaseFile | None = graded.filter(force_steps=0).first()
    assert found is not None
    return found


def _settle(case: CaseFile, lead: User) -> None:
    audit = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    assert audit.grade
    moderation.settle(audit, audit.grade, WHY_SETTLED, by=lead, version=audit.version)


def _ask(case: CaseFile, reader: User, lead: User, texts: Texts, *, differs: bool) -> None:
    readings.ask(case, reader, by=lead)
    _read(case, reader, texts, differs=differs)


def _read(case: CaseFile, reader: User, texts: Texts, *, differs: bool) -> None:
    """Write and submit the reading that `reader` was asked for: a step off the inspectorate's grade, or the same."""
    parts = methodology.of(case.inspection.framework)
    ours = parts.grade_by_pk(Audit.objects.main().get(case=case, side=Side.INSPECTORATE).grade_id)
    assert ours is not None
    grade = _neighbour(ours, parts.grades) if differs else ours
    area, theme = case.area.code, texts.themes(case.area.code)[0]
    audit = grading.save(
        case,
        side=Side.INSPECTORATE,
        by=reader,
        version=1,
        grade=grade,
        reason=WHY_DISAGREED if differs else texts.reason(area, grade.colour_role),
        findings=[
            NewFinding(
                "reading",
                theme,
                FindingKind.STRENGTH if grade is parts.grades[0] else FindingKind.WEAKNESS,
                texts.finding(theme, grade.colour_role),
            )
        ],
    )
    grading.submit(audit, by=reader, version=audit.version)


def _neighbour(grade: Grade, scale: tuple[Grade, ...]) -> Grade:
    """The next better grade; of the best, the next worse."""
    place = scale.index(grade)
    return scale[place - 1] if place else scale[1]
