"""What has to be told, put into the outbox: one digest a person a day, planned from what is due (rule 8)."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reminders import due
from reminders.due import Line
from reminders.models import Digest, DigestKind, DigestStatus, Reminder

logger = logging.getLogger(__name__)
WRITTEN_AT_ONCE = 1000


def plan(today: dt.date) -> int:
    """Put into the outbox what people have to be told by `today` (Europe/London); return to how many people.

    Running it again, or twice at a time, adds nothing. Ten queries while there is nothing new; one short transaction
    for each person else. One person's trouble keeps nobody else from being told, and is raised after that.
    """
    to_tell = due.lines(today)
    if not to_tell:
        return 0
    busy = _busy(list(to_tell), today)
    planned = 0
    problems: list[Exception] = []
    for user_id in sorted(to_tell.keys() - busy):
        try:
            planned += _enter(user_id, to_tell[user_id], today)
        except Exception as error:
            logger.exception("nothing could be planned for person %s", user_id)
            problems.append(error)
    if problems:
        raise problems[0]
    return planned


def _digests_in_the_way(user_ids: list[int], today: dt.date) -> list[Digest]:
    """Return the daily digests of today, those that were sent today, and those that no server has accepted yet."""
    rows = Digest.objects.filter(user__in=user_ids, kind=DigestKind.DAILY)
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    return list(
        rows.filter(day__gte=today)
        | rows.filter(status=DigestStatus.QUEUED)
        | rows.filter(sent_at__gte=midnight)
    )


def _takes_more(digest: Digest) -> bool:
    """Whether lines may still be added: not once a mail server may have the message."""
    waits = digest.status in (DigestStatus.QUEUED, DigestStatus.CANCELLED)
    return waits and digest.attempts == 0


def _busy(user_ids: list[int], today: dt.date) -> set[int]:
    """Return who gets no other mail today: they had one, or one is under way. The rest waits for the next."""
    return {
        digest.user_id for digest in _digests_in_the_way(user_ids, today) if not _takes_more(digest)
    }


def _enter(user_id: int, lines: list[Line], today: dt.date) -> int:
    """Write one person's reminders into the open digest or a new one; return 1, or 0 if there is nothing to add.

    The person's row is locked meanwhile, so that two sweeps never make two digests, whatever day each takes it to be.
    """
    with transaction.atomic():
        people = User.objects.select_for_update(skip_locked=True, no_key=True)
        if not people.filter(pk=user_id).values_list("pk", flat=True):
            return 0  # another sweep is at it; the next one looks again
        digest_id = _open_digest(user_id, today)
        if digest_id is None:
            return 0
        rows = [Reminder(user_id=user_id, digest_id=digest_id, **line._asdict()) for line in lines]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=WRITTEN_AT_ONCE)
        if not Reminder.objects.filter(digest=digest_id).exists():
            transaction.set_rollback(True)
            return 0
    return 1


def _open_digest(user_id: int, today: dt.date) -> int | None:
    """Lock the digest to which lines may be added, or create the day's; None if the person gets no other today."""
    there = _digests_in_the_way([user_id], today)
    if any(not _takes_more(digest) for digest in there):
        return None
    if not there:
        digest = Digest(
            user_id=user_id, day=today, message_id=message_id_of(user_id, today.isoformat())
        )
        digest.save(force_insert=True)
        return digest.pk
    # One that waits before one that had nothing left to say.
    first = min(there, key=lambda digest: digest.status != DigestStatus.QUEUED)
    # Somebody may have begun to send it since we looked: then it takes no more.
    untouched = Digest.objects.filter(
        pk=first.pk, attempts=0, status__in=[DigestStatus.QUEUED, DigestStatus.CANCELLED]
    )
    return first.pk if untouched.update(status=DigestStatus.QUEUED) else None


def message_id_of(user_id: int, what: str) -> str:
    """Return the Message-ID of a person's mail about `what` (a day): the same each time, and on this site only."""
    identity = f"{settings.BASE_URL}|{user_id}|{what}"
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{domain}>"
