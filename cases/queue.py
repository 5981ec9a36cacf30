"""What a person has to grade: how far they and their side are, and which case comes next.

An inspector's own cases are those that the lead assigned to them, and those of which they were asked for a further
reading. They come first; then come cases that nobody has. A case that is assigned to somebody else never comes up by
itself, though anybody of the team may open it and take over.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Value

from accounts.models import User
from cases import grading
from cases.models import Audit, AuditQuerySet, AuditStatus, CaseFile, CaseFileQuerySet, Route
from inspections import team
from inspections.models import Inspection, Side


class Progress(NamedTuple):
    """Cases that have been graded and submitted, of those that are to be."""

    done: int
    total: int


class Standing(NamedTuple):
    """How far a person is with their own cases, and their side with all of them."""

    mine: Progress
    sample: Progress


def to_grade(inspection: Inspection, side: Side, user: User) -> CaseFileQuerySet:
    """Cases that `side` has to grade, among those that `user` may open."""
    cases = CaseFile.objects.visible_to(user).counted().filter(inspection=inspection)
    return cases.filter(route=Route.SELF_ASSESSED) if side == Side.FORCE else cases


def progress(inspection: Inspection, side: Side, user: User) -> Progress:
    """How far `side` is, as `user` may know it; one query. Further readings are no part of it."""
    counted = to_grade(inspection, side, user).aggregate(
        done=Count("pk", filter=Exists(_submitted(side))), total=Count("pk")
    )
    return Progress(counted["done"], counted["total"])


def my_progress(inspection: Inspection, user: User) -> Progress:
    """How far `user` is with the cases that are theirs (`is_mine`); one query.

    A case is done once what is asked of `user` is submitted: the inspectorate's audit if it is assigned to them, their
    further reading if they were asked for one. (0, 0) for a force, whose cases are nobody's in particular.
    """
    if user.is_force:
        return Progress(0, 0)
    mine = to_grade(inspection, Side.INSPECTORATE, user).filter(is_mine(user))
    counted = mine.aggregate(done=Count("pk", filter=~waits_for(user)), total=Count("pk"))
    return Progress(counted["done"], counted["total"])


def standing(inspection: Inspection, side: Side, user: User) -> Standing:
    """Return `my_progress` and `progress` together, in one query."""
    columns: dict[str, Any] = {
        "done": Count("pk", filter=Exists(_submitted(side))),
        "total": Count("pk"),
    }
    if not user.is_force:
        columns["mine_done"] = Count("pk", filter=is_mine(user) & ~waits_for(user))
        columns["mine"] = Count("pk", filter=is_mine(user))
    counted = to_grade(inspection, side, user).aggregate(**columns)
    return Standing(
        Progress(counted.get("mine_done", 0), counted.get("mine", 0)),
        Progress(counted["done"], counted["total"]),
    )


def is_mine(user: User) -> Q:
    """The condition for a case that is assigned to `user`, or of which they were asked for a further reading.

    It names the few cases that are theirs instead of asking of each case, so that large inspections stay quick.
    """
    assigned = CaseFile.objects.filter(assigned_to=user).order_by().values("pk")
    return Q(pk__in=assigned.union(_readings_of(user).values("case")))


def waits_for(user: User) -> Q:
    """The condition for a case that is theirs and not done: their audit or their further reading is not submitted."""
    assigned = CaseFile.objects.filter(assigned_to=user).order_by()
    not_graded = assigned.filter(~Exists(_submitted(Side.INSPECTORATE))).values("pk")
    unread = _readings_of(user).filter(status=AuditStatus.DRAFT)
    return Q(pk__in=not_graded.union(unread.values("case")))


def next_case(inspection: Inspection, user: User, *, after: str = "") -> CaseFile | None:
    """The next case for `user` to grade: the first after the reference `after`, else the first of all.

    An inspector's own cases come first, drafts that somebody else began among them; then those that are assigned to
    nobody, save what somebody else has begun, as on the force's side. None if nothing is left, or if `user` grades
    nothing now. One query, beside the one that asks whether they are of the team.
    """
    if not grades_now(inspection, user):
        return None
    side = grading.side_of(user)
    begun_by_others = (
        Audit.objects.main()
        .filter(case=OuterRef("pk"), side=side)
        .exclude(status=AuditStatus.DRAFT, updated_by=user)
    )
    cases = to_grade(inspection, side, user).exclude(reference=after).order_by("reference")
    free = cases.filter(~Exists(begun_by_others))
    stages = [free]
    if side == Side.INSPECTORATE:
        read_by_user = Exists(Audit.objects.filter(case=OuterRef("pk"), reader=user))
        stages = [
            cases.filter(waits_for(user)),
            free.filter(~read_by_user, assigned_to=None),
        ]
    steps = [
        part
        for stage in stages
        for part in (stage.filter(reference__gt=after), stage.filter(reference__lt=after))
    ]
    # one statement, of which every part stops at its first case
    firsts = [step.annotate(step=Value(place))[:1] for place, step in enumerate(steps)]
    return firsts[0].union(*firsts[1:], all=True).order_by("step").first()


def grades_now(inspection: Inspection, user: User) -> bool:
    """Whether `user` may grade cases of this inspection at its stage."""
    if user.is_force:
        return inspection.force_self_assesses and team.works_for_force(inspection, user)
    return inspection.stage in grading.STAGES_OF_INSPECTORATE and team.works_on(inspection, user)


def _submitted(side: Side) -> AuditQuerySet:
    """Submitted audits that count for `side`, of the case that an outer query is at."""
    return Audit.objects.main().submitted().filter(case=OuterRef("pk"), side=side)


def _readings_of(user: User) -> AuditQuerySet:
    """Further readings that `user` was asked for."""
    return Audit.objects.filter(reader=user).order_by()
