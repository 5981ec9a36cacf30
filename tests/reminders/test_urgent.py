"""Mail about urgent referrals: at once, once, to those who must know, and nothing of the content in it."""

import datetime as dt
import smtplib
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Role, User
from cases import referrals
from cases.models import UrgentReferral
from config.celery import app
from inspections import dates, deadlines
from inspections.models import Deadline, DeadlineKind, Stage
from reminders import delivery, outbox, tasks, urgent
from reminders.delivery import Outcome
from reminders.models import Digest, DigestKind, DigestStatus, Reminder
from tests.reminders.conftest import days, make_deadline
from tests.support.factories import (
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_user,
)

pytestmark = pytest.mark.django_db
RAISED = dt.datetime(2026, 3, 3, 13, 32, tzinfo=dt.UTC)
FORCE_LEAD, LEAD, MANAGER = "force.lead", "lead", "manager"
CONCERN = "The child was seen at the home again on Monday."


@pytest.fixture
def referred(at):
    """A case of an inspection in fieldwork was referred at 13:32; its framework gives 4 and 24 hours."""
    at(RAISED)
    return make_referred()


def make_referred():
    force, framework = make_force("Northmoor Police"), make_framework()
    framework.referral_acknowledge_hours, framework.referral_answer_hours = 4, 24
    framework.save()
    inspector = make_user(Role.INSPECTOR)
    people = SimpleNamespace(
        force_lead=person(Role.FORCE_LEAD, FORCE_LEAD, force=force),
        assessor=make_user(Role.FORCE_ASSESSOR, force=force),
        lead=person(Role.LEAD_INSPECTOR, LEAD),
        manager=person(Role.MANAGER, MANAGER),
        inspector=inspector,
    )
    inspection = make_inspection(
        Stage.FIELDWORK, force=force, framework=framework, lead=people.lead, team=[inspector]
    )
    case = make_case(inspection, reference="NM-SECRET-7")
    people.referral = referrals.raise_(
        case, concern=CONCERN, must_act="The duty inspector", by=inspector, at=RAISED
    )
    people.inspection = inspection
    return people


def person(role, name, **fields):
    return make_user(role, email=f"{name}@assay.example", name=name.title(), **fields)


def sweep():
    """Plan and try everything once, as the sweep does; return to whom what went out."""
    urgent.plan(dates.now())
    outbox.plan(dates.today())
    return [delivery.send(pk) for pk in delivery.waiting(timezone.now())]


def mails(server):
    """Who got what, in any order."""
    return sorted((m["To"].partition("@")[0], m["Subject"]) for m in server.messages)


def text_of(message, kind="plain"):
    return " ".join(message.get_body((kind,)).get_content().split())


WAITS = (FORCE_LEAD, "Assay: an urgent referral waits for your force")


def test_the_force_lead_alone_is_told_at_once_and_once(referred, mail_server):
    assert sweep() == [Outcome.SENT]
    assert sweep() == []

    assert mails(mail_server) == [WAITS]


def test_the_mail_says_which_inspection_by_when_and_where_and_nothing_of_the_content(
    referred, mail_server, settings
):
    settings.BASE_URL = "https://assay.example"

    sweep()

    [message] = mail_server.messages
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        text = text_of(message, kind)
        for said in (
            "Hello Force.Lead,",
            "Northmoor Police, 2026 inspection",
            "To be acknowledged by 17:32 on 3 March 2026.",
            "To be answered by 13:32 on 4 March 2026.",
            f"https://assay.example/referrals/{referred.referral.pk}/",
        ):
            assert said in text, said
    source = message.as_string()
    for secret in (CONCERN, "child was", "duty inspector", "NM-SECRET-7", "Area"):
        assert secret not in source


def test_what_is_acknowledged_and_answered_is_told_to_the_lead_of_the_inspection(
    referred, mail_server, at
):
    sweep()
    at(RAISED + dt.timedelta(hours=1))
    referrals.acknowledge(referred.referral, by=referred.force_lead)
    sweep()
    at(RAISED + dt.timedelta(hours=5))
    referrals.answer(referred.referral, "We went there.", by=referred.force_lead)
    sweep()
    at(RAISED + days(3))
    assert sweep() == []

    assert mails(mail_server) == [
        WAITS,
        (LEAD, "Assay: an urgent referral was acknowledged"),
        (LEAD, "Assay: an urgent referral was answered"),
    ]
    assert "We went there" not in "".join(m.as_string() for m in mail_server.messages)
    acknowledged = mail_server.messages[1]
    assert "Northmoor Police acknowledged an urgent referral on 3 March 2026." in text_of(
        acknowledged
    )
    assert "To be answered by 13:32 on 4 March 2026." in text_of(acknowledged)


OVERDUE = "Assay: an urgent referral is overdue"


def test_what_is_late_climbs_to_the_managers_by_the_minute(referred, mail_server, at):
    sweep()
    at(RAISED + dt.timedelta(hours=3, minutes=58))
    assert sweep() == []
    at(RAISED + dt.timedelta(hours=4, minutes=1))
    assert sweep() == [Outcome.SENT] * 3
    assert sweep() == []
    everybody = sorted((who, OVERDUE) for who in (FORCE_LEAD, LEAD, MANAGER))
    assert mails(mail_server) == sorted([WAITS, *everybody])

    referrals.acknowledge(referred.referral, by=referred.force_lead)
    assert sweep() == [Outcome.SENT], "the lead is told that it was acknowledged after all"
    at(RAISED + dt.timedelta(hours=24, minutes=1))
    assert sweep() == [Outcome.SENT] * 3, "and the answer is late, too"
    assert mails(mail_server).count((MANAGER, OVERDUE)) == 2


def test_a_sweep_that_was_down_for_days_tells_the_latest_only(referred, mail_server, at):
    at(RAISED + days(5))

    assert sweep() == [Outcome.SENT] * 3

    assert mails(mail_server) == sorted((who, OVERDUE) for who in (FORCE_LEAD, LEAD, MANAGER))
    answer = Deadline.objects.get(kind=DeadlineKind.REFERRAL_ANSWER)
    assert {row.deadline for row in Reminder.objects.all()} == {answer}


def test_no_daily_mail_ever_lists_a_referral(referred, mail_server, at):
    for day in range(20):
        at(RAISED + days(day))
        sweep()

    assert not Digest.objects.filter(kind=DigestKind.DAILY).exists()


def test_the_daily_mail_goes_out_beside_the_urgent_one(referred, mail_server):
    make_deadline(referred.inspection, dates.today(), label="Improve the records")

    assert sweep() == [Outcome.SENT] * 2

    urgent_one, daily = mail_server.messages
    assert urgent_one["Subject"] == WAITS[1], "what is urgent goes first"
    assert "Improve the records" in text_of(daily) and "urgent" not in text_of(daily)
    assert make_deadline(referred.inspection, dates.today(), label="Train people")
    assert sweep() == [], "the day's mail has gone; an urgent one does not reopen it"


def test_managers_are_told_at_once_if_nobody_of_the_force_can_answer(referred, mail_server):
    User.objects.filter(pk=referred.force_lead.pk).update(is_active=False)

    sweep()

    assert mails(mail_server) == [(MANAGER, "Assay: an urgent referral reaches nobody")]
    assert "Please telephone the force." in text_of(mail_server.messages[0])


def test_who_becomes_the_forces_lead_is_told_of_what_is_open(referred, mail_server):
    sweep()
    person(Role.FORCE_LEAD, "second", force=referred.inspection.force)

    assert sweep() == [Outcome.SENT]
    assert mails(mail_server) == sorted([WAITS, ("second", WAITS[1])])


def test_nobody_of_another_force_hears_of_it(referred, mail_server, at):
    person(Role.FORCE_LEAD, "elsewhere", force=make_force("Southmoor Police"))

    for hours in (0, 5, 25):
        at(RAISED + dt.timedelta(hours=hours))
        sweep()

    assert "elsewhere" not in {who for who, _subject in mails(mail_server)}
    assert "Southmoor" not in "".join(m.as_string() for m in mail_server.messages)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"is_active": False}, id="inactive"),
        pytest.param({"roles": [Role.FORCE_VIEWER.value]}, id="no lead any more"),
    ],
)
def test_who_is_no_longer_to_be_told_when_it_leaves_is_not_and_is_once_it_holds_again(
    referred, mail_server, change
):
    urgent.plan(dates.now())
    before = {name: getattr(referred.force_lead, name) for name in change}
    User.objects.filter(pk=referred.force_lead.pk).update(**change)
    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.CANCELLED
    assert mail_server.messages == []

    User.objects.filter(pk=referred.force_lead.pk).update(**before)
    assert Outcome.SENT in sweep()
    assert WAITS in mails(mail_server)


def test_answered_before_it_left_the_force_lead_is_spared_the_mail(referred, mail_server):
    urgent.plan(dates.now())
    referrals.answer(referred.referral, "We went there.", by=referred.force_lead)

    [digest] = delivery.waiting(timezone.now())
    assert delivery.send(digest) == Outcome.CANCELLED
    sweep()

    assert mails(mail_server) == [(LEAD, "Assay: an urgent referral was answered")]


def test_put_off_by_the_server_it_waits_and_what_is_late_takes_its_place(referred, mail_server, at):
    mail_server.reply = "451 Try again later"
    assert sweep() == [Outcome.LATER]
    assert sweep() == [], "not at once again"
    at(RAISED + dt.timedelta(minutes=2))
    mail_server.reply = None
    assert sweep() == [Outcome.SENT]
    assert mails(mail_server) == [WAITS]


def test_a_server_that_was_down_until_it_is_late_gets_the_late_ones_only(referred, mail_server, at):
    mail_server.reply = "451 Try again later"
    sweep()
    at(RAISED + dt.timedelta(hours=6))
    mail_server.reply = None
    outcomes = sweep()

    assert outcomes.count(Outcome.SENT) == 3 and outcomes.count(Outcome.CANCELLED) == 1
    assert mails(mail_server) == sorted((who, OVERDUE) for who in (FORCE_LEAD, LEAD, MANAGER))


def test_a_refusal_for_good_is_seen_and_sent_again_by_an_administrator(
    referred, mail_server, client, at
):
    mail_server.reply = "550 No such mailbox"
    assert sweep() == [Outcome.LATER]
    at(RAISED + dt.timedelta(minutes=2))
    assert sweep() == [Outcome.LATER]
    at(RAISED + dt.timedelta(minutes=5))
    assert sweep() == [Outcome.REFUSED]
    assert sweep() == []
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = client.get("/admin/reminders/digest/?status__exact=failed&kind__exact=urgent").text
    assert "No such mailbox" in page and "Urgent referral, at once" in page

    mail_server.reply = None
    digest = Digest.objects.get()
    client.post(
        "/admin/reminders/digest/", {"action": "send_again", "_selected_action": [digest.pk]}
    )
    assert sweep() == [Outcome.SENT]


def test_what_the_server_says_to_our_goodbye_does_not_matter(referred, mail_server, monkeypatch):
    def quit(self):
        self.close()
        raise smtplib.SMTPResponseException(500, b"Never heard of it")

    monkeypatch.setattr(smtplib.SMTP, "quit", quit)

    assert sweep() == [Outcome.SENT]
    assert sweep() == []


def test_planned_twice_it_is_one_mail_with_one_message_id(referred):
    notices = urgent.notices(dates.now())
    assert [urgent._enter(notice, dates.now()) for notice in [*notices, *notices]] == [1, 0]

    digest = Digest.objects.get()
    assert (digest.kind, digest.status) == (DigestKind.URGENT, DigestStatus.QUEUED)


def test_an_answer_of_long_ago_is_no_news(referred, mail_server, at):
    referrals.answer(referred.referral, "We went there.", by=referred.force_lead)
    at(RAISED + days(urgent.NEWS_DAYS + 1))

    assert sweep() == []


def test_planning_costs_as_many_queries_for_many_referrals(referred, django_assert_num_queries, at):
    with django_assert_num_queries(4):
        urgent.notices(dates.now())
    for _ in range(10):
        case = make_case(referred.inspection)
        referrals.raise_(case, concern="Again.", must_act="You", by=referred.inspector)
    urgent.plan(dates.now())
    with django_assert_num_queries(4):
        assert len(urgent.notices(dates.now())) == 11
    with django_assert_num_queries(5):
        urgent.plan(dates.now())


def test_without_referrals_planning_is_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        urgent.plan(dates.now())


def test_the_task_that_raising_nudges_is_the_sweep():
    assert tasks.sweep.name == settings.URGENT_MAIL_TASK
    assert settings.URGENT_MAIL_TASK in app.tasks


def test_a_lost_broker_loses_no_referral(referred, mail_server, monkeypatch):
    """Nobody answers at the broker's address: the referral stands, and the next sweep finds it."""
    from kombu.exceptions import OperationalError

    def refuse(*args, **kwargs):
        raise OperationalError("nobody there")

    monkeypatch.setattr(app, "send_task", refuse)
    referrals._nudge()

    assert UrgentReferral.objects.open().count() == 1
    assert sweep() == [Outcome.SENT]


def test_a_referral_that_is_met_by_hand_is_told_no_more(referred, mail_server):
    for deadline in Deadline.objects.all():
        deadlines.meet(deadline, by=None, on=dates.today() - days(30))

    assert sweep() == []
