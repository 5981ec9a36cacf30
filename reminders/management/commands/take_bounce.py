"""`manage.py take_bounce < report`: what a mail server runs with each mail that comes back to the sender's address."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from reminders import bounces


class Command(BaseCommand):
    help = "Read a report of failed delivery from standard input; try that mail again, or give it up where it is seen."

    def handle(self, *args: Any, **options: Any) -> None:
        digest = bounces.take(sys.stdin.buffer.read())
        if digest is None:
            self.stdout.write("No report about a mail of ours that counts as sent.")
        else:
            self.stdout.write(f"Mail {digest.message_id}: {digest.get_status_display()}.")
