"""The sweep that looks for what people have to be told, over every open deadline there is."""

from __future__ import annotations

import tracemalloc
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections import dates
from reminders import due, outbox
from reminders.due import ROWS_AT_ONCE
from reminders.models import Digest, Reminder
from reminders.people import spoken_of


class Sweep:
    """One pass with nothing new to tell, as nearly every minute has; its floor reads the same rows and does nothing.

    Before the first, everything is planned once and memory is looked at, and both are printed.
    """

    name = "sweep"

    def __init__(self) -> None:
        self.today = dates.today()
        self.is_planned = False

    def ask(self) -> int:
        if not self.is_planned:
            self._plan_everything()
        return outbox.plan(self.today)

    def floor(self, shown: int) -> int:
        rows = spoken_of().order_by("pk").values_list("pk", "due_on", "inspection__force_id")
        return sum(1 for _row in rows.iterator(chunk_size=ROWS_AT_ONCE))

    def shown(self, response: Any) -> int:
        """How many open deadlines it looked at."""
        return spoken_of().count()

    def _plan_everything(self) -> None:
        first = _peak_mb(lambda: outbox.plan(self.today))
        again = _peak_mb(lambda: due.lines(self.today))
        with CaptureQueriesContext(connection) as captured:
            due.lines(self.today)
        print(
            f"  sweep: {spoken_of().count()} open deadlines; planned {Reminder.objects.count()} reminders"
            f" for {Digest.objects.count()} people with {first} MB at most;"
            f" nothing new takes {len(captured)} queries and {again} MB",
            flush=True,
        )
        self.is_planned = True


def _peak_mb(action: Any) -> float:
    """Return how much memory `action` needs at most."""
    tracemalloc.start()
    action()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 2**20, 1)
