"""What waits for a person while a report is checked and approved."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import WorkItem
from inspections import dates
from inspections.models import Deadline, DeadlineKind, Stage, TeamMember
from reports.models import AccuracyComment, Approval


def to_publish(user: User) -> list[WorkItem]:
    """What a lead has approved and no manager has decided about, and what could not be published when it was due."""
    waiting = (
        Approval.objects.visible_to(user)
        .standing()
        .filter(Q(manager=None) | ~Q(refused=""))
        .exclude(lead=user)
        .select_related("inspection__force", "lead")
    )
    return [
        WorkItem(
            title=_("Publish the report: %(inspection)s") % {"inspection": approval.inspection},
            url=reverse("reports:publish", args=[approval.inspection_id]),
            detail=_("It could not be published when it was due to be")
            if approval.refused
            else _("%(name)s has approved it") % {"name": approval.lead.name},
        )
        for approval in waiting
    ]


def to_answer_and_approve(user: User) -> list[WorkItem]:
    """Drafts that the force checks: comments to answer, and once there are none, reports to approve."""
    checking = (
        TeamMember.objects.filter(user=user, inspection__stage=Stage.FACTUAL_ACCURACY)
        .select_related("inspection__force")
        .annotate(
            unanswered=_count(AccuracyComment.objects.unanswered()),
            approvals=_count(Approval.objects.standing()),
            awaited=_count(
                Deadline.objects.open().filter(
                    kind=DeadlineKind.FACTUAL_ACCURACY, due_on__gte=dates.today()
                )
            ),
        )
    )
    items = []
    for member in checking:
        unanswered = getattr(member, "unanswered", 0)
        if unanswered:
            text = ngettext(
                "%(count)d comment of the force has no answer",
                "%(count)d comments of the force have no answer",
                unanswered,
            )
            items.append(
                WorkItem(
                    title=_("Answer the force: %(inspection)s") % {"inspection": member.inspection},
                    url=reverse("reports:accuracy", args=[member.inspection_id]),
                    detail=text % {"count": unanswered},
                )
            )
        elif member.is_lead and not getattr(member, "approvals", 0) + getattr(member, "awaited", 0):
            items.append(
                WorkItem(
                    title=_("Approve the report: %(inspection)s")
                    % {"inspection": member.inspection},
                    url=reverse("reports:approval", args=[member.inspection_id]),
                    detail=_("The force has checked the draft, or its time for that is over"),
                )
            )
    return items


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of `rows` belong to the inspection of a team member."""
    counted = (
        rows.filter(inspection=OuterRef("inspection"))
        .order_by()
        .values("inspection")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)
