"""Cases through the API: add one, add many (all or none), find them again."""

import pytest

from accounts.models import Role
from cases.models import CaseFile, Route
from inspections.models import Stage
from tests.support.factories import (
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sampling():
    """A force's self-assessment: its assessor, and the inspection."""
    force = make_force()
    inspection = make_inspection(
        Stage.SELF_ASSESSMENT, force=force, framework=make_framework(quota=2)
    )
    return make_user(Role.FORCE_ASSESSOR, force=force), inspection


def one(inspection):
    return f"/api/v1/inspections/{inspection.pk}/cases/"


def many(inspection):
    return f"/api/v1/inspections/{inspection.pk}/cases/import/"


def test_an_assessor_adds_a_case_to_the_sample(sampling, api):
    assessor, inspection = sampling
    response = api(assessor).post(
        one(inspection),
        {
            "reference": "GW-1",
            "area": "alpha",
            "summary": "A plain one.",
            "opened_on": "2026-01-05",
        },
    )
    assert response.status_code == 201
    case = CaseFile.objects.get()
    assert response.json()["id"] == case.pk
    assert (case.reference, case.area.code, case.route) == ("GW-1", "alpha", Route.SELF_ASSESSED)
    assert (str(case.opened_on), case.added_by) == ("2026-01-05", assessor)


def test_an_inspector_selects_a_case_in_fieldwork(api):
    inspector = make_user()
    inspection = make_inspection(Stage.FIELDWORK, team=[inspector])
    case = {"reference": "S-1", "area": "beta", "selection_reason": "It was closed in a week."}
    response = api(inspector).post(one(inspection), case)
    assert response.json()["route"] == "selected"
    assert response.json()["selection_reason"] == "It was closed in a week."
    rows = [{"reference": "S-2", "area": "beta"}, {**case, "reference": "S-3"}]
    assert api(inspector).post(many(inspection), {"cases": rows}).status_code == 201
    reasons = CaseFile.objects.order_by("reference").values_list("selection_reason", flat=True)
    assert list(reasons) == [case["selection_reason"], "", case["selection_reason"]]


def test_the_force_gives_no_reason_for_a_selection(sampling, api):
    assessor, inspection = sampling
    response = api(assessor).post(
        one(inspection), {"reference": "S-1", "area": "beta", "selection_reason": "Because."}
    )
    assert response.status_code == 400
    assert "selection_reason" in response.json()["errors"]


def test_a_case_that_is_wrong_says_what_is_wrong_at_the_field(sampling, api):
    assessor, inspection = sampling
    client = api(assessor)
    assert client.post(one(inspection), {}).json()["errors"].keys() == {"reference", "area"}
    nowhere = client.post(one(inspection), {"reference": "A-1", "area": "nowhere"})
    assert nowhere.status_code == 400
    assert nowhere.json()["errors"] == {"area": ["The framework has no area with this code."]}
    bad = client.post(one(inspection), {"reference": "=A1", "area": "alpha"})
    assert bad.json()["errors"].keys() == {"reference"}
    client.post(one(inspection), {"reference": "A-1", "area": "alpha"})
    again = client.post(one(inspection), {"reference": "a-1", "area": "beta"})
    assert again.json()["errors"].keys() == {"reference"}


def test_what_looks_like_personal_data_wants_a_confirmation(sampling, api):
    assessor, inspection = sampling
    case = {"reference": "A-1", "area": "alpha", "summary": "Write to mum@family.example"}
    refused = api(assessor).post(one(inspection), case)
    assert refused.status_code == 400
    assert "an email address" in refused.json()["errors"]["summary"][0]
    accepted = api(assessor).post(
        one(inspection), {**case, "not_personal_data_because": "It is the office’s"}
    )
    assert accepted.status_code == 201


def test_many_cases_come_in_together(sampling, api):
    assessor, inspection = sampling
    cases = [
        {"reference": "A-1", "area": "alpha"},
        {
            "reference": "A-2",
            "area": "Area beta",
            "summary": "By its label.",
            "opened_on": "2026-01-05",
        },
    ]
    response = api(assessor).post(many(inspection), {"cases": cases})
    assert response.status_code == 201
    assert [case["reference"] for case in response.json()["cases"]] == ["A-1", "A-2"]
    assert str(CaseFile.objects.get(reference="A-2").opened_on) == "2026-01-05"


def test_one_wrong_case_keeps_all_out_and_is_named_by_its_row(sampling, api):
    assessor, inspection = sampling
    cases = [
        {"reference": "A-1", "area": "alpha"},
        {"reference": "A-2", "area": "nowhere"},
        {"reference": "A-1", "area": "beta", "opened_on": "2999-01-01"},
    ]
    response = api(assessor).post(many(inspection), {"cases": cases})
    assert response.status_code == 400
    wrong = [(problem["row"], problem["field"]) for problem in response.json()["errors"]["cases"]]
    assert wrong == [(2, "area"), (3, "reference")]
    assert not CaseFile.objects.exists()


def test_a_case_too_many_for_the_quota_keeps_all_out(sampling, api):
    assessor, inspection = sampling
    cases = [{"reference": f"A-{number}", "area": "alpha"} for number in range(3)]
    response = api(assessor).post(many(inspection), {"cases": cases})
    assert [problem["row"] for problem in response.json()["errors"]["cases"]] == [3]
    assert not CaseFile.objects.exists()


@pytest.mark.parametrize("cases", [[], None, "A-1", [1], [{"reference": 1}], {"a": 1}])
def test_many_of_the_wrong_shape_are_refused(sampling, api, cases):
    assessor, inspection = sampling
    response = api(assessor).post(many(inspection), {"cases": cases})
    assert response.status_code == 400
    assert "cases" in response.json()["errors"]


def test_who_may_not_add_is_told_so_and_who_may_not_see_gets_404(sampling, api):
    assessor, inspection = sampling
    case = {"reference": "A-1", "area": "alpha"}
    people = {
        make_user(Role.FORCE_VIEWER, force=inspection.force): 403,
        make_user(Role.MANAGER): 403,
        make_user(Role.FORCE_ASSESSOR): 404,
        make_user(Role.ADMINISTRATOR): 404,
        make_user(Role.INSPECTOR): 404,
    }
    for user, status in people.items():
        assert api(user).post(one(inspection), case).status_code == status
        assert api(user).post(many(inspection), {"cases": [case]}).status_code == status
    inspection.stage = Stage.FIELDWORK
    inspection.save()
    assert api(assessor).post(one(inspection), case).status_code == 403
    assert not CaseFile.objects.exists()


def test_cases_are_found_by_inspection_area_route_and_reference(api):
    inspector = make_user()
    inspection = make_inspection(team=[inspector])
    first = make_case(inspection, reference="X-1", area="alpha")
    second = make_case(inspection, reference="X-2", area="beta", route=Route.SELECTED)
    make_case(make_inspection(team=[inspector]), reference="X-3")
    make_case(make_inspection(), reference="X-4")

    def found(query):
        results = api(inspector).get(f"/api/v1/cases/?{query}").json()["results"]
        return [case["reference"] for case in results]

    assert found("") == ["X-1", "X-2", "X-3"]
    assert found(f"inspection={inspection.pk}") == ["X-1", "X-2"]
    assert found("area=beta") == [second.reference]
    assert found("route=self_assessed") == [first.reference, "X-3"]
    assert found("reference=x-2") == [second.reference]
    assert found("excluded=true") == []
