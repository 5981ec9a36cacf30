"""The national tracker: what all forces have still to do, counted once, each number with the list behind it."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections import dates
from inspections.models import Deadline, Stage
from recommendations import lists, tracker
from recommendations.models import Outcome, ProgressStatus
from recommendations.publication import set_deadlines
from tests.support.factories import (
    make_force,
    make_framework,
    make_inspection,
    make_recommendation,
    make_user,
)
from tests.support.standing import extend, settle

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 15)


def published(day, **fields):
    return make_inspection(Stage.FOLLOW_UP, published_on=day, **fields)


@pytest.fixture
def material():
    """Two forces: one published seven months ago, all of whose dates are over; one published last month."""
    framework = make_framework()
    north = published(dt.date(2025, 11, 3), force=make_force("Northmoor"), framework=framework)
    south = published(dt.date(2026, 5, 20), force=make_force("Southwold"), framework=framework)
    made = {
        name: make_recommendation(inspection, theme=theme, timescale=timescale, stem=name, **fields)
        for name, inspection, theme, timescale, fields in [
            ("late", north, "theme-alpha", "three-months", {}),
            (
                "met",
                north,
                "theme-alpha",
                "three-months",
                {"progress_status": ProgressStatus.COMPLETE},
            ),
            ("settled", north, "theme-beta", "six-months", {}),
            ("given up", north, "theme-beta", "three-months", {}),
            ("extended", north, "theme-beta", "six-months", {}),
            ("coming", south, "theme-alpha", "six-months", {}),
            ("undated", south, "theme-gamma", "none", {}),
        ]
    }
    for inspection in (north, south):
        set_deadlines(inspection, inspection.published_on)
    for recommendation in made.values():
        recommendation.refresh_from_db()
    Deadline.objects.filter(recommendation=made["met"]).update(met_on=dt.date(2026, 2, 1))
    settle(made["settled"], TODAY)
    settle(made["given up"], TODAY, Outcome.NO_LONGER_APPLICABLE)
    extend(made["extended"], dt.date(2026, 9, 1))
    extend(made["coming"], dt.date(2027, 1, 5), agreed=False)
    return made


def counted(user=None, **chosen):
    found = lists.narrow(lists.published(user or make_user(Role.MANAGER)), chosen, TODAY)
    return tracker.figures(found, TODAY)


def test_it_counts_what_is_open_overdue_ready_extended_and_settled(material):
    assert counted().total == tracker.Counts(
        open=5, overdue=1, ready=1, extended=1, asked=1, undated=1, settled=2
    )


def test_what_is_met_or_no_longer_applicable_is_not_overdue_although_its_day_is_over(material):
    late = lists.narrow(lists.published(make_user(Role.MANAGER)), {"overdue": True}, TODAY)
    assert [each.stem for each in late] == ["late"]
    assert counted().total.overdue == Deadline.objects.overdue(TODAY).count() == 1


def test_the_tables_add_up_to_each_other(material):
    figures = counted()
    for lines in (figures.forces, figures.themes, figures.ages):
        assert sum((line.counts for line in lines), tracker.Counts()) == figures.total
    assert [line.label for line in figures.forces] == ["Northmoor", "Southwold"]
    assert [(line.key, line.counts.all) for line in figures.ages] == [
        ("under-3", 2),
        ("6-to-12", 5),
    ]


def test_drafts_are_not_counted(material):
    make_recommendation(make_inspection(Stage.DRAFTING))
    assert counted().total.all == 7


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (dt.date(2026, 6, 15), "under-3"),
        (dt.date(2026, 3, 16), "under-3"),
        (dt.date(2026, 3, 15), "3-to-6"),
        (dt.date(2025, 12, 15), "6-to-12"),
        (dt.date(2025, 6, 15), "1-to-2-years"),
        (dt.date(2024, 6, 16), "1-to-2-years"),
        (dt.date(2024, 6, 15), "over-2-years"),
        (dt.date(2015, 1, 1), "over-2-years"),
    ],
)
def test_age_is_counted_in_calendar_months_since_publication(day, key):
    make_recommendation(published(day))
    assert [line.key for line in counted().ages] == [key]


def test_it_is_three_queries_however_many_there_are(material):
    user = make_user(Role.INSPECTOR)
    with CaptureQueriesContext(connection) as captured:
        counted(user)
    assert len(captured) == 3


def numbers_and_lists(client, query=""):
    """Each number of the page with the address of the list behind it."""
    page = client.get(f"/recommendations/tracker/{query}").content.decode()
    found = re.findall(
        r'<a class="govuk-link" href="(/recommendations/\?[^"]*)">([\d,]+)</a>', page
    )
    return [(html.unescape(href), int(number)) for href, number in found]


@pytest.mark.parametrize("query", ["", "?theme=Theme+alpha", "?extension=asked", "?age=6-to-12"])
def test_every_number_of_the_page_is_the_length_of_the_list_behind_it(
    client, material, monkeypatch, query
):
    monkeypatch.setattr(dates, "today", lambda: TODAY)
    client.force_login(make_user(Role.MANAGER))
    links = numbers_and_lists(client, query)
    assert links
    for href, number in links:
        page = client.get(href).content.decode()
        rows = re.findall(r'href="/recommendations/\d+/">\d+\. ', page)
        assert len(rows) == number, href


def test_every_role_of_the_inspectorate_may_look_and_no_force(client, material):
    for role in (Role.INSPECTOR, Role.LEAD_INSPECTOR, Role.MANAGER):
        client.force_login(make_user(role))
        assert client.get("/recommendations/tracker/").status_code == 200
    for role in (Role.FORCE_LEAD, Role.FORCE_ASSESSOR, Role.FORCE_VIEWER):
        client.force_login(make_user(role))
        assert client.get("/recommendations/tracker/").status_code == 403


def test_without_recommendations_the_tracker_says_what_will_be_there(client):
    client.force_login(make_user(Role.MANAGER))
    page = client.get("/recommendations/tracker/").content.decode()
    assert "No recommendations yet" in page
    assert (
        "No recommendation fits"
        in client.get("/recommendations/tracker/?age=under-3").content.decode()
    )
