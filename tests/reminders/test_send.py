"""Handing a digest to a real mail server: what is in it, and what becomes of it when the server objects."""

import datetime as dt
import smtplib

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from inspections import deadlines
from inspections.models import Deadline, Inspection, Side, Stage
from reminders import delivery, outbox
from reminders.delivery import Outcome
from reminders.models import Digest, DigestStatus, Reminder
from tests.reminders.conftest import TODAY, days, make_deadline
from tests.support.factories import make_force, make_inspection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def send_all():
    """Plan and try everything once, as a sweep does."""
    outbox.plan(TODAY)
    return [delivery.send(pk) for pk in delivery.waiting(timezone.now())]


def refuse_often(at):
    """Let the server refuse as often as it is asked within the hour; return what became of each attempt."""
    start = timezone.now()
    outcomes = []
    for minute in range(60):
        at(start + dt.timedelta(minutes=minute), tick=False)
        outcomes += send_all()
    return outcomes


def text_of(message, kind="plain"):
    return message.get_body((kind,)).get_content()


def test_a_mail_lists_all_that_is_due_in_plain_text_and_html(world, mail_server, settings):
    settings.BASE_URL = "https://assay.example"
    late = make_deadline(world.inspection, TODAY - days(7), label="Improve the <records>")
    make_deadline(world.inspection, TODAY, label="Meet & agree")
    make_deadline(world.inspection, TODAY + days(7), label="Train people")
    make_deadline(world.inspection, TODAY + days(1), label="Publish a plan")

    assert send_all() == [Outcome.SENT]

    [message] = mail_server.messages
    assert message["To"] == "force.lead@assay.example"
    assert message["Subject"] == "Assay: 4 deadlines, 1 overdue"
    assert message["Auto-Submitted"] == "auto-generated"
    plain, html = text_of(message), text_of(message, "html")
    for words in (
        "Hello Helen Marsh,",
        "These 4 deadlines want your attention:",
        "7 days overdue: it was due on 27 May 2026.",
        "Due today, 3 June 2026.",
        "Due tomorrow, 4 June 2026.",
        "Due in 7 days, on 10 June 2026.",
        "Northmoor Police, 2026 inspection",
        "https://assay.example/recommendations/",
        "https://assay.example/deadlines/",
        "deadlines of Northmoor Police",
    ):
        assert words in " ".join(plain.split()), words
        assert words in " ".join(html.split()), words
    assert f"https://assay.example/recommendations/{late.subject_id}/" in plain
    assert "Improve the <records>" in plain and "Improve the &lt;records&gt;" in html
    assert "Meet & agree" in plain and "Meet &amp; agree" in html
    order = [plain.index(label) for label in ("Improve", "Meet", "Publish a plan", "Train")]
    assert order == sorted(order)
    assert "\n\n\n" not in plain


@pytest.mark.parametrize(
    ("due_in_days", "subject"),
    [
        ([-7], "Assay: 1 deadline is overdue"),
        ([-7, -7], "Assay: 2 deadlines are overdue"),
        ([0], "Assay: 1 deadline is coming up"),
        ([0, 7], "Assay: 2 deadlines are coming up"),
    ],
)
def test_the_subject_says_how_much_and_how_bad(world, mail_server, due_in_days, subject):
    for number in due_in_days:
        make_deadline(world.inspection, TODAY + days(number))

    send_all()

    assert mail_server.messages[0]["Subject"] == subject


def test_an_inspectorate_lead_is_told_which_inspection(world, mail_server):
    make_deadline(world.inspection, label="Revisit", responsible=Side.INSPECTORATE)

    send_all()

    [message] = mail_server.messages
    assert message["To"] == "lead@assay.example"
    assert "because you lead an inspection" in text_of(message)


def test_assumed_and_moved_dates_are_marked(world, mail_server):
    make_deadline(world.inspection, TODAY - days(100))
    Inspection.objects.update(published_on_assumed=True)
    Deadline.objects.update(due_on=TODAY)

    send_all()

    for kind in ("plain", "html"):
        text = text_of(mail_server.messages[0], kind)
        assert "First due on 23 February 2026." in text
        assert "The date is assumed: the report prints no date of publication." in text


def test_a_sent_digest_is_not_sent_again(world, mail_server):
    make_deadline(world.inspection)

    assert send_all() == [Outcome.SENT]
    digest = Digest.objects.get()
    assert delivery.send(digest.pk) == Outcome.NOT_OURS
    assert send_all() == []

    assert len(mail_server.messages) == 1
    assert (digest.status, digest.attempts) == (DigestStatus.SENT, 1)
    assert mail_server.messages[0]["Message-ID"] == digest.message_id


def test_what_was_met_or_moved_before_sending_is_left_out(world, mail_server):
    kept = make_deadline(world.inspection, label="Kept")
    met = make_deadline(world.inspection, label="Met")
    moved = make_deadline(world.inspection, label="Moved")
    outbox.plan(TODAY)
    deadlines.meet(met, by=world.force_lead)
    Deadline.objects.filter(pk=moved.pk).update(due_on=TODAY + days(300))

    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.SENT

    text = text_of(mail_server.messages[0])
    assert "Kept" in text and "Met" not in text and "Moved" not in text
    assert [row.deadline for row in Reminder.objects.all()] == [kept]


def test_a_digest_with_nothing_left_to_say_is_cancelled(world, mail_server):
    deadline = make_deadline(world.inspection)
    outbox.plan(TODAY)
    deadlines.meet(deadline, by=world.force_lead)

    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.CANCELLED

    assert Digest.objects.get().status == DigestStatus.CANCELLED
    assert mail_server.messages == []
    deadlines.reopen(deadline, by=world.force_lead)
    assert send_all() == [Outcome.SENT], "open again, it is spoken of after all"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda person: {"is_active": False}, id="inactive"),
        pytest.param(lambda person: {"roles": [Role.FORCE_VIEWER.value]}, id="no lead any more"),
        pytest.param(lambda person: {"force": make_force()}, id="gone to another force"),
    ],
)
def test_who_no_longer_answers_for_the_force_gets_no_mail_about_it(world, mail_server, change):
    make_deadline(world.inspection)
    outbox.plan(TODAY)
    User.objects.filter(pk=world.force_lead.pk).update(**change(world.force_lead))

    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.CANCELLED
    assert mail_server.messages == []


def test_nobody_reads_of_another_force(world, mail_server):
    elsewhere = make_inspection(Stage.FOLLOW_UP, force=make_force("Southmoor Police"))
    make_deadline(world.inspection, label="Ours")
    make_deadline(elsewhere, label="Theirs")

    send_all()

    [message] = mail_server.messages
    assert "Ours" in message.as_string() and "Theirs" not in message.as_string()
    assert "Southmoor" not in message.as_string()


@pytest.mark.parametrize("reply", ["451 Try again later", "421 Shutting down"])
def test_put_off_by_the_server_it_stays_queued_and_is_tried_less_and_less_often(
    world, mail_server, at, reply
):
    make_deadline(world.inspection)
    mail_server.reply = reply
    start = timezone.now()
    at(start, tick=False)

    assert send_all() == [Outcome.LATER]
    digest = Digest.objects.get()
    assert digest.status == DigestStatus.QUEUED
    assert reply[:3] in digest.last_error

    tried_after = []
    for minute in range(1, 200):
        at(start + dt.timedelta(minutes=minute), tick=False)
        if send_all():
            tried_after.append(minute)
    assert tried_after == [1, 3, 7, 15, 31, 63, 123, 183]

    mail_server.reply = None
    at(start + dt.timedelta(minutes=245))
    assert send_all() == [Outcome.SENT]
    assert len(mail_server.messages) == 1


def test_a_server_that_is_not_there_is_tried_again(world, mail_server, settings, at):
    make_deadline(world.inspection)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    start = timezone.now()

    assert send_all() == [Outcome.LATER]
    assert "refused" in Digest.objects.get().last_error
    assert send_all() == [], "not at once"
    settings.EMAIL_PORT = port
    at(start + dt.timedelta(minutes=2))
    assert send_all() == [Outcome.SENT]


def test_a_refusal_for_good_is_given_up_after_a_while_and_can_be_sent_again_by_an_administrator(
    world, mail_server, at
):
    make_deadline(world.inspection)
    mail_server.reply = "550 No such mailbox"

    assert refuse_often(at) == [Outcome.LATER, Outcome.LATER, Outcome.REFUSED]
    digest = Digest.objects.get()
    assert digest.status == DigestStatus.FAILED
    assert "No such mailbox" in digest.last_error
    assert send_all() == []

    mail_server.reply = None
    assert delivery.send_again(digest)
    assert send_all() == [Outcome.SENT]
    digest.refresh_from_db()
    assert not delivery.send_again(digest)


def test_a_recipient_refused_in_the_dialogue_is_given_up(world, mail_server, monkeypatch, at):
    async def handle_RCPT(server, session, envelope, address, options):
        return "550 5.1.1 Unknown"

    monkeypatch.setattr(mail_server, "handle_RCPT", handle_RCPT, raising=False)
    make_deadline(world.inspection)

    assert refuse_often(at)[-1] == Outcome.REFUSED
    assert "5.1.1 Unknown" in Digest.objects.get().last_error


def test_a_recipient_put_off_in_the_dialogue_waits(world, mail_server, monkeypatch):
    async def handle_RCPT(server, session, envelope, address, options):
        return "450 4.2.0 Greylisted"

    monkeypatch.setattr(mail_server, "handle_RCPT", handle_RCPT, raising=False)
    make_deadline(world.inspection)

    assert send_all() == [Outcome.LATER]
    assert Digest.objects.get().status == DigestStatus.QUEUED


def test_who_puts_a_mail_off_for_five_days_is_given_up_where_it_can_be_seen(world, mail_server, at):
    deadline = make_deadline(world.inspection)
    mail_server.reply = "452 Mailbox full"
    start = timezone.now()

    outcomes = []
    for hour in range(5 * 24 + 2):
        at(start + dt.timedelta(hours=hour, seconds=hour))
        outcomes += [delivery.send(pk) for pk in delivery.waiting(timezone.now())]
        outbox.plan(TODAY)

    assert outcomes[-1] == Outcome.REFUSED and set(outcomes[:-1]) == {Outcome.LATER}
    assert Digest.objects.get().status == DigestStatus.FAILED
    mail_server.reply = None
    at(start + days(7))
    assert outbox.plan(TODAY + days(7)) == 1, "the next occasion is a mail of its own"
    assert [row.occasion for row in deadline.reminders.order_by("pk")] == [
        "on_the_day",
        "overdue:7",
    ]


def test_a_server_that_is_not_there_for_weeks_loses_nothing(world, mail_server, settings, at):
    make_deadline(world.inspection)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    start = timezone.now()
    for day in range(20):
        at(start + days(day))
        outbox.plan(TODAY + days(day))
        outcomes = {delivery.send(pk) for pk in delivery.waiting(timezone.now())}
        assert outcomes == {Outcome.LATER}

    settings.EMAIL_PORT = port
    at(start + days(20))
    assert {delivery.send(pk) for pk in delivery.waiting(timezone.now())} == {Outcome.SENT}
    [mail] = mail_server.mailbox("force.lead@assay.example")
    assert "20 days overdue" in text_of(mail)


def test_one_mailbox_that_is_refused_does_not_keep_mail_from_others(world, mail_server):
    make_deadline(world.inspection)
    make_deadline(world.inspection, responsible=Side.INSPECTORATE)
    outbox.plan(TODAY)
    first, second = delivery.waiting(timezone.now())

    mail_server.reply = "550 No such mailbox"
    assert delivery.send(first) == Outcome.LATER
    mail_server.reply = None
    assert delivery.send(second) == Outcome.SENT


def test_what_the_server_says_to_our_goodbye_does_not_matter(world, mail_server, monkeypatch):
    def quit(self):
        self.close()
        raise smtplib.SMTPResponseException(500, b"Never heard of it")

    monkeypatch.setattr(smtplib.SMTP, "quit", quit)
    make_deadline(world.inspection)

    assert send_all() == [Outcome.SENT]
    assert send_all() == []


def test_a_deadline_with_two_occasions_in_one_mail_is_one_line(world, mail_server):
    deadline = make_deadline(world.inspection, TODAY, label="Once only")
    outbox.plan(TODAY - days(3))  # planned, but no worker came to send it until the day

    send_all()

    assert {row.occasion for row in deadline.reminders.all()} == {"before:7", "on_the_day"}
    assert text_of(mail_server.messages[0]).count("Once only") == 1


def test_operators_can_do_it_at_once(world, mail_server, capsys):
    make_deadline(world.inspection)

    call_command("send_reminders")
    call_command("send_reminders")

    written = capsys.readouterr().out.splitlines()
    assert written == [
        "People with something new to be told: 1. Mails: sent 1.",
        "People with something new to be told: 0. Mails: none.",
    ]
    assert len(mail_server.messages) == 1


def test_a_mail_names_a_hundred_of_a_sort_and_counts_the_rest(world, sweep, mail_server):
    for number in range(103):
        make_deadline(world.inspection, TODAY - days(7), label=f"Recommendation {number:03}.")

    assert len(sweep(TODAY)) == 103
    [mail] = mail_server.messages
    assert mail["Subject"] == "Assay: 103 deadlines are overdue"
    assert text_of(mail).count("Recommendation ") == 100
    assert "And 3 more." in text_of(mail)
    assert "103 are overdue." in text_of(mail)


def test_the_mail_counts_what_is_overdue_as_every_page_does(world, sweep, mail_server):
    make_deadline(world.inspection, TODAY - days(1))
    make_deadline(world.inspection, TODAY)
    lapsed = make_deadline(world.inspection, TODAY - days(50))
    deadlines.lapse(lapsed)
    closed = make_inspection(Stage.FOLLOW_UP, force=world.force)
    make_deadline(closed, TODAY - days(50))
    Inspection.objects.filter(pk=closed.pk).update(stage=Stage.CLOSED)

    sweep(TODAY)

    in_all = Deadline.objects.visible_to(world.force_lead).overdue(TODAY).count()
    assert in_all == 2
    assert f"{in_all} are overdue." in text_of(mail_server.messages[0])
