"""What a person has to grade: how far their side is, and which case comes next."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from cases import grading
from cases.models import Audit, AuditStatus, CaseFile, CaseFileQuerySet, Route
from inspections import team
from inspections.models import Inspection, Side, Stage


class Progress(NamedTuple):
    """Cases that one side has graded and submitted, of those that it has to grade."""

    done: int
    total: int


def to_grade(inspection: Inspection, side: Side, user: User) -> CaseFileQuerySet:
    """Cases that `side` has to grade, among those that `user` may open."""
    cases = CaseFile.objects.visible_to(user).counted().filter(inspection=inspection)
    return cases.filter(route=Route.SELF_ASSESSED) if side == Side.FORCE else cases


def progress(inspection: Inspection, side: Side, user: User) -> Progress:
    """How far `side` is, as `user` may know it; one query."""
    submitted = Audit.objects.submitted().filter(case=OuterRef("pk"), side=side)
    counted = to_grade(inspection, side, user).aggregate(
        done=Count("pk", filter=Q(Exists(submitted))), total=Count("pk")
    )
    return Progress(counted["done"], counted["total"])


def next_case(inspection: Inspection, user: User, *, after: str = "") -> CaseFile | None:
    """The next case for `user` to grade: the first after the reference `after`, else the first of all.

    A case that somebody else has begun is left to them. None if nothing is left, or if `user` grades nothing now.
    """
    if not grades_now(inspection, user):
        return None
    side = grading.side_of(user)
    taken = Audit.objects.filter(case=OuterRef("pk"), side=side).exclude(
        status=AuditStatus.DRAFT, updated_by=user
    )
    open_cases = (
        to_grade(inspection, side, user)
        .filter(~Exists(taken))
        .exclude(reference=after)
        .order_by("reference")
    )
    return open_cases.filter(reference__gt=after).first() or (
        open_cases.filter(reference__lt=after).first() if after else None
    )


def grades_now(inspection: Inspection, user: User) -> bool:
    """Whether `user` may grade cases of this inspection at its stage."""
    if user.is_force:
        return (
            inspection.stage == Stage.SELF_ASSESSMENT
            and user.force_id == inspection.force_id
            and (user.is_force_assessor or user.is_force_lead)
        )
    return inspection.stage in grading.STAGES_OF_INSPECTORATE and team.works_on(inspection, user)
