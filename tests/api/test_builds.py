"""PDFs of drafts by the API: asked for, watched, cancelled, downloaded."""

import hashlib

import pytest

from accounts.models import Role
from inspections.models import Stage
from reports import builds
from reports.models import BuildStatus, ReportBuild
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_is_asked_for_watched_and_downloaded(api):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    client = api(lead)
    answer = client.post(f"/api/v1/inspections/{inspection.pk}/builds/")
    assert answer.status_code == 202
    asked = answer.json()
    assert (asked["status"], asked["step"], asked["pdf"]) == ("queued", 0, None)
    assert asked["of_earlier_draft"] is None
    assert asked["steps"] == [
        "Counting the grades",
        "Composing the pages",
        "Laying out the pages",
        "Checking the PDF",
    ]
    assert client.post(f"/api/v1/inspections/{inspection.pk}/builds/").json()["id"] == asked["id"]
    builds.run_build(asked["id"])
    made = client.get(f"/api/v1/builds/{asked['id']}/").json()
    assert (made["status"], made["step"], made["of_earlier_draft"]) == ("done", 4, False)
    content = client.get(made["pdf"], headers={"accept": "application/pdf"}).content
    assert hashlib.sha256(content).hexdigest() == made["sha256"]
    assert client.post(f"/api/v1/builds/{asked['id']}/cancel/").status_code == 409
    make_recommendation(inspection)
    assert client.get(f"/api/v1/builds/{asked['id']}/").json()["of_earlier_draft"] is True
    [listed] = client.get("/api/v1/builds/").json()["results"]
    assert "of_earlier_draft" not in listed  # of a list it would compile every draft


def test_a_build_is_cancelled_by_those_who_may_ask_for_it(api):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    build = builds.request_build(inspection, by=lead)
    address = f"/api/v1/builds/{build.pk}/cancel/"
    assert api(make_user(Role.FORCE_LEAD, force=inspection.force)).post(address).status_code == 404
    assert api(make_user(Role.INSPECTOR)).post(address).status_code in {403, 404}
    assert ReportBuild.objects.get().status == BuildStatus.QUEUED
    assert api(lead).post(address).json()["status"] == "cancelled"


def test_who_may_not_read_the_draft_asks_for_nothing(api):
    inspection = make_inspection(Stage.DRAFTING)
    address = f"/api/v1/inspections/{inspection.pk}/builds/"
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    assert api(force_lead).post(address).status_code == 404
    assert api(make_user(Role.INSPECTOR)).post(address).status_code in {403, 404}
    assert not ReportBuild.objects.exists()
