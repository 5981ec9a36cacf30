"""What forces have sent: what waits for the inspectorate's answer, and what came in to be read."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from inspections.models import Deadline, Extension, Inspection, InspectionQuerySet
from recommendations.judging import JUDGING_STAGES
from recommendations.models import (
    CommissionerComment,
    ImmediateUpdate,
    PlanVersion,
    ProgressStatus,
    ProgressUpdate,
    Recommendation,
)

LATELY_DAYS = 28
# In the order of the page: what waits for an answer, then what came in lately.
KINDS: dict[str, str | Promise] = {
    "closure": _("Recommendations ready for closure"),
    "extensions": _("Requests for more time"),
    "plans": _("Action plans"),
    "updates": _("Updates on what was immediate"),
    "comments": _("Comments of police and crime commissioners"),
    "progress": _("Progress"),
}
WAITING = ("closure", "extensions", "plans")


class Sent(NamedTuple):
    """What one kind of things sent is made of: the rows in the order in which they should be looked at."""

    kind: str
    rows: QuerySet[Any]

    @property
    def waits(self) -> bool:
        """Whether each of them wants an answer."""
        return self.kind in WAITING


def may_read(user: User) -> bool:
    """Whether `user` has such a queue: whoever answers for the inspectorate."""
    return user.is_inspector or user.is_manager


def inspections_of(user: User, force: Force | None = None) -> InspectionQuerySet:
    """Return the inspections in follow-up for which `user` answers: of a manager all, of an inspector their teams'."""
    found = Inspection.objects.with_content_visible_to(user).filter(stage__in=JUDGING_STAGES)
    return found.filter(force=force) if force else found


def sent(user: User, today: dt.date, *, kind: str = "", force: Force | None = None) -> list[Sent]:
    """Return what forces have sent to `user`, by kind, what has waited longest first; of reading matter the newest."""
    inspections = inspections_of(user, force)
    since = today - dt.timedelta(days=LATELY_DAYS)
    found: dict[str, QuerySet[Any]] = {
        "closure": closure_requests(inspections),
        "extensions": extension_requests(inspections),
        "plans": submitted_plans(inspections),
        "updates": ImmediateUpdate.objects.filter(
            inspection__in=inspections, at__date__gte=since
        ).select_related("inspection__force", "by"),
        "comments": CommissionerComment.objects.filter(
            inspection__in=inspections, at__date__gte=since
        ).select_related("inspection__force", "by"),
        "progress": ProgressUpdate.objects.filter(
            recommendation__inspection__in=inspections, at__date__gte=since
        )
        .exclude(status=ProgressStatus.COMPLETE, point__isnull=True, action__isnull=True)
        .select_related("recommendation__inspection__force", "by")
        .prefetch_related("recommendation__points"),
    }
    return [Sent(name, rows) for name, rows in found.items() if kind in ("", name)]


def closure_requests(inspections: InspectionQuerySet) -> QuerySet[Recommendation]:
    """Return recommendations that wait for a judgement, with `asked_at`, when the force last called it ready."""
    of_all = Q(progress__status=ProgressStatus.COMPLETE) & Q(
        progress__point__isnull=True, progress__action__isnull=True
    )
    return (
        Recommendation.objects.ready_for_closure()
        .filter(inspection__in=inspections)
        .annotate(asked_at=Max("progress__at", filter=of_all))
        .select_related("inspection__force", "theme", "deadline")
        .prefetch_related("points")
        .order_by("asked_at", "pk")
    )


def extension_requests(inspections: InspectionQuerySet) -> QuerySet[Extension]:
    """Return requests for more time that nobody has answered, of deadlines that still stand."""
    return (
        Extension.objects.undecided()
        .filter(deadline__in=Deadline.objects.open().filter(inspection__in=inspections))
        .select_related("deadline__inspection__force", "asked_by")
        .order_by("asked_at", "pk")
    )


def submitted_plans(inspections: InspectionQuerySet) -> QuerySet[PlanVersion]:
    """Return action plans that wait to be accepted or returned."""
    return (
        PlanVersion.objects.undecided()
        .filter(plan__inspection__in=inspections)
        .select_related("plan__inspection__force", "submitted_by")
        .order_by("submitted_at", "pk")
    )
