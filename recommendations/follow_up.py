"""How the follow-up of one inspection stands: what is owed, what was sent, and each recommendation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from inspections.models import (
    FOLLOW_UP_KINDS,
    Deadline,
    DeadlineKind,
    DeadlineQuerySet,
    Extension,
    Inspection,
)
from recommendations.models import (
    CommissionerComment,
    ImmediateUpdate,
    PlanVersion,
    Recommendation,
)


@dataclass(frozen=True)
class Numbers:
    """How many recommendations stand how; each open one is overdue or not, ready for closure or not."""

    total: int
    open: int
    overdue: int
    ready: int
    settled: int


@dataclass(frozen=True)
class FollowUp:
    """What the page of an inspection's follow-up shows to one person."""

    recommendations: list[Recommendation]
    numbers: Numbers
    deadlines: list[Deadline]  # of the follow-up itself; those of recommendations stand with these
    actions_overdue: int
    waiting: list[Extension]  # that wait for the lead's answer
    plan: PlanVersion | None
    update: ImmediateUpdate | None
    comment: CommissionerComment | None
    reviews: list[Inspection]


def of(inspection: Inspection, user: User, today: dt.date) -> FollowUp:
    """Return how the follow-up of the published `inspection` stands on `today` (Europe/London). A dozen queries."""
    found = Recommendation.objects.visible_to(user).filter(inspection=inspection)
    deadlines = Deadline.objects.visible_to(user).filter(inspection=inspection)
    return FollowUp(
        recommendations=list(
            found.select_related("theme", "timescale", "deadline").order_by("number")
        ),
        numbers=Numbers(
            total=found.count(),
            open=found.open().count(),
            overdue=found.overdue(today).count(),
            ready=found.ready_for_closure().count(),
            settled=found.filter(settled_on__isnull=False).count(),
        ),
        deadlines=list(deadlines.filter(kind__in=FOLLOW_UP_KINDS).order_by("due_on", "pk")),
        actions_overdue=_actions(deadlines).overdue(today).count(),
        waiting=list(
            Extension.objects.visible_to(user)
            .filter(deadline__inspection=inspection)
            .undecided()
            .select_related("deadline", "asked_by")
            .order_by("asked_at")
        ),
        plan=PlanVersion.objects.visible_to(user)
        .filter(plan__inspection=inspection)
        .order_by("-number")
        .first(),
        update=ImmediateUpdate.objects.visible_to(user)
        .filter(inspection=inspection)
        .select_related("by")
        .first(),
        comment=CommissionerComment.objects.visible_to(user)
        .filter(inspection=inspection)
        .select_related("by")
        .first(),
        reviews=list(
            Inspection.objects.visible_to(user)
            .filter(parent=inspection)
            .select_related("force")
            .order_by("fieldwork_start", "pk")
        ),
    )


def _actions(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    return deadlines.filter(kind=DeadlineKind.ACTION)
