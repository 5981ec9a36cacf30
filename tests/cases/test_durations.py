"""How long things took: gaps of a timeline and waits between facts, over month ends and clock changes."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import content, durations
from cases.durations import DAY, EXACT, MONTH, between, gaps, in_hours, read, read_moment, waits

LONDON = ZoneInfo("Europe/London")
CLOCKS_GO_FORWARD = dt.datetime(2026, 3, 29, 1)  # 01:00 becomes 02:00
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))
MINUTES = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2040, 12, 31)).map(
    lambda clock: clock.replace(second=0, microsecond=0)
)


def took(first, second):
    return between(read(*first), read(*second)).text


@pytest.mark.parametrize(
    "first, second, text",
    [
        (("2026-02-03",), ("2026-02-09",), "6 days"),
        (("2026-01-31",), ("2026-02-01",), "1 day"),
        (("2028-02-28",), ("2028-03-01",), "2 days"),
        (("2026-02-03",), ("2026-02-03",), "the same day"),
        (("2026-02-03", "23:50"), ("2026-02-04",), "1 day"),
        (("2026-02-03", "23:50"), ("2026-02-04", "00:20"), "30 minutes"),
        (("2026-02-03", "10:00"), ("2026-02-03", "15:20"), "5 hours 20 minutes"),
        (("2026-02-03", "10:00"), ("2026-02-03", "10:00"), "0 minutes"),
        (("2026-02-03", "10:00"), ("2026-02-05", "09:00"), "47 hours"),
        (("2026-02-03", "10:00"), ("2026-02-05", "10:00"), "2 days"),
        (("2026-02-03", "10:00"), ("2026-02-09", "13:59"), "6 days 3 hours"),
        (("2026-01",), ("2026-03-31",), "about 2 months"),
        (("2025-12-31",), ("2026-01",), "about 1 month"),
        (("2026-03-01",), ("2026-03",), "within one month"),
        # the clocks go forward at one in the morning of 29 March 2026, and back on 25 October
        (("2026-03-29", "00:30"), ("2026-03-29", "02:30"), "1 hour"),
        (("2026-10-25", "00:30"), ("2026-10-25", "02:30"), "3 hours"),
        (("2026-03-28", "12:00"), ("2026-03-30", "12:00"), "47 hours"),
        (("2026-03-28", "12:00"), ("2026-03-31", "12:00"), "3 days"),
        (("2026-03-28",), ("2026-03-30",), "2 days"),
    ],
)
def test_how_long_it_took_is_as_precise_as_the_vaguer_moment(first, second, text):
    assert took(first, second) == text


@pytest.mark.parametrize(
    "on, at",
    [
        ("2026-02-30", ""),
        ("2026-13", ""),
        ("2026-2-3", ""),
        ("26-02-03", ""),
        ("0000-01", ""),
        ("0001-01-01", "00:00"),
        ("9999-12-31", "23:59"),
        ("2026-02", "10:00"),
        ("2026-02-03", "24:00"),
        ("2026-02-03", "9:00"),
        ("2026-02-03", "10:00+01:00"),
        ("٢٠٢٦-02-03", ""),
        ("2026-03-29", "01:00"),
        ("2026-03-29", "01:59"),
        (None, ""),
        ("2026-02-03", 10),
    ],
)
def test_what_is_no_moment_is_none(on, at):
    assert read(on, at) is None


def test_a_time_that_the_clocks_skip_never_was_and_one_that_comes_twice_was():
    assert read("2026-03-29", "00:59") and read("2026-03-29", "02:00")
    assert read("2026-10-25", "01:30")


@given(DATES, DATES)
def test_days_apart_are_calendar_days(first, second):
    duration = between(read(first.isoformat()), read(second.isoformat()))
    assert duration.days == (second - first).days
    assert duration.is_negative == (second < first)


@given(MINUTES, MINUTES)
def test_minutes_are_those_that_really_passed(first, second):
    one, two = (read_moment(f"{clock:%Y-%m-%dT%H:%M}") for clock in (first, second))
    if one is None or two is None:
        assert None in (_real(first), _real(second))
        return
    duration = between(one, two)
    assert duration.minutes == (_real(second) - _real(first)) // dt.timedelta(minutes=1)
    assert duration.is_negative == duration.text.startswith("−")


def _real(clock):
    """The moment in UTC; None if London's clocks never showed it."""
    there = clock.replace(tzinfo=LONDON).astimezone(dt.UTC)
    return there if there.astimezone(LONDON).replace(tzinfo=None) == clock else None


@given(st.integers(0, 10_000))
def test_hours_and_minutes_in_words_add_up(minutes):
    words = in_hours(minutes).split()
    found = dict(zip((word.rstrip("s") for word in words[1::2]), map(int, words[::2]), strict=True))
    assert found.get("hour", 0) * 60 + found.get("minute", 0) == minutes
    assert found.get("minute", 0) < 60


EVENTS = st.builds(
    lambda on, precision, minute: content.event_of(
        "x",
        "" if precision == MONTH else str(on.day),
        str(on.month),
        str(on.year),
        f"{minute // 60:02}:{minute % 60:02}" if precision == EXACT else "",
    ),
    DATES,
    st.sampled_from([EXACT, DAY, MONTH]),
    st.integers(0, 24 * 60 - 1),
)


@given(st.lists(EVENTS, max_size=8))
def test_a_timeline_has_one_gap_fewer_than_dated_events_and_none_is_negative(timeline):
    dated = [event for event in timeline if event["on"]]
    found = gaps(timeline)
    assert len(found) == max(len(dated) - 1, 0)
    assert not any(gap.took.is_negative for gap in found)


@given(st.lists(DATES, min_size=2, max_size=8))
def test_the_days_of_all_gaps_add_up_to_those_from_first_to_last(days):
    timeline = [
        content.event_of("x", str(day.day), str(day.month), str(day.year), "") for day in days
    ]
    assert sum(gap.took.days for gap in gaps(timeline)) == (max(days) - min(days)).days


@given(EVENTS)
def test_an_event_is_as_precise_as_what_was_typed_and_comes_back_as_typed(event):
    if not event["on"]:  # a time that the clocks skipped
        assert event["typed"]["time"]
        return
    when = read(event["on"], event["at"])
    assert when.precision == event["precision"]
    day, month, year = content.typed_date(event["on"])
    assert content.event_of("x", day, month, year, event["at"]) == event


def test_a_gap_reads_as_a_sentence_with_the_cause_of_the_event_that_came_late():
    timeline = [
        content.event_of("First visit", "9", "2", "2026", "", "no-staff"),
        content.event_of("Report", "3", "2", "2026", ""),
        content.event_of("Undated", "", "", "", ""),
    ]
    [gap] = gaps(timeline)
    assert (str(gap), gap.cause) == ("Report to first visit: 6 days", "no-staff")


def _wait(start="asked", end="arrived"):
    return SimpleNamespace(
        label="Wait", start=SimpleNamespace(code=start), end=SimpleNamespace(code=end)
    )


@pytest.mark.parametrize(
    "facts, text",
    [
        ({"asked": "2026-03-28T23:30", "arrived": "2026-03-29T02:30"}, "Wait: 2 hours"),
        ({"asked": "2026-03-28", "arrived": "2026-03-29T02:30"}, "Wait: 1 day"),
        ({"asked": "2026-03-29T02:30", "arrived": "2026-03-29T00:30"}, "Wait: −1 hour"),
        ({"asked": "2026-03-28T23:30"}, "Wait: not known"),
        ({"asked": "2026-03-28T23:30", "arrived": {"day": "31", "month": "2"}}, "Wait: not known"),
        ({}, "Wait: not known"),
    ],
)
def test_a_wait_is_computed_from_two_facts(facts, text):
    assert [str(each) for each in waits(facts, [_wait()])] == [text]


@pytest.mark.parametrize(
    "typed, kept",
    [
        (("3", "2", "2026", "14.05"), "2026-02-03T14:05"),
        (("03", "02", "2026", "905"), "2026-02-03T09:05"),
        (("3", "2", "2026", ""), "2026-02-03"),
        (("", "", "", ""), None),
        (("", "2", "2026", ""), {"day": "", "month": "2", "year": "2026", "time": ""}),
        (("3", "2", "2026", "25:00"), {"day": "3", "month": "2", "year": "2026", "time": "25:00"}),
        (("29", "3", "2026", "1:30"), {"day": "29", "month": "3", "year": "2026", "time": "1:30"}),
    ],
)
def test_a_moment_that_makes_no_sense_yet_is_kept_as_typed(typed, kept):
    assert content.moment_of(*typed) == kept


@given(st.lists(st.sampled_from(["child", "suspect"]), max_size=60))
def test_letters_count_children_and_suspects_apart(kinds):
    names = content.letters([{"kind": kind} for kind in kinds])
    assert len(set(names)) == len(names)
    children = [name for name, kind in zip(names, kinds, strict=True) if kind == "child"]
    if len(children) > 27:
        assert children[25:28] == ["Child Z", "Child AA", "Child AB"]


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_whatever_is_typed_as_a_date_is_kept_or_understood(day, month, year, time):
    event = content.event_of("x", day, month, year, time)
    if not event["on"] and any((day, month, year, time)):
        assert event["typed"] == {"day": day, "month": month, "year": year, "time": time}
    assert event["on"] == "" or durations.read(event["on"], event["at"])
