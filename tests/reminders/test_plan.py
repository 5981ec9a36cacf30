"""What goes into the outbox, for whom, and how often."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from inspections import dates, deadlines
from inspections.models import Deadline, Inspection, Side, Stage
from reminders import outbox
from reminders.models import Digest, DigestStatus, Reminder, ReminderPolicy
from tests.reminders.conftest import TODAY, days, make_deadline
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


def planned():
    """Return who is told of what, in words."""
    rows = Reminder.objects.order_by("created_at", "pk").values_list(
        "user__email", "deadline__label", "occasion"
    )
    return list(rows)


def mark_sent(day):
    """Pretend that every mail went out on `day`."""
    moment = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
    Digest.objects.filter(status=DigestStatus.QUEUED).update(
        status=DigestStatus.SENT, sent_at=moment, attempts=1
    )


def plan_and_send(day):
    count = outbox.plan(day)
    mark_sent(day)
    return count


def test_one_digest_holds_all_that_a_person_is_to_be_told(world):
    make_deadline(world.inspection, TODAY, label="Today")
    make_deadline(world.inspection, TODAY + days(7), label="Soon")
    make_deadline(world.inspection, TODAY - days(8), label="Late")
    make_deadline(world.inspection, TODAY + days(29), label="Not yet")

    assert outbox.plan(TODAY) == 1

    assert Digest.objects.get().day == TODAY
    assert sorted(planned()) == [
        ("force.lead@assay.example", "Late", "overdue:7"),
        ("force.lead@assay.example", "Soon", "before:7"),
        ("force.lead@assay.example", "Today", "on_the_day"),
    ]


def test_planning_again_adds_nothing(world):
    make_deadline(world.inspection)

    assert [outbox.plan(TODAY) for _ in range(3)] == [1, 0, 0]
    assert Reminder.objects.count() == 1


def test_each_side_hears_of_what_it_has_to_do(world):
    make_deadline(world.inspection, label="Force's")
    make_deadline(world.inspection, label="Ours", responsible=Side.INSPECTORATE)

    outbox.plan(TODAY)

    assert sorted(planned()) == [
        ("force.lead@assay.example", "Force's", "on_the_day"),
        ("lead@assay.example", "Ours", "on_the_day"),
    ]


def test_nobody_else_is_told(world):
    make_deadline(world.inspection)
    make_deadline(world.inspection, responsible=Side.INSPECTORATE)
    for role in (Role.FORCE_ASSESSOR, Role.FORCE_VIEWER):
        make_user(role, force=world.force)
    make_user(Role.FORCE_LEAD, force=world.force, is_active=False)
    make_user(Role.FORCE_LEAD, force=make_force())
    gone = make_user(Role.LEAD_INSPECTOR, is_active=False)
    world.inspection.team.create(user=gone, is_lead=True)
    demoted = make_user(Role.INSPECTOR)
    world.inspection.team.create(user=demoted, is_lead=True)
    for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.LEAD_INSPECTOR):
        make_user(role)

    outbox.plan(TODAY)

    assert {email for email, _, _ in planned()} == {world.force_lead.email, world.lead.email}


def test_two_leads_of_a_force_are_each_told(world):
    other = make_user(Role.FORCE_LEAD, Role.FORCE_ASSESSOR, force=world.force)
    make_deadline(world.inspection)

    assert outbox.plan(TODAY) == 2
    assert {email for email, _, _ in planned()} == {world.force_lead.email, other.email}


def test_what_is_met_is_not_spoken_of(world):
    deadlines.meet(make_deadline(world.inspection), by=world.force_lead)

    assert outbox.plan(TODAY) == 0


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.CLOSED])
def test_nothing_is_said_before_the_force_knows_or_after_the_inspection_is_closed(world, stage):
    published = None if stage == Stage.PLANNED else TODAY
    make_deadline(world.inspection)
    Inspection.objects.update(stage=stage, published_on=published, counts_from=published)

    assert outbox.plan(TODAY) == 0


def test_a_scheduler_that_was_down_for_a_week_makes_up_for_the_latest_occasion_only(world):
    make_deadline(world.inspection, TODAY)
    assert plan_and_send(TODAY - days(8)) == 1  # the reminder of 28 days before
    # nobody looks from 7 days before until the day after

    assert plan_and_send(TODAY + days(1)) == 1
    assert [occasion for _, _, occasion in planned()] == ["before:28", "overdue:1"]


def test_looking_every_day_for_a_year_tells_each_occasion_once(world):
    make_deadline(world.inspection, TODAY)

    told = [day for number in range(-60, 60) if plan_and_send(day := TODAY + days(number))]

    assert [(day - TODAY).days for day in told] == [-28, -7, 0, 1, *range(7, 60, 7)]


def test_a_deadline_that_moves_has_occasions_of_its_own(world):
    deadline = make_deadline(world.inspection, TODAY)
    plan_and_send(TODAY)
    Deadline.objects.filter(pk=deadline.pk).update(due_on=TODAY + days(10))

    assert plan_and_send(TODAY + days(1)) == 1  # tells of the new date, less than 28 days ahead
    assert plan_and_send(TODAY + days(2)) == 0
    assert plan_and_send(TODAY + days(3)) == 1
    assert plan_and_send(TODAY + days(10)) == 1
    codes = [(row.due_on, row.occasion) for row in Reminder.objects.order_by("pk")]
    assert codes == [
        (TODAY, "on_the_day"),
        (TODAY + days(10), "before:28"),
        (TODAY + days(10), "before:7"),
        (TODAY + days(10), "on_the_day"),
    ]


def test_what_comes_up_after_todays_mail_went_out_goes_into_tomorrows(world):
    make_deadline(world.inspection, TODAY + days(7), label="First")
    plan_and_send(TODAY)
    make_deadline(world.inspection, TODAY + days(7), label="Second")

    assert outbox.plan(TODAY) == 0
    assert outbox.plan(TODAY + days(1)) == 1
    second = Digest.objects.get(day=TODAY + days(1))
    assert [row.deadline.label for row in second.reminders.all()] == ["Second"]


def test_what_comes_up_before_todays_mail_went_out_goes_into_it(world):
    make_deadline(world.inspection, label="First")
    outbox.plan(TODAY)
    make_deadline(world.inspection, label="Second")

    assert outbox.plan(TODAY) == 1
    assert Digest.objects.get().reminders.count() == 2


def test_no_line_joins_a_mail_that_a_server_may_have_already(world):
    make_deadline(world.inspection, label="First")
    outbox.plan(TODAY)
    Digest.objects.update(attempts=1)
    make_deadline(world.inspection, label="Second")

    assert outbox.plan(TODAY) == 0
    assert outbox.plan(TODAY + days(1)) == 0, "and no second mail while the first still waits"
    mark_sent(TODAY + days(1))
    assert outbox.plan(TODAY + days(1)) == 0, "one mail a day, although the first was yesterday's"
    assert outbox.plan(TODAY + days(2)) == 1


def test_a_cancelled_digest_is_taken_up_again_the_same_day(world):
    deadline = make_deadline(world.inspection)
    outbox.plan(TODAY)
    Reminder.objects.all().delete()
    Digest.objects.update(status=DigestStatus.CANCELLED)

    assert outbox.plan(TODAY) == 1
    digest = Digest.objects.get()
    assert digest.status == DigestStatus.QUEUED
    assert [row.deadline for row in digest.reminders.all()] == [deadline]


def test_a_changed_policy_repeats_nothing_and_skips_nothing(world):
    make_deadline(world.inspection, TODAY)
    policy = ReminderPolicy.objects.get_or_create(pk=1)[0]
    policy.escalations.all().delete()
    plan_and_send(TODAY - days(28))

    policy.days_before = [30, 10]
    policy.save()
    assert plan_and_send(TODAY - days(20)) == 0, "told since the thirtieth day"
    assert plan_and_send(TODAY - days(10)) == 1
    plan_and_send(TODAY)
    plan_and_send(TODAY + days(7))
    policy.overdue_every_days = 14
    policy.save()
    assert plan_and_send(TODAY + days(13)) == 0
    assert plan_and_send(TODAY + days(14)) == 1


def test_a_policy_without_any_day_before_waits_for_the_day(world):
    ReminderPolicy.objects.update_or_create(pk=1, defaults={"days_before": []})
    make_deadline(world.inspection, TODAY)

    assert outbox.plan(TODAY - days(1)) == 0
    assert outbox.plan(TODAY) == 1


def test_the_database_refuses_a_second_reminder_of_the_same_occasion(world):
    make_deadline(world.inspection)
    outbox.plan(TODAY)
    row = Reminder.objects.get()
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    digest = Digest.objects.get()
    digest.pk, digest.message_id = None, "<other@assay.example>"
    with pytest.raises(IntegrityError), transaction.atomic():
        digest.save(force_insert=True)


def test_the_message_id_is_the_same_for_the_same_person_and_day_on_this_site_only(world, settings):
    def made():
        Digest.objects.all().delete()
        outbox.plan(TODAY)
        return Digest.objects.get().message_id

    make_deadline(world.inspection)
    first, second = made(), made()
    settings.BASE_URL = "https://training.example"
    elsewhere = made()

    assert first == second != elsewhere
    assert first.endswith("@assay.example>")


def test_the_demo_clock_moves_what_is_due(world, settings):
    make_deadline(world.inspection, dates.today() + days(40))

    assert outbox.plan(dates.today()) == 0
    settings.CLOCK_OFFSET_DAYS = 33
    assert outbox.plan(dates.today()) == 1


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-02T22:59:00Z", dt.date(2026, 6, 2)),  # a minute before midnight in London
        ("2026-06-02T23:01:00Z", dt.date(2026, 6, 3)),
        ("2026-12-02T23:59:00Z", dt.date(2026, 12, 2)),
        ("2026-03-29T00:30:00Z", dt.date(2026, 3, 29)),  # half an hour before the clocks go forward
        ("2026-10-25T00:30:00Z", dt.date(2026, 10, 25)),  # in the hour that comes twice
        ("2026-10-24T23:30:00Z", dt.date(2026, 10, 25)),
        ("2028-02-29T12:00:00Z", dt.date(2028, 2, 29)),
    ],
)
def test_the_day_is_londons(world, at, moment, day):
    at(moment)
    make_deadline(world.inspection, day)

    assert outbox.plan(dates.today()) == 1
    assert Digest.objects.get().day == day
    assert Reminder.objects.get().occasion == "on_the_day"


def test_a_mail_sent_in_the_first_hour_of_a_summer_day_counts_for_that_day(world, at):
    at("2026-06-02T23:30:00Z")  # half past midnight on the third in London
    make_deadline(world.inspection, TODAY)
    outbox.plan(dates.today())
    Digest.objects.update(status=DigestStatus.SENT, sent_at=dates.now(), attempts=1)
    make_deadline(world.inspection, TODAY)

    assert outbox.plan(TODAY) == 0
    assert outbox.plan(TODAY + days(1)) == 1


def test_planning_costs_few_queries_and_the_same_for_many_deadlines(world):
    make_deadline(world.inspection)
    plan_and_send(TODAY)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert outbox.plan(TODAY) == 0
        return len(captured)

    with_one = queries()
    other = make_inspection(Stage.FOLLOW_UP, force=world.force, lead=world.lead)
    for number in range(30):
        make_deadline(other, TODAY - days(number))
    plan_and_send(TODAY + days(1))
    Digest.objects.filter(day=TODAY + days(1)).update(day=TODAY + days(2))

    assert queries() == with_one == 9


@pytest.mark.django_db(transaction=True)
def test_planners_at_the_same_time_make_one_digest():
    force = make_force()
    make_user(Role.FORCE_LEAD, force=force)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force)
    for _ in range(5):
        make_deadline(inspection)
    barrier = threading.Barrier(4)
    problems = []

    def plan():
        try:
            barrier.wait()
            outbox.plan(TODAY)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not problems
    assert Digest.objects.count() == 1
    assert Reminder.objects.count() == 5
