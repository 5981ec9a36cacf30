"""Planning an inspection, its dates, and the people of its team."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Role
from inspections import planning, stages
from inspections.models import Inspection, InspectionKind, Stage
from inspections.planning import CannotJoin, DatesChanged, LastLead, NotAllowed
from tests.support.factories import make_force, make_framework, make_inspection, make_user

pytestmark = pytest.mark.django_db
START, END, DUE = dt.date(2027, 2, 1), dt.date(2027, 2, 12), dt.date(2027, 1, 18)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


def dates_of(start=START, end=END, due=DUE):
    return {"fieldwork_start": start, "fieldwork_end": end, "self_assessment_due": due}


def test_who_plans_an_inspection_leads_it(lead):
    inspection = planning.plan(
        force=make_force(),
        framework=make_framework(),
        kind=InspectionKind.FULL,
        by=lead,
        **dates_of(),
    )
    assert inspection.stage == Stage.PLANNED
    assert inspection.team.get().user == lead
    assert inspection.team.get().is_lead


def test_a_manager_plans_without_being_on_the_team():
    inspection = planning.plan(
        force=make_force(),
        framework=make_framework(),
        kind=InspectionKind.FULL,
        by=make_user(Role.MANAGER),
        **dates_of(),
    )
    assert not inspection.team.exists()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.ADMINISTRATOR, Role.FORCE_LEAD])
def test_nobody_else_plans(role):
    with pytest.raises(NotAllowed):
        planning.plan(
            force=make_force(),
            framework=make_framework(),
            kind=InspectionKind.FULL,
            by=make_user(role),
            **dates_of(),
        )


def test_parts_that_do_not_go_together_are_refused(lead):
    force, framework = make_force(), make_framework()
    framework.kinds = ["full"]
    framework.save()
    elsewhere = make_inspection(Stage.CLOSED)
    changes: dict[str, dict[str, Any]] = {
        "kind": {"kind": InspectionKind.RE_INSPECTION, "parent": make_inspection(force=force)},
        "parent": {"kind": InspectionKind.FULL, "parent": elsewhere},
        "fieldwork_end": {"fieldwork_end": START - dt.timedelta(1)},
        "self_assessment_due": {"self_assessment_due": START + dt.timedelta(1)},
    }
    for field, change in changes.items():
        arguments = {"force": force, "framework": framework, "kind": InspectionKind.FULL}
        with pytest.raises(ValidationError) as error:
            planning.plan(by=lead, **{**arguments, **dates_of(), **change})
        assert field in error.value.message_dict
    assert not Inspection.objects.filter(fieldwork_start=START).exists()


def test_the_pages_plan_an_inspection_in_two_steps(client, lead):
    force, framework = make_force("Northmoor Police"), make_framework()
    client.force_login(lead)
    assert "Northmoor Police" in client.get(reverse("inspections:new")).text
    address = f"{reverse('inspections:new')}?force={force.pk}"
    typed = {"framework": framework.pk, "kind": "full"}
    text = client.post(address, typed).text
    assert "Enter when the self-assessment is due: this framework asks for one" in text
    assert "Enter fieldwork starts" in text or "fieldwork" in text
    response = client.post(
        address,
        {
            **typed,
            "self_assessment_due": "2027-01-18",
            "fieldwork_start": "2027-02-01",
            "fieldwork_end": "2027-02-12",
        },
        follow=True,
    )
    assert "The inspection is planned." in response.text
    inspection = Inspection.objects.get()
    assert (inspection.force, inspection.framework, inspection.created_by) == (
        force,
        framework,
        lead,
    )


def test_a_review_asks_for_the_earlier_inspection(client, lead):
    earlier = make_inspection(Stage.CLOSED)
    framework = make_framework(quota=0)
    client.force_login(lead)
    address = f"{reverse('inspections:new')}?force={earlier.force_id}"
    typed = {
        "framework": framework.pk,
        "kind": "re_inspection",
        "fieldwork_start": "2027-02-01",
        "fieldwork_end": "2027-02-12",
    }
    assert "needs an earlier inspection" in client.post(address, typed).text
    client.post(address, {**typed, "parent": earlier.pk})
    assert Inspection.objects.get(parent=earlier).framework == framework
    foreign = make_inspection(Stage.CLOSED)
    assert "There is a problem" in client.post(address, {**typed, "parent": foreign.pk}).text


def test_moving_the_dates_moves_the_self_assessments_deadline(lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead, **dates_of())
    inspection = stages.move(inspection, "open_self_assessment", by=lead)
    later = dt.date(2027, 1, 25)
    planning.change_dates(inspection, seen=dates_of(), to=dates_of(due=later), by=lead)
    deadline = inspection.deadlines.get()
    assert (deadline.first_due_on, deadline.due_on) == (DUE, later)
    with pytest.raises(ValidationError):
        planning.change_dates(inspection, seen=dates_of(due=later), to=dates_of(due=None), by=lead)


def test_two_people_do_not_overwrite_each_others_dates(client, lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead, **dates_of())
    client.force_login(lead)
    address = reverse("inspections:dates", args=[inspection.pk])
    assert 'name="seen" value="2027-01-18,2027-02-01,2027-02-12"' in client.get(address).text
    planning.change_dates(
        inspection, seen=dates_of(), to=dates_of(end=dt.date(2027, 2, 19)), by=lead
    )
    with pytest.raises(DatesChanged):
        planning.change_dates(inspection, seen=dates_of(), to=dates_of(), by=lead)
    typed = {
        "self_assessment_due": "2027-01-18",
        "fieldwork_start": "2027-02-01",
        "fieldwork_end": "2027-02-13",
        "seen": "2027-01-18,2027-02-01,2027-02-12",
    }
    text = client.post(address, typed).text
    assert "Somebody has changed the dates meanwhile." in text
    assert "1 to 19 February 2027" in text
    assert 'name="seen" value="2027-01-18,2027-02-01,2027-02-19"' in text
    client.post(address, {**typed, "seen": "2027-01-18,2027-02-01,2027-02-19"})
    inspection.refresh_from_db()
    assert inspection.fieldwork_end == dt.date(2027, 2, 13)


def test_dates_are_fixed_once_fieldwork_is_over(client, lead):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    client.force_login(lead)
    assert client.get(reverse("inspections:dates", args=[inspection.pk])).status_code == 403


def test_the_lead_adds_and_removes_people(client, lead):
    inspection = make_inspection(Stage.PLANNED, lead=lead)
    person = make_user(Role.INSPECTOR, name="Ines Inspector")
    client.force_login(lead)
    address = reverse("inspections:people", args=[inspection.pk])
    assert "Select an inspector" in client.post(address, {"user": ""}).text
    response = client.post(address, {"user": person.pk}, follow=True)
    assert "Ines Inspector is on the team." in response.text
    remove = reverse("inspections:remove_person", args=[inspection.pk, person.pk])
    assert "will no longer see the cases" in client.get(remove).text
    assert inspection.team.count() == 2
    response = client.post(remove, follow=True)
    assert "Ines Inspector is no longer on the team." in response.text
    assert inspection.team.count() == 1
    history = client.get(reverse("inspections:history", args=[inspection.pk])).text
    assert "Ines Inspector left the team" in history


def test_somebody_always_leads(client, lead):
    inspection = make_inspection(Stage.FIELDWORK, lead=lead)
    with pytest.raises(LastLead):
        planning.remove_from_team(inspection, lead, by=lead)
    with pytest.raises(LastLead):
        planning.add_to_team(inspection, lead, is_lead=False, by=lead)
    other = make_user(Role.LEAD_INSPECTOR)
    planning.add_to_team(inspection, other, by=lead)
    client.force_login(lead)
    address = reverse("inspections:people", args=[inspection.pk])
    client.post(address, {"member": other.pk, "lead": "yes"})
    assert inspection.team.filter(is_lead=True).count() == 2
    response = client.post(
        reverse("inspections:remove_person", args=[inspection.pk, lead.pk]), follow=True
    )
    assert response.redirect_chain[-1][0] == reverse("inspections:list")
    assert inspection.team.get().user == other


def test_only_inspectors_join_and_only_lead_inspectors_lead(lead):
    inspection = make_inspection(Stage.FIELDWORK, lead=lead)
    for somebody in (
        make_user(Role.MANAGER),
        make_user(Role.FORCE_LEAD),
        make_user(Role.INSPECTOR, is_active=False),
    ):
        with pytest.raises(CannotJoin):
            planning.add_to_team(inspection, somebody, by=lead)
    with pytest.raises(CannotJoin):
        planning.add_to_team(inspection, make_user(Role.INSPECTOR), is_lead=True, by=lead)


def test_team_members_do_not_change_the_team(client, lead):
    inspector = make_user(Role.INSPECTOR)
    inspection = make_inspection(Stage.FIELDWORK, lead=lead, team=[inspector])
    client.force_login(inspector)
    address = reverse("inspections:people", args=[inspection.pk])
    assert "Add an inspector" not in client.get(address).text
    assert client.post(address, {"user": make_user().pk}).status_code == 403
    with pytest.raises(NotAllowed):
        planning.add_to_team(inspection, make_user(), by=inspector)


def test_the_list_is_narrowed_sorted_and_paged_in_a_fixed_number_of_queries(
    client, django_assert_max_num_queries
):
    client.force_login(make_user(Role.MANAGER))
    lead, framework = make_user(Role.LEAD_INSPECTOR, name="Lea Lead"), make_framework()
    first = make_inspection(Stage.FIELDWORK, lead=lead, framework=framework)
    address = reverse("inspections:list")
    client.get(address)
    with django_assert_max_num_queries(12) as one:
        client.get(address)
    for _ in range(60):
        make_inspection(Stage.DRAFTING, lead=lead, framework=framework)
    with django_assert_max_num_queries(len(one)):
        text = client.get(address).text
    assert "Showing 1 to 50 of 61 inspections" in text
    assert text.count("Lea Lead") == 50
    text = client.get(f"{address}?stage=fieldwork&stage=closed&sort=force").text
    assert "Showing 1 to 1 of 1 inspection" in text
    assert str(first) in text
    text = client.get(f"{address}?force={first.force_id}&kind=full&framework={framework.pk}").text
    assert "Showing 1 to 1 of 1 inspection" in text
    assert "No inspection matches" in client.get(f"{address}?kind=re_inspection").text
