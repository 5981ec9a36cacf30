"""A force's own board: what is open by theme, owner and age, and how that has gone down since publication."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role
from inspections import dates
from inspections.models import Deadline, DeadlineBasis, DeadlineKind, Stage
from recommendations import board, board_words, line_chart
from recommendations.models import (
    Action,
    ActionPlan,
    PlanDecision,
    PlanVersion,
    ProgressStatus,
    Recommendation,
)
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user
from tests.support.standing import extend, settle

pytestmark = pytest.mark.django_db
PUBLISHED = dt.date(2026, 1, 31)
TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def force():
    return make_force("Northmoor Police")


@pytest.fixture
def lead(force):
    return make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh")


@pytest.fixture
def inspection(force):
    made = make_inspection(Stage.FOLLOW_UP, force=force, published_on=PUBLISHED)
    for theme, timescale in [
        ("theme-alpha", "three-months"),
        ("theme-alpha", "three-months"),
        ("theme-beta", "six-months"),
        ("theme-beta", "none"),
    ]:
        make_recommendation(made, theme=theme, timescale=timescale)
    set_deadlines(made, PUBLISHED)
    return made


def numbered(inspection, number):
    return inspection.recommendations.select_related("deadline").get(number=number)


def act(recommendation, due_on, *, owner=None, partner=""):
    inspection = recommendation.inspection
    plan, _new = ActionPlan.objects.get_or_create(inspection=inspection)
    action = Action.objects.create(
        plan=plan, recommendation=recommendation, text="Train the team.", owner=owner, partner=partner,
        due_on=due_on, submitted=True,
    )  # fmt: skip
    action.deadline = Deadline.objects.create(
        inspection=inspection, kind=DeadlineKind.ACTION, subject_id=action.pk, label="Action", responsible="force",
        owner=owner, basis=DeadlineBasis.ACTION_PLAN, due_on=due_on, first_due_on=due_on,
    )  # fmt: skip
    action.save()
    PlanVersion.objects.create(
        plan=plan, number=plan.versions.count() + 1, submitted_by=make_user(Role.FORCE_LEAD, force=inspection.force),
        decision=PlanDecision.ACCEPTED, decided_by=make_user(Role.MANAGER), decided_at=timezone.now(),
        content=[{"actions": [{"id": action.pk, "partner": partner}]}],
    )  # fmt: skip
    return action


def test_it_counts_by_theme_and_says_what_is_due_first(inspection, force, lead):
    found = board.of(force, lead, TODAY)
    assert [
        (line.label, line.counts.open, line.counts.overdue) for line in found.figures.themes
    ] == [
        ("Theme alpha", 2, 2),
        ("Theme beta", 2, 0),
    ]
    assert [each.number for each in found.next] == [1, 2, 3]


def test_what_is_met_waits_for_the_inspectorate_and_is_not_due_any_more(inspection, force, lead):
    ready = numbered(inspection, 1)
    Recommendation.objects.filter(pk=ready.pk).update(progress_status=ProgressStatus.COMPLETE)
    Deadline.objects.filter(recommendation=ready).update(met_on=TODAY)
    found = board.of(force, lead, TODAY)
    assert [each.number for each in found.next] == [2, 3]
    assert [each.number for each in found.ready] == [1]
    assert found.figures.total.overdue == 1


def test_owners_are_people_and_partners_with_what_they_have_to_do(inspection, force, lead):
    officer = make_user(Role.FORCE_ASSESSOR, force=force, name="Amir Khan")
    Deadline.objects.filter(recommendation=numbered(inspection, 1)).update(owner=officer)
    act(numbered(inspection, 2), dt.date(2026, 4, 1), owner=officer)
    act(numbered(inspection, 3), dt.date(2026, 7, 1), partner="North Council")
    lines = board.of(force, lead, TODAY).owners
    assert lines == [
        board.OwnerLine("Amir Khan", recommendations=1, actions=1, overdue=2),
        board.OwnerLine("North Council", recommendations=0, actions=1, overdue=0),
        board.OwnerLine("", recommendations=3, actions=0, overdue=1),
    ]


def test_what_the_force_drafts_meanwhile_is_not_on_its_board(inspection, force, lead):
    action = act(numbered(inspection, 3), dt.date(2026, 7, 1), partner="North Council")
    Action.objects.create(
        plan=action.plan, recommendation=action.recommendation, text="Ask.", partner="Someone new"
    )
    Action.objects.update(partner="Another Trust", removed_at=timezone.now())
    for user in (lead, make_user(Role.MANAGER), commissioners_officer(force)):
        owners = board.of(force, user, TODAY).owners
        assert [(line.label, line.actions) for line in owners] == [("North Council", 1), ("", 0)]


def commissioners_officer(force):
    return make_user(Role.FORCE_VIEWER, force=force, works_for_commissioner=True)


def test_the_burn_down_counts_what_was_open_and_what_the_dates_wanted(inspection, force, lead):
    settle(numbered(inspection, 1), dt.date(2026, 3, 1))
    settle(numbered(inspection, 4), dt.date(2026, 5, 31))
    points = board.of(force, lead, TODAY).burn_down
    assert [(point.on.month, point.open, point.planned) for point in points] == [
        (1, 4, 4),
        (2, 4, 4),
        (3, 3, 4),
        (4, 3, 2),
        (5, 2, 1),
        (6, 2, 1),
    ]
    assert points[0].on == PUBLISHED
    assert points[-1].on == TODAY


def test_an_extension_moves_what_the_dates_want(inspection, force, lead):
    before = board.of(force, lead, TODAY).burn_down[-1].planned
    extend(numbered(inspection, 1), dt.date(2026, 12, 1))
    assert board.of(force, lead, TODAY).burn_down[-1].planned == before + 1


@settings(max_examples=50)
@given(first=st.dates(dt.date(2010, 1, 1), dt.date(2026, 12, 31)), length=st.integers(0, 20 * 366))
def test_the_days_of_a_burn_down_run_from_publication_to_today_and_are_few(first, length):
    today = first + dt.timedelta(days=length)
    days = board.days_between(first, today)
    assert days[0] == first
    assert days[-1] == today
    assert days == sorted(set(days))
    assert len(days) <= 34


@settings(max_examples=50)
@given(
    values=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=30)
)
def test_the_drawing_stays_inside_its_frame_and_names_both_lines(values):
    days = [PUBLISHED + dt.timedelta(days=31 * number) for number in range(len(values))]
    drawn = line_chart.draw(
        "Title", days, {"One": [a for a, _ in values], "Two": [b for _, b in values]}
    )
    for line in drawn.lines:
        for point in line.points.split():
            x, y = map(float, point.split(","))
            assert drawn.left <= x <= drawn.right
            assert 0 < y <= drawn.bottom
    assert abs(drawn.lines[0].label_y - drawn.lines[1].label_y) >= line_chart.LABEL_HEIGHT - 0.01
    assert len(drawn.rows) <= 6


def test_one_inspection_can_be_looked_at_alone(inspection, force, lead, client):
    later = make_inspection(Stage.FOLLOW_UP, force=force, published_on=dt.date(2026, 5, 1))
    make_recommendation(later, timescale="six-months")
    client.force_login(lead)
    whole = client.get(f"/forces/{force.pk}/board/").content.decode()
    alone = client.get(f"/forces/{force.pk}/board/?inspection={later.pk}").content.decode()
    assert "5 recommendations are open" in re.sub(r"\s+", " ", whole)
    assert "1 recommendation is open" in re.sub(r"\s+", " ", alone)


def test_the_page_costs_the_same_queries_however_many_recommendations(
    inspection, force, lead, client
):
    client.force_login(lead)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/forces/{force.pk}/board/").status_code == 200
        return len(captured)

    before = queries()
    for number in range(30):
        make_recommendation(inspection, number=100 + number, theme="theme-gamma")
    set_deadlines(inspection, PUBLISHED)
    assert queries() == before


def test_its_own_people_and_the_inspectorate_see_a_board_and_no_other_force(
    inspection, force, client
):
    address = f"/forces/{force.pk}/board/"
    for user in (
        make_user(Role.FORCE_LEAD, force=force),
        make_user(Role.FORCE_ASSESSOR, force=force),
        make_user(Role.FORCE_VIEWER, force=force, works_for_commissioner=True),
        make_user(Role.INSPECTOR),
        make_user(Role.MANAGER),
    ):
        client.force_login(user)
        assert client.get(address).status_code == 200
    client.force_login(make_user(Role.FORCE_LEAD))
    assert client.get(address).status_code == 404


def test_before_anything_is_published_the_board_says_what_will_be_there(force, lead, client):
    make_recommendation(make_inspection(Stage.DRAFTING, force=force))
    client.force_login(lead)
    page = client.get(f"/forces/{force.pk}/board/").content.decode()
    assert "No recommendations yet" in page


def test_on_the_day_of_publication_there_is_no_line_to_draw(force, lead):
    inspection = make_inspection(Stage.PUBLISHED, force=force, published_on=dates.today())
    make_recommendation(inspection)
    found = board.of(force, lead, dates.today())
    assert board_words.chart(found.burn_down) is None
