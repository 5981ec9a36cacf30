"""What the kept counts hold for one person: everything that figures, tally and agreement add up.

Whoever was asked for a further reading of a case learns nothing of its grades and answers before submitting it, so
these cases are taken out again, one by one: there are few of them.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, F, FilteredRelation, Q

from accounts.models import User
from cases.models import (
    AnswerCount,
    Audit,
    CaseFile,
    CaseFileQuerySet,
    GradeCount,
    IndicatorAnswer,
    Reading,
    Route,
)
from inspections import team
from inspections.models import Inspection, Side


class Cell(NamedTuple):
    """Cases of one area and route with these two grades (primary keys; None for none that the person may know)."""

    area: int
    route: str
    ours: int | None
    theirs: int | None
    cases: int


class _Kind(NamedTuple):
    area: int
    route: str
    ours: int | None
    theirs: int | None
    opened: bool


def cells(inspection: Inspection, user: User, blind: list[int]) -> list[Cell]:
    """Return the cases that `user` may open, by the grades that they may know now (rule 3).

    `blind` are their `blind_cases`. One query, and another if there are any.
    The inspectorate knows the force's grades of the cases that it has submitted once; the force knows its own, and
    the inspectorate's from the factual accuracy check on.
    """
    if not team.reads_content(inspection, user):
        return []
    found = _kinds(GradeCount.objects.filter(inspection=inspection))
    if user.is_force and not inspection.force_sees_findings:
        found = Counter({kind: n for kind, n in found.items() if kind.route == Route.SELF_ASSESSED})
    if blind:
        _hide(found, CaseFile.objects.filter(pk__in=blind))
    knows_ours = user.is_inspectorate or inspection.force_sees_findings
    return _as_cells(found, knows_ours=knows_ours, knows_theirs=user.is_force)


def all_cells(inspection: Inspection) -> list[Cell]:
    """Return all cases of `inspection` by what is submitted, as a report counts them.

    The force's grades are those of cases that the inspectorate has submitted. Cases that anybody has yet to read blind
    count as not graded: all of the team reads drafts, and no such case leaves fieldwork. Whoever shows it decides for
    whom.
    """
    found = _kinds(GradeCount.objects.filter(inspection=inspection))
    owed = Audit.objects.filter(case__inspection=inspection, first_submitted_at__isnull=True)
    owed = owed.exclude(reading=Reading.MAIN)
    _hide(found, CaseFile.objects.filter(pk__in=owed.values("case")))
    return _as_cells(found, knows_ours=True, knows_theirs=False)


class Answers(NamedTuple):
    """In how many cases each indicator (primary key) got each answer, and how many audits each area (likewise) has."""

    given: dict[tuple[int, str], int]
    audits: dict[int, int]


def answers(inspection: Inspection, user: User, side: Side) -> Answers:
    """Count the answers in submitted own audits of `side`, as far as `user` may know them (rule 3).

    A force knows its own, and the inspectorate's from the factual accuracy check on; the inspectorate is told its own
    only, as these counts do not say in which cases it may read the force's already. Three queries, and two more if
    `user` has yet to read cases blind.
    """
    own = Side.FORCE if user.is_force else Side.INSPECTORATE
    sees = side == own or (user.is_force and inspection.force_sees_findings)
    if not sees or not team.reads_content(inspection, user):
        return Answers({}, {})
    grade = "ours" if side == Side.INSPECTORATE else "theirs"
    said = AnswerCount.objects.filter(inspection=inspection, side=side)
    given = Counter({row[:2]: row[2] for row in said.values_list("indicator", "answer", "cases")})
    audits: Counter[int] = Counter()
    graded = GradeCount.objects.filter(inspection=inspection, **{f"{grade}__isnull": False})
    for area, number in graded.values_list("area", "cases"):
        audits[area] += number
    blind = blind_cases(inspection, user)
    if blind:
        _take_out(given, audits, blind, side)
    return Answers(+given, +audits)


def _take_out(
    given: Counter[tuple[int, str]], audits: Counter[int], blind: list[int], side: Side
) -> None:
    hidden = Audit.objects.main().submitted().filter(case__in=blind, side=side)
    hidden = hidden.filter(case__excluded_at__isnull=True)
    audits.subtract(Counter(hidden.values_list("case__area", flat=True)))
    said = IndicatorAnswer.objects.filter(audit__in=hidden).exclude(answer="")
    said = said.filter(indicator__area=F("audit__case__area"))
    given.subtract(Counter(said.order_by().values_list("indicator", "answer")))


def blind_cases(inspection: Inspection, user: User) -> list[int]:
    """Return the cases (primary keys) that `user` has yet to read blind."""
    if user.is_force:
        return []
    owed = Audit.objects.unfinished_readings_of(user).filter(case__inspection=inspection)
    return list(owed.values_list("case", flat=True))


def _hide(found: Counter[_Kind], cases: CaseFileQuerySet) -> None:
    """Count `cases` as if nobody had graded them."""
    for kind, number in _kinds_of(cases).items():
        found[kind] -= number
        found[kind._replace(ours=None, theirs=None, opened=False)] += number


def _kinds(counts: object) -> Counter[_Kind]:
    rows = counts.values_list("area", "route", "ours", "theirs", "opened", "cases")  # type: ignore[attr-defined]
    found: Counter[_Kind] = Counter()
    for row in rows:
        found[_Kind(*row[:5])] += row[5]
    return found


def _kinds_of(cases: CaseFileQuerySet) -> Counter[_Kind]:
    """Count the kinds of single cases, as the triggers count them."""
    sides = {
        name: FilteredRelation(
            "audits", condition=Q(audits__side=side, audits__reading=Reading.MAIN)
        )
        for name, side in (("our", Side.INSPECTORATE), ("their", Side.FORCE))
    }
    rows = (
        cases.counted()
        .annotate(**sides)
        .annotate(
            opened=ExpressionWrapper(
                Q(our__first_submitted_at__isnull=False), output_field=BooleanField()
            )
        )
        .order_by()
        .values_list("area", "route", "our__final_grade", "their__final_grade", "opened")
        .annotate(cases=Count("pk"))
    )
    return Counter({_Kind(*row[:5]): row[5] for row in rows})


def _as_cells(found: Counter[_Kind], *, knows_ours: bool, knows_theirs: bool) -> list[Cell]:
    """Leave out what may not be known; `knows_theirs` is about cases that the inspectorate has not submitted yet."""
    known: Counter[tuple[int, str, int | None, int | None]] = Counter()
    for kind, cases in found.items():
        ours = kind.ours if knows_ours else None
        theirs = kind.theirs if knows_theirs or kind.opened else None
        known[kind.area, kind.route, ours, theirs] += cases
    return [Cell(*kind, cases=cases) for kind, cases in known.items() if cases]
