"""Approval by two people, and publication at the minute that the second of them chose."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.errors import NotAllowed
from accounts.models import Role
from inspections import deadlines, stages
from inspections.models import DeadlineBasis, DeadlineKind, News, NewsKind, Party, Stage
from reports import approval, approved, checking_work, due
from reports.models import Approval, Publication, ReportSection, SectionKind
from reports.publication import publish
from tests.reports.material import approved as approve
from tests.reports.material import write_sections
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    checking = make_inspection(Stage.FACTUAL_ACCURACY, force=make_force(), lead=lead)
    write_sections(checking)
    return checking


def change(inspection):
    ReportSection.objects.filter(inspection=inspection, kind=SectionKind.SUMMARY).update(body="No.")


def later(**fields):
    return dt.datetime.now(dt.UTC) + dt.timedelta(**(fields or {"hours": 1}))


def test_a_lead_approves_and_another_person_publishes(inspection, lead, manager):
    with pytest.raises(stages.NotYet, match="No lead of the inspection has approved"):
        publish(inspection, by=manager)
    given = approval.approve(inspection, by=lead)
    assert approval.approve(inspection, by=lead) == given  # twice is once
    publication = publish(inspection, by=manager)
    given.refresh_from_db()
    assert (given.publication, given.lead, given.manager) == (publication, lead, manager)


def test_nobody_is_both_of_the_two(inspection, manager):
    both = make_user(Role.LEAD_INSPECTOR, Role.MANAGER)
    inspection.team.create(user=both, is_lead=True)
    approval.approve(inspection, by=both)
    assert not approval.may_decide(inspection, both)
    with pytest.raises(NotAllowed, match="Another person"):
        publish(inspection, by=both)
    with pytest.raises(NotAllowed):
        approval.schedule(inspection, at=later(), by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(manager=both, manager_at=later())
    inspection.refresh_from_db()
    assert inspection.stage == Stage.FACTUAL_ACCURACY
    assert publish(inspection, by=manager)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER, Role.LEAD_INSPECTOR])
def test_only_a_lead_of_the_inspection_approves(inspection, role):
    with pytest.raises(NotAllowed):
        approval.approve(inspection, by=make_user(role))


def test_an_approval_is_of_these_very_words(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    change(inspection)
    assert not approved.holds(approved.standing(inspection))
    with pytest.raises(stages.NotYet, match="changed since"):
        publish(inspection, by=manager)
    again = approval.approve(inspection, by=lead)
    assert Approval.objects.standing().get() == again
    assert publish(inspection, by=manager)


def test_nothing_is_approved_while_something_else_is_in_the_way(inspection, lead):
    change(inspection)
    ReportSection.objects.filter(kind=SectionKind.SUMMARY).delete()
    with pytest.raises(stages.NotYet, match="“Summary” has no text."):
        approval.approve(inspection, by=lead)


def test_publication_waits_for_the_force_until_its_time_is_over(inspection, lead):
    with time_machine.travel("2026-02-02T10:00:00+00:00", tick=False):
        deadlines.count(
            inspection,
            DeadlineKind.FACTUAL_ACCURACY,
            label="Reply",
            responsible=Party.FORCE,
            counts_from=dt.date(2026, 2, 2),
            unit="days",
            amount=28,
            basis=DeadlineBasis.DRAFT_SENT,
        )
    with (
        time_machine.travel("2026-03-02T23:00:00+00:00", tick=False),
        pytest.raises(stages.NotYet, match="has until 2 March 2026"),
    ):
        approval.approve(inspection, by=lead)
    with time_machine.travel("2026-03-03T00:00:01+00:00", tick=False):
        assert approval.approve(inspection, by=lead)


def test_a_draft_that_goes_back_is_approved_by_nobody(inspection, lead):
    approval.approve(inspection, by=lead)
    stages.move(inspection, "return_to_drafting", by=lead)
    assert approved.standing(inspection) is None


def test_an_approval_is_taken_back(inspection, lead, manager):
    given = approval.approve(inspection, by=lead)
    with pytest.raises(NotAllowed):
        approval.withdraw(given, by=make_user(Role.INSPECTOR))
    approval.withdraw(given, by=manager)
    with pytest.raises(stages.NotYet):
        publish(inspection, by=manager)


def test_what_waits_is_told_to_each(inspection, lead, manager):
    (item,) = checking_work.to_answer_and_approve(lead)
    assert str(item.title).startswith("Approve the report")
    approval.approve(inspection, by=lead)
    assert checking_work.to_answer_and_approve(lead) == []
    (item,) = checking_work.to_publish(manager)
    assert item.url == reverse("reports:publish", args=[inspection.pk])
    approval.schedule(inspection, at=later(), by=manager)
    assert checking_work.to_publish(manager) == []


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ((2026, 3, 29), (0, 30), "2026-03-29T00:30:00+00:00"),
        ((2026, 3, 29), (2, 0), "2026-03-29T01:00:00+00:00"),
        ((2026, 7, 1), (9, 30), "2026-07-01T08:30:00+00:00"),
        ((2026, 10, 25), (0, 59), "2026-10-24T23:59:00+00:00"),
        ((2026, 10, 25), (2, 0), "2026-10-25T02:00:00+00:00"),
    ],
)
def test_a_minute_is_one_on_the_clocks_of_london(day, time, moment):
    assert approval.minute(dt.date(*day), dt.time(*time)) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("day", "time", "why"),
    [
        ((2026, 3, 29), (1, 0), "leave this minute out"),
        ((2026, 3, 29), (1, 59), "leave this minute out"),
        ((2026, 10, 25), (1, 0), "comes twice"),
        ((2026, 10, 25), (1, 59), "comes twice"),
    ],
)
def test_a_minute_that_is_none_or_two_is_refused(day, time, why):
    with pytest.raises(approval.MinuteRefused, match=why):
        approval.minute(dt.date(*day), dt.time(*time))


def test_it_is_published_at_its_minute_and_not_before(inspection, lead, manager):
    with time_machine.travel("2026-10-24T12:00:00+00:00", tick=False):
        approval.approve(inspection, by=lead)
        at = approval.minute(dt.date(2026, 10, 25), dt.time(0, 30))  # 23:30 by Greenwich
        approval.schedule(inspection, at=at, by=manager)
    with time_machine.travel("2026-10-24T23:29:59+00:00", tick=False):
        assert due.publish_due() == 0
    with time_machine.travel("2026-10-24T23:30:00+00:00", tick=False):
        assert (due.publish_due(), due.publish_due()) == (1, 0)
    publication = Publication.objects.get()
    assert publication.published_on == dt.date(2026, 10, 25)
    assert publication.published_by == manager


def test_what_cannot_be_published_says_why_and_the_team_is_told_once(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    approval.schedule(inspection, at=later(), by=manager)
    change(inspection)
    with time_machine.travel(later(hours=2), tick=False):
        assert (due.publish_due(), due.publish_due()) == (0, 0)
    standing = Approval.objects.get()
    assert "changed since" in standing.refused
    told = News.objects.get()
    assert (told.kind, told.party) == (NewsKind.NOT_PUBLISHED, Party.INSPECTORATE)
    (item,) = checking_work.to_publish(manager)
    assert "could not be published" in str(item.detail)


def test_a_manager_who_has_left_publishes_nothing(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    approval.schedule(inspection, at=later(), by=manager)
    manager.is_active = False
    manager.save()
    with time_machine.travel(later(hours=2), tick=False):
        assert due.publish_due() == 0
    assert not Publication.objects.exists()


def test_one_that_cannot_even_be_read_does_not_hold_up_the_others(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    approval.schedule(inspection, at=later(), by=manager)
    broken = make_inspection(Stage.FOLLOW_UP, force=make_force("Other Police"), lead=lead)
    broken.publications.create(published_on=broken.published_on, document={"format": 0})
    broken.corrections.create(notice="A word.", opened_by=lead)
    signed = {"lead": lead, "manager": manager, "manager_at": later(), "publish_at": later()}
    broken.approvals.create(digest="0" * 64, lead_at=later(), **signed)
    with time_machine.travel(later(hours=2), tick=False):
        assert due.publish_due() == 1
    assert inspection.publications.exists()
    assert not broken.approvals.get().refused  # the next sweep tries again


def test_a_minute_that_has_passed_is_refused(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    with pytest.raises(approval.MinuteRefused):
        approval.schedule(inspection, at=later(hours=-1), by=manager)


def together(*verbs):
    """Do all of it at the same moment; return what came out, an error or None."""
    start, outcomes = threading.Barrier(len(verbs)), []

    def run(verb):
        start.wait()
        try:
            outcomes.append(verb())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_publishes(inspection, lead, manager):
    approve(inspection)
    second = make_user(Role.MANAGER)
    outcomes = together(
        lambda: publish(inspection, by=manager), lambda: publish(inspection, by=second)
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["NotYet", "Publication"]
    assert Publication.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_side_by_side_and_a_manager_publish_once(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    approval.schedule(inspection, at=later(seconds=1), by=manager)
    Approval.objects.update(publish_at=later(seconds=-1))
    outcomes = together(
        due.publish_due, due.publish_due, lambda: publish(inspection, by=make_user(Role.MANAGER))
    )
    assert Publication.objects.count() == 1, outcomes
    assert Approval.objects.get().publication == Publication.objects.get()
    assert not News.objects.filter(kind=NewsKind.NOT_PUBLISHED).exists()


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_dies_leaves_the_publication_to_the_next(inspection, lead, manager):
    approval.approve(inspection, by=lead)
    approval.schedule(inspection, at=later(), by=manager)
    Approval.objects.update(publish_at=later(seconds=-1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        due.publish_due()
        raise ZeroDivisionError  # as if the worker were killed before the end of its transaction
    assert not Publication.objects.exists()
    assert due.publish_due() == 1


def test_the_pages_lead_from_approval_to_a_chosen_minute(client, inspection, lead, manager):
    page = reverse("reports:approval", args=[inspection.pk])
    client.force_login(lead)
    assert "Approve the report" in client.get(page).content.decode()
    done = client.post(page, {"approve": "yes"}, follow=True)
    assert "You have approved the report." in done.content.decode()
    client.force_login(manager)
    publishing = reverse("reports:publish", args=[inspection.pk])
    assert "Publish now" in client.get(publishing).content.decode()
    typed = {
        "later": "yes",
        "publish_on-day": "29",
        "publish_on-month": "3",
        "publish_on-year": "2099",
    }
    wrong = client.post(publishing, {**typed, "publish_time": "01:30"})
    assert wrong.status_code == 400 and "leave this minute out" in wrong.content.decode()
    right = client.post(publishing, {**typed, "publish_time": "09:30"}, follow=True)
    assert "29 March 2099, 09:30" in right.content.decode()
    client.post(page, {"withdraw": "yes"})
    assert approved.standing(inspection) is None
    client.force_login(make_user(Role.FORCE_LEAD, force=inspection.force))
    assert client.get(page).status_code == 404
