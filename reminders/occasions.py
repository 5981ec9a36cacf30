"""On which days somebody is reminded of a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Policy:
    """When reminders go out, in whole days: before the due date, on it, and again and again once it is over."""

    days_before: Sequence[int] = (28, 7)
    on_the_day: bool = True
    overdue_every_days: int = 7

    @property
    def horizon_days(self) -> int:
        """How many days before its due date a deadline has its first occasion."""
        return max(self.days_before, default=0)


class Occasion(NamedTuple):
    """A day on which one is reminded of a deadline, and what that day is: `before:7`, `on_the_day`, `overdue:14`.

    The number is how many days the due date is away, so that a changed policy never gives one name to two days.
    """

    code: str
    day: dt.date


def latest(due_on: dt.date, today: dt.date, policy: Policy) -> Occasion | None:
    """Return the last occasion that has come by `today` for an open deadline due on `due_on`; None if none has.

    Days are Europe/London dates (domain rule 6): the day itself is not late, and the first reminder of what is overdue
    comes `overdue_every_days` after it. If nobody looked for a week, the last occasion missed is still found.
    """
    days_late = (today - due_on).days
    periods = days_late // policy.overdue_every_days
    if periods >= 1:
        days = periods * policy.overdue_every_days
        return Occasion(f"overdue:{days}", due_on + dt.timedelta(days=days))
    if days_late >= 0 and policy.on_the_day:
        return Occasion("on_the_day", due_on)
    come = [days for days in policy.days_before if days > 0 and days >= -days_late]
    if not come:
        return None
    days = min(come)
    return Occasion(f"before:{days}", due_on - dt.timedelta(days=days))
