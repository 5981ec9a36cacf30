"""What publication does to recommendations: every timescale becomes a date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from inspections import deadlines
from inspections.models import DeadlineKind, Inspection, Party, Timescale, TimeUnit
from recommendations.models import Recommendation

LABEL_CHARACTERS = 160  # long enough to know it by, short enough for a list and a mail


def set_deadlines(inspection: Inspection, published_on: dt.date) -> None:
    """Give each recommendation of `inspection` its deadline, counted from `published_on` (domain rules 6 and 7).

    “Immediately” is due on the day of publication itself; a timescale without a date gets no deadline.
    """
    with transaction.atomic():
        for recommendation in inspection.recommendations.select_related("timescale"):
            timescale = recommendation.timescale
            if timescale.unit == TimeUnit.NONE or timescale.amount is None:
                continue
            recommendation.deadline = deadlines.count(
                inspection,
                DeadlineKind.RECOMMENDATION,
                label=_label(recommendation),
                responsible=Party.FORCE,
                counts_from=published_on,
                unit=timescale.unit,
                amount=timescale.amount,
                subject_id=recommendation.pk,
            )
            recommendation.save(update_fields=["deadline"])


def _label(recommendation: Recommendation) -> str:
    text = gettext("Recommendation %(number)d: %(text)s") % {
        "number": recommendation.number,
        "text": " ".join(recommendation.stem.split()),
    }
    return Truncator(text).chars(LABEL_CHARACTERS)


def how_dated(recommendation: Recommendation) -> str:
    """Say how the deadline came about: “Within 3 months of publication on 3 March 2026”; “” before publication.

    `recommendation` has its inspection, timescale and deadline at hand.
    """
    inspection, timescale = recommendation.inspection, recommendation.timescale
    if inspection.published_on is None:
        return ""
    if timescale.unit == TimeUnit.NONE or timescale.amount is None:
        return gettext("The report states no timescale, so there is no date.")
    parts = [
        _within(timescale)
        % {"date": date_format(inspection.published_on, "j F Y"), "count": timescale.amount}
    ]
    if inspection.published_on_assumed:
        parts.append(gettext("The date of publication is assumed."))
    deadline = recommendation.deadline
    if deadline and deadline.due_on != deadline.first_due_on:
        parts.append(
            gettext("First due on %(date)s.")
            % {"date": date_format(deadline.first_due_on, "j F Y")}
        )
    return " ".join(parts)


def _within(timescale: Timescale) -> str:
    """Return the sentence about `timescale`, to be filled with `count` and `date`."""
    amount = timescale.amount or 0
    if amount == 0:
        return gettext("On publication, %(date)s.")
    if timescale.unit == TimeUnit.DAYS:
        return ngettext(
            "Within %(count)d day of publication on %(date)s.",
            "Within %(count)d days of publication on %(date)s.",
            amount,
        )
    if timescale.unit == TimeUnit.WEEKS:
        return ngettext(
            "Within %(count)d week of publication on %(date)s.",
            "Within %(count)d weeks of publication on %(date)s.",
            amount,
        )
    return ngettext(
        "Within %(count)d month of publication on %(date)s.",
        "Within %(count)d months of publication on %(date)s.",
        amount,
    )
