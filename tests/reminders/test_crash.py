"""A real worker, a real mail server, and SIGKILL wherever it may strike: never lost, never twice in a mailbox.

What is said of a mail holds of the daily one and of the one about an urgent referral alike.
"""

import threading

import psycopg2
import pytest
import redis
from django.db import connection

from accounts.models import Role
from cases import referrals
from config.celery import app
from inspections import dates
from reminders import tasks
from reminders.models import Digest, DigestStatus, Reminder
from tests.reminders.conftest import days, make_deadline
from tests.reminders.servers import StallingServer
from tests.support.factories import make_case, make_user
from tests.support.stack import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FORCE_LEAD = "force.lead@assay.example"


@pytest.fixture
def due_today(celery_worker, world):
    return make_deadline(world.inspection, dates.today(), label="Improve the records")


@pytest.fixture(params=["daily", "urgent"])
def waiting(request, celery_worker, world):
    """One mail waits to be planned and sent to the force's lead."""
    if request.param == "daily":
        return make_deadline(world.inspection, dates.today(), label="Improve the records")
    return refer(world)


def refer(world):
    """Refer a case to the force, as an inspector of the team."""
    inspector = world.inspection.team.get(is_lead=False).user
    case = make_case(world.inspection)
    return referrals.raise_(case, concern="Still there.", must_act="You", by=inspector)


def sent():
    return Digest.objects.filter(status=DigestStatus.SENT).exists()


def wait_until_sent():
    wait_until(sent, what="the digest to be sent")


def finish_what_is_queued(worker, settings):
    """Wait until workers have finished all that they were sent, and one more look at the outbox after it."""
    before = worker.log().count("reminders.tasks.sweep") + worker.log().count("succeeded")
    tasks.sweep.delay()
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        wait_until(
            lambda: (
                not broker.llen("celery")
                and not broker.hlen("unacked")
                and worker.log().count("reminders.tasks.sweep") + worker.log().count("succeeded")
                > before
            ),
            what=f"idle workers; their log:\n{worker.log()}",
        )


def forget_killed_tasks(settings):
    """Drop the messages that a killed worker had not confirmed: the broker keeps them back for an hour."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.delete("unacked", "unacked_index", "celery")


def test_beat_calls_a_task_that_exists():
    entry = app.conf.beat_schedule["sweep-reminders"]

    assert entry["task"] == tasks.sweep.name
    assert entry["options"]["expires"] < entry["schedule"]


def test_the_worker_sends_one_mail_however_often_it_looks(
    waiting, celery_worker, mail_server, settings
):
    celery_worker.start()
    for _ in range(3):
        tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)

    [message] = mail_server.messages
    assert message["To"] == FORCE_LEAD
    assert Digest.objects.get().attempts == 1


@pytest.mark.parametrize("stall_at", ["connect", "data"])
def test_killed_before_the_server_accepted_the_mail_goes_out_once_afterwards(
    waiting, celery_worker, mail_server, settings, stall_at
):
    with StallingServer(stall_at) as stalling:
        celery_worker.start(EMAIL_URL=stalling.url)
        tasks.sweep.delay()
        assert stalling.reached.wait(30)
        celery_worker.kill()
    digest = Digest.objects.get()
    assert (digest.status, digest.attempts) == (DigestStatus.QUEUED, 1)
    forget_killed_tasks(settings)

    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.messages) == 1
    assert Digest.objects.get().attempts == 2
    if stall_at == "data":
        assert digest.message_id.encode() in stalling.received
        assert mail_server.messages[0]["Message-ID"] == digest.message_id


def test_killed_between_the_servers_ok_and_our_commit_the_mailbox_has_one_mail(
    waiting, celery_worker, mail_server, settings
):
    blocker = connect()
    accepted = threading.Event()

    def hold_back_the_commit(message):
        mail_server.after_accepting = None
        # Rows may still be locked for reading, so the worker sees the OK and then waits to write it down.
        blocker.cursor().execute("LOCK TABLE reminders_digest IN SHARE MODE")
        accepted.set()

    mail_server.after_accepting = hold_back_the_commit
    celery_worker.start()
    tasks.sweep.delay()
    assert accepted.wait(30)
    wait_until(lambda: waits_to_write(blocker), what="the worker to wait for its UPDATE")
    celery_worker.kill()
    blocker.rollback()
    blocker.close()
    wait_until(nobody_else_in_a_transaction, what="the dead worker's transaction to end")
    assert Digest.objects.get().status == DigestStatus.QUEUED
    assert len(mail_server.messages) == 1
    forget_killed_tasks(settings)

    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)

    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert len(mail_server.mailbox(FORCE_LEAD)) == 1


def test_killed_while_the_server_thinks_about_it_the_mailbox_has_one_mail(
    waiting, celery_worker, mail_server, settings
):
    thinking = threading.Event()
    mail_server.before_accepting = lambda message: thinking.set()
    mail_server.pause()
    celery_worker.start()
    tasks.sweep.delay()
    assert thinking.wait(30)
    celery_worker.kill()
    mail_server.before_accepting = None
    mail_server.resume()  # it keeps the message, but nobody is left to be told
    forget_killed_tasks(settings)

    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.mailbox(FORCE_LEAD)) == 1


def test_what_is_added_after_a_crash_is_not_hidden_behind_the_mail_that_may_have_arrived(
    due_today, celery_worker, mail_server, settings, world
):
    thinking = threading.Event()
    mail_server.before_accepting = lambda message: thinking.set()
    mail_server.pause()
    celery_worker.start()
    tasks.sweep.delay()
    assert thinking.wait(30)
    celery_worker.kill()
    mail_server.before_accepting = None
    mail_server.resume()
    forget_killed_tasks(settings)
    make_deadline(world.inspection, dates.today(), label="Train everybody")

    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)
    assert "Train everybody" not in "".join(m.as_string() for m in mail_server.messages)
    celery_worker.stop()
    celery_worker.start(ASSAY_CLOCK_OFFSET_DAYS="1")
    tasks.sweep.delay()
    wait_until(lambda: len(mail_server.mailbox(FORCE_LEAD)) == 2, what="tomorrow's mail")

    assert "Train everybody" in mail_server.mailbox(FORCE_LEAD)[1].as_string()


def test_a_scheduler_that_was_down_for_a_week_loses_nothing_and_repeats_nothing(
    due_today, celery_worker, mail_server, settings, world
):
    make_deadline(world.inspection, dates.today() + days(10), label="Train everybody")
    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)
    celery_worker.kill()  # and nothing runs for eight days
    celery_worker.start(ASSAY_CLOCK_OFFSET_DAYS="8")
    tasks.sweep.delay()
    tasks.sweep.delay()
    wait_until(lambda: len(mail_server.messages) == 2, what="the mail of the eighth day")
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.messages) == 2
    occasions = Reminder.objects.order_by("deadline__due_on", "pk")
    assert [(row.deadline.label, row.occasion) for row in occasions] == [
        ("Improve the records", "on_the_day"),
        ("Improve the records", "overdue:7"),
        ("Train everybody", "before:28"),
        ("Train everybody", "before:7"),
    ]


def test_two_workers_and_many_sweeps_at_once_send_one_mail(
    waiting, celery_worker, mail_server, settings
):
    for _ in range(2):
        celery_worker.start(wait=False, concurrency=2)
    for _ in range(8):
        tasks.sweep.delay()
    wait_until_sent()
    for _ in range(8):
        tasks.sweep.delay()
        tasks.send_digest.delay(Digest.objects.get().pk)
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.messages) == 1
    # Two workers may both begin before one of them hands the mail over, so the number of attempts proves nothing.
    assert Digest.objects.get().reminders.count() == 1


def test_raising_a_referral_sends_its_mail_without_anybody_looking(
    celery_worker, mail_server, settings, world
):
    celery_worker.start()

    refer(world)

    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)
    [message] = mail_server.messages
    assert message["To"] == FORCE_LEAD


def test_answering_tells_the_lead_and_what_nobody_answers_climbs_when_a_worker_looks_again(
    celery_worker, mail_server, settings, world
):
    make_user(Role.MANAGER, email="manager@assay.example")
    referral, other = refer(world), refer(world)
    celery_worker.start()
    referrals.answer(referral, "Both were seen.", by=world.force_lead)
    wait_until(
        lambda: len(mail_server.mailbox("lead@assay.example")) == 1, what="the mail to the lead"
    )
    celery_worker.kill()  # and nothing runs for two days
    forget_killed_tasks(settings)
    celery_worker.start(ASSAY_CLOCK_OFFSET_DAYS="2")
    tasks.sweep.delay()
    tasks.sweep.delay()
    wait_until(lambda: mail_server.mailbox("manager@assay.example"), what="the mail to the manager")
    finish_what_is_queued(celery_worker, settings)

    [mail] = mail_server.mailbox("manager@assay.example")
    assert mail["Subject"] == "Assay: an urgent referral is overdue"
    assert f"/referrals/{other.pk}/" in mail.get_body(("plain",)).get_content()
    overdue = Reminder.objects.filter(occasion="overdue")
    assert {row.deadline.subject_id for row in overdue} == {other.pk}


def connect():
    """Return a connection to this test's database that is not Django's, for another thread."""
    database = connection.settings_dict
    return psycopg2.connect(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
    )


def waits_to_write(blocker):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid)) "
            "AND query LIKE 'UPDATE%%reminders_digest%%'",
            [blocker.info.backend_pid],
        )
        return cursor.fetchone()[0] == 1


def nobody_else_in_a_transaction():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return cursor.fetchone()[0] == 0
