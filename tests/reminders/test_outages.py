"""Whatever is killed, held up, moved or doubled: afterwards each person has each occasion once, and none is missing.

`test_crash` kills workers; here it is the database, the broker and the scheduler, clocks and dates.
"""

import datetime as dt
import random
import threading

import psycopg2
import pytest
import redis
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import Role, User
from inspections import dates, news
from inspections.models import Deadline, NewsKind, Party
from reminders import delivery, due, outbox, tasks
from reminders.delivery import Outcome
from reminders.models import Digest, DigestStatus, Preference, Reminder
from reminders.occasions import latest
from reminders.policies import Policies
from tests.reminders.conftest import TODAY, days, make_deadline
from tests.reminders.test_crash import (
    FORCE_LEAD,
    connect,
    finish_what_is_queued,
    forget_killed_tasks,
    wait_until_sent,
)
from tests.support.factories import make_user
from tests.support.stack import wait_until

PROCESSES = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def with_processes(test):
    """Mark a test that needs real processes and what they see committed."""
    for mark in PROCESSES:
        test = mark(test)
    return test


def end_connections():
    """End every connection to this test's database but its own, as a database that goes down does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@with_processes
def test_a_database_that_goes_down_before_the_commit_leaves_one_mail_in_the_mailbox(
    celery_worker, mail_server, settings, world
):
    make_deadline(world.inspection, dates.today())
    gone = threading.Event()

    def database_goes_down(message):
        mail_server.after_accepting = None
        with connect() as other, other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND state = 'idle in transaction'"
            )
        gone.set()

    mail_server.after_accepting = database_goes_down
    celery_worker.start()
    tasks.sweep.delay()
    assert gone.wait(60)
    finish_what_is_queued(celery_worker, settings)
    # What failed waits for a minute before it is tried again; that minute is over.
    Digest.objects.update(last_attempt_at=timezone.now() - dt.timedelta(minutes=5))
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.messages) == 2, "nobody could know that the first had arrived"
    assert len(mail_server.mailbox(FORCE_LEAD)) == 1


@with_processes
def test_a_database_that_goes_down_while_planning_leaves_nothing_half_planned(world, mail_server):
    for _ in range(3):
        make_deadline(world.inspection, TODAY)
    blocker = connect()
    blocker.cursor().execute("LOCK TABLE reminders_reminder IN SHARE MODE")
    failed = []

    def plan():
        try:
            outbox.plan(TODAY)
        except (OperationalError, psycopg2.Error) as error:
            failed.append(error)
        finally:
            connection.close()

    planner = threading.Thread(target=plan)
    planner.start()
    wait_until(lambda: waits_for(blocker), what="the planner to wait for its INSERT")
    assert Digest.objects.count() == 0
    end_connections()  # the blocker's as well
    planner.join()

    assert failed
    assert Digest.objects.count() == Reminder.objects.count() == 0
    assert outbox.plan(TODAY) == 1
    assert Reminder.objects.count() == 3


def waits_for(blocker):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
            [blocker.info.backend_pid],
        )
        return cursor.fetchone()[0] == 1


@with_processes
def test_a_broker_that_loses_everything_between_planning_and_sending_loses_no_mail(
    celery_worker, mail_server, settings, world
):
    make_deadline(world.inspection, dates.today())
    tasks.sweep()  # as a worker does: its messages go to the broker, where nobody takes them
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        assert broker.llen("celery") == 1
        broker.flushdb()
    assert Digest.objects.get().status == DigestStatus.QUEUED

    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.messages) == 1


@with_processes
def test_beat_killed_and_held_for_nine_days_makes_up_for_the_latest_of_each(
    celery_worker, mail_server, settings, world
):
    today = dates.today()
    User.objects.update(date_joined=timezone.now() - days(30))
    for due_on, label in [
        (today, "Today"),
        (today + days(3), "Over by then"),
        (today + days(40), "Not yet by then"),
        (today + days(37), "Soon by then"),
    ]:
        make_deadline(world.inspection, due_on, label=label)
    celery_worker.start()
    tasks.sweep.delay()
    wait_until_sent()
    finish_what_is_queued(celery_worker, settings)
    news.tell(world.inspection, Party.FORCE, NewsKind.DATES_CORRECTED, label="Dates", by=None)
    celery_worker.kill()  # beat and workers alike, for nine days
    forget_killed_tasks(settings)

    celery_worker.start(ASSAY_CLOCK_OFFSET_DAYS="9")
    for _ in range(3):
        tasks.sweep.delay()
    wait_until(lambda: len(mail_server.messages) == 2, what="the mail of the ninth day")
    finish_what_is_queued(celery_worker, settings)

    assert len(mail_server.messages) == 2
    rows = Reminder.objects.order_by("digest", "pk").values_list("deadline__label", "occasion")
    assert sorted(rows.filter(digest__day=today)) == [
        ("Over by then", "before:7"),
        ("Today", "on_the_day"),
    ]
    assert sorted(rows.filter(digest__day=today + days(9)), key=str) == [
        ("Over by then", "overdue:1"),
        ("Soon by then", "before:28"),
        ("Today", "overdue:7"),
        (None, "news"),
    ]


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_on_both_sides_of_midnight_tell_each_person_once(world):
    second = make_user(Role.FORCE_LEAD, force=world.force)
    stand_in = make_user(Role.FORCE_VIEWER, force=world.force)
    make_user(Role.MANAGER)
    User.objects.update(date_joined=timezone.now() - days(30))
    Preference.objects.create(
        user=second, away_from=TODAY - days(1), away_until=TODAY + days(9), stand_in=stand_in
    )
    for late_by in (1, 7, 14, 28, -7):
        make_deadline(world.inspection, TODAY - days(late_by))
    Deadline.objects.filter(due_on__gt=TODAY).update(
        due_on=TODAY + days(60), moved_on=TODAY, owner=stand_in
    )
    news.tell(world.inspection, Party.FORCE, NewsKind.DATES_CORRECTED, label="Dates", by=None)
    barrier = threading.Barrier(6)
    problems = []

    def sweep(day):
        try:
            barrier.wait()
            outbox.plan(day)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=sweep, args=[TODAY + days(number % 2)]) for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox.plan(TODAY + days(1))  # who was locked away from a sweep is found by the next

    assert not problems
    per_person = Digest.objects.values_list("user", flat=True)
    assert len(per_person) == len(set(per_person)) == 5, "one mail for each"
    told = list(Reminder.objects.values_list("user", "deadline", "due_on", "news"))
    assert len(told) == len(set(told))
    assert not due.lines(TODAY + days(1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moments",
    [
        # before, in and after the hour that is left out, and the one that comes twice
        ("2026-03-28T23:59:30Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:01Z"),
        ("2026-10-24T23:00:30Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
    ],
)
def test_when_the_clocks_change_each_day_has_one_mail(world, mail_server, at, moments):
    day = dt.date.fromisoformat(moments[2][:10])
    for number in range(-1, 2):
        make_deadline(world.inspection, day + days(number))

    def sweep(moment):
        at(moment)
        outbox.plan(dates.today())
        return [delivery.send(pk) for pk in delivery.waiting(timezone.now())]

    assert sweep((day - days(1)).isoformat() + "T12:00:00Z") == [Outcome.SENT]
    outcomes = [sweep(moment) for moment in moments]
    assert sorted(outcomes, key=len) == [[], [], [Outcome.SENT]]
    assert sweep(day.isoformat() + "T23:58:00Z") in ([], [Outcome.SENT])
    assert sweep((day + days(1)).isoformat() + "T12:00:00Z") in ([], [Outcome.SENT])
    assert len(mail_server.messages) == 3
    on_the_day = Reminder.objects.filter(occasion="on_the_day")
    assert on_the_day.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_through_months_of_trouble_nobody_misses_an_occasion_or_has_it_twice(
    world, mail_server, at, seed
):
    """Days go by without sweep, servers refuse, answers get lost, dates move, are met and reopened: all at random."""
    chance = random.Random(seed)
    start = dt.datetime.combine(TODAY, dt.time(9), tzinfo=dt.UTC)
    for number in range(8):
        make_deadline(
            world.inspection, TODAY + days(chance.randrange(-10, 60)), label=f"<{number}>"
        )

    given_up_once = False
    replies = [None, None, "451 Later", "550 No" if seed % 2 else "451 Later"]

    def lose_the_answer(message):
        raise ConnectionAbortedError

    for number in range(60):
        at(start + days(number))
        today = TODAY + days(number)
        trouble(chance, today)
        quiet = number < 50 and chance.random() < 0.4
        if quiet:
            continue  # nobody looks
        for attempt in range(3):
            at(start + days(number) + dt.timedelta(hours=2 * attempt))
            outbox.plan(today)
            if number < 50:
                mail_server.reply = chance.choice(replies)
                mail_server.after_accepting = chance.choice([None, None, lose_the_answer])
            else:
                mail_server.reply = mail_server.after_accepting = None
            if chance.random() < 0.8 or number >= 50:  # or the worker dies before it sends
                for pk in delivery.waiting(timezone.now()):
                    delivery.send(pk)
        for given_up in Digest.objects.filter(status=DigestStatus.FAILED):
            given_up_once = True  # sent again by hand, it comes beside what is due that day
            assert given_up.last_error
            delivery.send_again(given_up)

    end = TODAY + days(59)
    policy = Policies().usual
    for deadline in Deadline.objects.open():
        occasion = latest(deadline.due_on, end, policy)
        told = [
            max(row.digest.day, timezone.localdate(row.digest.sent_at))
            for row in deadline.reminders.filter(
                user=world.force_lead, due_on=deadline.due_on, digest__status=DigestStatus.SENT
            )
        ]
        assert occasion is None or max(told, default=dt.date.min) >= occasion.day, deadline
    box = mail_server.mailbox(FORCE_LEAD)
    assert {mail["Message-ID"] for mail in box} >= set(
        Digest.objects.filter(user=world.force_lead, status=DigestStatus.SENT).values_list(
            "message_id", flat=True
        )
    )
    sent = Digest.objects.filter(status=DigestStatus.SENT).values_list("user", "sent_at__date")
    assert given_up_once or len(sent) == len(set(sent)), "at most one a day"


def trouble(chance, today):
    """Move, meet or reopen one of the deadlines, now and then."""
    deadline = chance.choice(list(Deadline.objects.order_by("pk")))
    what = chance.random()
    if what < 0.15:
        Deadline.objects.filter(pk=deadline.pk).update(
            due_on=deadline.due_on + days(chance.randrange(1, 30)), moved_on=today
        )
    elif what < 0.2:
        Deadline.objects.filter(pk=deadline.pk).update(met_on=today)
    elif what < 0.3:
        Deadline.objects.update(met_on=None)
