"""The list of recommendations as a file for a spreadsheet: the same rows as on the page, all of them."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from config import spreadsheets
from inspections import dates
from inspections.models import Stage
from recommendations.models import Outcome
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user
from tests.support.standing import extend, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection():
    published = dates.today() - dt.timedelta(days=120)
    made = make_inspection(
        Stage.FOLLOW_UP, force=make_force("Northmoor Police"), published_on=published
    )
    make_recommendation(made, stem="=Late", points=("one;", "two"))
    make_recommendation(made, stem="Given up")
    make_recommendation(made, stem="Moved", timescale="six-months")
    set_deadlines(made, published)
    settle(made.recommendations.get(number=2), dates.today(), Outcome.NO_LONGER_APPLICABLE)
    extend(made.recommendations.get(number=3), dates.today() + dt.timedelta(days=300))
    return made


def as_csv(client, user, **query):
    client.force_login(user)
    response = client.get("/recommendations/export/csv/", query)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_says_of_each_what_the_pages_say(inspection, client):
    rows = {row["Recommendation"]: row for row in as_csv(client, make_user(Role.MANAGER))}
    late, given_up, moved = rows["'=Late"], rows["Given up"], rows["Moved"]
    assert (late["Overdue"], given_up["Overdue"], moved["Overdue"]) == ("Yes", "", "")
    assert int(late["Days overdue"]) > 20
    assert late["Points"] == "one;\ntwo"
    assert late["Force"] == "Northmoor Police"
    assert given_up["Judgement"] == "No longer applicable"
    assert given_up["Nothing more owed since"] == dates.today().isoformat()
    assert moved["First due"] < moved["Due"]


@pytest.mark.parametrize(
    ("query", "stems"),
    [
        ({"state": "open"}, {"'=Late", "Moved"}),
        ({"state": "settled"}, {"Given up"}),
        ({"outcome": "no_longer_applicable"}, {"Given up"}),
        ({"outcome": "none"}, {"'=Late", "Moved"}),
        ({"extension": "extended"}, {"Moved"}),
        ({"overdue": "on"}, {"'=Late"}),
        ({"age": "over-2-years"}, set()),
        ({"age": "nonsense", "state": "x"}, {"'=Late", "Moved", "Given up"}),
    ],
)
def test_it_is_narrowed_as_the_list_is(inspection, client, query, stems):
    rows = as_csv(client, make_user(Role.INSPECTOR), **query)
    assert {row["Recommendation"] for row in rows} == stems


def test_a_force_takes_away_its_own_only(inspection, client):
    make_recommendation(make_inspection(Stage.FOLLOW_UP), stem="Theirs")
    lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    assert {row["Force"] for row in as_csv(client, lead)} == {"Northmoor Police"}


def test_a_workbook_has_dates_as_dates_and_no_formula(inspection, client):
    client.force_login(make_user(Role.MANAGER))
    response = client.get("/recommendations/export/xlsx/?overdue=on")
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows())
    assert len(rows) == 2
    assert rows[1][2].value.date() == inspection.published_on
    assert (rows[1][5].value, rows[1][5].data_type) == ("=Late", "s")


def test_what_no_workbook_holds_is_refused_with_the_way_out(inspection, client, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_IN_XLSX", 2)
    client.force_login(make_user(Role.MANAGER))
    response = client.get("/recommendations/export/xlsx/?theme=Theme+alpha", follow=True)
    assert response.redirect_chain[-1][0] == "/recommendations/?theme=Theme+alpha"
    assert "Take the CSV" in response.content.decode()
    assert client.get("/recommendations/export/pdf/").status_code == 404


def test_a_file_costs_the_same_queries_however_long_it_is(inspection, client):
    manager = make_user(Role.MANAGER)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_csv(client, manager)
        return len(captured)

    queries()  # a first request also clears up old attempts to sign in
    before = queries()
    for number in range(10, 30):
        make_recommendation(inspection, number=number, points=("a", "b"))
    after = queries()
    assert after == before
