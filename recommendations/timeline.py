"""What has happened to a recommendation since its report was published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext

from inspections.models import Deadline
from recommendations.models import ProgressStatus, Recommendation

_OPENING = dt.time(0)  # where a date without a time stands among the moments of its day


@dataclass(frozen=True)
class Entry:
    """One event, as `components/ui.jinja: timeline` shows it; `at` is a moment, or a date where no time is known."""

    title: str
    at: dt.datetime | dt.date
    by: str = ""
    text: str = ""

    @property
    def html(self) -> str:
        """The text with its line breaks, as somebody typed it."""
        return format_html('<span class="assay-as-typed">{}</span>', self.text) if self.text else ""


def entries(recommendation: Recommendation) -> list[Entry]:
    """Return publication, moves of the deadline and the force's progress, newest first. Costs two queries."""
    found = _progress(recommendation) + _deadline_moves(recommendation.deadline)
    published_on = recommendation.inspection.published_on
    if published_on is not None:
        found.append(
            Entry(gettext("Report published"), published_on, text=_first_date(recommendation))
        )
    return sorted(found, key=_moment, reverse=True)


def _progress(recommendation: Recommendation) -> list[Entry]:
    return [
        Entry(str(ProgressStatus(update.status).label), update.at, update.by.name, update.note)
        for update in recommendation.progress.select_related("by")
    ]


def _first_date(recommendation: Recommendation) -> str:
    if recommendation.deadline is None:
        return ""
    return gettext("The recommendation became due on %(date)s.") % {
        "date": _words(recommendation.deadline.first_due_on)
    }


def _deadline_moves(deadline: Deadline | None) -> list[Entry]:
    """Return each change of the due date, from the record that the database keeps of the deadline."""
    if deadline is None:
        return []
    moves: list[Entry] = []
    before = None
    history = Deadline.pgh_event_model.objects.filter(pgh_obj_id=deadline.pk)  # type: ignore[attr-defined]
    for at, due_on in history.order_by("pgh_id").values_list("pgh_created_at", "due_on"):
        if before is not None and due_on != before:
            moved = gettext("From %(before)s to %(after)s.") % {
                "before": _words(before),
                "after": _words(due_on),
            }
            moves.append(Entry(gettext("Deadline moved"), at, text=moved))
        before = due_on
    return moves


def _moment(entry: Entry) -> dt.datetime:
    if isinstance(entry.at, dt.datetime):
        return entry.at
    return timezone.make_aware(dt.datetime.combine(entry.at, _OPENING))


def _words(day: dt.date) -> str:
    return date_format(day, "j F Y")
