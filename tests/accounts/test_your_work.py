"""“Your work”: what waits for each person, most urgent first."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from accounts.work import Urgency, WorkItem, gather
from inspections.deadlines import set_deadline
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import make_force, make_framework, make_inspection, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _on_10_june_2026():
    with time_machine.travel("2026-06-10T10:00:00+00:00", tick=False):
        yield


def titles(user):
    return [str(item.title) for item in gather(user, TODAY)]


def test_what_is_due_comes_first_whatever_its_provider_thinks():
    late = WorkItem("late", "/", due_on=TODAY - dt.timedelta(1), urgency=Urgency.LATER)
    soon = WorkItem("soon", "/", due_on=TODAY + dt.timedelta(14))
    far = WorkItem("far", "/", due_on=TODAY + dt.timedelta(15))
    assert [item.urgency_on(TODAY) for item in (late, soon, far)] == [
        Urgency.OVERDUE,
        Urgency.SOON,
        Urgency.WAITING,
    ]


def follow_up(inspection, code, days, responsible=Side.FORCE):
    set_deadline(
        inspection,
        DeadlineKind.FOLLOW_UP,
        label=code,
        responsible=responsible,
        due_on=TODAY + dt.timedelta(days),
        follow_up_rule=inspection.framework.follow_up_rules.get(code=code),
    )


def test_deadlines_wait_for_those_who_must_act():
    force, lead = make_force(), make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    follow_up(inspection, "action-plan", 20)
    follow_up(inspection, "update", -3)
    follow_up(inspection, "revisit", 5, Side.INSPECTORATE)
    assert titles(make_user(Role.FORCE_LEAD, force=force)) == ["update", "action-plan"]
    assert titles(lead) == ["revisit"]
    assert titles(make_user(Role.FORCE_VIEWER, force=force)) == ["Overdue deadlines of your force"]
    assert titles(make_user(Role.FORCE_LEAD)) == []
    assert titles(make_user(Role.LEAD_INSPECTOR)) == []
    [overview] = gather(make_user(Role.MANAGER), TODAY)
    assert (overview.title, overview.detail) == ("Overdue deadlines of forces", "1 deadline")


def test_what_is_due_in_more_than_thirty_days_waits():
    lead = make_user(Role.FORCE_LEAD)
    follow_up(make_inspection(Stage.FOLLOW_UP, force=lead.force), "action-plan", 31)
    assert titles(lead) == []


def test_a_lead_is_told_of_stages_that_can_end():
    lead = make_user(Role.LEAD_INSPECTOR)
    make_inspection(Stage.PLANNED, lead=lead)
    make_inspection(Stage.FIELDWORK, lead=lead)  # its last day was in February
    make_inspection(Stage.PUBLISHED, lead=lead)
    make_inspection(Stage.FOLLOW_UP, lead=lead)
    found = titles(lead)
    for title in (
        "Prepare the inspection",
        "End fieldwork and begin drafting",
        "Begin follow-up",
        "Close the inspection, or see what it lacks",
    ):
        assert title in found


def test_a_manager_is_told_of_inspections_that_nobody_leads():
    inspection = make_inspection(Stage.PLANNED)
    [item] = gather(make_user(Role.MANAGER), TODAY)
    assert (item.title, item.detail) == ("Name a lead inspector", str(inspection))


def test_an_administrator_is_told_what_is_missing():
    administrator = make_user(Role.ADMINISTRATOR, last_login="2026-01-01T00:00:00+00:00")
    assert titles(administrator) == ["Load a framework"]
    framework = make_framework()
    assert titles(administrator) == []
    force = make_force("Northmoor Police")
    make_inspection(Stage.FIELDWORK, force=force, framework=framework)
    [item] = gather(administrator, TODAY)
    assert (item.title, item.detail) == ("Add a force lead", "Nobody answers for Northmoor Police.")
    make_user(Role.FORCE_LEAD, force=force)
    assert titles(administrator) == ["People who have never signed in"]


def test_nothing_to_do_is_said_plainly(client):
    client.force_login(make_user(Role.FORCE_VIEWER))
    assert "Nothing waits for you" in client.get(reverse("home")).text


@pytest.mark.parametrize("role", Role)
def test_the_page_costs_as_many_queries_for_many_inspections(
    client, django_assert_max_num_queries, role
):
    user = make_user(role)
    framework = make_framework()
    client.force_login(user)

    def fill(number):
        for count in range(number):
            inspection = make_inspection(
                Stage.FOLLOW_UP if count % 2 else Stage.FIELDWORK,
                framework=framework,
                force=user.force or make_force(),
                lead=user if user.is_inspectorate else None,
            )
            if count % 2:
                follow_up(inspection, "update", count)

    fill(2)
    client.get(reverse("home"))
    with django_assert_max_num_queries(17) as few:
        client.get(reverse("home"))
    fill(20)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("home"))
