"""Tally and agreement through the API: what the pages count, for whom they count it."""

import pytest

from inspections.models import Side, Stage
from tests.cases.conftest import make_place
from tests.cases.test_tally import answer
from tests.support.factories import make_audit, make_case

pytestmark = pytest.mark.django_db


def test_the_tally_has_counts_and_sentences_of_each_indicator(api):
    place = make_place()
    case = make_case(place.inspection)
    answer(make_audit(case), "met", "not_applicable")
    answer(make_audit(case, Side.FORCE), "not_met")
    path = f"/api/v1/inspections/{place.inspection.pk}/tally/"
    found = api(place.inspector).get(path).json()
    assert (found["side"], found["audits"]) == ("inspectorate", 1)
    one, two = found["areas"][0]["indicators"]
    assert (one["counts"]["met"], one["counts"]["applicable"], one["counts"]["total"]) == (1, 1, 1)
    assert (two["counts"]["not_applicable"], two["counts"]["applicable"]) == (1, 0)
    assert one["sentence"] == "In 1 of 1 area alpha case this was met: look for alpha 1."
    own = api(place.force_lead).get(path).json()
    assert (own["side"], own["areas"][0]["indicators"][0]["counts"]["not_met"]) == ("force", 1)
    for person in (place.outsider, place.administrator, place.other_force):
        assert api(person).get(path).status_code == 404


def test_agreement_is_there_for_a_force_from_the_factual_accuracy_check_on(api):
    place = make_place()
    for number in range(20):
        case = make_case(place.inspection)
        make_audit(case, Side.FORCE, ["good", "fair"][number % 2])
        make_audit(case, grade=["good", "fair", "bad"][number % 3])
    path = f"/api/v1/inspections/{place.inspection.pk}/agreement/"
    found = api(place.inspector).get(path).json()
    overall = found["overall"]
    assert overall["compared"] == sum(map(sum, overall["matrix"])) == 20
    assert overall["kappa"]["low"] <= overall["kappa"]["value"] <= overall["kappa"]["high"]
    assert [area["compared"] for area in found["areas"]] == [20, 0, 0]
    assert found["areas"][1]["kappa"] is None
    assert api(place.force_lead).get(path).status_code == 404
    place.at(Stage.FACTUAL_ACCURACY)
    assert api(place.force_lead).get(path).json() == found
