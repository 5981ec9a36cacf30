"""Who of the team is to grade which case: assigned by hand, or dealt out evenly.

A draft belongs to its case and stays with it, whoever the case is assigned to. Of two leads who assign at once the
later one's word stands; the history of the case has both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases.models import Audit, AuditQuerySet, CaseFile, CaseFileQuerySet
from cases.sampling import STAGES_OF_EXCLUSION as STAGES
from cases.sampling import locked
from inspections import team
from inspections.models import Inspection, Side


class NotOfTheTeam(DomainError):
    """A case is assigned only to an inspector of the inspection's team."""


class SeveralInspections(DomainError):
    """The cases belong to more than one inspection."""


class Workload(NamedTuple):
    """Of the cases that count and are assigned to `inspector`: how many there are, and how many are graded.

    `inspector` None stands for those that are assigned to nobody; `of_team` is False of somebody who has left.
    """

    inspector: User | None
    total: int
    done: int
    of_team: bool = True

    @property
    def open(self) -> int:
        return self.total - self.done


class Share(NamedTuple):
    """What dealing out would give one inspector."""

    inspector: User
    has: int  # open cases that stay with them
    gets: int


def may_assign(inspection: Inspection, user: User) -> bool:
    """Whether `user` may say who grades which case: the inspection's lead, until the report is published."""
    return inspection.stage in STAGES and team.leads(inspection, user)


def inspectors(inspection: Inspection) -> list[User]:
    """Inspectors of the team by name: those to whom cases can be assigned."""
    people = User.objects.filter(teams__inspection=inspection, is_active=True).order_by(
        "name", "pk"
    )
    return [person for person in people if person.is_inspector]


def still_open(cases: CaseFileQuerySet) -> CaseFileQuerySet:
    """Those of `cases` that count and of which the inspectorate has not submitted its audit."""
    return cases.counted().filter(~Exists(_audits(submitted=True)))


def open_cases(inspection: Inspection) -> CaseFileQuerySet:
    """The open cases of an inspection (`still_open`)."""
    return still_open(CaseFile.objects.filter(inspection=inspection))


def not_begun(cases: CaseFileQuerySet) -> CaseFileQuerySet:
    """Those of `cases` of which the inspectorate has no draft either."""
    return cases.filter(~Exists(_audits()))


def assign(cases: Iterable[CaseFile], to: User | None, by: User) -> int:
    """Assign `cases`, all of one inspection, to an inspector of its team, or to nobody; return how many that changed.

    Raises NotAllowed, NotOfTheTeam or SeveralInspections.
    """
    by_inspection: dict[int, list[int]] = {}
    for case in cases:
        by_inspection.setdefault(case.inspection_id, []).append(case.pk)
    if len(by_inspection) > 1:
        raise SeveralInspections(_("Choose cases of one inspection."))
    changed = 0
    for inspection_pk, chosen in by_inspection.items():
        with transaction.atomic():
            inspection = _locked_for(Inspection(pk=inspection_pk), by)
            if to is not None and not team.works_on(inspection, to):
                raise NotOfTheTeam(
                    _("%(name)s is not an inspector of this team.") % {"name": to.name}
                )
            changed = _assign(inspection, chosen, to, by)
    return changed


def shares(inspection: Inspection, cases: Iterable[CaseFile], among: Sequence[User]) -> list[Share]:
    """Return what `spread` would give each of `among`, without doing it. One query, beside that for `cases`."""
    planned, loads = _plan(inspection, list(cases), among)
    return [Share(person, loads[person.pk], len(planned[person.pk])) for person in _in_order(among)]


def spread(
    inspection: Inspection, cases: Iterable[CaseFile], among: Sequence[User], by: User
) -> dict[User, int]:
    """Deal `cases` (the open ones of them) out among inspectors of the team, and return how many each got.

    Everybody's open cases, with those that they have already, come as near to the same number as the cases allow; and
    everybody gets of each area in proportion: of people who start alike, nobody gets two more than another, in total
    or in an area. The same cases and people give the same result. Raises NotAllowed or NotOfTheTeam.
    """
    wanted = [case.pk for case in cases]
    with transaction.atomic():
        inspection = _locked_for(inspection, by)
        for person in among:
            if not team.works_on(inspection, person):
                raise NotOfTheTeam(
                    _("%(name)s is not an inspector of this team.") % {"name": person.name}
                )
        if not among:
            return {}
        waiting = list(open_cases(inspection).filter(pk__in=wanted))
        planned, _loads = _plan(inspection, waiting, among)
        for person in among:
            _assign(inspection, planned[person.pk], person, by)
    return {person: len(planned[person.pk]) for person in _in_order(among)}


def workloads(inspection: Inspection) -> list[Workload]:
    """Return the workload of everybody of the team, of people with cases who have left it, and of nobody.

    Three queries at most.
    """
    rows = (
        CaseFile.objects.counted()
        .filter(inspection=inspection)
        .order_by()
        .values_list("assigned_to")
        .annotate(total=Count("pk"), done=Count("pk", filter=Exists(_audits(submitted=True))))
    )
    counts = {pk: (total, done) for pk, total, done in rows}
    of_team = inspectors(inspection)
    known = {person.pk for person in of_team}
    left = User.objects.filter(pk__in=counts.keys() - known - {None}).order_by("name", "pk")
    found = [Workload(person, *counts.get(person.pk, (0, 0))) for person in of_team]
    found += [Workload(person, *counts[person.pk], of_team=False) for person in left]
    return [*found, Workload(None, *counts.get(None, (0, 0)))]


def by_area(inspection: Inspection) -> dict[int, Counter[int | None]]:
    """Count open cases by area and by whom they are assigned to, in one query."""
    rows = (
        open_cases(inspection).order_by().values_list("area", "assigned_to").annotate(Count("pk"))
    )
    found: dict[int, Counter[int | None]] = {}
    for area, person, number in rows:
        found.setdefault(area, Counter())[person] = number
    return found


def left_team(inspection: Inspection, user: User, by: User) -> None:
    """Take the open cases from somebody who leaves the team (settings.TEAM_LEAVERS); drafts stay with their cases."""
    cases = open_cases(inspection).filter(assigned_to=user)
    CaseFile.objects.filter(pk__in=list(cases.values_list("pk", flat=True))).update(
        assigned_to=None, assigned_by=by
    )


def _assign(inspection: Inspection, cases: list[int], to: User | None, by: User) -> int:
    """Write only what changes, so that the history holds nothing else."""
    chosen = CaseFile.objects.filter(inspection=inspection, pk__in=cases)
    others = chosen.exclude(assigned_to=to) if to else chosen.exclude(assigned_to=None)
    return others.update(assigned_to=to, assigned_by=by)


def _locked_for(inspection: Inspection, by: User) -> Inspection:
    """Return the inspection, locked, so that nobody leaves its team meanwhile; raise NotAllowed if not for `by`."""
    inspection = locked(inspection)
    if not may_assign(inspection, by):
        raise NotAllowed(_("Only the lead of the inspection may assign cases."))
    return inspection


def _audits(*, submitted: bool = False) -> AuditQuerySet:
    """The inspectorate's own audits of the case that an outer query is at."""
    audits = Audit.objects.main().filter(case=OuterRef("pk"), side=Side.INSPECTORATE)
    return audits.submitted() if submitted else audits


def _in_order(people: Iterable[User]) -> list[User]:
    return sorted(people, key=lambda person: (person.name, person.pk))


def _plan(
    inspection: Inspection, cases: list[CaseFile], among: Sequence[User]
) -> tuple[dict[int, list[int]], Counter[int]]:
    """Return the cases for each of `among`, by primary keys, and how many others they have open."""
    people = [person.pk for person in _in_order(among)]
    dealt = {case.pk for case in cases}
    having = open_cases(inspection).filter(assigned_to__in=people).exclude(pk__in=dealt)
    loads = Counter(having.order_by().values_list("assigned_to", flat=True))
    hands = _even_hands(len(cases), [loads[pk] for pk in people])
    turns = [people[place] for place in _turns(hands)]
    areas = dict(inspection.framework.areas.values_list("pk", "order"))
    planned: dict[int, list[int]] = {pk: [] for pk in people}
    cards = sorted(cases, key=lambda case: (areas[case.area_id], case.reference))
    for case, person in zip(cards, turns, strict=True):
        planned[person].append(case.pk)
    return planned, loads


def _even_hands(number: int, loads: list[int]) -> list[int]:
    """Say how many of `number` cases go to each, so that everybody's load becomes as even as it can."""
    hands = [0] * len(loads)
    for _card in range(number):
        place = min(range(len(loads)), key=lambda at: (loads[at] + hands[at], at))
        hands[place] += 1
    return hands


def _turns(hands: list[int]) -> list[int]:
    """Mix the turns of all people evenly: whoever gets n cases sits at (1/2)/n, (3/2)/n … of the way.

    So every stretch of the row, and with it every area, holds everybody in proportion.
    """
    seats = [
        (Fraction(2 * turn + 1, 2 * hand), place)
        for place, hand in enumerate(hands)
        for turn in range(hand)
    ]
    return [place for _seat, place in sorted(seats)]
