"""What publication does to recommendations: every timescale becomes a date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from inspections import deadlines
from inspections.models import DeadlineKind, Inspection, Party, TimeUnit
from inspections.provenance import how_it_came_about
from recommendations import judging, labels
from recommendations.models import PlanDecision, PlanVersion, Recommendation


def count_from(inspection: Inspection, day: dt.date) -> None:
    """Make every timescale of `inspection` a date counted from `day` (rules 6 and 7), or count it anew from there."""
    set_deadlines(inspection, day)
    codes = inspection.recommendations.values_list("timescale__code", flat=True)
    deadlines.start_follow_up(inspection, day, codes)
    _catch_up(inspection)


def _catch_up(inspection: Inspection) -> None:
    """Let what was sent before the day was known meet its deadline, which is counted only now.

    A plan that was returned and not sent again is still owed; so is what nobody has sent.
    """
    plan = PlanVersion.objects.filter(plan__inspection=inspection).exclude(
        decision=PlanDecision.RETURNED
    )
    sent = {
        DeadlineKind.ACTION_PLAN: plan.order_by("number").values_list(
            "submitted_by", "submitted_at"
        ),
        DeadlineKind.UPDATE: inspection.immediate_updates.order_by("at").values_list("by", "at"),
        DeadlineKind.PCC_COMMENTS: inspection.commissioner_comments.order_by("at").values_list(
            "by", "at"
        ),
    }
    for deadline in inspection.deadlines.open().filter(kind__in=sent):
        first = sent[DeadlineKind(deadline.kind)].first()
        if first is not None:
            by, at = first
            deadlines.meet(deadline, by=User.objects.get(pk=by), on=timezone.localdate(at))


def set_deadlines(inspection: Inspection, day: dt.date) -> None:
    """Give each recommendation of `inspection` its deadline, counted from `day`, that of publication (rules 6 and 7).

    “Immediately” is due on the day of publication itself; a timescale without a date gets no deadline.
    """
    with transaction.atomic():
        # Locked before their deadlines, as by everybody who reports on them or judges them.
        found = inspection.recommendations.select_for_update(of=("self",)).order_by("number")
        for recommendation in found.select_related("timescale").prefetch_related("points"):
            timescale = recommendation.timescale
            if timescale.unit == TimeUnit.NONE or timescale.amount is None:
                continue
            recommendation.deadline = deadlines.count(
                inspection,
                DeadlineKind.RECOMMENDATION,
                label=labels.of_recommendation(recommendation),
                responsible=Party.FORCE,
                counts_from=day,
                unit=timescale.unit,
                amount=timescale.amount,
                subject_id=recommendation.pk,
            )
            recommendation.save(update_fields=["deadline"])
            judging.catch_up(recommendation)


def how_dated(recommendation: Recommendation) -> str:
    """Say how the deadline came about: “3 months from publication on 3 March 2026.”; “” before publication.

    `recommendation` has its inspection, timescale and deadline at hand.
    """
    inspection, timescale = recommendation.inspection, recommendation.timescale
    if inspection.published_on is None:
        return ""
    if timescale.unit == TimeUnit.NONE or timescale.amount is None:
        return gettext("The report states no timescale, so there is no date.")
    if recommendation.deadline is None:
        return gettext(
            "There is no date until the lead confirms from which day the timescales count."
        )
    # Its inspection is the same one, which is at hand already.
    recommendation.deadline.inspection = inspection
    return how_it_came_about(recommendation.deadline)
