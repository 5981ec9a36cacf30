"""How a period is told in words."""

import datetime as dt

import pytest

from inspections.presentation import date_range


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2026, 2, 2), (2026, 2, 13), "2 to 13 February 2026"),
        ((2026, 1, 26), (2026, 2, 6), "26 January to 6 February 2026"),
        ((2025, 12, 15), (2026, 1, 9), "15 December 2025 to 9 January 2026"),
        ((2026, 2, 2), (2026, 2, 2), "2 February 2026"),
        ((2016, 2, 1), (2016, 2, 29), "February 2016"),
        ((2015, 2, 1), (2015, 3, 31), "February to March 2015"),
        ((2025, 12, 1), (2026, 1, 31), "December 2025 to January 2026"),
        ((2016, 2, 1), (2016, 2, 28), "1 to 28 February 2016"),
    ],
)
def test_a_period_is_as_short_as_its_dates_allow_and_whole_months_are_told_as_months(
    start, end, words
):
    assert date_range(dt.date(*start), dt.date(*end)) == words
