"""For whoever keeps Assay running: which mails wait or were given up, whether anything sends them, trying again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.errors import NotAllowed
from accounts.models import User
from reminders import signs
from reminders.models import Digest, DigestQuerySet, DigestStatus

logger = logging.getLogger(__name__)

# Beat sweeps every minute; by then something is wrong.
SILENT_FOR = dt.timedelta(minutes=5)
WAITS_TOO_LONG = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Condition:
    """How the sending of messages does, by the machine's own clock; `troubles` names what is wrong."""

    beat: dt.datetime | None
    sweep: dt.datetime | None
    waiting: int
    put_off: int
    given_up: int
    sent_lately: int
    oldest_waiting: dt.datetime | None
    now: dt.datetime

    @property
    def beat_is_silent(self) -> bool:
        """No sign of the scheduler: nothing is planned, and what waits is not tried."""
        return self.beat is None

    @property
    def sweeps_are_late(self) -> bool:
        """The scheduler is alive, but no sweep has come to its end lately: no worker, or it fails."""
        return self.beat is not None and (self.sweep is None or self.now - self.sweep > SILENT_FOR)

    @property
    def mails_are_late(self) -> bool:
        """Something has been waiting for long without a mail server having refused it."""
        return (
            self.waiting > self.put_off
            and self.oldest_waiting is not None
            and self.now - self.oldest_waiting > WAITS_TOO_LONG
        )


def may_operate(user: User) -> bool:
    """Administrators keep Assay running, and nobody else."""
    return user.is_administrator


def condition() -> Condition:
    """Return how the sending of messages does right now. One query, and two questions to Redis."""
    now = timezone.now()
    waits = Q(status=DigestStatus.QUEUED)
    untried = waits & Q(last_error="")
    counts = Digest.objects.aggregate(
        waiting=Count("pk", filter=waits),
        put_off=Count("pk", filter=waits & ~Q(last_error="")),
        given_up=Count("pk", filter=Q(status=DigestStatus.FAILED)),
        sent_lately=Count(
            "pk",
            filter=Q(
                status=DigestStatus.SENT, by_mail=True, last_attempt_at__gte=now - dt.timedelta(1)
            ),
        ),
        oldest_waiting=Min("created_at", filter=untried),
    )
    return Condition(signs.last_sign_of_beat(), signs.last_sweep(), now=now, **counts)


def unsent() -> DigestQuerySet:
    """Return the mails that have not gone out: given up first, then those that wait, the newest of each first."""
    return Digest.objects.filter(status__in=[DigestStatus.QUEUED, DigestStatus.FAILED]).order_by(
        "status", "-pk"
    )


def try_again(digests: Collection[int] | None, *, by: User) -> int:
    """Have those of `digests` (primary keys; None: all) that were given up or put off tried at once; return how many.

    Raises NotAllowed unless `by` is an administrator. What it says is still checked when it leaves: what was met
    meanwhile is taken out.
    """
    if not may_operate(by):
        raise NotAllowed
    stuck = Q(status=DigestStatus.FAILED) | Q(status=DigestStatus.QUEUED) & ~Q(last_error="")
    chosen = Digest.objects.filter(stuck)
    if digests is not None:
        chosen = chosen.filter(pk__in=digests)
    with transaction.atomic():
        count = chosen.update(status=DigestStatus.QUEUED, last_error="")
        if count:
            logger.info("%s has %d mails tried again", by.pk, count)
            transaction.on_commit(_nudge)
    return count


def _nudge() -> None:
    """Have them tried within seconds. Without broker, beat's next sweep does it."""
    try:
        current_app.send_task(settings.URGENT_MAIL_TASK, retry=False, expires=60)
    except OperationalError as error:
        logger.warning("mails to try again wait for the next sweep: %s", error)
