"""On which days somebody is told of a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Policy:
    """When reminders go out, in whole days: before the due date, on it, the day after, and again and again from there.

    `climbs` says from how many days overdue on who else is told (`models.ClimbsTo`, days).
    """

    days_before: Sequence[int] = (28, 7)
    on_the_day: bool = True
    overdue_every_days: int = 7
    working_days_only: bool = False
    climbs: Sequence[tuple[str, int]] = ()

    @property
    def horizon_days(self) -> int:
        """How many days before its due date a deadline has its first occasion."""
        return max(self.days_before, default=0)


class Occasion(NamedTuple):
    """A day on which one is told of a deadline, and what that day is.

    `before:7`, `on_the_day`, `overdue:14`: the number is how many days the due date is away, so that a changed policy
    never gives one name to two days. `moved:2026-03-05`: the day on which the due date moved.
    """

    code: str
    day: dt.date

    @property
    def is_overdue(self) -> bool:
        """Whether it is one of those that nobody can put off."""
        return self.code.startswith("overdue")


def latest(due_on: dt.date, today: dt.date, policy: Policy) -> Occasion | None:
    """Return the last occasion that has come by `today` for an open deadline due on `due_on`; None if none has.

    Days are Europe/London dates (domain rule 6): the day itself is not late, and on the next it is overdue and said to
    be; after that every `overdue_every_days`, counted from the due date. If nobody looked for a week, the last occasion
    missed is still found.
    """
    days_late = (today - due_on).days
    if days_late > 0:
        every = policy.overdue_every_days
        days = max(days_late // every * every, 1)
        return Occasion(f"overdue:{days}", due_on + dt.timedelta(days=days))
    if days_late == 0 and policy.on_the_day:
        return Occasion("on_the_day", due_on)
    come = [days for days in policy.days_before if days > 0 and days >= -days_late]
    if not come:
        return None
    days = min(come)
    return Occasion(f"before:{days}", due_on - dt.timedelta(days=days))


def climbed(due_on: dt.date, today: dt.date, after_days: int, policy: Policy) -> Occasion | None:
    """Return the last occasion for somebody who is told from `after_days` overdue on, as often as `policy` says."""
    days_late = (today - due_on).days
    if days_late < after_days:
        return None
    every = policy.overdue_every_days
    days = after_days + (days_late - after_days) // every * every
    return Occasion(f"overdue:{days}", due_on + dt.timedelta(days=days))


def moved(moved_on: dt.date | None, today: dt.date) -> Occasion | None:
    """Return the occasion that a due date moved on `moved_on`; each day on which it moves is one of its own."""
    if moved_on is None or moved_on > today:
        return None
    return Occasion(f"moved:{moved_on.isoformat()}", moved_on)


def later(one: Occasion | None, other: Occasion | None) -> Occasion | None:
    """Return the later of two occasions, of which only that is told; the first if they fall on one day."""
    if one is None or other is None:
        return one or other
    return other if other.day > one.day else one
