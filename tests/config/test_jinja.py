import datetime as dt
from zoneinfo import ZoneInfo

import jinja2
import pytest
from django.template import engines
from django.utils.translation import override

from config.jinja import (
    format_date,
    format_datetime,
    format_time,
    is_before,
    number,
    percent,
    relative,
    span,
)

TODAY = dt.date(2026, 3, 3)


def render(source, **context):
    return engines["jinja2"].from_string(source).render(context)


def test_dates_and_times_are_those_of_london():
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    assert format_date(late) == "2 July 2026"
    assert format_time(late) == "00:30"
    assert format_datetime(late) == "2 July 2026, 00:30"
    assert format_date(TODAY) == "3 March 2026"
    assert format_date(None) == format_time(None) == format_datetime(None) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (6, "in 6 days"),
        (-4, "4 days ago"),
    ],
)
def test_days_from_today_are_said_in_words(days, words):
    assert relative(TODAY + dt.timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "less than a minute"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (239, "3 hours"),
        (47 * 60 + 59, "47 hours"),
        (48 * 60, "2 days"),
        (-90, "1 hour"),
    ],
)
def test_what_is_counted_in_hours_says_how_much_time_is_left(minutes, words):
    now = dt.datetime(2026, 3, 3, 13, 32, tzinfo=dt.UTC)
    assert span(now + dt.timedelta(minutes=minutes), now) == words


def test_hours_go_by_when_the_clocks_go_back():
    london = ZoneInfo("Europe/London")
    first = dt.datetime(2026, 10, 25, 1, 45, tzinfo=london)
    second = dt.datetime(2026, 10, 25, 1, 15, tzinfo=london, fold=1)
    assert span(second, first) == "30 minutes"
    assert is_before(first, second) and not is_before(second, first)


def test_a_share_is_rounded_half_up_and_a_share_of_nothing_is_a_dash():
    assert percent(1, 8) == "13%"
    assert percent(1, 8, 1) == "12.5%"
    assert percent(5, 200) == "3%"
    assert percent(0, 0) == "–"


def test_long_numbers_have_separators():
    assert number(12345) == "12,345"


def test_a_name_that_nothing_defines_fails():
    with pytest.raises(jinja2.UndefinedError):
        render("{{ nonsense }}")
    with pytest.raises(jinja2.UndefinedError):
        render("{% if day.nonsense %}{% endif %}", day=TODAY)


def test_what_people_typed_is_escaped_also_inside_translated_texts():
    source = '{{ _("by %(name)s", name=name) }} {{ name }}'
    assert render(source, name="<b>") == "by &lt;b&gt; &lt;b&gt;"


def test_dates_follow_the_language_of_the_reader():
    with override("cy"):
        assert format_date(TODAY) == "3 Mawrth 2026"


@pytest.mark.parametrize(
    ("days", "met", "expected"),
    [
        (-3, None, "Overdue 3 days overdue, was due 28 February 2026"),
        (-1, None, "Overdue 1 day overdue, was due 2 March 2026"),
        (0, None, "Due today 3 March 2026"),
        (6, None, "Due soon in 6 days, 9 March 2026"),
        (40, None, "in 40 days, 12 April 2026"),
        (-3, dt.date(2026, 2, 27), "Met on 27 February 2026"),
    ],
)
def test_a_due_date_says_how_far_it_is_beside_the_date(days, met, expected):
    source = '{% from "components/ui.jinja" import due %}{{ due(date, today, met)|striptags }}'
    date = TODAY + dt.timedelta(days=days)
    assert render(source, date=date, today=TODAY, met=met) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (3.5, "Urgent in 3 hours, 3 March 2026, 17:02"),
        (-2, "Overdue 2 hours overdue, was due 3 March 2026, 11:32"),
    ],
)
def test_a_due_moment_says_how_many_hours_are_left(hours, expected):
    now = dt.datetime(2026, 3, 3, 13, 32, tzinfo=dt.UTC)
    template = engines["jinja2"].from_string(
        '{% from "components/ui.jinja" import due %}'
        "{{ due(now.date(), now.date(), at=at, now=now)|striptags }}"
    )
    at = now + dt.timedelta(hours=hours)
    assert " ".join(template.render({"now": now, "at": at}).split()) == expected
