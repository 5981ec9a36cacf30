"""For whoever keeps Assay running: which mails wait or were given up, whether anything sends them, trying again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.errors import NotAllowed
from accounts.models import Nation, User
from inspections import dates
from inspections.models import DeadlineKind
from reminders import signs
from reminders.models import Digest, DigestKind, DigestQuerySet, DigestStatus, Reminder
from reminders.policies import Policies
from reminders.working_days import is_working_day

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
    held: int  # for a working day
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
        """Something has been waiting for long that no mail server has refused and no policy holds back."""
        return self.oldest_waiting is not None and self.now - self.oldest_waiting > WAITS_TOO_LONG


def may_operate(user: User) -> bool:
    """Administrators keep Assay running, and nobody else."""
    return user.is_administrator


def condition() -> Condition:
    """Return how the sending of messages does right now. A few queries, and two questions to Redis."""
    now = timezone.now()
    waits = Q(status=DigestStatus.QUEUED)
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
    )
    untried = Digest.objects.filter(waits, last_error="")
    held = held_for_a_working_day(untried)
    return Condition(
        beat=signs.last_sign_of_beat(),
        sweep=signs.last_sweep(),
        held=held.count(),
        oldest_waiting=untried.exclude(pk__in=held.values("pk")).aggregate(
            oldest=Min("created_at")
        )["oldest"],
        now=now,
        **counts,
    )


def held_for_a_working_day(digests: DigestQuerySet) -> DigestQuerySet:
    """Return those of `digests` that say nothing but what policies keep quiet today: they are not late.

    Says of many what `holding.of` says of one.
    """
    # A quarter of an hour ago: when the working day begins, a sweep still has to come.
    today = timezone.localdate(dates.now() - WAITS_TOO_LONG)
    nations = [nation.value for nation in Nation if not is_working_day(today, nation)]
    policies = Policies()
    kinds = [kind for kind in DeadlineKind.values if policies.of(kind).working_days_only]
    quiet = Q(deadline__kind__in=kinds, deadline__inspection__force__nation__in=nations)
    if policies.usual.working_days_only:
        quiet |= Q(news__inspection__force__nation__in=nations)
    lines = Reminder.objects.filter(digest=OuterRef("pk"))
    loud = lines.exclude(pk__in=Reminder.objects.filter(quiet).values("pk"))
    return digests.filter(Exists(lines), ~Exists(loud), kind=DigestKind.DAILY)


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
