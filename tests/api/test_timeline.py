"""The timeline of a recommendation through the API."""

import io

import pytest

from accounts.models import Role
from inspections.models import Stage
from recommendations import progress, remarks
from recommendations.evidence import Proof, Upload
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


def test_each_side_gets_what_its_page_shows(api):
    force = make_force()
    lead, manager = make_user(Role.FORCE_LEAD, force=force), make_user(Role.MANAGER)
    recommendation = make_recommendation(make_inspection(Stage.FOLLOW_UP, force=force))
    progress.report(
        recommendation,
        status="in_progress",
        note="See the file.",
        by=lead,
        proof=Proof([Upload(io.BytesIO(b"text"), "notes.txt")]),
    )
    remarks.write(recommendation, text="They seem slow.", by=manager, private=True)
    address = f"/api/v1/recommendations/{recommendation.pk}/timeline/"

    of_force, of_manager = api(lead).get(address).json(), api(manager).get(address).json()

    assert [entry["kind"] for entry in of_force] == ["progress", "published"]
    assert [entry["kind"] for entry in of_manager] == ["note", "progress", "published"]
    (file,) = of_force[0]["evidence"]
    assert (file["name"], file["size"], file["uploaded_by"]) == ("notes.txt", 4, lead.name)
    assert "file" not in file
    assert of_force[1]["at"] == "2026-03-03"
    stranger = make_user(Role.FORCE_LEAD)
    assert api(stranger).get(address).status_code == 404
    other = api(make_user(Role.INSPECTOR)).get(address).json()
    assert other[0]["evidence"] == []
