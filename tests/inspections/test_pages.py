"""Every page of inspections, forces and deadlines, as each role and as somebody from elsewhere."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections.deadlines import set_deadline
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """An inspection in fieldwork with a lead, an inspector, its force's people, and strangers of both sides."""
    force = make_force("Northmoor Police")
    people = {
        "lead": make_user(Role.LEAD_INSPECTOR, name="Lea Lead"),
        "inspector": make_user(Role.INSPECTOR, name="Ines Inspector"),
        "manager": make_user(Role.MANAGER),
        "administrator": make_user(Role.ADMINISTRATOR),
        "force_lead": make_user(Role.FORCE_LEAD, force=force),
        "force_viewer": make_user(Role.FORCE_VIEWER, force=force),
        "other_inspector": make_user(Role.INSPECTOR),
        "other_force_lead": make_user(Role.FORCE_LEAD),
    }
    inspection = make_inspection(
        Stage.FIELDWORK, force=force, lead=people["lead"], team=[people["inspector"]]
    )
    deadline = set_deadline(
        inspection,
        DeadlineKind.SELF_ASSESSMENT,
        label="Self-assessment",
        responsible=Side.FORCE,
        due_on=dt.date(2026, 1, 20),
    )
    return people, inspection, deadline


EVERYBODY = [
    *("lead", "inspector", "manager", "administrator", "force_lead", "force_viewer"),
    *("other_inspector", "other_force_lead"),
]
STRANGERS = {"other_inspector", "other_force_lead"}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", ["home", "inspections:list", "deadlines:list"])
def test_everybody_opens_the_lists(client, scene, role, name):
    client.force_login(scene[0][role])
    response = client.get(reverse(name))
    assert response.status_code == 200
    if role in STRANGERS:
        for word in ("Northmoor Police,", "Self-assessment</a>"):
            assert word not in response.text


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", ["detail", "people", "history"])
def test_an_inspections_pages_open_for_those_who_may_know_of_it(client, scene, role, name):
    people, inspection, _deadline = scene
    client.force_login(people[role])
    response = client.get(reverse(f"inspections:{name}", args=[inspection.pk]))
    assert response.status_code == (404 if role in STRANGERS else 200)


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_deadlines_page_opens_for_those_who_work_on_its_inspection(client, scene, role):
    people, _inspection, deadline = scene
    client.force_login(people[role])
    response = client.get(reverse("deadlines:detail", args=[deadline.pk]))
    assert response.status_code == (404 if role in {*STRANGERS, "administrator"} else 200)


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_force_person_opens_their_own_force_only(client, scene, role):
    people, inspection, _deadline = scene
    client.force_login(people[role])
    response = client.get(reverse("forces:detail", args=[inspection.force_id]))
    assert response.status_code == (404 if role == "other_force_lead" else 200)
    listed = client.get(reverse("forces:list"))
    if people[role].is_force:
        assert listed.url == reverse("forces:detail", args=[people[role].force_id])
    else:
        assert "Northmoor Police" in listed.text


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_leads_and_managers_plan_inspections(client, scene, role):
    client.force_login(scene[0][role])
    response = client.get(reverse("inspections:new"))
    assert response.status_code == (200 if role in {"lead", "manager"} else 403)


def test_nobody_opens_anything_without_signing_in(client, scene):
    for name in ("home", "inspections:list", "deadlines:list", "forces:list"):
        assert client.get(reverse(name)).status_code == 302
