"""The page on which a lead says who grades which case, and the one that deals cases out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import assignment
from cases.models import CaseFile
from inspections.models import Stage, TeamMember
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_user


def address(place, name="assignment"):
    return reverse(f"cases:{name}", args=[place.inspection.pk])


@pytest.fixture
def cases(place):
    return [
        make_case(place.inspection, area=area, reference=f"{area}-{number}")
        for area in ("alpha", "beta")
        for number in range(3)
    ]


def test_the_lead_ticks_cases_and_assigns_them(client, place, cases):
    client.force_login(place.lead)
    data = {"case": [cases[0].pk, cases[4].pk], "to": place.inspector.pk}
    response = client.post(address(place) + "?area=alpha", data)
    assert response.url == address(place) + "?area=alpha"
    page = client.get(address(place)).content.decode()
    assert f"2 cases are assigned to {place.inspector.name}." in page
    assert set(CaseFile.objects.filter(assigned_to=place.inspector)) == {cases[0], cases[4]}
    client.post(address(place), {"case": [cases[0].pk], "to": "none"})
    assert CaseFile.objects.get(assigned_to=place.inspector) == cases[4]


def test_what_is_missing_or_makes_no_sense_is_said_and_assigns_nothing(client, place, cases):
    client.force_login(place.lead)
    page = client.post(address(place), {"to": place.inspector.pk}).content.decode()
    assert "Select one case or more" in page
    page = client.post(address(place), {"case": [cases[0].pk]}).content.decode()
    assert "Select an inspector" in page
    other = make_case(make_place().inspection)
    for case, to in (
        (other.pk, place.inspector.pk),
        (cases[0].pk, place.outsider.pk),
        (cases[0].pk, "x"),
        ("x", place.inspector.pk),
        (10**30, place.inspector.pk),
    ):
        assert client.post(address(place), {"case": [case], "to": to}).status_code == 200
    assert not CaseFile.objects.exclude(assigned_to=None).exists()


def test_the_list_is_narrowed_by_person_and_area(client, place, cases):
    assignment.assign(cases[:2], place.inspector, by=place.lead)
    make_audit(cases[5], by=place.inspector)
    client.force_login(place.lead)

    def references(query):
        page = client.get(address(place) + query).content.decode()
        return [case.reference for case in cases if f"Select {case.reference}<" in page]

    assert references("") == ["alpha-0", "alpha-1", "alpha-2", "beta-0", "beta-1"]
    assert references("?assigned=none") == ["alpha-2", "beta-0", "beta-1"]
    assert references(f"?assigned={place.inspector.pk}") == ["alpha-0", "alpha-1"]
    assert references("?assigned=none&area=beta") == ["beta-0", "beta-1"]
    assert references("?assigned=999&area=nowhere") == references("")
    assert "No case matches" in client.get(address(place) + "?area=gamma").content.decode()


def test_managers_read_and_others_do_not(client, place, cases):
    client.force_login(place.manager)
    page = client.get(address(place)).content.decode()
    assert "Select alpha-0" not in page
    assert "alpha-0" in page
    for name in ("assignment", "spread"):
        assert client.post(address(place, name), {}).status_code == 403
    assert client.get(address(place, "spread")).status_code == 403
    for person in (place.inspector, place.assessor, place.force_lead, place.viewer):
        client.force_login(person)
        for name in ("assignment", "spread"):
            assert client.get(address(place, name)).status_code == 403
            assert client.post(address(place, name)).status_code == 403
    for person in (place.outsider, place.administrator, place.other_force):
        client.force_login(person)
        assert client.get(address(place)).status_code == 404


def test_cases_are_dealt_out_after_a_preview(client, place, cases):
    client.force_login(place.lead)
    assert "Among whom?" in client.get(address(place, "spread")).content.decode()
    query = {"which": "unassigned", "inspector": [place.inspector.pk, place.lead.pk]}
    page = client.get(address(place, "spread"), query).content.decode()
    assert "Assign 6 cases" in page
    assert not CaseFile.objects.exclude(assigned_to=None).exists()
    response = client.post(address(place, "spread"), query, follow=True)
    assert f"{place.inspector.name} 3" in response.content.decode()
    assert CaseFile.objects.filter(assigned_to=place.lead).count() == 3
    assert "There is no such case" in client.get(address(place, "spread"), query).content.decode()
    make_audit(cases[0], by=place.lead, submitted=False)
    query["which"] = "not_begun"
    query["inspector"] = [place.inspector.pk]
    assert "Assign 5 cases" in client.get(address(place, "spread"), query).content.decode()


def test_dealing_out_among_nobody_or_strangers_is_refused(client, place, cases):
    client.force_login(place.lead)
    for people in ([], [place.outsider.pk], ["x"]):
        for method in (client.get, client.post):
            page = method(
                address(place, "spread"), {"which": "unassigned", "inspector": people}
            ).content.decode()
            assert "There is a problem" in page
    assert not CaseFile.objects.exclude(assigned_to=None).exists()


def test_who_has_left_the_team_is_shown_as_such(client, place, cases):
    gone = make_user(name="Gone Away")
    TeamMember.objects.create(inspection=place.inspection, user=gone)
    assignment.assign(cases[:2], gone, by=place.lead)
    TeamMember.objects.filter(user=gone).delete()  # not through the verb
    client.force_login(place.lead)
    page = client.get(address(place)).content.decode()
    assert "Not on the team" in page
    assert f"?assigned={gone.pk}&amp;state=counted" in page


def test_the_page_takes_the_same_queries_for_three_cases_and_for_fifty(client, place, cases):
    client.force_login(place.lead)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(place)).status_code == 200
        return len(found)

    few = queries()
    people = [place.inspector, place.lead]
    for number in range(50):
        make_case(place.inspection, area="gamma", assigned_to=people[number % 2])
    assert queries() == few


def test_before_there_is_a_case_the_page_says_so(client, place):
    client.force_login(place.lead)
    assert "No open cases" in client.get(address(place)).content.decode()
    place.at(Stage.DRAFTING)
    assert client.get(address(place)).status_code == 200
