"""Deadlines: set, moved, met, grouped, shown to those who may know of them."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from inspections import deadlines
from inspections.deadlines import AlreadyMet, NotAllowed, groups, in_group, set_deadline
from inspections.models import Deadline, DeadlineKind, Side, Stage
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _on_10_june_2026():
    with time_machine.travel("2026-06-10T10:00:00+00:00", tick=False):
        yield


def follow_up(inspection, code="update", due_on=TODAY, responsible=Side.FORCE):
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
    }
    again = deadlines.start_follow_up(inspection, dt.date(2026, 3, 31), ["immediately"])
    assert [each.pk for each in again] == [each.pk for each in found]


def test_no_recommendation_with_a_date_means_no_follow_up(inspection):
    assert deadlines.start_follow_up(inspection, dt.date(2026, 3, 31), ["none"]) == []


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


def test_on_its_day_a_deadline_is_not_overdue_and_on_the_next_it_is(inspection):
    due_today = follow_up(inspection, "update", TODAY)
    yesterday = follow_up(inspection, "plan", TODAY - dt.timedelta(1))
    found = groups(Deadline.objects.all(), TODAY)
    assert found.overdue == [yesterday]
    assert found.due_soon == [due_today]
    assert list(in_group(Deadline.objects.all(), "overdue", TODAY)) == [yesterday]


def test_the_database_groups_as_python_does(inspection):
    for code, days in (("update", -1), ("plan", 0), ("revisit", 30)):
        follow_up(inspection, code, TODAY + dt.timedelta(days))
    follow_up(make_inspection(Stage.FOLLOW_UP), "update", TODAY + dt.timedelta(31))
    every = Deadline.objects.all()
    found = groups(every, TODAY)._asdict()
    assert [len(rows) for rows in found.values()] == [1, 2, 1]
    for name, rows in found.items():
        assert list(in_group(every, name, TODAY)) == rows
    counts = {name: len(rows) for name, rows in found.items()}
    assert deadlines.count_groups(every, TODAY) == counts


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


def test_the_list_stands_in_groups_and_can_be_narrowed(client, inspection):
    overdue = follow_up(inspection, "update", TODAY - dt.timedelta(3))
    soon = follow_up(inspection, "plan", TODAY + dt.timedelta(30))
    later = follow_up(inspection, "revisit", TODAY + dt.timedelta(31), Side.INSPECTORATE)
    client.force_login(make_user(Role.MANAGER))
    address = reverse("deadlines:list")
    text = client.get(address).text
    assert (
        text.index("Follow-up update")
        < text.index("Follow-up plan")
        < text.index("Follow-up revisit")
    )
    assert "1 overdue, 1 due within 30 days, 1 later." in " ".join(text.split())

    def labels(query):
        text = client.get(f"{address}?{query}").text
        return re.findall(r">(Follow-up \w+)</a>", text)

    assert labels("group=overdue") == [overdue.label]
    assert labels("group=due_soon") == [soon.label]
    assert labels("group=later") == [later.label]
    assert labels("responsible=inspectorate") == [later.label]
    assert labels(f"force={make_force().pk}") == []
    assert labels("kind=self_assessment") == []
    assert labels("group=nonsense&page=99") == [overdue.label, soon.label, later.label]
    deadlines.meet(soon, by=None)
    assert labels("group=met") == [soon.label]


def test_a_force_sees_its_own_deadlines_only(client, inspection):
    follow_up(inspection)
    foreign = follow_up(make_inspection(Stage.FOLLOW_UP))
    client.force_login(make_user(Role.FORCE_VIEWER, force=inspection.force))
    text = client.get(reverse("deadlines:list")).text
    assert str(inspection.force) in text
    assert str(foreign.inspection.force) not in text
    assert client.get(reverse("deadlines:detail", args=[foreign.pk])).status_code == 404
    assert (
        client.get(f"{reverse('deadlines:list')}?force={foreign.inspection.force_id}").status_code
        == 200
    )


def test_fifty_deadlines_cost_as_many_queries_as_one(client, django_assert_max_num_queries):
    user = make_user(Role.MANAGER)
    client.force_login(user)
    framework = follow_up(make_inspection(Stage.FOLLOW_UP)).inspection.framework
    address = reverse("deadlines:list")
    client.get(address)
    with django_assert_max_num_queries(10) as one:
        client.get(address)
    for _ in range(60):
        follow_up(make_inspection(Stage.FOLLOW_UP, framework=framework))
    with django_assert_max_num_queries(len(one)):
        response = client.get(address)
    assert response.text.count(">Follow-up update</a>") == 50
    assert "Showing 1 to 50 of 61 deadlines" in response.text
