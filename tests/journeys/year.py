"""Days that go by one after the other, each with its sweep of reminders, and the mails that a real server took in."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command

from tests.support.mail import MailServer

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Mail:
    """One mail that the server accepted, and on which day of the year that was."""

    day: int
    to: str
    message: EmailMessage

    @property
    def text(self) -> str:
        """What it says, white space squeezed."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return " ".join(str(body.get_content()).split())


class Year:
    """Simulated days, the first of which (`day` 0) is the machine's own; a sweep each morning, as beat has it."""

    def __init__(self, settings: Any, server: MailServer) -> None:
        self.settings, self.server = settings, server
        self.first = dt.datetime.now(LONDON).date()
        self.day = -1
        self.mails: list[Mail] = []

    def date(self, day: int | None = None) -> dt.date:
        """Return the date of a day of the year; of the present one unless told."""
        return self.first + dt.timedelta(days=self.day if day is None else day)

    def day_of(self, date: dt.date) -> int:
        """Return how many days after the first `date` is."""
        return (date - self.first).days

    def comes_to(self, day: int) -> None:
        """Let the days go by until it is the morning of `day`."""
        assert day > self.day, "time does not go back"
        while self.day < day:
            self.day += 1
            self.settings.CLOCK_OFFSET_DAYS = self.day
            known = len(self.server.messages)
            call_command("send_reminders", stdout=io.StringIO())
            self.mails += [
                Mail(self.day, str(message["X-Recipients"]).partition("@")[0], message)
                for message in self.server.messages[known:]
            ]

    def mails_to(self, name: str, *words: str) -> list[Mail]:
        """Return the mails to `NAME@assay.example` that hold all of `words`, in their order."""
        return [
            mail
            for mail in self.mails
            if mail.to == name and all(word in mail.text for word in words)
        ]

    def days_of(self, name: str, *words: str) -> list[int]:
        """Return on which days such a mail came."""
        return [mail.day for mail in self.mails_to(name, *words)]

    def mail_of_today(self, name: str) -> Mail:
        """Return the one mail that came to somebody this morning."""
        [mail] = [mail for mail in self.mails if mail.to == name and mail.day == self.day]
        return mail
