"""On which days a deadline is spoken of."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.occasions import Occasion, Policy, climbed, later, latest, moved

USUAL = Policy()
DUE = dt.date(2026, 6, 3)

dates = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
policies = st.builds(
    Policy,
    days_before=st.lists(st.integers(1, 365), max_size=5).map(tuple),
    on_the_day=st.booleans(),
    overdue_every_days=st.integers(1, 90),
)


def days(number):
    return dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("days_from_due", "code"),
    [
        (-29, None),
        (-28, "before:28"),
        (-27, "before:28"),
        (-8, "before:28"),
        (-7, "before:7"),
        (-1, "before:7"),
        (0, "on_the_day"),
        (1, "overdue:1"),
        (6, "overdue:1"),
        (7, "overdue:7"),
        (13, "overdue:7"),
        (14, "overdue:14"),
        (3650, "overdue:3647"),
    ],
)
def test_before_on_the_day_on_the_day_after_and_then_weekly(days_from_due, code):
    found = latest(DUE, DUE + days(days_from_due), USUAL)

    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("due_on", "days_before", "day"),
    [
        (dt.date(2028, 3, 1), 1, dt.date(2028, 2, 29)),
        (dt.date(2027, 3, 1), 1, dt.date(2027, 2, 28)),
        (dt.date(2026, 3, 31), 28, dt.date(2026, 3, 3)),
        # the clocks go forward on 29 March 2026 and back on 25 October 2026
        (dt.date(2026, 4, 2), 7, dt.date(2026, 3, 26)),
        (dt.date(2026, 10, 28), 7, dt.date(2026, 10, 21)),
        (dt.date(2027, 1, 3), 7, dt.date(2026, 12, 27)),
    ],
)
def test_leap_years_month_ends_and_clock_changes_move_nothing(due_on, days_before, day):
    policy = Policy(days_before=(days_before,))

    assert latest(due_on, day, policy) == Occasion(f"before:{days_before}", day)
    assert latest(due_on, day - days(1), policy) is None


def test_a_policy_may_leave_out_what_comes_before_and_the_day_itself():
    policy = Policy(days_before=(), on_the_day=False, overdue_every_days=7)

    assert latest(DUE, DUE, policy) is None
    assert latest(DUE, DUE + days(1), policy) == Occasion("overdue:1", DUE + days(1))
    assert latest(DUE, DUE + days(7), policy) == Occasion("overdue:7", DUE + days(7))


@given(due_on=dates, today=dates, policy=policies)
def test_the_latest_occasion_has_come_and_no_later_one_has(due_on, today, policy):
    found = latest(due_on, today, policy)

    all_days = [due_on - days(number) for number in policy.days_before]
    if policy.on_the_day:
        all_days.append(due_on)
    step = policy.overdue_every_days
    if today > due_on:  # enough of them to pass today
        all_days.append(due_on + days(1))
        periods = (today - due_on).days // step + 1
        all_days += [due_on + days(step * number) for number in range(1, periods + 1)]
    come = [day for day in all_days if day <= today]
    assert (found.day if found else None) == max(come, default=None)


@given(due_on=dates, policy=policies, start=st.integers(-400, 100), length=st.integers(0, 400))
def test_whoever_looks_every_day_sees_every_occasion_in_order_and_none_twice(
    due_on, policy, start, length
):
    seen = [
        latest(due_on, due_on + days(number), policy) for number in range(start, start + length)
    ]
    distinct = list(dict.fromkeys(occasion for occasion in seen if occasion))

    assert [occasion.day for occasion in distinct] == sorted({o.day for o in distinct})
    assert len({occasion.code for occasion in distinct}) == len(distinct)


@given(due_on=dates, moved_to=dates, today=dates, policy=policies)
def test_occasions_move_with_the_deadline(due_on, moved_to, today, policy):
    moved_by = moved_to - due_on
    before = latest(due_on, today, policy)
    after = latest(moved_to, today + moved_by, policy)

    assert (before and before.code) == (after and after.code)


@given(due_on=dates, today=dates, policy=policies)
def test_nothing_is_said_earlier_than_the_horizon(due_on, today, policy):
    if today < due_on - days(policy.horizon_days):
        assert latest(due_on, today, policy) is None


@given(due_on=dates, policy=policies, after_days=st.integers(1, 365), length=st.integers(0, 400))
def test_whoever_is_told_later_is_told_from_their_own_day_on_and_as_often(
    due_on, policy, after_days, length
):
    seen = [climbed(due_on, due_on + days(n), after_days, policy) for n in range(length)]
    told = list(dict.fromkeys(occasion for occasion in seen if occasion))

    expected = range(after_days, length, policy.overdue_every_days)
    assert [(occasion.day - due_on).days for occasion in told] == list(expected)
    assert all(occasion.is_overdue for occasion in told)
    assert all(occasion.day <= due_on + days(n) for n, occasion in enumerate(seen) if occasion)


@given(due_on=dates, today=dates, moved_on=dates, policy=policies)
def test_a_move_is_told_unless_something_later_is(due_on, today, moved_on, policy):
    regular, move = latest(due_on, today, policy), moved(moved_on, today)
    told = later(regular, move)

    days_there = [occasion.day for occasion in (regular, move) if occasion]
    assert (told and told.day) == max(days_there, default=None)
    assert (move is None) == (moved_on > today)


def test_no_name_of_an_occasion_is_longer_than_its_column():
    for occasion in (
        moved(dt.date(2026, 12, 31), dt.date(2027, 1, 1)),
        climbed(dt.date(1900, 1, 1), dt.date(2100, 1, 1), 1, USUAL),
        latest(DUE, DUE - days(365), Policy(days_before=(365,))),
    ):
        assert len(occasion.code) <= 20
