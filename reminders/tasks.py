"""What Celery runs: beat sends `sweep` every minute."""

from celery import shared_task
from django.utils import timezone

from inspections import dates
from reminders import delivery, outbox, signs, urgent


@shared_task
def sweep() -> None:
    """Plan what has to be told at once and what is due to be told today, and have every waiting digest sent.

    Costs little when there is nothing. What is urgent does not wait for beat: settings.URGENT_MAIL_TASK names this.
    """
    try:
        urgent.plan(dates.now())
        outbox.plan(dates.today())
    finally:  # what is planned already goes out, whatever keeps the rest from being planned
        for digest_id in delivery.waiting(timezone.now()):
            send_digest.delay(digest_id)
    signs.note_sweep()


@shared_task
def send_digest(digest_id: int) -> str:
    """Try to send one digest. Run twice, or for one that was sent, it does nothing more."""
    return delivery.send(digest_id).value
