"""More time through the API: asked for, answered, taken back as on the pages."""

import datetime as dt

import pytest

from accounts.models import Role
from inspections import dates
from inspections.models import Stage
from recommendations import publication
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def deadline(lead):
    published = dates.add(dates.today(), "months", -1)
    inspection = make_inspection(
        Stage.FOLLOW_UP,
        lead=lead,
        fieldwork_start=published - dt.timedelta(days=60),
        fieldwork_end=published - dt.timedelta(days=50),
        published_on=published,
    )
    recommendation = make_recommendation(inspection)
    publication.count_from(inspection, published)
    recommendation.refresh_from_db()
    return recommendation.deadline


@pytest.fixture
def force_lead(deadline):
    return make_user(Role.FORCE_LEAD, force=deadline.inspection.force)


def later(deadline, days):
    return (deadline.due_on + dt.timedelta(days=days)).isoformat()


def test_a_force_asks_and_the_lead_agrees(api, deadline, force_lead, lead):
    address = f"/api/v1/deadlines/{deadline.pk}/extensions/"
    wanted = {"wanted_on": later(deadline, 20), "reason": "The system comes late."}
    asked = api(force_lead).post(address, wanted)
    assert asked.status_code == 201
    shown = asked.json()
    assert (shown["decision"], shown["agreed_on"], shown["asked_by"]) == ("", None, force_lead.name)
    assert api(force_lead).post(address, wanted).status_code == 409
    waiting = api(lead).get("/api/v1/extensions/?waiting=true").json()
    assert [each["id"] for each in waiting["results"]] == [shown["id"]]

    one = f"/api/v1/extensions/{shown['id']}/"
    agreed = api(lead).post(f"{one}agree/", {"agreed_on": later(deadline, 10)})
    assert agreed.status_code == 200 and agreed.json()["decision"] == "agreed"
    assert api(lead).post(f"{one}refuse/", {"answer": "No."}).status_code == 409
    assert api(lead).get("/api/v1/extensions/?waiting=true").json()["count"] == 0

    found = api(force_lead).get(f"/api/v1/deadlines/{deadline.pk}/").json()
    assert (found["due_on"], found["first_due_on"]) == (
        later(deadline, 10),
        deadline.due_on.isoformat(),
    )
    assert (found["basis"], found["unit"], found["amount"]) == ("publication", "months", 3)
    assert found["came_about"].startswith("3 months from publication on ")
    assert [each["id"] for each in found["extensions"]] == [shown["id"]]


def test_a_refusal_and_a_wish_taken_back(api, deadline, force_lead, lead):
    address = f"/api/v1/deadlines/{deadline.pk}/extensions/"
    wanted = {"wanted_on": later(deadline, 20), "reason": "The system comes late."}
    first = api(force_lead).post(address, wanted).json()["id"]
    assert api(lead).post(f"/api/v1/extensions/{first}/withdraw/").status_code == 403
    back = api(force_lead).post(f"/api/v1/extensions/{first}/withdraw/")
    assert back.json()["decision"] == "withdrawn"
    second = api(force_lead).post(address, wanted).json()["id"]
    one = f"/api/v1/extensions/{second}/refuse/"
    assert "answer" in api(lead).post(one, {}).json()["errors"]
    assert api(force_lead).post(one, {"answer": "No."}).status_code == 403
    assert api(lead).post(one, {"answer": "No."}).json()["decision"] == "refused"


def test_what_is_wrong_is_said_at_its_field(api, deadline, force_lead):
    address = f"/api/v1/deadlines/{deadline.pk}/extensions/"
    client = api(force_lead)
    wanted = {"wanted_on": deadline.due_on.isoformat(), "reason": "Late."}
    assert "wanted_on" in client.post(address, wanted).json()["errors"]
    wanted = {"wanted_on": later(deadline, 9), "reason": "Ask somebody@example.org."}
    assert "reason" in client.post(address, wanted).json()["errors"]
    assert client.post(address, {"wanted_on": "soon"}).status_code == 400
    wanted["not_personal_data_because"] = "A made-up address."
    assert client.post(address, wanted).status_code == 201


def test_nobody_else_sees_or_does_it(api, deadline, force_lead):
    address = f"/api/v1/deadlines/{deadline.pk}/extensions/"
    wanted = {"wanted_on": later(deadline, 9), "reason": "Late."}
    assert api(make_user(Role.FORCE_LEAD)).post(address, wanted).status_code == 404
    assert api(make_user(Role.MANAGER)).post(address, wanted).status_code == 403
    made = api(force_lead).post(address, wanted).json()["id"]
    stranger = api(make_user(Role.FORCE_LEAD))
    assert stranger.get(f"/api/v1/extensions/{made}/").status_code == 404
    assert stranger.post(f"/api/v1/extensions/{made}/agree/").status_code == 404


def test_a_list_of_deadlines_costs_as_many_queries_with_extensions_as_without(
    api, deadline, force_lead, django_assert_max_num_queries
):
    client = api(force_lead)
    client.get("/api/v1/deadlines/")
    with django_assert_max_num_queries(8) as first:
        client.get("/api/v1/deadlines/")
    before = len(first)
    wanted = {"wanted_on": later(deadline, 9), "reason": "Late."}
    client.post(f"/api/v1/deadlines/{deadline.pk}/extensions/", wanted)
    with django_assert_max_num_queries(before + 2):
        client.get("/api/v1/deadlines/")
