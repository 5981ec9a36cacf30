"""What comes back: a mail that a server accepted and another could not deliver (RFC 3464)."""

from __future__ import annotations

import email
from email.message import Message
from email.policy import default

from django.db import transaction
from django.utils import timezone

from reminders.delivery import REFUSALS_TAKEN
from reminders.models import Digest, DigestStatus


def take(raw: bytes) -> Digest | None:
    """Put the digest that `raw` says was not delivered back into the outbox, or give it up if that was often enough.

    Return it; None if `raw` is no such report, tells of a delay only, or of nothing that we count as sent. Reports that
    come twice change nothing more: the digest is no longer SENT then.
    """
    report = email.message_from_bytes(raw, policy=default)
    why = _failure(report)
    message_id = _message_id_of_ours(report)
    if why is None or message_id is None:
        return None
    with transaction.atomic():
        digest = (
            Digest.objects.select_for_update()
            .filter(message_id=message_id, status=DigestStatus.SENT, by_mail=True)
            .first()
        )
        if digest is None:
            return None
        is_last = digest.attempts >= REFUSALS_TAKEN
        digest.status = DigestStatus.FAILED if is_last else DigestStatus.QUEUED
        digest.sent_at = None
        digest.last_attempt_at = (
            timezone.now()
        )  # from which the pause before the next attempt counts
        digest.last_error = f"Returned: {why}"[:1000]
        digest.save(update_fields=["status", "sent_at", "last_attempt_at", "last_error"])
    return digest


def _failure(report: Message) -> str | None:
    """Return what the report says went wrong; None if it reports no failure."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():  # a block about the message, then one for each recipient
            if isinstance(block, Message) and str(block.get("Action", "")).lower() == "failed":
                words = [
                    block.get("Final-Recipient"),
                    block.get("Diagnostic-Code") or block.get("Status"),
                ]
                return ", ".join(str(word) for word in words if word)
    return None


def _message_id_of_ours(report: Message) -> str | None:
    """Return the Message-ID of the mail that came back, of which the report holds at least the head."""
    for part in report.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            return str(inner["Message-ID"]) if isinstance(inner, Message) else None
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            head = email.message_from_bytes(
                content if isinstance(content, bytes) else b"", policy=default
            )
            return str(head["Message-ID"])
    return None
