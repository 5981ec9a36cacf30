"""Deadlines as people look at them: overdue, this week, the next 30 days, later; the same in Python and in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q

from inspections import dates
from inspections.deadlines import SOON_DAYS
from inspections.models import Deadline, DeadlineQuerySet, is_over

GROUPS = ("overdue", "this_week", "next_30_days", "later")
# Several groups by one name, where somebody asks how much is coming.
DUE_SOON = ("this_week", "next_30_days")


class Groups(NamedTuple):
    """Open deadlines: late ones, those until Sunday, those of the next 30 days after that, the rest."""

    overdue: list[Deadline]
    this_week: list[Deadline]
    next_30_days: list[Deadline]
    later: list[Deadline]


def end_of_week(today: dt.date) -> dt.date:
    """Return the Sunday with which the week of `today` ends."""
    return today + dt.timedelta(days=6 - today.weekday())


def group_of(deadline: Deadline, today: dt.date, now: dt.datetime | None = None) -> str:
    """Return which of GROUPS the open `deadline` is in; today is not overdue (domain rule 6).

    Here and below, `today` is the Europe/London date of `now`, which is this moment unless given.
    """
    if deadline.is_over(today, now or dates.now()):
        return "overdue"
    if deadline.due_on <= end_of_week(today):
        return "this_week"
    return "next_30_days" if deadline.due_on <= _soon(today) else "later"


def groups(deadlines: Iterable[Deadline], today: dt.date, now: dt.datetime | None = None) -> Groups:
    """Sort the open `deadlines` (a queryset or a page of one, in its order) into their groups."""
    now = now or dates.now()
    found: dict[str, list[Deadline]] = {name: [] for name in GROUPS}
    for deadline in deadlines:
        found[group_of(deadline, today, now)].append(deadline)
    return Groups(**found)


def condition(group: str, today: dt.date, now: dt.datetime | None = None) -> Q:
    """Return the condition by which the database finds what `groups` sorts into `group`."""
    now = now or dates.now()
    week, soon = end_of_week(today), _soon(today)
    not_over = Q(due_on__gt=today) | Q(due_on=today) & (Q(due_at__isnull=True) | Q(due_at__gte=now))
    return (
        Q(met_on__isnull=True, lapsed_on__isnull=True)
        & {
            "overdue": is_over(today, now),
            "this_week": Q(due_on__gte=today, due_on__lte=week) & not_over,
            "next_30_days": Q(due_on__gt=week, due_on__lte=soon),
            "later": Q(due_on__gt=soon),
        }[group]
    )


def in_group(
    deadlines: DeadlineQuerySet, name: str, today: dt.date, now: dt.datetime | None = None
) -> DeadlineQuerySet:
    """Return the open ones of `deadlines` that `groups` would sort into the group `name`."""
    return deadlines.filter(condition(name, today, now))


def count_groups(
    deadlines: DeadlineQuerySet, today: dt.date, now: dt.datetime | None = None
) -> dict[str, int]:
    """Return how many open `deadlines` each group has, in one query."""
    now = now or dates.now()
    return (
        deadlines.open()
        .order_by()
        .aggregate(**{name: Count("pk", filter=condition(name, today, now)) for name in GROUPS})
    )


def _soon(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=SOON_DAYS)
