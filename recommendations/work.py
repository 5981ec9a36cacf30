"""What waits for a person because of recommendations, beside what their deadlines say themselves."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import Urgency, WorkItem
from inspections.models import Inspection, Stage
from recommendations.models import ProgressStatus
from recommendations.progress import REPORTING_STAGES

RECENT_DAYS = 14


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return what waits for `user`; what has a date is left to the deadlines, so that it is listed once.

    A force's lead: recommendations without a date on which nothing was reported. An inspection's lead: what a force
    reported in the last two weeks, and a draft without recommendations.
    """
    if user.is_force_lead:
        return _undated(user)
    if user.is_lead_inspector:
        return _to_write(user) + _to_read(user, today)
    return []


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
