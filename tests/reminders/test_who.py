"""Who is told of a deadline besides those who answer for it, by which policy, and that it moved."""

import pytest
from django.utils import timezone

from accounts.models import Role, User
from inspections import deadlines
from inspections.models import Deadline, DeadlineKind, Party
from reminders.models import ReminderPolicy
from tests.reminders.conftest import (
    FORCE_LEAD,
    LEAD,
    TODAY,
    days,
    make_deadline,
    person,
    text_of,
)
from tests.support.factories import make_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_a_kind_with_a_policy_of_its_own_follows_that_and_the_others_the_usual_one(world, sweep):
    own = ReminderPolicy.objects.create(
        kind=DeadlineKind.ACTION, days_before=[3], on_the_day=False, overdue_every_days=2
    )
    make_deadline(world.inspection, TODAY, label="Recommendation")
    deadlines.set_deadline(
        world.inspection,
        DeadlineKind.ACTION,
        label="Action",
        responsible=Party.FORCE,
        due_on=TODAY,
        subject_id=1,
    )
    told = {(day - TODAY).days for number in range(-30, 9) if sweep(day := TODAY + days(number))}
    assert told == {-28, -7, -3, 0, 1, 2, 4, 6, 7, 8}

    own.delete()
    assert sweep(TODAY + days(9)) == [], "told since the last occasion of the usual policy"


def test_the_owner_is_told_beside_those_who_answer_for_it(world, sweep, mail_server):
    owner = person("owner", Role.FORCE_ASSESSOR, force=world.force)
    Deadline.objects.filter(pk=make_deadline(world.inspection).pk).update(owner=owner)

    assert sweep(TODAY) == [
        (FORCE_LEAD, "on_the_day", "duty"),
        ("owner@assay.example", "on_the_day", "owner"),
    ]
    [mail] = mail_server.mailbox("owner@assay.example")
    assert "You see to it." in text_of(mail)
    assert "You see to it." not in text_of(mail_server.mailbox(FORCE_LEAD)[0])


@pytest.mark.parametrize("change", ["elsewhere", "inactive", "the lead"])
def test_an_owner_who_left_is_told_nothing_and_nobody_twice(world, sweep, mail_server, change):
    owner = person("owner", Role.FORCE_ASSESSOR, force=world.force)
    if change == "elsewhere":
        User.objects.filter(pk=owner.pk).update(force=make_force())
    if change == "inactive":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    make_deadline(world.inspection)
    Deadline.objects.update(owner=world.force_lead if change == "the lead" else owner)

    assert sweep(TODAY) == [(FORCE_LEAD, "on_the_day", "duty")]
    assert len(mail_server.messages) == 1


def test_what_the_commissioner_owes_is_told_to_who_works_for_them_and_nobody_else(
    world, sweep, mail_server
):
    person("pcc", Role.FORCE_VIEWER, force=world.force, works_for_commissioner=True)
    person("viewer", Role.FORCE_VIEWER, force=world.force)
    person("other", Role.FORCE_VIEWER, force=make_force(), works_for_commissioner=True)
    make_deadline(world.inspection, responsible=Party.COMMISSIONER)

    assert sweep(TODAY) == [("pcc@assay.example", "on_the_day", "duty")]


def test_what_has_been_overdue_for_long_climbs_to_leads_and_then_managers(
    world, sweep, mail_server
):
    person("manager", Role.MANAGER)
    make_deadline(world.inspection, TODAY)
    told = {number: sweep(TODAY + days(number)) for number in range(36)}

    overdue = {
        number: [(who.partition("@")[0], occasion, why) for who, occasion, why in rows]
        for number, rows in told.items()
        if rows and number
    }
    force_lead = {n: [("force.lead", f"overdue:{n}", "duty")] for n in (1, 7, 14, 21, 28, 35)}
    for number in (14, 21, 28, 35):
        force_lead[number].append(("lead", f"overdue:{number}", "escalation"))
    for number in (28, 35):
        force_lead[number].append(("manager", f"overdue:{number}", "escalation"))
    assert overdue == force_lead
    assert "You are told because it has been overdue for long." in text_of(
        mail_server.mailbox(LEAD)[0]
    )


def test_a_step_up_counts_from_its_own_day_and_falls_away_when_it_is_met(world, sweep, mail_server):
    policy = ReminderPolicy.objects.get_or_create(kind="")[0]
    policy.escalations.all().delete()
    policy.escalations.create(to="leads", after_days=3)
    deadline = make_deadline(world.inspection, TODAY)

    assert [
        number
        for number in range(20)
        if any(who == LEAD for who, _occasion, _why in sweep(TODAY + days(number)))
    ] == [3, 10, 17]
    deadlines.meet(deadline, by=None)
    assert sweep(TODAY + days(24)) == []


def test_the_inspectorates_own_deadline_reaches_the_managers_if_the_team_has_no_lead(
    world, sweep, mail_server
):
    person("manager", Role.MANAGER)
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    make_deadline(world.inspection, responsible=Party.INSPECTORATE)

    assert sweep(TODAY) == [("manager@assay.example", "on_the_day", "duty")]


def test_a_moved_date_is_told_once_though_it_lies_far_ahead(world, sweep, mail_server):
    deadline = make_deadline(world.inspection, TODAY + days(5))
    assert len(sweep(TODAY)) == 1
    deadlines.set_deadline(
        world.inspection,
        DeadlineKind.RECOMMENDATION,
        label=deadline.label,
        responsible=Party.FORCE,
        due_on=TODAY + days(200),
        subject_id=deadline.subject_id,
    )

    assert sweep(TODAY) == [], "today's mail has gone"
    assert sweep(TODAY + days(1)) == [(FORCE_LEAD, f"moved:{TODAY.isoformat()}", "duty")]
    text = text_of(mail_server.messages[-1])
    assert "First due on 8 June 2026." in text and "20 December 2026" in text
    assert [sweep(TODAY + days(number)) for number in range(2, 30)] == [[]] * 28
    assert sweep(TODAY + days(172)) == [(FORCE_LEAD, "before:28", "duty")]


def test_moved_there_and_back_each_move_is_told_and_no_occasion_twice(world, sweep, mail_server):
    deadline = make_deadline(world.inspection, TODAY + days(7))
    assert sweep(TODAY) == [(FORCE_LEAD, "before:7", "duty")]

    def move(day, due_on):
        Deadline.objects.filter(pk=deadline.pk).update(due_on=due_on, moved_on=day)
        return sweep(day)

    there, back = TODAY + days(20), TODAY + days(7)
    assert move(TODAY + days(1), there) == [
        (FORCE_LEAD, f"moved:{TODAY + days(1)}", "duty"),
    ]
    assert move(TODAY + days(2), back) == [(FORCE_LEAD, f"moved:{TODAY + days(2)}", "duty")]
    assert move(TODAY + days(3), there) == [(FORCE_LEAD, f"moved:{TODAY + days(3)}", "duty")]
    assert move(TODAY + days(4), back) == [(FORCE_LEAD, f"moved:{TODAY + days(4)}", "duty")]
    assert sweep(TODAY + days(5)) == []
    assert sweep(TODAY + days(7)) == [(FORCE_LEAD, "on_the_day", "duty")]


def test_who_joined_after_a_date_moved_is_not_told_that_it_did(world, sweep, mail_server):
    deadline = make_deadline(world.inspection, TODAY + days(100))
    Deadline.objects.filter(pk=deadline.pk).update(
        moved_on=TODAY - days(3), due_on=TODAY + days(101)
    )
    User.objects.update(date_joined=timezone.now() - days(2))

    assert sweep(TODAY) == []
