"""The list of recommendations over all forces."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections import dates
from inspections.models import Stage
from recommendations.models import ProgressStatus
from recommendations.publication import set_deadlines
from tests.support.factories import (
    make_force,
    make_framework,
    make_inspection,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db


def published(days_ago=30, **fields):
    day = dates.today() - dt.timedelta(days=days_ago)
    return make_inspection(Stage.FOLLOW_UP, published_on=day, **fields)


def listed(client, user, **query):
    client.force_login(user)
    response = client.get("/recommendations/", query)
    assert response.status_code == 200
    rows = re.findall(r'href="/recommendations/\d+/">\d+\. (.*?)</a>', response.content.decode())
    return [html.unescape(stem) for stem in rows]


def test_the_inspectorate_sees_all_that_is_published_and_no_draft(client):
    make_recommendation(published(), stem="Here")
    make_recommendation(published(), stem="There")
    make_recommendation(make_inspection(Stage.FACTUAL_ACCURACY), stem="Draft")

    for role in (Role.INSPECTOR, Role.MANAGER):
        assert sorted(listed(client, make_user(role))) == ["Here", "There"]


def test_a_force_sees_its_own_only_and_cannot_choose_another(client):
    ours, theirs = make_force(), make_force()
    make_recommendation(published(force=ours), stem="Ours")
    make_recommendation(published(force=theirs), stem="Theirs")

    for role in (Role.FORCE_LEAD, Role.FORCE_ASSESSOR, Role.FORCE_VIEWER):
        user = make_user(role, force=ours)
        assert listed(client, user) == ["Ours"]
        assert listed(client, user, force=theirs.pk) == ["Ours"]
        page = client.get("/recommendations/").content.decode()
        assert theirs.name not in page and "Theirs" not in page


def test_the_list_is_narrowed_by_each_filter(client):
    manager = make_user(Role.MANAGER)
    late, soon = published(200), published(10)
    set_up = [
        (late, "theme-alpha", "three-months", ProgressStatus.NOT_STARTED, "late"),
        (late, "theme-beta", "three-months", ProgressStatus.IN_PROGRESS, "late, begun"),
        (soon, "theme-alpha", "six-months", ProgressStatus.NOT_STARTED, "soon"),
        (soon, "theme-alpha", "none", ProgressStatus.COMPLETE, "undated"),
    ]
    for inspection, theme, timescale, status, stem in set_up:
        make_recommendation(
            inspection, theme=theme, timescale=timescale, stem=stem, progress_status=status
        )
    for inspection in (late, soon):
        set_deadlines(inspection, inspection.published_on)

    def found(**query):
        return listed(client, manager, **query)

    assert found(force=late.force.pk) == ["late", "late, begun"]
    assert found(theme="Theme beta") == ["late, begun"]
    assert found(timescale="Within six months") == ["soon"]
    assert found(status="complete") == ["undated"]
    assert found(overdue="on") == ["late", "late, begun"]
    assert found(overdue="on", status="in_progress") == ["late, begun"]
    assert found(sort="due") == ["late", "late, begun", "soon", "undated"]
    assert found(sort="-due") == ["soon", "late", "late, begun", "undated"]
    assert len(found(theme="No such theme", force="x", sort="; DROP")) == 4


def test_the_same_theme_of_two_frameworks_is_one_choice(client):
    one, two = make_framework(), make_framework()
    make_recommendation(published(framework=one), stem="One")
    make_recommendation(published(framework=two), stem="Two")

    assert sorted(listed(client, make_user(Role.MANAGER), theme="Theme alpha")) == ["One", "Two"]


def test_what_is_met_or_due_today_is_not_overdue(client):
    inspection = published(0)
    make_recommendation(inspection, timescale="immediately", stem="Today")
    make_recommendation(inspection, timescale="immediately", stem="Met")
    set_deadlines(inspection, inspection.published_on)

    assert listed(client, make_user(Role.MANAGER), overdue="on") == []


def test_fifty_rows_a_page_cost_no_more_queries_than_one(client):
    manager = make_user(Role.MANAGER)

    client.force_login(manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/recommendations/")
        return len(captured)

    make_recommendation(published(), stem="First", points=["a"])
    with_one = queries()
    for _ in range(12):
        inspection = published()
        for _ in range(5):
            make_recommendation(inspection, points=["a", "b"])
        set_deadlines(inspection, inspection.published_on)

    assert queries() == with_one <= 10
    assert len(listed(client, manager)) == 50
    assert len(listed(client, manager, page=2)) == 11


def test_an_empty_list_says_what_will_be_here(client):
    client.force_login(make_user(Role.MANAGER))

    assert "once a report is published" in client.get("/recommendations/").content.decode()
    page = client.get("/recommendations/", {"overdue": "on"}).content.decode()
    assert "No recommendation fits these filters" in page
