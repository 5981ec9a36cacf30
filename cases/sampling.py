"""How cases come into an inspection, and how a lead takes one out of the count and back."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from cases.models import CaseFile, Route
from config import hooks
from inspections import dates, team
from inspections.models import Area, Inspection, Stage

REFERENCE_LENGTH = 40
SUMMARY_LENGTH = 4000
REASON_LENGTH = 1000
# Letters, digits and what separates them. Nothing that a spreadsheet takes for a formula, no bare name.
REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}", re.ASCII)
# A lead may change what counts from the self-assessment on, until the report is published.
STAGES_OF_EXCLUSION = [
    Stage.SELF_ASSESSMENT,
    Stage.FIELDWORK,
    Stage.DRAFTING,
    Stage.FACTUAL_ACCURACY,
]


class CaseRefused(DomainError):
    """A case can't come in as it is; `field` is what is wrong about it ("" for none in particular)."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NeedsReason(DomainError):
    """A case is excluded only with a reason."""


@dataclass(frozen=True)
class NewCase:
    """One case as it is to come in, with `area` one of the inspection's framework."""

    reference: str
    area: Area
    summary: str = ""
    opened_on: dt.date | None = None
    selection_reason: str = ""  # why inspectors selected it; the force's sample has none


def may_add(inspection: Inspection, user: User) -> Route | None:
    """Return the route by which `user` may add cases now; None if they may not.

    The force's assessors and leads put in its sample during the self-assessment, until they hand it in; inspectors of
    the team select cases during fieldwork.
    """
    if inspection.force_self_assesses:
        if team.works_for_force(inspection, user):
            return Route.SELF_ASSESSED
    elif inspection.stage == Stage.FIELDWORK and team.works_on(inspection, user):
        return Route.SELECTED
    return None


def add_case(
    inspection: Inspection,
    *,
    reference: str,
    area: Area,
    route: Route | None = None,
    summary: str = "",
    opened_on: dt.date | None = None,
    selection_reason: str = "",
    personal_data_reason: str = "",
    by: User,
) -> CaseFile:
    """Add one case by the route that is open to `by` (`route`, if given, must be it).

    Raises NotAllowed, CaseRefused with the field that is wrong, or LooksPersonal (rule 9).
    """
    case = NewCase(reference, area, summary, opened_on, selection_reason.strip())
    texts = {"summary": summary, "selection_reason": selection_reason}
    with transaction.atomic():
        added = add_cases(inspection, [case], route=route, by=by)[0]
        place = personal_data.Place.of_case(added)
        personal_data.check(texts, place=place, by=by, reason=personal_data_reason)
    return added


def add_cases(
    inspection: Inspection, cases: list[NewCase], *, route: Route | None = None, by: User
) -> list[CaseFile]:
    """Add all of `cases` or none. Raises NotAllowed, or CaseRefused for the first one that is wrong.

    The inspection's row is locked meanwhile, so that two people together cannot exceed a quota or add during a move.
    """
    with transaction.atomic():
        inspection = locked(inspection)
        allowed = may_add(inspection, by)
        if allowed is None or (route is not None and route != allowed):
            raise NotAllowed(_("You cannot add cases to this inspection at this stage."))
        taken = taken_references(inspection)
        room = room_in_sample(inspection) if allowed == Route.SELF_ASSESSED else None
        for case in cases:
            if case.area.framework_id != inspection.framework_id:
                raise CaseRefused(_("Select an area of this inspection’s framework"), "area")
            problem = problem_with(case, allowed, taken, room)
            if problem:
                raise problem
        return CaseFile.objects.bulk_create(
            [
                CaseFile(
                    inspection=inspection,
                    framework_id=inspection.framework_id,
                    reference=case.reference,
                    area=case.area,
                    route=allowed,
                    summary=case.summary,
                    opened_on=case.opened_on,
                    selection_reason=case.selection_reason,
                    added_by=by,
                )
                for case in cases
            ],
            batch_size=1000,
        )


def taken_references(inspection: Inspection) -> set[str]:
    """References that the inspection has already, in capitals: "gw-1" and "GW-1" are one case to a reader."""
    return {reference.upper() for reference in inspection.cases.values_list("reference", flat=True)}


def room_in_sample(inspection: Inspection) -> Counter[int] | None:
    """How many cases the force may still add, by area; None if the framework sets no quota at all."""
    return rooms_in_samples([inspection]).get(inspection.pk)


def rooms_in_samples(inspections: Collection[Inspection]) -> dict[int, Counter[int]]:
    """Return `room_in_sample` of those of `inspections` whose framework sets a quota, by primary key (two queries)."""
    quotas: dict[int, dict[int, int]] = defaultdict(dict)
    areas = Area.objects.filter(framework__in={each.framework_id for each in inspections})
    for framework, area, quota in areas.values_list("framework", "pk", "sample_quota"):
        quotas[framework][area] = quota
    rooms = {
        each.pk: Counter(quotas[each.framework_id])
        for each in inspections
        if any(quotas[each.framework_id].values())
    }
    there = (
        CaseFile.objects.counted()
        .filter(inspection__in=rooms, route=Route.SELF_ASSESSED)
        .order_by()
        .values_list("inspection", "area")
        .annotate(Count("pk"))
    )
    for inspection, area, count in there:
        rooms[inspection][area] -= count
    return rooms


def what_a_reference_is() -> str:
    """Say what REFERENCE asks for."""
    return _(
        "Reference must be 40 characters or fewer, start with a letter or digit, hold a digit, and otherwise "
        "only letters, digits, spaces and . / _ -"
    )


def problem_with(
    case: NewCase, route: Route, taken: set[str], room: Counter[int] | None
) -> CaseRefused | None:
    """Return what is wrong with `case`; if nothing, count it into `taken` and out of `room`."""
    if not REFERENCE.fullmatch(case.reference):
        return CaseRefused(
            what_a_reference_is(),
            "reference",
        )
    if case.reference.upper() in taken:
        return CaseRefused(
            _("This inspection already has a case with the reference %(reference)s")
            % {"reference": case.reference},
            "reference",
        )
    if len(case.summary) > SUMMARY_LENGTH:
        return CaseRefused(
            _("Summary must be %(count)s characters or fewer") % {"count": f"{SUMMARY_LENGTH:,}"},
            "summary",
        )
    if case.selection_reason and route != Route.SELECTED:
        return CaseRefused(
            _("Only inspectors say why they selected a case. Leave this empty"), "selection_reason"
        )
    if len(case.selection_reason) > REASON_LENGTH:
        return CaseRefused(
            _("Reason for selection must be %(count)s characters or fewer")
            % {"count": f"{REASON_LENGTH:,}"},
            "selection_reason",
        )
    if case.opened_on and not dt.date(1990, 1, 1) <= case.opened_on <= dates.today():
        return CaseRefused(_("Date opened must be in the past and after 1989"), "opened_on")
    if room is not None and room[case.area.pk] <= 0:
        return CaseRefused(
            ngettext(
                "The sample takes %(count)d case of “%(area)s”, and it is there already",
                "The sample takes %(count)d cases of “%(area)s”, and they are there already",
                case.area.sample_quota,
            )
            % {"count": case.area.sample_quota, "area": case.area.label},
            "area",
        )
    taken.add(case.reference.upper())
    if room is not None:
        room[case.area.pk] -= 1
    return None


def may_exclude(inspection: Inspection, user: User) -> bool:
    """Whether `user` may take cases out of the count and back: the inspection's lead, before publication."""
    return inspection.stage in STAGES_OF_EXCLUSION and team.leads(inspection, user)


@contextmanager
def exclusion(inspection: Inspection, by: User) -> Iterator[None]:
    """One transaction in which cases are excluded or count again, and whatever follows from that in other apps."""
    with transaction.atomic(), ExitStack() as followers:
        for follower in hooks.load(*settings.EXCLUSION_FOLLOWERS):
            followers.enter_context(follower(inspection, by=by))
        yield


def exclude(case: CaseFile, *, reason: str, personal_data_reason: str = "", by: User) -> CaseFile:
    """Take `case` out of every figure; it stays to be read, with the reason, which the force can read, too.

    Raises NotAllowed, NeedsReason or LooksPersonal (rule 9).
    Excluding one that is excluded already changes nothing, so that the first reason stays.
    """
    if not reason.strip():
        raise NeedsReason(_("Enter why the case is excluded"))
    with exclusion(case.inspection, by):
        if not may_exclude(locked(case.inspection), by):
            raise NotAllowed(
                _("Only the lead of the inspection may exclude a case, before publication.")
            )
        place = personal_data.Place.of_case(case)
        personal_data.check({"reason": reason}, place=place, by=by, reason=personal_data_reason)
        CaseFile.objects.counted().filter(pk=case.pk).update(
            excluded_at=dates.now(), excluded_by=by, excluded_reason=reason.strip()
        )
    case.refresh_from_db()
    return case


def include(case: CaseFile, *, by: User) -> CaseFile:
    """Count `case` again. Raises NotAllowed."""
    with exclusion(case.inspection, by):
        if not may_exclude(locked(case.inspection), by):
            raise NotAllowed(
                _("Only the lead of the inspection may include a case, before publication.")
            )
        CaseFile.objects.filter(pk=case.pk).update(
            excluded_at=None, excluded_by=None, excluded_reason=""
        )
    case.refresh_from_db()
    return case


def areas_by_name(areas: Iterable[Area]) -> dict[str, Area]:
    """Areas by what a person may call them in a file: code or label, in any case."""
    names: dict[str, Area] = {}
    for area in areas:
        names[area.label.casefold()] = area
        names[area.code.casefold()] = area
    return names


def locked(inspection: Inspection) -> Inspection:
    """Return the inspection as it is now, locked: a stage move and what depends on the stage wait for each other."""
    return Inspection.objects.select_for_update(of=("self",), no_key=True).get(pk=inspection.pk)
