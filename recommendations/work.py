"""What waits for a person because of recommendations, beside what their deadlines say themselves."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import Urgency, WorkItem
from inspections.models import Inspection, Stage, TeamMember
from recommendations import queue
from recommendations.judging import REVIEWING_STAGES
from recommendations.models import Judgement, ProgressStatus, Recommendation
from recommendations.progress import REPORTING_STAGES

RECENT_DAYS = 14


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return what waits for `user`; what has a date is left to the deadlines, so that it is listed once.

    A force's lead: recommendations without a date on which nothing was reported. An inspector: what a force calls
    ready for closure, action plans, and what a review has still to judge; a lead besides requests for more time, what a
    force reported in the last two weeks, and a draft without recommendations.
    """
    if user.is_force_lead:
        return _undated(user)
    items: list[WorkItem] = []
    if user.is_inspector:
        items += _to_answer(user) + _to_look_back(user)
    if user.is_lead_inspector:
        items += _to_write(user) + _to_read(user, today)
    return items


def _to_answer(user: User) -> list[WorkItem]:
    """What forces of the inspections that `user` works on have sent, and that wants an answer."""
    ours = TeamMember.objects.filter(user=user)
    working = queue.inspections_of(user).filter(pk__in=ours.values("inspection"))
    leading = working.filter(pk__in=ours.filter(is_lead=True).values("inspection"))
    closure = queue.closure_requests(working).count()
    plans = queue.submitted_plans(working).count()
    extensions = 0
    if user.is_lead_inspector:  # nobody answers what they asked for themselves
        extensions = queue.extension_requests(leading).exclude(asked_by=user).count()
    found = [
        (
            "closure",
            closure,
            ngettext(
                "Judge %(count)d recommendation that is ready for closure",
                "Judge %(count)d recommendations that are ready for closure",
                closure,
            ),
        ),
        (
            "extensions",
            extensions,
            ngettext(
                "Answer %(count)d request for more time",
                "Answer %(count)d requests for more time",
                extensions,
            ),
        ),
        (
            "plans",
            plans,
            ngettext("Answer %(count)d action plan", "Answer %(count)d action plans", plans),
        ),
    ]
    return [
        WorkItem(
            title % {"count": count},
            f"{reverse('recommendations:queue')}?kind={kind}",
            _("What forces have sent"),
            urgency=Urgency.WAITING,
        )
        for kind, count, title in found
        if count
    ]


def _to_look_back(user: User) -> list[WorkItem]:
    """Reviews at work that have not judged every earlier recommendation that is still open."""
    judged = Judgement.objects.filter(made_in=OuterRef(OuterRef("pk")))
    unjudged = (
        Recommendation.objects.filter(inspection=OuterRef("parent"), settled_on__isnull=True)
        .exclude(pk__in=judged.values("recommendation"))
        .order_by()
        .values("inspection")
        .annotate(count=Count("pk"))
        .values("count")
    )
    reviews = (
        Inspection.objects.filter(stage__in=REVIEWING_STAGES, team__user=user, parent__isnull=False)
        .select_related("force")
        .annotate(waiting=Subquery(unjudged))
        .filter(waiting__gt=0)
        .order_by("pk")
    )
    return [
        WorkItem(
            ngettext(
                "Judge %(count)d earlier recommendation in the review",
                "Judge %(count)d earlier recommendations in the review",
                review.waiting,
            )
            % {"count": review.waiting},
            reverse("recommendations:review", args=[review.pk]),
            str(review),
            urgency=Urgency.WAITING,
        )
        for review in reviews
    ]


def _undated(user: User) -> list[WorkItem]:
    inspections = (
        Inspection.objects.visible_to(user)
        .filter(stage__in=REPORTING_STAGES)
        .select_related("force")
        .annotate(
            waiting=Count(
                "recommendations",
                filter=Q(
                    recommendations__deadline__isnull=True,
                    recommendations__settled_on__isnull=True,
                    recommendations__progress_status=ProgressStatus.NOT_STARTED,
                ),
            )
        )
        .filter(waiting__gt=0)
    )
    return [
        WorkItem(
            ngettext(
                "Report progress on %(count)d recommendation without a date",
                "Report progress on %(count)d recommendations without a date",
                inspection.waiting,
            )
            % {"count": inspection.waiting},
            reverse("recommendations:inspection", args=[inspection.pk]),
            str(inspection),
            urgency=Urgency.LATER,
        )
        for inspection in inspections
    ]


def _to_write(user: User) -> list[WorkItem]:
    empty = (
        Inspection.objects.filter(
            stage=Stage.DRAFTING,
            team__user=user,
            team__is_lead=True,
            recommendations__isnull=True,
        )
        .select_related("force")
        .distinct()
    )
    return [
        WorkItem(
            _("Write the recommendations"),
            reverse("recommendations:inspection", args=[inspection.pk]),
            str(inspection),
        )
        for inspection in empty
    ]


def _to_read(user: User, today: dt.date) -> list[WorkItem]:
    since = timezone.make_aware(
        dt.datetime.combine(today - dt.timedelta(days=RECENT_DAYS), dt.time.min)
    )
    inspections = (
        Inspection.objects.filter(stage__in=REPORTING_STAGES, team__user=user, team__is_lead=True)
        .select_related("force")
        .annotate(
            reported=Count(
                "recommendations",
                filter=Q(recommendations__progress__at__gte=since),
                distinct=True,
            )
        )
        .filter(reported__gt=0)
    )
    return [
        WorkItem(
            ngettext(
                "Read the progress on %(count)d recommendation",
                "Read the progress on %(count)d recommendations",
                inspection.reported,
            )
            % {"count": inspection.reported},
            reverse("recommendations:inspection", args=[inspection.pk]),
            _("%(inspection)s: reported in the last two weeks") % {"inspection": inspection},
            urgency=Urgency.LATER,
        )
        for inspection in inspections
    ]
