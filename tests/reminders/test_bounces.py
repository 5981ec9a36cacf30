"""Mails that a server accepted and another sent back: tried again, then given up where it is seen."""

import datetime as dt
import io
import sys

import pytest
from django.core.management import call_command
from django.utils import timezone

from reminders import bounces, delivery, outbox
from reminders.delivery import Outcome
from reminders.models import Digest, DigestStatus
from tests.reminders.conftest import TODAY, make_deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
REPORT = """\
From: MAILER-DAEMON@mail.example
To: assay@assay.example
Subject: Undelivered mail returned to sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

Sorry.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; force.lead@assay.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such mailbox

--part
Content-Type: {kind}

From: assay@assay.example
Message-ID: {message_id}
Subject: Assay

--part--
"""


@pytest.fixture
def sent(world, mail_server):
    make_deadline(world.inspection)
    outbox.plan(TODAY)
    return send_waiting()


def send_waiting():
    outcomes = [delivery.send(pk) for pk in delivery.waiting(timezone.now())]
    assert set(outcomes) <= {Outcome.SENT}
    return Digest.objects.get()


def report(digest, action="failed", kind="message/rfc822"):
    text = REPORT.format(action=action, kind=kind, message_id=digest.message_id)
    return text.encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_what_comes_back_is_tried_again_and_then_given_up_where_it_is_seen(
    sent, mail_server, at, kind
):
    start = timezone.now()
    for attempt in (1, 2):
        digest = bounces.take(report(sent, kind=kind))
        assert digest.status == DigestStatus.QUEUED
        assert "No such mailbox" in digest.last_error
        assert delivery.waiting(timezone.now()) == [], "not at once"
        at(start + attempt * dt.timedelta(minutes=5))
        assert send_waiting().attempts == attempt + 1
    assert len(mail_server.messages) == 3

    digest = bounces.take(report(sent, kind=kind))
    assert digest.status == DigestStatus.FAILED
    assert outbox.plan(TODAY) == 0, "it counts as told; a person has to look at the address"
    assert delivery.send_again(digest)


def test_a_report_that_comes_twice_or_tells_of_a_delay_or_of_others_changes_nothing(sent):
    assert bounces.take(report(sent, action="delayed")) is None
    assert bounces.take(b"Subject: Holiday\n\nI am away.") is None
    assert bounces.take(b"\xff\x00 nothing that is a mail") is None
    stranger = Digest(message_id="<somebody.else@assay.example>")
    assert bounces.take(report(stranger)) is None
    assert Digest.objects.get().status == DigestStatus.SENT

    assert bounces.take(report(sent)) is not None
    assert bounces.take(report(sent)) is None


def test_a_mail_server_hands_it_over_by_a_command(sent, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report(sent))))

    call_command("take_bounce")

    assert sent.message_id in capsys.readouterr().out
    assert Digest.objects.get().status == DigestStatus.QUEUED
