"""Weekends and bank holidays, on which a policy may keep quiet."""

from __future__ import annotations

import datetime as dt
import functools

import holidays

from accounts.models import Nation

_SATURDAY = 5
# What the library calls the parts of the United Kingdom.
_SUBDIVISIONS = {Nation.ENGLAND: "ENG", Nation.WALES: "WLS"}


@functools.cache
def _bank_holidays(nation: str, year: int) -> frozenset[dt.date]:
    return frozenset(
        holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[Nation(nation)], years=year)
    )


def is_working_day(day: dt.date, nation: str) -> bool:
    """Whether `day` is neither a Saturday, a Sunday nor a bank holiday of `nation`."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays(nation, day.year)


def next_working_day(day: dt.date, nation: str) -> dt.date:
    """Return `day` itself if it is a working day of `nation`, or else the first one after it."""
    while not is_working_day(day, nation):
        day += dt.timedelta(days=1)
    return day
