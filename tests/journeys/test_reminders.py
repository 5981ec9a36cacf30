"""The clock moves to the day on which a recommendation of the published report is due, and beyond.

The demo runs as everybody runs it, with beat and workers of its own; only its mail goes to a server of the test.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shelve
import signal
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.journeys.job import LONDON, Published, in_words, months_after
from tests.journeys.material import IN_SHORT
from tests.support.counts import Counted
from tests.support.demo import DemoRun, command_line
from tests.support.mail import MailServer
from tests.support.stack import wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.timeout(900),  # the first test's set-up is the job itself
    pytest.mark.xdist_group("journey"),
]
FORCE_LEAD = "force.lead@assay.example"
SECONDS = 120  # beat looks every minute, and the machine may have more to do


def test_on_the_day_the_force_lead_gets_one_mail_that_lists_the_recommendation(published):
    due = months_after(published.published_on, 3)
    with on(due, published) as demo:
        wait_until(lambda: mails(published.mail), seconds=SECONDS, what="the mail")
        demo.run(
            "python", "manage.py", "send_reminders"
        )  # once more, at once: there is no more to send
        [mail] = mails(published.mail)
        assert digests(demo, published, due) == [("sent", 1)]
    assert entry(mail).startswith(f"{published.name}\n  Due today, {in_words(due)}.")


def test_a_mail_goes_out_once_though_the_worker_is_killed_while_the_server_holds_it(published):
    due = months_after(published.published_on, 3)
    a_week_late = due + dt.timedelta(days=7)
    with Hold(published.mail, FORCE_LEAD) as hold, on(a_week_late, published) as demo:
        wait_until(hold.arrived.is_set, seconds=SECONDS, what="the first attempt")
        kill_the_worker(demo)
        hold.let_go.set()
        assert mails(published.mail) == []
        wait_until(lambda: mails(published.mail), seconds=SECONDS, what="the second attempt")
        demo.run("python", "manage.py", "send_reminders")
        [mail] = mails(published.mail)
        assert digests(demo, published, a_week_late) == [("sent", 2)]
    assert mail["Message-ID"] == hold.message_id
    assert entry(mail).startswith(
        f"{published.name}\n  7 days overdue: it was due on {in_words(due)}."
    )


@contextlib.contextmanager
def on(day: dt.date, published: Published) -> Iterator[DemoRun]:
    """Run the copy in which the job was done, with its clock moved to `day` and an empty mailbox."""
    published.mail.messages.clear()
    let_beat_be_long_ago(published.home)
    offset = (day - dt.datetime.now(LONDON).date()).days
    with published.run(ASSAY_CLOCK_OFFSET_DAYS=str(offset)) as demo:
        demo.wait_until_ready()
        yield demo


def let_beat_be_long_ago(home: Path) -> None:
    """Months go by for beat's notes as well, by the machine's own clock: its next look is due at once."""
    with shelve.open(str(home / "beat-schedule"), "w") as notes:
        entries = notes["entries"]
        for name in entries:
            entries[name].last_run_at -= dt.timedelta(days=90)
        notes["entries"] = entries


def mails(server: MailServer) -> list[EmailMessage]:
    """Return every daily mail that the server has accepted for the force's lead, repeats included.

    The demo's open urgent referral, which is overdue by then, has a mail of its own.
    """
    theirs = [message for message in server.messages if message["X-Recipients"] == FORCE_LEAD]
    return [message for message in theirs if not is_urgent(message)]


def is_urgent(message: EmailMessage) -> bool:
    """Whether a mail is about an urgent referral."""
    return "urgent referral" in str(message["Subject"])


def entry(mail: EmailMessage) -> str:
    """Return what the mail says below the recommendation; it names it once."""
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert text.count(IN_SHORT) == 1, text
    return str(text.partition(IN_SHORT)[2].lstrip())


def digests(demo: DemoRun, published: Published, day: dt.date) -> list[tuple[str, int]]:
    """Return state and number of attempts of each mail of that day to the force's lead, as the outbox has them."""
    counted = Counted(demo.run("printenv", "DATABASE_URL").strip(), published.inspection)
    return counted.ask(
        "SELECT d.status, d.attempts FROM reminders_digest d JOIN accounts_user u ON u.id = d.user_id"
        " WHERE u.email = %(email)s AND d.day = %(day)s AND d.kind = 'daily'",
        email=FORCE_LEAD,
        day=day,
    )


def kill_the_worker(demo: DemoRun) -> None:
    """End the worker and its pool as a power cut does; the demo notices and starts it again."""
    pids = [pid for pid, _ in demo.processes() if re.search(r"celery.* worker", command_line(pid))]
    assert pids
    for pid in sorted(pids, reverse=True):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    demo.wait_until_it_says("The worker ended by SIGKILL; it was started again.")


class Hold:
    """While it lasts, a mail server keeps the first daily mail to `address` waiting, and never accepts that one."""

    def __init__(self, server: MailServer, address: str) -> None:
        self.server = server
        self.address = address
        self.arrived = threading.Event()
        self.let_go = threading.Event()
        self.message_id = ""

    def __enter__(self) -> Hold:
        self.server.before_accepting = self._look
        return self

    def __exit__(self, *error: object) -> None:
        self.let_go.set()
        self.server.before_accepting = None

    def _look(self, message: EmailMessage) -> None:
        wanted = message["X-Recipients"] == self.address and not is_urgent(message)
        if wanted and not self.arrived.is_set():
            self.message_id = str(message["Message-ID"])
            self.arrived.set()
            self.let_go.wait(60)
            raise ConnectionAbortedError("nobody waits for the answer any more")
