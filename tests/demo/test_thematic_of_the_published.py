"""The three published inspections of the demo in one thematic report: the sums of what their reports print."""

import pytest

from accounts.models import User
from demo.loader import MANAGER
from inspections.models import Comparison
from reports import thematic, thematic_builds, thematic_reports

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo data")]
FORCES = {"Gwent Police": 2019, "Dyfed-Powys Police": 2014, "South Wales Police": 2016}


@pytest.fixture
def document(demo):
    manager = User.objects.get(email=MANAGER)
    chosen = [
        thematic_reports.choosable(manager).get(force__name=name, fieldwork_start__year=year)
        for name, year in FORCES.items()
    ]
    report = thematic_reports.make(
        title="Three inspections",
        introduction="",
        inspections=chosen,
        comparison=Comparison.objects.get(),
        by=manager,
    )
    return thematic.gather(report)


def test_the_sums_are_those_of_the_published_figures(document):
    across = document.across
    # Gwent 20, 37, 23; Dyfed-Powys 20, 23, 20; South Wales 7, 12, 5.
    assert across.headline.counts == (47, 72, 48)
    assert [(row.label, row.counts) for row in across.by_year] == [
        ("2014", (20, 23, 20)),
        ("2016", (7, 12, 5)),
        ("2019", (20, 37, 23)),
    ]
    custody = next(area for area in across.areas if area.code == "custody")
    assert custody.total.counts == (2, 16, 8)
    missing = {
        row.label: row.counts for a in across.areas if a.code == "missing" for row in a.by_year
    }
    assert missing["2014"] == (0, 5, 0)
    assert missing["2019"] == (2, 5, 2)
    # Both forces that graded their own sample did so in 33 cases.
    assert across.compared == 66
    assert sum(sum(row.total for row in area.matrix) for area in across.areas) == 66


def test_every_recommendation_has_its_place_and_the_caveat_is_printed(document):
    assert document.recommendations == sum(
        each.implemented + each.partly + each.not_implemented + each.no_longer_applicable
        + each.not_judged
        for each in document.fates
    )  # fmt: skip
    assert document.recommendations > 0
    assert document.caveat in thematic_builds.compose(document)
