"""Deadlines on the days of one month."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from inspections.deadline_rows import WITH_IT
from inspections.models import Deadline, DeadlineQuerySet

MOST_A_DAY = 6  # deadlines of one day that are named; the rest are counted
EARLIEST, LATEST = 2000, 2100  # years that a calendar goes to


@dataclass
class Day:
    """One day: the deadlines that are named, the open ones first, and how many there are in all."""

    date: dt.date
    in_month: bool
    deadlines: list[Deadline] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.deadlines)


@dataclass(frozen=True)
class Month:
    """One month of the calendar, by its first day."""

    first: dt.date

    @property
    def code(self) -> str:
        """How addresses name it: “2026-03”."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> Month | None:
        return _month(self.first - dt.timedelta(days=1))

    @property
    def next(self) -> Month | None:
        return _month(self.first + dt.timedelta(days=31))

    def weeks(self) -> list[list[Day]]:
        """Return its weeks from Monday to Sunday, with the days before and after it that fill them."""
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[Day(day, day.month == self.first.month) for day in week] for week in weeks]


def parse(text: str, today: dt.date) -> Month:
    """Return the month that “2026-03” names; that of `today` if it names none the calendar goes to."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    named = _month(dt.date(int(found[1]), int(found[2]), 1)) if found and int(found[1]) else None
    return named or Month(today.replace(day=1))


def _month(day: dt.date) -> Month | None:
    return Month(day.replace(day=1)) if EARLIEST <= day.year <= LATEST else None


def fill(month: Month, deadlines: DeadlineQuerySet) -> list[list[Day]]:
    """Return the weeks of `month` with those of `deadlines` that are due in it, met ones too.

    However many are due on a day, it names MOST_A_DAY of them. Two queries: which, and what is shown of those.
    """
    weeks = month.weeks()
    days = {day.date: day for week in weeks for day in week if day.in_month}
    due = deadlines.filter(due_on__range=(min(days), max(days)), lapsed_on__isnull=True).order_by()
    numbered = due.annotate(
        place=Window(
            RowNumber(),
            partition_by="due_on",
            order_by=[F("met_on").asc(nulls_first=True), F("pk").asc()],
        ),
        of_day=Window(Count("pk"), partition_by="due_on"),
    )
    named = numbered.filter(place__lte=MOST_A_DAY).order_by("due_on", "place")
    found = list(named.values_list("pk", "due_on", "of_day"))
    loaded = Deadline.objects.select_related(*WITH_IT).in_bulk([pk for pk, _day, _count in found])
    for pk, due_on, of_day in found:
        if pk in loaded:
            days[due_on].deadlines.append(loaded[pk])
            days[due_on].count = of_day
    return weeks
