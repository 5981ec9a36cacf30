"""The Deadlines page, its files and its calendar: grouped, narrowed, visible to those who may know."""

import csv
import datetime as dt
import io
import re

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from inspections import deadlines, month
from inspections.deadlines import set_deadline
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 10)  # a Wednesday


@pytest.fixture(autouse=True)
def _on_10_june_2026():
    with time_machine.travel("2026-06-10T10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def inspection():
    return make_inspection(Stage.FOLLOW_UP, lead=make_user(Role.LEAD_INSPECTOR))


def due(inspection, name, days, responsible=Side.FORCE, **more):
    """A deadline called `name`, so many days from today."""
    return set_deadline(
        inspection,
        DeadlineKind.ACTION,
        label=f"Thing {name}",
        responsible=responsible,
        due_on=TODAY + dt.timedelta(days),
        subject_id=inspection.deadlines.count() + 1,
        **more,
    )


def labels(client, query="", address="deadlines:list"):
    text = client.get(f"{reverse(address)}?{query}").text
    return re.findall(r">Thing (\w+)", text)


@pytest.fixture
def one_of_each(inspection):
    return {
        name: due(inspection, name, days)
        for name, days in (("late", -3), ("week", 4), ("month", 30), ("later", 31))
    }


def test_the_list_stands_in_groups_and_can_be_narrowed_to_one(client, one_of_each):
    client.force_login(make_user(Role.MANAGER))
    text = " ".join(client.get(reverse("deadlines:list")).text.split())
    assert "1 overdue, 1 due this week, then 1 within 30 days, 1 later." in text
    captions = ["Overdue", "This week", "Next 30 days", "Later"]
    assert re.findall(r"<caption[^>]*>\s*([\w ]+?)\s*</caption>", text) == captions
    assert labels(client) == ["late", "week", "month", "later"]
    for group, name in (
        *(("overdue", "late"), ("this_week", "week"), ("next_30_days", "month")),
        ("later", "later"),
    ):
        assert labels(client, f"group={group}") == [name]
    deadlines.meet(one_of_each["week"], by=None)
    deadlines.lapse(one_of_each["late"])
    assert labels(client) == ["month", "later"]
    assert labels(client, "group=met") == ["week"]
    assert labels(client, "group=lapsed") == ["late"]
    assert labels(client, "group=all") == ["month", "later", "week", "late"]
    assert labels(client, "group=nonsense&page=99&kind=x&owner=x&inspection=-1") == [
        "month",
        "later",
    ]


def test_it_can_be_narrowed_by_force_inspection_kind_side_owner_and_day(client, inspection):
    manager, owner = make_user(Role.MANAGER), make_user(Role.FORCE_LEAD, force=inspection.force)
    other = make_inspection(Stage.FOLLOW_UP, framework=inspection.framework)
    due(inspection, "owned", 1, owner=owner)
    due(inspection, "ours", 2, Side.INSPECTORATE, owner=manager)
    due(other, "other", 3)
    client.force_login(manager)
    assert labels(client, f"force={inspection.force_id}") == ["owned", "ours"]
    assert labels(client, f"force={make_force().pk}") == []
    assert labels(client, f"inspection={other.pk}") == ["other"]
    assert labels(client, "kind=self_assessment") == []
    assert labels(client, "responsible=inspectorate") == ["ours"]
    assert labels(client, "owner=me") == ["ours"]
    assert labels(client, "owner=nobody") == ["other"]
    assert labels(client, f"owner={owner.pk}") == ["owned"]
    assert labels(client, "due_from=2026-06-12&due_to=2026-06-12") == ["ours"]
    page = client.get(f"{reverse('deadlines:list')}?force={inspection.force_id}").text
    assert f'<option value="{owner.pk}"' in page  # people of the chosen force can be chosen
    assert owner.name in page
    assert f'<option value="{owner.pk}"' not in client.get(reverse("deadlines:list")).text


def test_every_date_says_how_it_came_about(client, inspection):
    deadlines.count(
        inspection,
        DeadlineKind.RECOMMENDATION,
        label="Recommendation 1: act",
        responsible="force",
        counts_from=dt.date(2026, 3, 3),
        unit="months",
        amount=3,
        subject_id=1,
    )
    client.force_login(make_user(Role.MANAGER))
    text = client.get(reverse("deadlines:list")).text
    assert "3 months from publication on 3 March 2026." in text
    assert "7 days overdue, was due 3 June 2026" in text


@pytest.mark.parametrize("address", ["deadlines:list", "deadlines:calendar"])
def test_a_force_sees_its_own_deadlines_only(client, inspection, address):
    due(inspection, "own", 1)
    foreign = due(make_inspection(Stage.FOLLOW_UP, framework=inspection.framework), "foreign", 1)
    client.force_login(make_user(Role.FORCE_VIEWER, force=inspection.force))
    for query in (
        *("", f"force={foreign.inspection.force_id}"),
        *(f"inspection={foreign.inspection_id}", "owner=me"),
    ):
        text = client.get(f"{reverse(address)}?{query}").text
        assert str(foreign.inspection.force) not in text
    assert client.get(reverse("deadlines:detail", args=[foreign.pk])).status_code == 404
    exported = b"".join(client.get(reverse("deadlines:export", args=["csv"])).streaming_content)
    assert b"own" in exported
    assert b"foreign" not in exported


@pytest.mark.parametrize("address", ["deadlines:list", "deadlines:calendar"])
def test_fifty_deadlines_cost_as_many_queries_as_one(
    client, inspection, address, django_assert_max_num_queries
):
    client.force_login(make_user(Role.MANAGER))
    due(inspection, "first", 0)
    client.get(reverse(address))
    with django_assert_max_num_queries(12) as one:
        client.get(reverse(address))
    owner = make_user(Role.FORCE_LEAD, force=inspection.force)
    for number in range(60):
        due(inspection, f"n{number}", number % 15, owner=owner)
    with django_assert_max_num_queries(len(one)):
        text = client.get(reverse(address)).text
    if address == "deadlines:list":
        assert text.count(">Thing ") == 50
        assert "Showing 1 to 50 of 61 deadlines" in text


def test_the_files_hold_what_the_list_shows_over_all_its_pages(client, inspection, one_of_each):
    for number in range(60):
        due(inspection, f"n{number}", 40)
    client.force_login(make_user(Role.MANAGER))
    address = reverse("deadlines:export", args=["csv"])
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 64
    late = rows[0]
    assert (late["What is due"], late["Due"], late["Group"]) == (
        *("Thing late", "2026-06-07"),
        "Overdue",
    )
    assert late["Days overdue"] == "3"
    assert late["Address"].endswith(one_of_each["late"].get_absolute_url())
    answer = client.get(reverse("deadlines:export", args=["xlsx"]), {"group": "overdue"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Thing late"]
    assert client.get(reverse("deadlines:export", args=["pdf"])).status_code == 404


def test_the_calendar_shows_each_day_of_a_month_and_links_its_neighbours(client, one_of_each):
    deadlines.meet(one_of_each["week"], by=None)
    client.force_login(make_user(Role.MANAGER))
    address = reverse("deadlines:calendar")
    text = client.get(address).text
    assert "Deadlines in June 2026" in text
    assert labels(client, address="deadlines:calendar") == ["late", "week"]
    assert "2 deadlines, open or met." in text
    assert 'href="?month=2026-05"' in text
    july = client.get(f"{address}?month=2026-07&kind=action").text
    assert re.findall(r">Thing (\w+)", july) == ["month", "later"]
    assert re.search(
        r'href="\?(kind=action&amp;month=2026-08|month=2026-08&amp;kind=action)"', july
    )
    deadlines.lapse(one_of_each["late"])
    assert labels(client, address="deadlines:calendar") == ["week"]
    for nonsense in ("2026-13", "0000-01", "9999-12", "x", "²026-01", ""):
        assert "June 2026" in client.get(f"{address}?month={nonsense}").text


def test_a_full_day_names_some_and_links_to_all(client, inspection):
    for number in range(month.MOST_A_DAY + 3):
        due(inspection, f"n{number}", 2)
    client.force_login(make_user(Role.MANAGER))
    text = client.get(reverse("deadlines:calendar")).text
    assert text.count(">Thing ") == month.MOST_A_DAY
    found = re.search(r'href="([^"]+)">All 9<', text)
    assert found
    assert client.get(found[1].replace("&amp;", "&")).text.count(">Thing ") == 9


def test_weeks_begin_on_monday_and_fill_the_month_in_leap_years_too():
    weeks = month.parse("2028-02", TODAY).weeks()
    assert all(week[0].date.weekday() == 0 and len(week) == 7 for week in weeks)
    inside = [day.date for week in weeks for day in week if day.in_month]
    assert (inside[0], inside[-1], len(inside)) == (
        *(dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
        29,
    )
    assert month.parse("2100-12", TODAY).next is None
    assert month.parse("2000-01", TODAY).previous is None
