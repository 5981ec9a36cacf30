"""Who may read what an inspection holds."""

import itertools

import pytest

from accounts.models import Role
from inspections import planning, team
from inspections.models import Inspection, Stage
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


def test_who_reads_an_inspections_content_is_the_same_asked_of_one_and_of_all():
    force, other = make_force(), make_force()
    on_team, lead = make_user(Role.INSPECTOR), make_user(Role.LEAD_INSPECTOR)
    people = [
        on_team,
        lead,
        *(
            make_user(role)
            for role in (Role.INSPECTOR, Role.LEAD_INSPECTOR, Role.MANAGER, Role.ADMINISTRATOR)
        ),
        make_user(Role.ADMINISTRATOR, Role.MANAGER),
        *(make_user(Role.FORCE_LEAD, force=each) for each in (force, other)),
        make_user(Role.FORCE_VIEWER, force=force),
    ]
    inspections = [
        make_inspection(stage, force=force, team=[on_team], lead=lead) for stage in Stage
    ]
    for inspection, person in itertools.product(inspections, people):
        of_all = Inspection.objects.with_content_visible_to(person)
        expected = of_all.filter(pk=inspection.pk).exists()
        assert team.reads_content(inspection, person) == expected, (inspection.stage, person.roles)


def test_a_change_of_the_team_is_known_at_once():
    lead, joining = make_user(Role.LEAD_INSPECTOR), make_user(Role.INSPECTOR)
    inspection = make_inspection(lead=lead)
    assert not team.works_on(inspection, joining)
    planning.add_to_team(inspection, joining, by=lead)
    assert team.works_on(inspection, joining)
    planning.remove_from_team(inspection, joining, by=lead)
    assert not team.works_on(inspection, joining)
