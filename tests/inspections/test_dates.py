"""Domain rule 6: calendar months clamped to the month's end; Europe/London dates."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from inspections import dates
from inspections.models import TimeUnit

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "unit", "amount", "expected"),
    [
        ("2025-11-30", "months", 3, "2026-02-28"),
        ("2023-11-30", "months", 3, "2024-02-29"),
        ("2026-08-31", "months", 6, "2027-02-28"),
        ("2026-03-31", "months", 3, "2026-06-30"),
        ("2026-12-15", "months", 1, "2027-01-15"),
        ("2026-03-03", "weeks", 6, "2026-04-14"),
        ("2026-03-03", "days", 0, "2026-03-03"),
        ("2026-03-03", "days", 56, "2026-04-28"),
    ],
)
def test_a_timescale_becomes_this_date(day, unit, amount, expected):
    found = dates.add(dt.date.fromisoformat(day), unit, amount)
    assert found == dt.date.fromisoformat(expected)


def test_a_timescale_without_a_date_has_none():
    with pytest.raises(ValueError, match="no day"):
        dates.add(dt.date(2026, 3, 3), TimeUnit.NONE, 0)


@given(DAYS, st.integers(0, 120))
def test_months_keep_the_day_or_end_with_the_month(day, months):
    end = dates.add(day, TimeUnit.MONTHS, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == min(day.day, calendar.monthrange(end.year, end.month)[1])


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_more_months_never_end_earlier(day, fewer, more):
    low, high = sorted((fewer, more))
    assert dates.add(day, TimeUnit.MONTHS, low) <= dates.add(day, TimeUnit.MONTHS, high)


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2026-07-01T23:30:00+00:00", dt.date(2026, 7, 2)),  # summer time is an hour ahead
        ("2026-01-01T23:30:00+00:00", dt.date(2026, 1, 1)),
    ],
)
def test_today_is_the_date_in_london(moment, date):
    with time_machine.travel(moment, tick=False):
        assert dates.today() == date


def test_the_offset_moves_the_date_by_whole_days_across_the_change_to_summer_time(settings):
    settings.CLOCK_OFFSET_DAYS = 2
    with time_machine.travel("2026-03-28T23:30:00+00:00", tick=False):
        assert dates.today() == dt.date(2026, 3, 30)
        assert dates.now().utcoffset() == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "unit", "amount", "expected"),
    [
        ("2024-02-29", "months", 12, "2025-02-28"),  # from a leap day
        ("2024-02-29", "months", 48, "2028-02-29"),
        ("2100-01-31", "months", 1, "2100-02-28"),  # 2100 is no leap year
        ("2026-10-20", "weeks", 6, "2026-12-01"),  # the clocks go back in between
        ("2026-03-20", "weeks", 6, "2026-05-01"),  # and forward
        ("2024-01-31", "days", 56, "2024-03-27"),  # over a leap day
        ("2026-12-31", "months", 2, "2027-02-28"),
    ],
)
def test_ends_of_months_leap_days_and_changes_of_the_clocks(day, unit, amount, expected):
    found = dates.add(dt.date.fromisoformat(day), unit, amount)
    assert found == dt.date.fromisoformat(expected)


@given(DAYS)
def test_six_weeks_are_42_days_and_eight_weeks_the_commissioners_56(day):
    assert dates.add(day, "weeks", 6) == dates.add(day, "days", 42)
    assert dates.add(day, "weeks", 6).weekday() == day.weekday()
    assert (dates.add(day, "weeks", 8) - day).days == 56


@given(DAYS, st.sampled_from(["days", "weeks", "months"]), st.integers(0, 120))
def test_no_time_at_all_ends_on_the_day_itself_and_more_time_never_before_it(day, unit, amount):
    assert dates.add(day, unit, 0) == day
    assert dates.add(day, unit, amount) >= day


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_later_start_never_ends_earlier(one, other, months):
    first, last = sorted((one, other))
    assert dates.add(first, "months", months) <= dates.add(last, "months", months)


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1)).map(
        lambda moment: moment.replace(tzinfo=dt.UTC)
    ),
    st.integers(0, 200),
)
def test_hours_go_by_alike_whatever_the_clocks_do(moment, hours):
    due = dates.after_hours(moment, hours)
    assert dt.timedelta(0) <= due - (moment + dt.timedelta(hours=hours)) < dt.timedelta(minutes=1)
    london = ZoneInfo("Europe/London")
    assert dates.after_hours(moment.astimezone(london), hours) == due
