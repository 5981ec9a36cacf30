"""Each number of the figures and the sample page leads to as many cases as it says."""

import random
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.charts import stacked_bars
from cases.figures import GradeOfScale, Row
from cases.models import Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


@pytest.fixture
def filled(place):
    """Forty cases in every state, some of them excluded."""
    chance = random.Random(7)
    for _ in range(40):
        route = chance.choice(list(Route))
        case = make_case(
            place.inspection, area=chance.choice(["alpha", "beta", "gamma"]), route=route
        )
        if chance.random() < 0.8:
            make_audit(
                case, grade=chance.choice(["good", "fair", "bad"]), submitted=chance.random() < 0.8
            )
        if route == Route.SELF_ASSESSED:
            make_audit(case, Side.FORCE, chance.choice(["good", "fair"]))
        if chance.random() < 0.15:
            case.excluded_at, case.excluded_reason = timezone.now(), "Sealed."
            case.save()
    return place


@pytest.mark.parametrize("name", ["figures", "sample"])
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
    page = client.get(reverse(f"cases:{name}", args=[filled.inspection.pk])).content.decode()
    links = re.findall(r'<a class="govuk-link" href="(/[^"]*/cases/\?[^"]*)">(\d+)</a>', page)
    assert len(links) > 2
    for href, number in links:
        found = client.get(href.replace("&amp;", "&")).content.decode()
        assert f"of {number}" in re.search(r"Showing[^<]*", found).group().strip(), href


def test_the_headline_says_the_numbers_in_one_sentence(client, place):
    for grade in ("good", "bad", "bad"):
        make_audit(make_case(place.inspection), grade=grade)
    client.force_login(place.manager)
    page = client.get(reverse("cases:figures", args=[place.inspection.pk])).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Inspectors graded 3 cases: 1 good, 0 fair, 2 bad." in text


def test_an_inspection_without_grades_says_what_will_be_here(client, place):
    client.force_login(place.manager)
    page = client.get(reverse("cases:figures", args=[place.inspection.pk])).content.decode()
    assert "No figures yet" in page


GRADES = [
    GradeOfScale("a", "Good", "G", "strong"),
    GradeOfScale("b", "Adequate", "A", "sound"),
    GradeOfScale("c", "Requires improvement", "RI", "weak"),
    GradeOfScale("d", "Inadequate", "I", "poor"),
]


def test_bars_are_as_long_as_their_numbers_and_stay_inside():
    rows = [
        Row("x", "First", (3, 0, 1, 200)),
        Row("y", "Second", (1, 1, 1, 1)),
        Row("z", "None", (0, 0, 0, 0)),
    ]
    chart = stacked_bars("By area", rows, GRADES)
    assert [bar.total for bar in chart.bars] == [204, 4, 0]
    assert [len(bar.segments) for bar in chart.bars] == [3, 4, 0]
    for bar in chart.bars:
        assert all(s.x >= 0 and s.x + s.width <= chart.width for s in bar.segments)
        for one, two in zip(bar.segments, bar.segments[1:], strict=False):
            assert one.x + one.width < two.x
    widest = max(chart.bars[0].segments, key=lambda segment: segment.width)
    assert widest.label == "I 200"
    assert chart.bars[1].y > chart.bars[0].y + chart.bar_height


def test_a_chart_says_its_numbers_in_words():
    chart = stacked_bars("By route", [Row("x", "Selected", (1, 0, 2, 0))], GRADES)
    assert (
        chart.title
        == "By route: Selected: Good 1, Adequate 0, Requires improvement 2, Inadequate 0."
    )


def test_grades_get_lighter_as_they_get_worse():
    def lightness(colour):
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    chart = stacked_bars("x", [Row("x", "x", (5, 5, 5, 5))], GRADES)
    steps = [lightness(segment.ink.fill) for segment in chart.bars[0].segments]
    assert steps == sorted(steps)
    assert all(later - one > 35 for one, later in zip(steps, steps[1:], strict=False)), steps


def test_a_chart_on_the_page_has_no_style_and_no_script(client, filled):
    client.force_login(filled.inspector)
    page = client.get(reverse("cases:figures", args=[filled.inspection.pk])).content.decode()
    for svg in re.findall(r"<svg class=\"assay-chart\".*?</svg>", page, re.S):
        assert "style=" not in svg
        assert "<script" not in svg
        assert "<pattern" not in svg
        assert 'role="img"' in svg
        assert "<title>" in svg
