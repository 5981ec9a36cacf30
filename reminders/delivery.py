"""Getting a digest from the outbox to a mail server: never lost, and recognisably the same if it has to go twice.

docs/reminders.md tells what happens wherever a worker may die.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from enum import Enum

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from inspections import dates
from reminders import messages, outbox, urgent
from reminders.models import Digest, DigestKind, DigestStatus, Reminder

logger = logging.getLogger(__name__)
LONGEST_WAIT = dt.timedelta(hours=1)


class Outcome(Enum):
    """What became of an attempt to send a digest."""

    SENT = "sent"
    LATER = "later"  # the mail server could not be reached or put us off
    REFUSED = "refused"  # for good; a person has to look at it
    CANCELLED = "cancelled"  # everything in it was met or moved meanwhile
    NOT_OURS = "not_ours"  # sent already, being sent by somebody else, or not yet to be tried again


class Refused(Exception):
    """The mail server will never take this message for this person."""


def waiting(now: dt.datetime) -> list[int]:
    """Return the digests (primary keys) that may be tried at `now` (real time, not the demo's).

    What is urgent comes first, then the oldest.
    """
    queued = Digest.objects.filter(status=DigestStatus.QUEUED).order_by("created_at", "pk")
    found = [digest for digest in queued if may_be_tried(digest, now)]
    found.sort(key=lambda digest: digest.kind != DigestKind.URGENT)
    return [digest.pk for digest in found]


def may_be_tried(digest: Digest, now: dt.datetime) -> bool:
    """Whether enough time has passed since the last failure: a minute, then two, four … at most an hour.

    An attempt that left no error was cut short by a crash (or is under way, which the row's lock shows): no waiting.
    """
    if not digest.last_error or digest.last_attempt_at is None:
        return True
    pause = min(dt.timedelta(minutes=2 ** min(digest.attempts - 1, 10)), LONGEST_WAIT)
    return now >= digest.last_attempt_at + pause


def send(digest_id: int) -> Outcome:
    """Try to send one queued digest, and write down what came of it.

    The attempt is on record before a mail server hears of it, in a transaction of its own. The row is locked while the
    message is handed over, so that nobody else sends it; it says SENT only once the server has accepted it.
    """
    started = _start_attempt(digest_id)
    if isinstance(started, Outcome):
        return started
    attempt, reminder_ids = started
    try:
        return _hand_over(digest_id, attempt, reminder_ids)
    except Refused as error:
        _note_failure(digest_id, attempt, error, DigestStatus.FAILED)
        return Outcome.REFUSED
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("digest %s waits: %s", digest_id, error)
        _note_failure(digest_id, attempt, error, DigestStatus.QUEUED)
        return Outcome.LATER
    except Exception as error:  # a fault of ours: it must not be tried every minute, nor be hidden
        _note_failure(digest_id, attempt, error, DigestStatus.QUEUED)
        raise


def _start_attempt(digest_id: int) -> Outcome | tuple[int, list[int]]:
    """Record an attempt; return its number and the reminders that still hold, or why there is none."""
    with transaction.atomic():
        digest = (
            Digest.objects.select_for_update(skip_locked=True)
            .filter(pk=digest_id, status=DigestStatus.QUEUED)
            .first()
        )
        if digest is None or not may_be_tried(digest, timezone.now()):
            return Outcome.NOT_OURS
        holding = _drop_what_no_longer_holds(digest)
        if not holding:
            digest.status = DigestStatus.CANCELLED
            digest.save(update_fields=["status"])
            return Outcome.CANCELLED
        digest.attempts += 1
        digest.last_attempt_at = timezone.now()
        digest.last_error = ""
        digest.save(update_fields=["attempts", "last_attempt_at", "last_error"])
        return digest.attempts, holding


def _drop_what_no_longer_holds(digest: Digest) -> list[int]:
    """Delete the reminders of what was met, moved or is no longer this person's to see to; return the others."""
    holding: list[int] = []
    dropped: list[int] = []
    reminders = list(digest.reminders.all())
    holds = _holds_at_once if digest.kind == DigestKind.URGENT else _holds_on_its_day
    still = holds(digest, reminders)
    for reminder in reminders:
        (holding if still(reminder) else dropped).append(reminder.pk)
    if dropped:
        Reminder.objects.filter(pk__in=dropped).delete()
    return holding


def _holds_on_its_day(digest: Digest, reminders: list[Reminder]) -> Callable[[Reminder], bool]:
    latest_due = max((reminder.due_on for reminder in reminders), default=dates.today())
    duties = set(outbox.duties(due_until=latest_due, user_id=digest.user_id))
    return lambda reminder: (
        outbox.Duty(reminder.user_id, reminder.deadline_id, reminder.due_on) in duties
    )


def _holds_at_once(digest: Digest, reminders: list[Reminder]) -> Callable[[Reminder], bool]:
    notices = urgent.notices(dates.now())
    return lambda reminder: (
        urgent.Notice(
            reminder.user_id,
            reminder.deadline_id,
            reminder.due_on,
            urgent.Occasion(reminder.occasion),
        )
        in notices
    )


def _hand_over(digest_id: int, attempt: int, reminder_ids: list[int]) -> Outcome:
    connection = get_connection()
    try:
        with transaction.atomic():
            digest = (
                Digest.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("user__force")
                .filter(pk=digest_id, status=DigestStatus.QUEUED, attempts=attempt)
                .first()
            )
            if digest is None:
                return Outcome.NOT_OURS
            message = messages.compose(digest, reminder_ids, dates.today())
            connection.open()
            _send(connection, message)
            Digest.objects.filter(pk=digest.pk).update(
                status=DigestStatus.SENT, sent_at=dates.now()
            )
        return Outcome.SENT
    finally:
        # After the commit: what a server says to our goodbye changes nothing.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()


def _send(connection: object, message: EmailMultiAlternatives) -> None:
    """Return once the server has accepted the message; raise Refused if it never will."""
    message.connection = connection  # type: ignore[assignment]
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Refused(str(error)) from error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= 500:
            raise Refused(str(error)) from error
        raise


def _note_failure(digest_id: int, attempt: int, error: Exception, status: DigestStatus) -> None:
    """Write down why, unless somebody else has tried since."""
    words = f"{type(error).__name__}: {error}"
    Digest.objects.filter(pk=digest_id, attempts=attempt, status=DigestStatus.QUEUED).update(
        status=status, last_error=words[:1000]
    )


def send_again(digest: Digest) -> bool:
    """Put a digest that was refused back into the outbox, as an administrator asks; False if it is not refused."""
    return bool(
        Digest.objects.filter(pk=digest.pk, status=DigestStatus.FAILED).update(
            status=DigestStatus.QUEUED, last_error=""
        )
    )
