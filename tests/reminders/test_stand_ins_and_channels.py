"""Who is told while somebody is away, and how people want to be told."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role, User
from inspections import deadlines, news
from inspections.models import Deadline, NewsKind, Party
from reminders import delivery, outbox
from reminders.delivery import Outcome
from reminders.models import Channel, Digest, DigestStatus, Preference
from tests.reminders.conftest import (
    FORCE_LEAD,
    LEAD,
    TODAY,
    days,
    joined_before,
    make_deadline,
    person,
    text_of,
)
from tests.support.factories import make_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
IN_TEN_DAYS = TODAY + days(10)


def leave(user, stand_in, since=TODAY, until=IN_TEN_DAYS, channel=Channel.BOTH):
    return Preference.objects.create(
        user=user, channel=channel, away_from=since, away_until=until, stand_in=stand_in
    )


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
    make_deadline(world.inspection, TODAY + days(7))

    assert sweep(TODAY) == [("second@assay.example", "before:7", "duty")]
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
