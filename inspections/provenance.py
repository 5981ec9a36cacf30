"""How a date came about, in words that stand wherever the date does (rule 6)."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.models import (
    COUNTED_BASES,
    Deadline,
    DeadlineBasis,
    DeadlineKind,
    Inspection,
    TimeUnit,
)


def how_it_came_about(deadline: Deadline) -> str:
    """Say how the date of `deadline` came about: “3 months from publication on 3 March 2026.”, and how it moved since.

    `deadline` has its inspection at hand; no further query.
    """
    parts = [_basis(deadline)]
    if deadline.basis == DeadlineBasis.PUBLICATION:
        parts += _doubts(deadline.inspection)
    if deadline.due_on != deadline.first_due_on:
        parts.append(_moved(deadline) % {"date": _words(deadline.first_due_on)})
    return " ".join(parts)


def _moved(deadline: Deadline) -> str:
    """Say that the date is not the first one any more; what was counted moves with an agreed extension alone."""
    if deadline.basis in COUNTED_BASES:
        return _("First due on %(date)s; an extension was agreed.")
    return _("First due on %(date)s.")


def short_name(deadline: Deadline) -> str:
    """Return what `deadline` is called where nothing may stand that somebody wrote: “Recommendation 4”.

    The label of a recommendation's deadline goes on, after a colon, with the words of the recommendation.
    """
    if deadline.kind in (DeadlineKind.RECOMMENDATION, DeadlineKind.ACTION):
        return deadline.label.partition(":")[0]
    return deadline.label


def published_words(inspection: Inspection) -> str:
    """Return when the report of `inspection` was published, as far as that is known: a day, or a month alone."""
    assert inspection.published_on
    return day_or_month(inspection.published_on, month_only=inspection.published_month_only)


def day_or_month(day: dt.date, *, month_only: bool) -> str:
    """Return `day` in words, or its month where no more is known: “July 2015”."""
    return date_format(day, "F Y" if month_only else "j F Y")


def publication_line(day: dt.date, *, month_only: bool) -> str:
    """Say when a report was published, as far as that is known: “Published in July 2015”."""
    if month_only:
        return _("Published in %(month)s") % {"month": day_or_month(day, month_only=True)}
    return _("Published on %(date)s") % {"date": _words(day)}


def publication_doubt(*, assumed: bool, month_only: bool) -> str:
    """Say what is not known about the day on which a report was published; "" where it is known."""
    if month_only:
        return _("The source prints only the month of publication; its day is assumed.")
    if assumed:
        return _("The source prints no publication date; this one is assumed.")
    return ""


def _basis(deadline: Deadline) -> str:
    match DeadlineBasis(deadline.basis):
        case DeadlineBasis.PUBLICATION:
            if deadline.amount == 0:
                return _("On publication, %(date)s.") % {"date": _start(deadline)}
            return _("%(time)s from publication on %(date)s.") % {
                "time": time_words(deadline.unit, deadline.amount or 0),
                "date": _start(deadline),
            }
        case DeadlineBasis.DRAFT_SENT:
            return _("%(time)s from when the draft was sent on %(date)s.") % {
                "time": time_words(deadline.unit, deadline.amount or 0),
                "date": _start(deadline),
            }
        case DeadlineBasis.RAISED:
            return _("Counted in hours from when the referral was raised.")
        case DeadlineBasis.ACTION_PLAN:
            return _("Set by the force in its action plan.")
        case DeadlineBasis.SET:
            return _("Set by the inspectorate.")


def time_words(unit: TimeUnit | str, amount: int) -> str:
    """Return `amount` of `unit` in words: “3 months”."""
    match TimeUnit(unit):
        case TimeUnit.DAYS:
            return ngettext("%(count)d day", "%(count)d days", amount) % {"count": amount}
        case TimeUnit.WEEKS:
            return ngettext("%(count)d week", "%(count)d weeks", amount) % {"count": amount}
        case TimeUnit.MONTHS:
            return ngettext("%(count)d month", "%(count)d months", amount) % {"count": amount}
    raise ValueError("What has no date takes no time.")


def _doubts(inspection: Inspection) -> list[str]:
    """How sure the day is that it counts from, and what the report itself says if that is another."""
    found = []
    if inspection.published_on_assumed:
        found.append(_("The date of publication is assumed."))
    if inspection.published_month_only:
        found.append(_("The report says only %(month)s.") % {"month": published_words(inspection)})
    elif inspection.published_on and inspection.counts_from not in (None, inspection.published_on):
        found.append(
            _("The report says %(date)s; the lead confirmed the other day.")
            % {"date": published_words(inspection)}
        )
    return found


def _start(deadline: Deadline) -> str:
    assert deadline.counts_from
    return _words(deadline.counts_from)


def _words(day: dt.date) -> str:
    return date_format(day, "j F Y")
