"""“Your work”: what waits for a person, gathered from every app."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings
from django.utils.functional import Promise

from accounts.models import User
from config import hooks

SOON_DAYS = 14
LAST_OF_ALL = dt.datetime.max.replace(tzinfo=dt.UTC)


class Urgency(IntEnum):
    """How soon something wants doing; a due date makes an item more urgent than its provider said, never less."""

    URGENT = 0  # a child may be at risk
    OVERDUE = 1
    SOON = 2
    WAITING = 3
    LATER = 4


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for one person: a sentence, the page to do it on, and (if it has one) its date.

    What is counted in hours has a moment, `due_at`, instead of a date.
    """

    title: str | Promise
    url: str
    detail: str | Promise = ""
    due_on: dt.date | None = None
    urgency: Urgency = Urgency.WAITING
    due_at: dt.datetime | None = None

    def urgency_on(self, today: dt.date) -> Urgency:
        """Return how urgent it is on `today` (Europe/London): by its date, or as its provider said."""
        if self.due_on is None:
            return self.urgency
        if self.due_on < today:
            return Urgency.OVERDUE
        if self.due_on <= today + dt.timedelta(days=SOON_DAYS):
            return min(Urgency.SOON, self.urgency)
        return self.urgency


def gather(user: User, today: dt.date) -> list[WorkItem]:
    """Return what waits for `user`, most urgent first, from every function that WORK_PROVIDERS names."""
    items: list[WorkItem] = []
    for provider in hooks.load(*settings.WORK_PROVIDERS):
        items += provider(user, today)
    return sorted(
        items,
        key=lambda item: (
            item.urgency_on(today),
            item.due_at or LAST_OF_ALL,
            item.due_on or dt.date.max,
            str(item.title),
        ),
    )
