"""Who is told besides those who answer for a deadline, how, and when nobody is."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Nation, Role, User
from inspections import deadlines, news
from inspections.models import Deadline, DeadlineKind, Inspection, NewsKind, Party, Stage
from reminders import delivery, outbox
from reminders.delivery import Outcome
from reminders.models import Channel, Digest, DigestStatus, Preference, Reminder, ReminderPolicy
from reminders.working_days import is_working_day, next_working_day
from tests.reminders.conftest import TODAY, days, make_deadline
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
FORCE_LEAD, LEAD = "force.lead@assay.example", "lead@assay.example"


@pytest.fixture
def sweep(at):
    """Return a function that plans and tries everything once on a day, and says who was told of what, and why."""

    def on(day):
        at(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC))
        last = Reminder.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        outbox.plan(day)
        for pk in delivery.waiting(timezone.now()):
            delivery.send(pk)
        rows = Reminder.objects.filter(pk__gt=last).values_list("user__email", "occasion", "reason")
        return sorted(rows)

    return on


def person(name, *roles, **fields):
    return make_user(*roles, name=name.title(), email=f"{name}@assay.example", **fields)


def text_of(message):
    return " ".join(message.get_body(("plain",)).get_content().split())


IN_TEN_DAYS = TODAY + days(10)


def leave(user, stand_in, since=TODAY, until=IN_TEN_DAYS, channel=Channel.BOTH):
    return Preference.objects.create(
        user=user, channel=channel, away_from=since, away_until=until, stand_in=stand_in
    )


# Policies by kind


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
    assert told == {-28, -7, -3, 0, 2, 4, 6, 7, 8}

    own.delete()
    assert sweep(TODAY + days(9)) == [], "told since the last occasion of the usual policy"


# Who


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
    force_lead = {n: [("force.lead", f"overdue:{n}", "duty")] for n in (7, 14, 21, 28, 35)}
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


# Moved


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


# News


def test_news_is_one_line_of_the_day_for_the_other_side_and_not_for_who_did_it(
    world, sweep, mail_server
):
    second = person("second", Role.FORCE_LEAD, force=world.force)
    joined_before()
    deadline = make_deadline(world.inspection, TODAY + days(300), label="Improve the records")
    news.tell(
        world.inspection,
        Party.FORCE,
        NewsKind.EXTENSION_DECIDED,
        label=deadline.label,
        by=second,
        subject_id=deadline.pk,
    )

    assert sweep(TODAY) == [(FORCE_LEAD, "news", "news")]
    assert sweep(TODAY) == sweep(TODAY + days(1)) == sweep(TODAY + days(89)) == []
    [mail] = mail_server.messages
    assert mail["Subject"] == "Assay: 1 piece of news"
    assert "An extension was decided: Improve the records" in text_of(mail)
    assert f"/deadlines/{deadline.pk}/" in text_of(mail)
    assert "attention" not in text_of(mail)


def test_news_waits_out_an_outage_and_misses_nobody(world, sweep, mail_server):
    joined_before()
    for party in (Party.FORCE, Party.INSPECTORATE):
        news.tell(world.inspection, party, NewsKind.DATES_CORRECTED, label="Dates", by=None)

    assert sweep(TODAY + days(9)) == [
        (FORCE_LEAD, "news", "news"),
        (LEAD, "news", "news"),
    ]


def test_who_joins_later_or_left_hears_no_old_news(world, sweep, mail_server):
    joined_before()
    news.tell(world.inspection, Party.FORCE, NewsKind.DATES_CORRECTED, label="Dates", by=None)
    User.objects.filter(pk=world.force_lead.pk).update(is_active=False)
    new = person("new", Role.FORCE_LEAD, force=world.force)
    User.objects.filter(pk=new.pk).update(date_joined=timezone.now() + days(1))

    assert sweep(TODAY + days(2)) == []


def test_a_lead_who_asks_for_more_time_has_a_manager_to_answer(world, sweep, mail_server):
    person("manager", Role.MANAGER)
    joined_before()
    deadline = make_deadline(world.inspection, TODAY + days(300), responsible=Party.INSPECTORATE)
    news.tell(
        world.inspection,
        Party.INSPECTORATE,
        NewsKind.EXTENSION_ASKED,
        label=deadline.label,
        by=world.lead,
        subject_id=deadline.pk,
    )

    assert sweep(TODAY) == [("manager@assay.example", "news", "news")]


def joined_before():
    User.objects.update(date_joined=timezone.now() - days(100))


# Working days


@pytest.fixture
def on_working_days(db):
    ReminderPolicy.objects.update_or_create(kind="", defaults={"working_days_only": True})


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (dt.date(2026, 6, 5), True),
        (dt.date(2026, 6, 6), False),  # a Saturday
        (dt.date(2026, 6, 7), False),
        (dt.date(2026, 4, 3), False),  # Good Friday
        (dt.date(2026, 4, 6), False),  # Easter Monday
        (dt.date(2026, 12, 28), False),  # Boxing Day's substitute
        (dt.date(2026, 3, 17), True),  # Northern Ireland's alone
        (dt.date(2026, 11, 30), True),  # Scotland's alone
    ],
)
@pytest.mark.parametrize("nation", Nation)
def test_bank_holidays_are_those_of_england_and_wales(day, working, nation):
    assert is_working_day(day, nation) is working
    assert is_working_day(next_working_day(day, nation), nation)


def test_what_falls_on_the_easter_weekend_is_said_on_the_tuesday_once(
    world, sweep, mail_server, on_working_days
):
    good_friday = dt.date(2026, 4, 3)
    make_deadline(world.inspection, good_friday)

    told = {number: rows for number in range(-3, 7) if (rows := sweep(good_friday + days(number)))}

    assert told == {
        -3: [(FORCE_LEAD, "before:7", "duty")],
        4: [(FORCE_LEAD, "on_the_day", "duty")],
    }


def test_a_mail_that_could_not_leave_on_friday_leaves_on_monday(
    world, mail_server, at, on_working_days
):
    friday = dt.date(2026, 6, 5)
    make_deadline(world.inspection, friday)
    outcomes = {}
    for number in range(4):
        at(dt.datetime.combine(friday + days(number), dt.time(12), tzinfo=dt.UTC))
        mail_server.reply = None if number else "451 Try again later"
        outbox.plan(friday + days(number))
        waiting = delivery.waiting(timezone.now())
        outcomes[number] = [delivery.send(pk) for pk in waiting]

    assert outcomes == {
        0: [Outcome.LATER],
        1: [Outcome.QUIET],
        2: [Outcome.QUIET],
        3: [Outcome.SENT],
    }


def test_quiet_is_what_its_kind_says(world, sweep, mail_server, on_working_days):
    ReminderPolicy.objects.create(kind=DeadlineKind.RECOMMENDATION)
    saturday = dt.date(2026, 6, 6)
    make_deadline(world.inspection, saturday)

    assert sweep(saturday) == [(FORCE_LEAD, "on_the_day", "duty")]


# Away


def test_while_away_the_stand_in_is_told_instead_and_on_return_what_is_still_open(
    world, sweep, mail_server
):
    stand_in = person("stand-in", Role.FORCE_ASSESSOR, force=world.force)
    leave(world.force_lead, stand_in)
    make_deadline(world.inspection, TODAY + days(35), label="Open")
    done = make_deadline(world.inspection, TODAY + days(35), label="Done")

    assert sweep(TODAY) == []
    assert sweep(TODAY + days(7)) == [(stand_in.email, "before:28", "stand_in")] * 2
    assert sweep(TODAY + days(8)) == []
    [mail] = mail_server.messages
    assert "You are told instead of Helen Marsh, who is away." in text_of(mail)
    deadlines.meet(done, by=None)
    assert sweep(TODAY + days(10)) == []
    assert sweep(TODAY + days(11)) == [(FORCE_LEAD, "before:28", "duty")]
    assert sweep(TODAY + days(12)) == []


def test_what_was_said_before_they_went_away_is_not_repeated_to_the_stand_in(
    world, sweep, mail_server
):
    stand_in = person("stand-in", Role.FORCE_ASSESSOR, force=world.force)
    make_deadline(world.inspection, TODAY + days(27))
    make_deadline(world.inspection, TODAY - days(8))
    assert len(sweep(TODAY)) == 2
    leave(world.force_lead, stand_in, since=TODAY + days(1))

    assert sweep(TODAY + days(1)) == []
    assert sweep(TODAY + days(6)) == [
        (FORCE_LEAD, "overdue:14", "duty"),
        (LEAD, "overdue:14", "escalation"),
        (stand_in.email, "overdue:14", "stand_in"),
    ]


def test_what_is_overdue_reaches_both_whatever_they_chose(world, sweep, mail_server):
    stand_in = person("stand-in", Role.FORCE_ASSESSOR, force=world.force)
    leave(world.force_lead, stand_in, channel=Channel.IN_APP)
    make_deadline(world.inspection, TODAY - days(7))

    assert sweep(TODAY) == [
        (FORCE_LEAD, "overdue:7", "duty"),
        ("stand-in@assay.example", "overdue:7", "stand_in"),
    ]
    assert sweep(TODAY + days(1)) == []
    assert {mail["To"] for mail in mail_server.messages} == {FORCE_LEAD, stand_in.email}


def test_a_stand_in_hears_of_what_is_overdue_though_their_mail_of_the_day_had_gone(
    world, sweep, mail_server
):
    stand_in = person("stand-in", Role.FORCE_VIEWER, force=world.force)
    Deadline.objects.filter(pk=make_deadline(world.inspection, TODAY).pk).update(owner=stand_in)
    assert len(sweep(TODAY)) == 2
    leave(world.force_lead, stand_in)
    make_deadline(world.inspection, TODAY - days(7), label="Late")
    Digest.objects.filter(user=world.force_lead).delete()

    assert (FORCE_LEAD, "overdue:7", "duty") in sweep(TODAY)
    assert ("stand-in@assay.example", "overdue:7", "stand_in") in sweep(TODAY + days(1))


def test_who_stands_in_and_answers_for_it_themselves_is_told_once(world, sweep, mail_server):
    second = person("second", Role.FORCE_LEAD, force=world.force)
    leave(world.force_lead, second)
    make_deadline(world.inspection)

    assert sweep(TODAY) == [("second@assay.example", "on_the_day", "duty")]
    assert sweep(TODAY + days(1)) == []


@pytest.mark.parametrize("trouble", ["inactive", "elsewhere", "away, too"])
def test_a_stand_in_who_cannot_is_no_stand_in(world, sweep, mail_server, trouble):
    stand_in = person("stand-in", Role.FORCE_VIEWER, force=world.force)
    leave(world.force_lead, stand_in)
    if trouble == "inactive":
        User.objects.filter(pk=stand_in.pk).update(is_active=False)
    if trouble == "elsewhere":
        User.objects.filter(pk=stand_in.pk).update(force=make_force())
    if trouble == "away, too":
        leave(stand_in, world.force_lead)
    make_deadline(world.inspection)

    assert sweep(TODAY) == [(FORCE_LEAD, "on_the_day", "duty")]


def test_news_goes_to_the_stand_in_and_to_the_person_on_return(world, sweep, mail_server):
    stand_in = person("stand-in", Role.FORCE_VIEWER, force=world.force)
    joined_before()
    leave(world.force_lead, stand_in, until=TODAY + days(1))
    news.tell(world.inspection, Party.FORCE, NewsKind.DATES_CORRECTED, label="Dates", by=None)

    assert sweep(TODAY) == [("stand-in@assay.example", "news", "stand_in")]
    assert sweep(TODAY + days(1)) == []
    assert sweep(TODAY + days(2)) == [(FORCE_LEAD, "news", "news")]
    assert sweep(TODAY + days(3)) == []


def test_planned_for_a_stand_in_who_may_no_longer_hear_it_is_taken_back(world, mail_server):
    stand_in = person("stand-in", Role.FORCE_VIEWER, force=world.force)
    leave(world.force_lead, stand_in)
    make_deadline(world.inspection)
    outbox.plan(TODAY)
    User.objects.filter(pk=stand_in.pk).update(force=make_force())

    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.CANCELLED
    assert mail_server.messages == []


# How


def test_who_wants_to_be_told_in_assay_only_gets_no_mail_and_one_message(world, sweep, mail_server):
    Preference.objects.create(user=world.force_lead, channel=Channel.IN_APP)
    make_deadline(world.inspection)

    assert len(sweep(TODAY)) == 1
    assert sweep(TODAY) == []
    digest = Digest.objects.get()
    assert (digest.status, digest.by_mail) == (DigestStatus.SENT, False)
    assert mail_server.messages == []
    assert Digest.objects.unread_by(world.force_lead).get() == digest


@pytest.mark.parametrize("channel", Channel)
def test_what_is_overdue_is_mailed_and_stands_in_assay_whatever_somebody_chose(
    world, sweep, mail_server, channel
):
    Preference.objects.create(user=world.force_lead, channel=channel)
    make_deadline(world.inspection, TODAY - days(7))

    sweep(TODAY)

    assert len(mail_server.messages) == 1
    assert Digest.objects.visible_to(world.force_lead).get().by_mail


def test_a_choice_made_while_a_mail_is_under_way_does_not_lose_it(world, mail_server, at):
    make_deadline(world.inspection)
    outbox.plan(TODAY)
    mail_server.reply = "451 Try again later"
    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.LATER
    Preference.objects.create(user=world.force_lead, channel=Channel.IN_APP)
    mail_server.reply = None
    at(timezone.now() + dt.timedelta(minutes=2))

    assert delivery.send(digest) == Outcome.SENT
    assert len(mail_server.messages) == 1


# Bounded mails


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
