"""Getting a digest from the outbox to a mail server: never lost, and recognisably the same if it has to go twice.

docs/reminders.md tells what happens wherever a worker may die.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import smtplib
from enum import Enum

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from inspections import dates
from reminders import holding, messages
from reminders.holding import Holding
from reminders.models import Channel, Digest, DigestKind, DigestStatus, Preference, Reminder

logger = logging.getLogger(__name__)
LONGEST_WAIT = dt.timedelta(hours=1)
# A server that says no for good is asked so many times; one that puts this mail off, for so long. Then a person looks.
REFUSALS_TAKEN = 3
PUT_OFF_FOR = dt.timedelta(days=5)


class Outcome(Enum):
    """What became of an attempt to send a digest."""

    SENT = "sent"
    LATER = "later"  # the mail server could not be reached or put us off
    REFUSED = "refused"  # for good; a person has to look at it
    CANCELLED = "cancelled"  # everything in it was met or moved meanwhile
    QUIET = "quiet"  # it waits for a working day
    NOT_OURS = "not_ours"  # sent already, being sent by somebody else, or not yet to be tried again


class Refused(Exception):
    """The mail server does not take this message for this person: says that it never will, or puts it off."""

    def __init__(self, error: smtplib.SMTPException, *, for_good: bool) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.for_good = for_good


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
    earliest = next_attempt(digest)
    return earliest is None or now >= earliest


def next_attempt(digest: Digest) -> dt.datetime | None:
    """When a mail that failed is tried again at the earliest (real time); None if it need not wait."""
    if not digest.last_error or digest.last_attempt_at is None:
        return None
    pause = min(dt.timedelta(minutes=2 ** min(digest.attempts - 1, 10)), LONGEST_WAIT)
    return digest.last_attempt_at + pause


def send(digest_id: int) -> Outcome:
    """Try to send one queued digest, and write down what came of it.

    The attempt is on record before a mail server hears of it, in a transaction of its own. The row is locked while the
    message is handed over, so that nobody else sends it; it says SENT only once the server has accepted it.
    """
    started = _start_attempt(digest_id)
    if isinstance(started, Outcome):
        return started
    try:
        return _hand_over(digest_id, attempt=started)
    except Refused as error:
        if _give_up(digest_id, started, error):
            _note_failure(digest_id, started, str(error), DigestStatus.FAILED)
            return Outcome.REFUSED
        _note_failure(digest_id, started, str(error), DigestStatus.QUEUED)
        return Outcome.LATER
    except (
        smtplib.SMTPException,
        OSError,
    ) as error:  # nobody there to take any mail: never given up
        logger.warning("digest %s waits: %s", digest_id, error)
        _note_failure(digest_id, started, _words(error), DigestStatus.QUEUED)
        return Outcome.LATER
    except Exception as error:  # a fault of ours: it must not be tried every minute, nor be hidden
        _note_failure(digest_id, started, _words(error), DigestStatus.QUEUED)
        raise


def _give_up(digest_id: int, attempt: int, error: Refused) -> bool:
    """Whether a refused mail has been tried often enough, or for long enough."""
    if error.for_good:
        return attempt >= REFUSALS_TAKEN
    since = Digest.objects.values_list("created_at", flat=True).get(pk=digest_id)
    return timezone.now() >= since + PUT_OFF_FOR


def _start_attempt(digest_id: int) -> Outcome | int:
    """Record an attempt and take out what no longer holds; return its number, or why there is none."""
    with transaction.atomic():
        digest = (
            Digest.objects.select_for_update(skip_locked=True)
            .filter(pk=digest_id, status=DigestStatus.QUEUED)
            .first()
        )
        if digest is None or not may_be_tried(digest, timezone.now()):
            return Outcome.NOT_OURS
        found = holding.of(digest)
        Reminder.objects.filter(pk__in=found.dropped).delete()
        if not found.holds:
            digest.status = DigestStatus.CANCELLED
            digest.save(update_fields=["status"])
            return Outcome.CANCELLED
        if found.is_quiet:
            return Outcome.QUIET
        if digest.attempts == 0:  # later on, a server may have it already
            digest.by_mail = _by_mail(digest, found)
        digest.attempts += 1
        digest.last_attempt_at = timezone.now()
        digest.last_error = ""
        if not digest.by_mail:  # no server to hand it to: it has arrived with this transaction
            digest.status, digest.sent_at = DigestStatus.SENT, dates.now()
        digest.save()
        return digest.attempts if digest.by_mail else Outcome.SENT


def _by_mail(digest: Digest, holding: Holding) -> bool:
    """Whether it goes to the mail server: unless the person wants to be told in Assay only, and nothing is overdue."""
    if holding.cannot_be_silenced:
        return True
    wants = Preference.objects.filter(user=digest.user_id).values_list("channel", flat=True)
    return wants.first() != Channel.IN_APP


def _hand_over(digest_id: int, *, attempt: int) -> Outcome:
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
            message = messages.compose(digest, dates.today())
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
    """Return once the server has accepted the message; raise Refused if it does not want this one."""
    message.connection = connection  # type: ignore[assignment]
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise Refused(error, for_good=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPDataError as error:
        raise Refused(error, for_good=error.smtp_code >= 500) from error
    except smtplib.SMTPSenderRefused as error:
        raise Refused(error, for_good=False) from error


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _note_failure(digest_id: int, attempt: int, words: str, status: DigestStatus) -> None:
    """Write down why, unless somebody else has tried since."""
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
