"""PDFs that a worker makes: asked for as a row, done once, found again when a message or a worker is lost.

A worker holds a PostgreSQL advisory lock on its row for as long as its connection lives. A running row whose lock
is free has lost its worker, however long it has been running, and is begun again; three times at most.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from reports.models import BuildStatus

logger = logging.getLogger(__name__)

ATTEMPTS = 3
# A message that no worker has taken by then may be lost, and is sent again; a second one does no harm.
RESEND_AFTER = dt.timedelta(seconds=20)


@dataclass(frozen=True)
class Jobs:
    """The rows of one kind: a model with the fields of a `ReportBuild`, and the task that makes one of them.

    `lock_space` keeps the advisory locks of this kind apart from all others; `task` is asked for when it is needed.
    """

    model: Any
    lock_space: int
    task: Callable[[], Any]

    def send(self, pk: int) -> None:
        """Tell a worker of the row; if the broker is away, the sweep will."""
        try:
            self.task().apply_async([pk], retry=False)
        except OperationalError as error:
            logger.warning("%s %s waits for the broker: %s", self.model.__name__, pk, error)

    def sweep(self) -> int:
        """Send again every row whose message or worker was lost; return how many."""
        waiting = self.model.objects.active().filter(
            Q(status=BuildStatus.RUNNING) | Q(requested_at__lt=timezone.now() - RESEND_AFTER)
        )
        lost = [
            pk
            for pk, status in waiting.values_list("pk", "status")
            if status == BuildStatus.QUEUED or not self.is_held(pk)
        ]
        for pk in lost:
            self.send(pk)
        return len(lost)

    @contextmanager
    def hold(self, pk: int) -> Iterator[bool]:
        """Hold the row's lock during the block; yields whether we got it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self.lock_space + pk])
            ours = bool(cursor.fetchone()[0])
        try:
            yield ours
        finally:
            if ours and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [self.lock_space + pk])

    def is_held(self, pk: int) -> bool:
        """Whether a worker is at the row."""
        with self.hold(pk) as ours:
            return not ours

    def begin(self, pk: int) -> bool:
        """Mark the row as running, once more; False if it is done or was begun too often."""
        active = self.model.objects.active().filter(pk=pk)
        if active.filter(attempts__lt=ATTEMPTS).update(
            status=BuildStatus.RUNNING,
            step=0,
            started_at=timezone.now(),
            attempts=F("attempts") + 1,
        ):
            return True
        active.update(
            status=BuildStatus.FAILED,
            finished_at=timezone.now(),
            error=gettext("The worker stopped %(count)d times while it made this PDF.")
            % {"count": ATTEMPTS},
        )
        return False

    def ours(self, row: Any) -> QuerySet[Any]:
        """The row, as long as nobody has begun it again since."""
        found: QuerySet[Any] = self.model.objects.filter(
            pk=row.pk, status=BuildStatus.RUNNING, attempts=row.attempts
        )
        return found

    def put_back(self, row: Any) -> None:
        """After an error: let the next sweep try again, or give up."""
        if row.attempts < ATTEMPTS:
            self.ours(row).update(status=BuildStatus.QUEUED, step=0)
            return
        self.ours(row).update(
            status=BuildStatus.FAILED,
            finished_at=timezone.now(),
            error=gettext("The PDF could not be made in %(count)d attempts.") % {"count": ATTEMPTS},
        )
