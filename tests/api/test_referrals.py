"""Urgent referrals through the API: raised, acknowledged and answered as on the pages."""

import pytest

from accounts.models import Role
from cases import referrals
from cases.models import Reading, UrgentReferral
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_user

WORDS = {"concern": "Child A is still at the home.", "must_act": "The duty inspector"}


@pytest.fixture
def place(db):
    place = make_place()
    place.case = make_case(place.inspection, route="selected", reference="NM-7")
    return place


def refer(place):
    return referrals.raise_(place.case, **WORDS, by=place.inspector)


def address(place):
    return f"/api/v1/cases/{place.case.pk}/referrals/"


def test_an_inspector_raises_one_and_the_forces_lead_acknowledges_and_answers(place, api):
    raised = api(place.inspector).post(address(place), WORDS)
    assert raised.status_code == 201
    shown = raised.json()
    assert (shown["reference"], shown["area"], shown["concern"]) == (
        *("NM-7", "alpha"),
        WORDS["concern"],
    )
    lead, one = api(place.force_lead), f"/api/v1/referrals/{shown['id']}/"
    assert lead.get(one).json() == shown
    assert lead.post(f"{one}acknowledge/").json()["acknowledged_at"]
    assert lead.post(f"{one}acknowledge/").status_code == 409
    assert lead.get("/api/v1/referrals/?open=true").json()["count"] == 1
    answered = lead.post(f"{one}answer/", {"answer": "Both seen."}).json()
    assert (answered["answer"], answered["answered_at"] is None) == ("Both seen.", False)
    refused = lead.post(f"{one}answer/", {"answer": "Again."})
    assert refused.status_code == 409 and "That answer stands." in refused.json()["detail"]
    assert lead.get("/api/v1/referrals/?open=true").json()["count"] == 0


def test_what_is_missing_or_looks_personal_is_said_at_its_field(place, api):
    client = api(place.inspector)
    assert "must_act" in client.post(address(place), {"concern": "A."}).json()["errors"]
    words = {**WORDS, "concern": "Mail somebody@example.org."}
    refused = client.post(address(place), words)
    assert refused.status_code == 400 and "concern" in refused.json()["errors"]
    words["not_personal_data_because"] = "A made-up address."
    assert client.post(address(place), words).status_code == 201


def test_nobody_else_sees_or_does_it(place, api):
    one = f"/api/v1/referrals/{refer(place).pk}/"
    for person in (place.viewer, place.other_force, place.outsider, place.administrator):
        client = api(person)
        assert client.get("/api/v1/referrals/").json()["count"] == 0
        assert client.get(one).status_code == 404
        assert client.post(f"{one}acknowledge/").status_code == 404
        assert client.post(address(place), WORDS).status_code == 404
    for person in (place.assessor, place.manager, place.inspector):
        assert api(person).get(one).status_code == 200
        assert api(person).post(f"{one}answer/", {"answer": "Seen."}).status_code == 403
    assert api(place.manager).post(address(place), WORDS).status_code == 403
    place.at(Stage.SELF_ASSESSMENT)
    assert api(place.inspector).post(address(place), WORDS).status_code == 403


def test_a_blind_reader_gets_no_words(place, api):
    reader = make_user(Role.INSPECTOR)
    place.inspection.team.create(user=reader)
    make_audit(place.case, submitted=False, reading=Reading.SECOND, reader=reader)
    referrals.answer(refer(place), "Both seen.", by=place.force_lead)

    shown = api(reader).get(f"/api/v1/referrals/{UrgentReferral.objects.get().pk}/").json()

    assert (shown["concern"], shown["must_act"], shown["answer"]) == (None, None, None)
    assert shown["reference"] == "NM-7"
