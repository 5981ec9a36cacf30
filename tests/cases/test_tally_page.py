"""Each number of the indicators and of the agreement leads to as many cases as it says, for whoever reads it."""

import random
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Answer, Reading, Route
from inspections.models import Side, Stage
from tests.cases.test_tally import answer
from tests.support.factories import make_audit, make_case


@pytest.fixture
def filled(place):
    """Forty cases with answers in every state: drafts, excluded ones, some of another route, one to read blind."""
    chance = random.Random(11)
    for number in range(40):
        route = chance.choice(list(Route))
        case = make_case(
            place.inspection, area=chance.choice(["alpha", "beta", "gamma"]), route=route
        )
        ours = make_audit(
            case, grade=chance.choice(["good", "fair", "bad"]), submitted=chance.random() < 0.8
        )
        answer(ours, *(chance.choice([None, *Answer.values]) for _ in range(2)))
        if route == Route.SELF_ASSESSED:
            theirs = make_audit(case, Side.FORCE, chance.choice(["good", "fair"]))
            answer(theirs, *(chance.choice(Answer.values) for _ in range(2)))
        if number == 7:
            make_audit(case, reading=Reading.SECOND, reader=place.inspector, submitted=False)
        if chance.random() < 0.15:
            case.excluded_at, case.excluded_reason = timezone.now(), "Sealed."
            case.save()
    return place


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("name", ["tally", "agreement"])
@pytest.mark.parametrize(
    ("person", "stage"),
    [
        ("inspector", Stage.FIELDWORK),
        ("manager", Stage.DRAFTING),
        ("viewer", Stage.FIELDWORK),
        ("viewer", Stage.FACTUAL_ACCURACY),
    ],
)
def test_each_number_leads_to_as_many_cases(client, filled, person, stage, name):
    filled.at(stage)
    client.force_login(getattr(filled, person))
    answered = client.get(reverse(f"cases:{name}", args=[filled.inspection.pk]))
    if name == "agreement" and (person, stage) == ("viewer", Stage.FIELDWORK):
        assert answered.status_code == 404
        return
    links = re.findall(
        r'<a class="govuk-link" href="(/[^"]*/cases/\?[^"]*)">(\d+)</a>', answered.content.decode()
    )
    assert len(links) > 8
    for href, number in links:
        found = client.get(href.replace("&amp;", "&")).content.decode()
        assert f"of {number}" in re.search(r"Showing[^<]*", found).group().strip(), href


def test_the_page_says_each_indicator_in_words(client, place):
    for given in ("met", "met", "partly"):
        answer(make_audit(make_case(place.inspection, area="beta")), given)
    client.force_login(place.inspector)
    page = client.get(reverse("cases:tally", args=[place.inspection.pk])).content.decode()
    assert (
        "In 2 of 3 area beta cases this was met: look for beta 1. It was partly met in one." in page
    )
    assert "In none of the area beta cases could this be judged: look for beta 2." in page
    assert "No audit is submitted yet in: Area alpha, Area gamma." in page


def test_one_area_can_be_looked_at_alone(client, place):
    for area in ("alpha", "beta"):
        answer(make_audit(make_case(place.inspection, area=area)), "met")
    client.force_login(place.inspector)
    address = reverse("cases:tally", args=[place.inspection.pk])
    alone = client.get(f"{address}?area=beta").content.decode()
    assert "area-beta" in alone
    assert "area-alpha" not in alone
    assert client.get(f"{address}?area=nonsense").content.decode().count('id="area-') == 2


def test_a_force_sees_its_own_answers_until_it_may_see_the_findings(client, place):
    case = make_case(place.inspection)
    answer(make_audit(case), "not_met", "not_met")
    answer(make_audit(case, Side.FORCE), "met", "met")
    client.force_login(place.force_lead)
    address = reverse("cases:tally", args=[place.inspection.pk])
    assert "In 1 of 1 area alpha case this was met" in client.get(address).content.decode()
    place.at(Stage.FACTUAL_ACCURACY)
    assert "In 0 of 1 area alpha case this was met" in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["tally", "agreement", "common_themes"])
def test_an_inspection_without_audits_says_what_will_be_here(client, place, name):
    client.force_login(place.inspector)
    page = client.get(reverse(f"cases:{name}", args=[place.inspection.pk])).content.decode()
    assert "assay-empty" in page


@pytest.mark.parametrize("name", ["figures", "tally", "agreement", "common_themes"])
def test_pages_ask_no_more_queries_of_more_cases(
    client, place, name, django_assert_max_num_queries
):
    client.force_login(place.inspector)
    address = reverse(f"cases:{name}", args=[place.inspection.pk])
    for _ in range(25):
        case = make_case(place.inspection)
        answer(make_audit(case, findings={"theme-alpha": "Late."}), "met", "partly")
        make_audit(case, Side.FORCE)
    client.get(address)
    with django_assert_max_num_queries(12) as asked:
        client.get(address)
    for _ in range(25):
        case = make_case(place.inspection)
        answer(make_audit(case, findings={"theme-alpha": "Late."}), "met", "partly")
        make_audit(case, Side.FORCE)
    with django_assert_max_num_queries(len(asked)):
        client.get(address)


def compared(place, pairs):
    for force, ours in pairs:
        case = make_case(place.inspection)
        make_audit(case, Side.FORCE, force)
        make_audit(case, grade=ours)


def agreement_text(client, place):
    client.force_login(place.inspector)
    page = client.get(reverse("cases:agreement", args=[place.inspection.pk])).content.decode()
    return text_of(page)


def test_few_pairs_get_no_share_and_no_kappa(client, place):
    compared(place, [("good", "bad"), ("good", "good")])
    text = agreement_text(client, place)
    assert "Both graded 2 cases and gave the same grade in 1: too few for a share." in text
    assert "The force graded 1 better than inspectors did and 0 worse." in text
    assert "Weighted kappa is not shown for fewer than 20 cases" in text
    assert "50%" not in text


def test_many_pairs_are_explained(client, place):
    compared(place, [("good", "good")] * 9 + [("good", "fair")] * 6 + [("bad", "bad")] * 7)
    text = agreement_text(client, place)
    assert "Both gave the same grade in 16 of 22 cases, which is 73%." in text
    assert "where they differ, the force was the more generous" in text
    assert "agreement is better than chance would bring" in text
    assert re.search(
        r"Weighted kappa is 0\.\d\d \(95% confidence interval 0\.\d\d to 0\.\d\d", text
    )


def test_one_grade_for_every_case_leaves_kappa_undefined(client, place):
    compared(place, [("good", "good")] * 20)
    text = agreement_text(client, place)
    assert "Weighted kappa is undefined" in text
    assert "The force graded no case differently." in text
