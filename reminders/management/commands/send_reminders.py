"""`manage.py send_reminders`: what beat and the workers do every minute, once and at once."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inspections import dates
from reminders import delivery, outbox, urgent


class Command(BaseCommand):
    help = "Plan what is urgent and the reminders that are due today, and try to send every digest that waits."

    def handle(self, *args: Any, **options: Any) -> None:
        urgent.plan(dates.now())
        planned = outbox.plan(dates.today())
        outcomes = Counter(delivery.send(pk).value for pk in delivery.waiting(timezone.now()))
        counts = ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items()))
        self.stdout.write(
            f"People with something new to be told: {planned}. Mails: {counts or 'none'}."
        )
