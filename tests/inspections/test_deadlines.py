"""Deadlines: set, moved, met, grouped, shown to those who may know of them."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from inspections import deadlines
from inspections.deadlines import AlreadyMet, NotAllowed, set_deadline
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import make_inspection, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _on_10_june_2026():
    with time_machine.travel("2026-06-10T10:00:00+00:00", tick=False):
        yield


def follow_up(inspection, code="update", due_on=TODAY, responsible=Side.FORCE):
    """A follow-up that somebody marks as done, by one of the framework's rules."""
    return set_deadline(
        inspection,
        DeadlineKind.FOLLOW_UP,
        label=f"Follow-up {code}",
        responsible=responsible,
        due_on=due_on,
        follow_up_rule=inspection.framework.follow_up_rules.get(code=code),
    )


@pytest.fixture
def inspection():
    return make_inspection(
        Stage.FOLLOW_UP, lead=make_user(Role.LEAD_INSPECTOR), team=[make_user(Role.INSPECTOR)]
    )


def test_a_moved_deadline_keeps_its_first_date(inspection):
    first = follow_up(inspection, due_on=dt.date(2026, 7, 1))
    moved = follow_up(inspection, due_on=dt.date(2026, 8, 1))
    assert moved == first
    assert (moved.first_due_on, moved.due_on) == (dt.date(2026, 7, 1), dt.date(2026, 8, 1))


def test_follow_up_rules_apply_by_the_timescales_that_are_used(inspection):
    found = deadlines.start_follow_up(inspection, dt.date(2026, 3, 31), ["immediately"])
    assert {(each.follow_up_rule.code, each.responsible, each.due_on) for each in found} == {
        ("update", "force", dt.date(2026, 5, 12)),
        ("revisit", "inspectorate", dt.date(2026, 9, 30)),
        ("pcc-comments", "commissioner", dt.date(2026, 5, 12)),
    }
    again = deadlines.start_follow_up(inspection, dt.date(2026, 3, 31), ["immediately"])
    assert [each.pk for each in again] == [each.pk for each in found]


def test_with_no_dated_recommendation_only_what_is_always_due_is(inspection):
    found = deadlines.start_follow_up(inspection, dt.date(2026, 3, 31), ["none"])
    assert [each.kind for each in found] == [DeadlineKind.PCC_COMMENTS]


def test_what_was_met_first_stands(inspection):
    deadline, one, two = follow_up(inspection), make_user(), make_user()
    deadlines.meet(deadline, by=one, note="Sent.", on=dt.date(2026, 6, 9))
    deadlines.meet(deadline, by=two, note="Sent again.")
    assert (deadline.met_by, deadline.met_note, deadline.met_on) == (
        one,
        "Sent.",
        dt.date(2026, 6, 9),
    )
    deadlines.reopen(deadline, by=two)
    assert (deadline.met_on, deadline.met_by, deadline.met_note) == (None, None, "")


def test_a_force_lead_marks_the_forces_follow_up_as_done(client, inspection):
    deadline, lead = follow_up(inspection), make_user(Role.FORCE_LEAD, force=inspection.force)
    client.force_login(lead)
    address = reverse("deadlines:detail", args=[deadline.pk])
    response = client.post(address, {"note": ""})
    assert "Say how it was done" in response.text
    response = client.post(address, {"note": "Sent by post on Monday."}, follow=True)
    assert "Marked as done." in response.text
    assert "Sent by post on Monday." in response.text
    deadline.refresh_from_db()
    assert (deadline.met_on, deadline.met_by) == (TODAY, lead)


def test_the_second_to_mark_it_learns_that_somebody_was_first(client, inspection):
    deadline, lead = follow_up(inspection), make_user(Role.FORCE_LEAD, force=inspection.force)
    deadlines.mark_as_done(deadline, by=lead, note="Sent.")
    with pytest.raises(AlreadyMet):
        deadlines.mark_as_done(deadline, by=lead, note="Sent, too.")
    client.force_login(lead)
    response = client.post(
        reverse("deadlines:detail", args=[deadline.pk]), {"note": "Sent, too."}, follow=True
    )
    assert "Somebody else has marked this as done." in response.text
    deadline.refresh_from_db()
    assert deadline.met_note == "Sent."


def test_each_side_marks_its_own_only(inspection):
    theirs = follow_up(inspection)
    ours = follow_up(inspection, "revisit", responsible=Side.INSPECTORATE)
    lead = inspection.team.get(is_lead=True).user
    viewer = make_user(Role.FORCE_VIEWER, force=inspection.force)
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    for deadline, user in (
        *((theirs, user) for user in (lead, viewer, make_user(Role.FORCE_LEAD))),
        *((ours, user) for user in (force_lead, make_user(Role.INSPECTOR))),
    ):
        with pytest.raises(NotAllowed):
            deadlines.mark_as_done(deadline, by=user, note="Done.")
    deadlines.mark_as_done(ours, by=lead, note="We went there.")
