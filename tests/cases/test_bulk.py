"""Many cases at once: what will happen is said first, and it happens to no other cases than those that were meant."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import bulk
from cases.models import Audit, CaseFile, Reading, Route
from inspections.models import Stage
from tests.support.factories import make_audit, make_case, make_inspection


@pytest.fixture
def three(place):
    for number, area in ((1, "alpha"), (2, "beta"), (3, "beta")):
        make_case(place.inspection, reference=f"A-{number}", area=area)
    return place


def keys(*references):
    return list(CaseFile.objects.filter(reference__in=references).values_list("pk", flat=True))


def send(client, place, query="", **data):
    return client.post(reverse("cases:bulk", args=[place.inspection.pk]) + query, data, follow=True)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_the_list_offers_what_may_be_done_and_boxes_to_tick_only_to_who_may(client, three):
    address = reverse("cases:list", args=[three.inspection.pk])
    for user, actions in (
        (three.lead, ["assign", "second_reading", "exclude"]),
        (three.inspector, []),
        (three.manager, []),
        (three.force_lead, []),
    ):
        client.force_login(user)
        page = client.get(address).content.decode()
        assert re.findall(r'<option value="(assign|second_reading|exclude)">', page) == actions
        assert page.count('name="case"') == (3 if actions else 0)


def test_nothing_happens_before_it_was_said_what_will_happen_and_to_how_many(client, three):
    client.force_login(three.lead)
    response = send(client, three, action="exclude", case=keys("A-1", "A-3"))
    page = text(response)
    assert "Exclude 2 cases" in page
    assert "A-1" in page and "A-3" in page and "A-2" not in page
    assert CaseFile.objects.counted().count() == 3
    response = send(client, three, action="exclude", case=keys("A-1", "A-3"), expected=2, reason="")
    assert "Enter why the cases are excluded" in text(response)
    response = send(
        client, three, action="exclude", case=keys("A-1", "A-3"), expected=2, reason="Sealed."
    )
    assert "2 cases are excluded." in text(response)
    assert list(CaseFile.objects.counted().values_list("reference", flat=True)) == ["A-2"]
    case = CaseFile.objects.get(reference="A-1")
    assert (case.excluded_reason, case.excluded_by) == ("Sealed.", three.lead)


def test_all_that_match_means_the_filter_and_nothing_else(client, three):
    client.force_login(three.lead)
    page = text(send(client, three, "?area=beta", action="assign", everything="1"))
    assert "Assign 2 cases" in page
    sent = {"action": "assign", "everything": "1", "expected": "2", "person": three.inspector.pk}
    response = send(client, three, "?area=beta", **sent)
    assert f"2 cases are newly assigned to {three.inspector.name}." in text(response)
    assert response.redirect_chain[0][0].endswith("/cases/?area=beta")
    assert keys("A-2", "A-3") == list(
        CaseFile.objects.filter(assigned_to=three.inspector).values_list("pk", flat=True)
    )
    sent = {**sent, "person": "none", "expected": "1"}
    assert "1 case is assigned to nobody now." in text(send(client, three, "?q=A-2", **sent))


def test_if_the_list_has_changed_meanwhile_it_asks_again(client, three):
    client.force_login(three.lead)
    sent = {"action": "exclude", "everything": "1", "reason": "Sealed."}
    response = send(client, three, expected="2", **sent)
    assert "The list has changed meanwhile" in text(response)
    assert "Exclude 3 cases" in text(response)
    assert CaseFile.objects.counted().count() == 3


def test_no_other_cases_than_those_of_the_list_can_be_meant(client, three):
    elsewhere = make_case(make_inspection(lead=three.lead, framework=three.framework))
    client.force_login(three.lead)
    chosen = [elsewhere.pk, *keys("A-1"), *keys("A-2"), "x", "-1", "9" * 30, "²"]
    page = text(send(client, three, "?area=alpha", action="exclude", case=chosen))
    assert "Exclude 1 case" in page
    sent = {"action": "exclude", "case": chosen, "expected": "1", "reason": "Sealed."}
    send(client, three, "?area=alpha", **sent)
    excluded = CaseFile.objects.exclude(excluded_at=None)
    assert list(excluded.values_list("reference", flat=True)) == ["A-1"]


def test_without_a_case_or_with_another_action_nothing_happens(client, three):
    client.force_login(three.lead)
    assert "Select at least one case." in text(send(client, three, action="exclude"))
    assert send(client, three, action="delete", everything="1").status_code == 403
    assert send(client, three, action="", everything="1").status_code == 403
    address = reverse("cases:bulk", args=[three.inspection.pk])
    assert client.get(address + "?q=A-1").url.endswith("/cases/?q=A-1")


@pytest.mark.parametrize("person", ["inspector", "manager", "force_lead", "viewer"])
def test_who_may_not_is_refused(client, three, person):
    client.force_login(getattr(three, person))
    sent = {"everything": "1", "expected": "3", "reason": "Sealed.", "person": three.inspector.pk}
    for action in ("exclude", "assign", "second_reading"):
        assert send(client, three, action=action, **sent).status_code == 403
    assert CaseFile.objects.counted().filter(assigned_to=None).count() == 3


def test_who_may_not_open_the_inspection_finds_no_page(client, three):
    for user in (three.outsider, three.administrator, three.other_force):
        client.force_login(user)
        assert send(client, three, action="exclude", everything="1").status_code == 404


def test_after_publication_nothing_can_be_done(client, three):
    three.inspection.published_on = three.inspection.fieldwork_end
    three.at(Stage.PUBLISHED)
    client.force_login(three.lead)
    assert send(client, three, action="exclude", everything="1").status_code == 403


def test_what_is_excluded_already_keeps_its_reason(client, three):
    bulk.exclude(
        CaseFile.objects.filter(reference="A-1"), three.inspection, reason="First.", by=three.lead
    )
    client.force_login(three.lead)
    page = text(send(client, three, action="exclude", everything="1"))
    assert "1 of them is excluded already and keeps its reason." in page
    sent = {"action": "exclude", "everything": "1", "expected": "3", "reason": "Second."}
    assert "2 cases are excluded." in text(send(client, three, **sent))
    reasons = CaseFile.objects.order_by("reference").values_list("excluded_reason", flat=True)
    assert list(reasons) == ["First.", "Second.", "Second."]


def test_a_reason_that_looks_personal_is_refused_for_many(client, three):
    client.force_login(three.lead)
    sent = {"action": "exclude", "everything": "1", "expected": "3"}
    response = send(client, three, **sent, reason="Ask the mother on 01632 960123.")
    assert "This looks like personal data" in text(response)
    assert CaseFile.objects.counted().count() == 3


def test_a_second_reading_is_asked_for_where_it_can_be_blind(client, three):
    make_audit(CaseFile.objects.get(reference="A-1"), by=three.inspector)
    CaseFile.objects.filter(reference="A-1").update(assigned_to=three.inspector)
    client.force_login(three.lead)
    page = text(send(client, three, action="second_reading", everything="1"))
    assert "Send 3 cases to a second reading" in page
    sent = {"action": "second_reading", "everything": "1", "expected": "3"}
    response = send(client, three, **sent, person=three.inspector.pk)
    assert f"{three.inspector.name} is asked to read 2 cases." in text(response)
    assert "Not asked for: A-1:" in text(response)
    readings = Audit.objects.filter(reading=Reading.SECOND, reader=three.inspector)
    assert set(readings.values_list("case__reference", flat=True)) == {"A-2", "A-3"}


def test_more_than_can_be_done_at_once_is_refused_with_a_sentence(client, three, monkeypatch):
    action = bulk.ACTIONS[1]
    monkeypatch.setattr(bulk, "ACTIONS", [bulk.Action(action.name, action.text, action.may, 2)])
    client.force_login(three.lead)
    response = send(client, three, action=action.name, everything="1")
    assert "This can be done to 2 cases at once, and you selected 3." in text(response)


def test_the_page_takes_as_many_queries_for_fifty_cases_as_for_one(client, place):
    client.force_login(place.lead)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert send(client, place, action="exclude", everything="1").status_code == 200
        return len(captured)

    make_case(place.inspection, route=Route.SELECTED)
    queries()
    before = queries()
    for _number in range(49):
        make_case(place.inspection)
    assert queries() == before <= 14
