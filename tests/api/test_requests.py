"""What holds for every request: who it is from, what it may hold, how a refusal looks."""

import json

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import Role
from cases.models import CaseFile
from inspections.models import Stage
from tests.support.factories import make_case, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """An inspection whose inspector may add cases, and the address at which to do so."""
    inspector = make_user()
    inspection = make_inspection(Stage.FIELDWORK, team=[inspector])
    return inspector, f"/api/v1/inspections/{inspection.pk}/cases/"


CASE = {"reference": "A-1", "area": "alpha"}


def test_without_a_token_everything_is_401(client):
    response = client.get("/api/v1/inspections/")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["detail"]


def test_a_browser_session_reads(place, client):
    client.force_login(place[0])
    assert client.get("/api/v1/me/").json()["email"] == place[0].email


def test_a_browser_session_writes_only_with_its_csrf_token(place):
    inspector, address = place
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(inspector, backend=settings.AUTHENTICATION_BACKENDS[1])
    assert client.post(address, CASE, format="json").status_code == 403
    assert not CaseFile.objects.exists()
    client.get("/accounts/password/change/")
    token = client.cookies["csrftoken"].value
    response = client.post(address, CASE, format="json", headers={"x-csrftoken": token})
    assert response.status_code == 201


def test_a_bearer_token_needs_no_csrf_token(place, api):
    inspector, address = place
    assert api(inspector).post(address, CASE).status_code == 201


def test_what_is_no_json_is_refused_in_a_sentence(place, api):
    inspector, address = place
    client = api(inspector)
    response = client.post(address, data="{", content_type="application/json")
    assert response.status_code == 400
    assert response.json()["detail"]
    assert client.post(address, CASE, format="multipart").status_code == 415
    assert (
        client.post(address, data="[" * 100_000, content_type="application/json").status_code == 400
    )
    assert (
        client.post(address, data='{"x": NaN}', content_type="application/json").status_code == 400
    )


def test_a_request_larger_than_a_form_may_be_is_413(place, api):
    inspector, address = place
    body = json.dumps({**CASE, "summary": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    response = api(inspector).post(address, data=body, content_type="application/json")
    assert response.status_code == 413
    assert response.json() == {"detail": "The request is too large."}


def test_lists_come_in_pages_of_50_and_at_most_200(api):
    inspector = make_user()
    inspection = make_inspection(team=[inspector])
    template = make_case(inspection)
    CaseFile.objects.bulk_create(
        CaseFile(
            inspection=inspection,
            framework_id=inspection.framework_id,
            area=template.area,
            route=template.route,
            reference=f"B-{number:03}",
        )
        for number in range(220)
    )
    client = api(inspector)
    first = client.get("/api/v1/cases/").json()
    assert (first["count"], len(first["results"])) == (221, 50)
    assert len(client.get(first["next"]).json()["results"]) == 50
    assert len(client.get("/api/v1/cases/?page_size=1000").json()["results"]) == 200
    assert client.get("/api/v1/cases/?page=99").status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "9" * 5000, "1.5"])
@pytest.mark.parametrize("noun", ["cases", "inspections", "forces", "frameworks", "publications"])
def test_what_does_not_exist_is_404(api, noun, number):
    manager = make_user(Role.MANAGER)
    assert api(manager).get(f"/api/v1/{noun}/{number}/").status_code == 404


def test_nothing_can_be_deleted(place, api):
    inspector, _ = place
    for noun in ("inspections", "cases", "audits", "forces", "deadlines", "recommendations"):
        assert api(inspector).delete(f"/api/v1/{noun}/").status_code == 405
