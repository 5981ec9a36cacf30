"""How long something in a case took: gaps between the events of its timeline, waits between two of its facts.

Moments are London clock times, as files state them, each as precise as the file is: a month, a day or a minute. What is
computed from two of them is only as precise as the vaguer one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.models import Wait

LONDON = ZoneInfo("Europe/London")
EXACT, DAY, MONTH = "exact", "day", "month"
PRECISIONS = [EXACT, DAY, MONTH]
_VAGUENESS = {EXACT: 0, DAY: 1, MONTH: 2}
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)
TWO_DAYS = 48 * 60
MINUTES_A_DAY = 24 * 60
MINUTES_AN_HOUR = 60


class When(NamedTuple):
    """A moment of a case: its earliest possible clock time in London, and how precisely it is known."""

    clock: dt.datetime
    precision: str

    def __str__(self) -> str:
        if self.precision == MONTH:
            return date_format(self.clock, "F Y")
        if self.precision == DAY:
            return date_format(self.clock, "j F Y")
        return f"{date_format(self.clock, 'j F Y')}, {self.clock:%H:%M}"

    @property
    def order(self) -> tuple[dt.datetime, int]:
        """By this events are sorted; of two that begin alike the vaguer comes first."""
        return self.clock, -_VAGUENESS[self.precision]

    @property
    def minute(self) -> int:
        """Minutes since the epoch, so that a difference is what really passed, over clock changes, too."""
        return int(self.clock.replace(tzinfo=LONDON).timestamp()) // 60


def read(on: Any, at: Any = "") -> When | None:
    """Return the moment of a date “2026-03-09” or a month “2026-03”, with a time “14:32” if there is one.

    None if it is no moment: an impossible date, or a time that London's clocks skipped when summer time began.
    """
    if not isinstance(on, str) or not isinstance(at, str):
        return None
    try:
        if month := _MONTH.fullmatch(on):
            if at:
                return None
            return When(dt.datetime(int(month[1]), int(month[2]), 1), MONTH)
        if not _DAY.fullmatch(on) or (at and not _TIME.fullmatch(at)):
            return None
        clock = dt.datetime.fromisoformat(f"{on}T{at or '00:00'}")
    except ValueError:
        return None
    if at and not _existed(clock):
        return None
    return When(clock, EXACT if at else DAY)


def read_moment(value: Any) -> When | None:
    """Return the moment that a fact holds: “2026-03-09T14:32”, or “2026-03-09” where the time is not known."""
    if not isinstance(value, str):
        return None
    on, _separator, at = value.partition("T")
    return read(on, at) if len(on) == len("2026-03-09") else None


def _existed(clock: dt.datetime) -> bool:
    if clock.year in (
        dt.MINYEAR,
        dt.MAXYEAR,
    ):  # too near to the ends of the calendar to go to UTC and back
        return False
    there = clock.replace(tzinfo=LONDON).astimezone(dt.UTC)
    return there.astimezone(LONDON).replace(tzinfo=None) == clock


class Duration(NamedTuple):
    """What passed between two moments; `minutes` only where both are exact, `days` only where both are days at least.

    Negative if the second moment lies before the first.
    """

    text: str
    days: int | None = None
    minutes: int | None = None

    @property
    def is_negative(self) -> bool:
        return (self.minutes if self.minutes is not None else self.days or 0) < 0


def between(first: When, second: When) -> Duration:
    """Return how long it took from `first` to `second`, as precisely as both allow.

    Up to two days in hours and minutes that really passed; beyond that in days and hours by the clock on the wall.
    """
    vaguer = max(first.precision, second.precision, key=_VAGUENESS.__getitem__)
    if vaguer == MONTH:
        return Duration(_months(_month_number(second.clock) - _month_number(first.clock)))
    days = (second.clock.date() - first.clock.date()).days
    if vaguer == DAY:
        return Duration(_days(days), days=days)
    minutes = second.minute - first.minute
    if abs(minutes) < TWO_DAYS:
        return Duration(in_hours(minutes), days=days, minutes=minutes)
    by_the_clock = abs(int((second.clock - first.clock).total_seconds()) // 60)
    text = _joined(by_the_clock // MINUTES_A_DAY, by_the_clock % MINUTES_A_DAY // MINUTES_AN_HOUR)
    return Duration(f"−{text}" if minutes < 0 else text, days=days, minutes=minutes)


def in_hours(minutes: int) -> str:
    """Return “5 hours 20 minutes” of a number of minutes, with a minus sign before a negative one."""
    hours, rest = divmod(abs(minutes), MINUTES_AN_HOUR)
    parts = []
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return ("−" if minutes < 0 else "") + " ".join(parts)


def _joined(days: int, hours: int) -> str:
    text = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours:
        text += " " + ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return text


def _days(days: int) -> str:
    if days == 0:
        return _("the same day")
    text = ngettext("%(n)d day", "%(n)d days", abs(days)) % {"n": abs(days)}
    return f"−{text}" if days < 0 else text


def _months(months: int) -> str:
    if months == 0:
        return _("within one month")
    return ngettext("about %(n)d month", "about %(n)d months", months) % {"n": months}


def _month_number(clock: dt.datetime) -> int:
    return clock.year * 12 + clock.month


class Gap(NamedTuple):
    """What lies between two events of a timeline that follow each other; `cause` is a delay cause's code or empty."""

    first: str
    second: str
    took: Duration
    cause: str

    @property
    def label(self) -> str:
        return _("%(first)s to %(second)s") % {
            "first": self.first,
            "second": _sentence(self.second),
        }

    def __str__(self) -> str:
        """“Report to first visit: 6 days”."""
        return _("%(what)s: %(took)s") % {"what": self.label, "took": self.took.text}


def in_order(timeline: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], When | None]]:
    """Return the events of `timeline` with their moments, earliest first; those without a date last."""
    dated = [(event, read(event.get("on"), event.get("at", ""))) for event in timeline]
    return sorted(
        dated,
        key=lambda pair: (pair[1] is None, pair[1].order if pair[1] else (dt.datetime.min, 0)),
    )


def gaps(timeline: Iterable[Mapping[str, Any]]) -> list[Gap]:
    """Return what lies between the dated events of `timeline` (an audit's), in their order.

    The cause of a delay stands with the event that came late.
    """
    known = [(event, when) for event, when in in_order(timeline) if when]
    return [
        Gap(str(one["what"]), str(two["what"]), between(start, end), str(two.get("cause") or ""))
        for (one, start), (two, end) in zip(known, known[1:], strict=False)
    ]


class Waited(NamedTuple):
    """How long one of the framework's waits took in a case; `took` is None while a moment is missing."""

    wait: Wait
    took: Duration | None

    def __str__(self) -> str:
        text = self.took.text if self.took else _("not known")
        return _("%(what)s: %(took)s") % {"what": self.wait.label, "took": text}


def waits(facts: Mapping[str, Any], of_area: Sequence[Wait]) -> list[Waited]:
    """Return the waits of a case's area, computed from an audit's `facts`."""
    found = []
    for wait in of_area:
        start, end = read_moment(facts.get(wait.start.code)), read_moment(facts.get(wait.end.code))
        found.append(Waited(wait, between(start, end) if start and end else None))
    return found


def _sentence(label: str) -> str:
    """Return `label` as it reads inside a sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
