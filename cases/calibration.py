"""Calibration: several inspectors read one case, blind to each other, so that a team learns how alike it grades.

A calibration is under way while one of its readers owes their reading; until then nobody reads what the others wrote
(`AuditQuerySet.readable_by`). Everything here looks at the grade that each person submitted first: later on they may
have seen what others gave.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import fmean
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data, readings
from cases.models import (
    SUBMITTED_STATUSES,
    Audit,
    AuditQuerySet,
    Calibration,
    CaseFile,
    CaseFileQuerySet,
    Reading,
)
from inspections import methodology
from inspections.models import Grade, Inspection, Side

FEWEST_READERS = 2
FEWEST_CASES = 5  # fewer say nothing about how somebody grades
NOTE_LENGTH = 2000


class TooFewReaders(DomainError):
    """One reading alone has nothing to be compared with."""


class Given(NamedTuple):
    """The grade that one person gave a case before they could read what others gave."""

    reader: User
    grade: Grade


class Spread(NamedTuple):
    """How far the grades of one case lie apart: who gave which, how often each, and from best to worst in steps."""

    given: list[Given]
    counts: list[tuple[Grade, int]]
    steps: int


class Leaning(NamedTuple):
    """How somebody grades beside others: over `cases`, on average so many `steps` higher (+) or lower (-) than they.

    `steps` is None where there are fewer than FEWEST_CASES cases.
    """

    person: User
    cases: int
    steps: float | None


def start(
    case: CaseFile,
    people: Iterable[User],
    *,
    by: User,
    note: str = "",
    personal_data_reason: str = "",
) -> Calibration:
    """Ask `people` to read `case` blind to each other; more can be asked later.

    Raises NotAllowed, TooFewReaders, CannotRead for somebody who cannot read it blind, or LooksPersonal (rule 9).
    """
    asked = list(people)
    with transaction.atomic():
        case = readings.locked_case(case.pk)
        if not readings.may_ask(case.inspection, by):
            raise NotAllowed(_("You cannot ask for readings of this case at this stage."))
        before = of_case(case).count()
        if not asked or len(asked) + before < FEWEST_READERS:
            raise TooFewReaders(_("Select at least two inspectors"))
        place = personal_data.Place(case.inspection, f"case {case.pk}", case)
        personal_data.check({"note": note}, place=place, by=by, reason=personal_data_reason)
        calibration, created = Calibration.objects.get_or_create(
            case=case, defaults={"note": note.strip(), "started_by": by}
        )
        if not created and note.strip() and note.strip() != calibration.note:
            calibration.note = note.strip()
            calibration.save(update_fields=["note"])
        for person in asked:
            readings.give(case, person, Reading.CALIBRATION, by=by)
    return calibration


def close(case: CaseFile, *, by: User) -> int:
    """End the calibration of `case` without the readings that are still owed; return how many were dropped.

    What their readers had begun stays in the event table. With nothing submitted, no calibration remains.
    Raises NotAllowed.
    """
    with transaction.atomic():
        case = readings.locked_case(case.pk)
        if not readings.may_ask(case.inspection, by):
            raise NotAllowed(_("You cannot close this calibration at this stage."))
        owed = of_case(case).filter(first_submitted_at__isnull=True)
        dropped = list(owed.select_for_update(of=("self",)).values_list("pk", flat=True))
        Audit.objects.filter(pk__in=dropped).delete()
        if not of_case(case).exists():
            Calibration.objects.filter(case=case).delete()
    return len(dropped)


def of_case(case: CaseFile) -> Any:
    """The readings of the calibration of `case`, for saying who was asked and how far they are."""
    return readings.of_case(case).filter(reading=Reading.CALIBRATION)


def calibrated(inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Cases of `inspection` with a calibration, by reference, with `asked` and `submitted` readings."""
    ours = Q(audits__reading=Reading.CALIBRATION)
    return (
        CaseFile.objects.visible_to(user)
        .filter(inspection=inspection, calibration__isnull=False)
        .select_related("area", "calibration")
        .annotate(
            asked=Count("audits", filter=ours),
            submitted=Count("audits", filter=ours & Q(audits__first_submitted_at__isnull=False)),
        )
        .order_by("reference")
    )


# -- How far apart --------------------------------------------------------------------------------------------------


def spread(case: CaseFile, user: User) -> Spread | None:
    """Return how far the readings of `case` lie apart; None while somebody owes theirs, or nobody gave any.

    None, too, while `user` has yet to read the case blind.
    """
    return spreads(case.inspection, [case.pk], user).get(case.pk)


def spreads(inspection: Inspection, cases: Iterable[int], user: User) -> dict[int, Spread]:
    """Return the spread of each of `cases` (primary keys) of which there is one for `user`; two queries."""
    scale = methodology.of(inspection.framework).grades
    found = {}
    for case, given in _of_calibrations(inspection, [*cases], user).items():
        tally = Counter(one.grade.pk for one in given)
        orders = [one.grade.order for one in given]
        found[case] = Spread(
            sorted(given, key=lambda one: one.reader.name),
            [(grade, tally[grade.pk]) for grade in scale if tally[grade.pk]],
            max(orders) - min(orders),
        )
    return found


def leanings(inspection: Inspection) -> list[Leaning]:
    """Return how each inspector graded beside the others who graded the same cases, by name; three queries.

    All cases count that at least two inspectors have graded without knowing what the other gave: the inspectorate's
    own audit, second readings and calibrations. A case that somebody has yet to read counts only then, so that no
    average tells them anything.
    """
    apart: dict[User, list[float]] = defaultdict(list)
    for given in _first_grades(inspection, _known_to_several(inspection)).values():
        for one in given:
            others = [other.grade.order for other in given if other.reader != one.reader]
            if others:
                # the best grade stands first on the scale
                apart[one.reader].append(fmean(others) - one.grade.order)
    return [
        Leaning(person, len(found), fmean(found) if len(found) >= FEWEST_CASES else None)
        for person, found in sorted(apart.items(), key=lambda item: (item[0].name, item[0].pk))
    ]


def _of_calibrations(
    inspection: Inspection, cases: list[int], user: User
) -> dict[int, list[Given]]:
    audits = Audit.objects.filter(case__inspection=inspection, case__in=cases)
    audits = audits.filter(reading=Reading.CALIBRATION, first_submitted_at__isnull=False)
    owed = Audit.objects.filter(
        case__inspection=inspection, reading=Reading.CALIBRATION, first_submitted_at__isnull=True
    )
    to_read_blind = Audit.objects.unfinished_readings_of(user)
    return _first_grades(
        inspection,
        audits.exclude(case__in=owed.values("case")).exclude(case__in=to_read_blind.values("case")),
    )


def _known_to_several(inspection: Inspection) -> AuditQuerySet:
    """The inspectorate's audits of counted cases with further readings, none of which is owed."""
    further = Audit.objects.exclude(reading=Reading.MAIN).filter(case__inspection=inspection)
    owed = further.filter(first_submitted_at__isnull=True)
    return Audit.objects.filter(
        case__inspection=inspection,
        case__excluded_at__isnull=True,
        case__in=further.values("case"),
        side=Side.INSPECTORATE,
        first_submitted_at__isnull=False,
    ).exclude(case__in=owed.values("case"))


def _first_grades(inspection: Inspection, audits: AuditQuerySet) -> dict[int, list[Given]]:
    """Return what each author of `audits` gave first, by case."""
    events = (
        Audit.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj__in=audits.values("pk"), status__in=SUBMITTED_STATUSES
        )
        .order_by("pgh_obj", "pgh_id")
        .distinct("pgh_obj")
        .values_list("case_id", "submitted_by_id", "grade_id")
    )
    rows = list(events)
    people = User.objects.in_bulk({person for _case, person, _grade in rows} - {None})
    scale = {grade.pk: grade for grade in methodology.of(inspection.framework).grades}
    found: dict[int, list[Given]] = defaultdict(list)
    for case, person, grade in rows:
        if person in people and grade in scale:
            found[case].append(Given(people[person], scale[grade]))
    return found
