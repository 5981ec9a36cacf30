"""A force's page: its inspections, grades then and now, recommendations and reports."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from cases import figures
from inspections.models import Side, Stage
from reports import force_profile
from reports.compilation import compile_document
from reports.models import Publication
from tests.reports.test_thematic import CAVEAT, make_comparison, scale
from tests.support.factories import (
    make_audit,
    make_case,
    make_force,
    make_framework,
    make_inspection,
    make_recommendation,
    make_user,
)
from tests.support.standing import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force("Northmoor Police")


@pytest.fixture
def framework():
    return make_framework()


def make_published(force, framework, grade, year=2024):
    inspection = make_inspection(
        Stage.FOLLOW_UP,
        force=force,
        framework=framework,
        fieldwork_start=dt.date(year, 2, 2),
        fieldwork_end=dt.date(year, 2, 13),
    )
    make_audit(make_case(inspection), Side.INSPECTORATE, grade)
    Publication.objects.create(
        inspection=inspection,
        published_on=inspection.published_on,
        document=compile_document(inspection, figures.for_report(inspection)).to_json(),
    )
    return inspection


def test_it_shows_grades_then_and_now_open_recommendations_and_reports(force, framework, client):
    best, *_others, worst = scale(framework)
    then = make_published(force, framework, worst, year=2022)
    make_published(force, framework, best, year=2025)
    for _each in range(2):
        one = make_recommendation(then)
    settle(one, then.published_on)
    manager = make_user(Role.MANAGER)
    client.force_login(manager)
    page = client.get(f"/forces/{force.pk}/").content.decode()
    assert "Grades then and now" in page
    assert f"/reports/{then.publications.get().pk}/" in page
    [_reports, grades, by_area] = force_profile.tables(force, manager)
    size = len(scale(framework))
    assert [row[1:] for row in grades["rows"]] == [
        [*[0] * (size - 1), 1, 1],
        [1, *[0] * (size - 1), 1],
    ]
    assert len(by_area["rows"]) == 2
    assert "<td" in page.split("Ready for closure")[1]


def test_grades_of_two_scales_stand_apart_until_a_comparison_covers_both(force, framework):
    other = make_framework()
    make_published(force, framework, scale(framework)[0], year=2022)
    make_published(force, other, scale(other)[0], year=2025)
    manager = make_user(Role.MANAGER)
    titles = [table["title"] for table in force_profile.tables(force, manager)]
    assert f"Grades: {other.title}" in titles
    make_comparison(framework, other)
    tables = force_profile.tables(force, manager)
    together = next(table for table in tables if table["title"] == "Grades then and now")
    assert CAVEAT in together["notes"]
    assert [row[1] for row in together["rows"]] == [1, 1]


def test_a_force_reads_only_what_is_published(force, framework, client):
    published = make_published(force, framework, scale(framework)[0])
    drafting = make_inspection(Stage.DRAFTING, force=force, framework=framework)
    make_audit(make_case(drafting), Side.INSPECTORATE, scale(framework)[-1])
    make_recommendation(drafting)
    client.force_login(make_user(Role.FORCE_LEAD, force=force))
    page = client.get(f"/forces/{force.pk}/").content.decode()
    assert f"/reports/{published.publications.get().pk}/" in page
    grades = force_profile.tables(force, make_user(Role.FORCE_VIEWER, force=force))[1]
    assert len(grades["rows"]) == 1
    assert "Ready for closure" not in page  # nothing of it was published yet
    client.force_login(make_user(Role.FORCE_LEAD))
    assert client.get(f"/forces/{force.pk}/").status_code == 404


def test_it_costs_the_same_queries_for_one_inspection_and_for_twenty(force, framework, client):
    client.force_login(make_user(Role.MANAGER))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/forces/{force.pk}/").status_code == 200
        return len(captured)

    def add(number):
        for year in range(number):
            made = make_published(force, framework, scale(framework)[0], year=2001 + year)
            make_recommendation(made)

    add(1)
    queries()
    before = queries()
    add(20)
    assert queries() == before
