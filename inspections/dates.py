"""The rules of dates: what today is, and what day a timescale ends on (domain rule 6)."""

import calendar
import datetime as dt

from config.clock import now, today
from inspections.models.frameworks import TimeUnit

__all__ = ["add", "now", "today"]


def add(day: dt.date, unit: TimeUnit | str, amount: int) -> dt.date:
    """Return the date `amount` of `unit` after `day` (domain rule 6).

    Calendar months are clamped to the month's end: 30 November plus three months is 28 or 29 February. Days and
    weeks count as such. `TimeUnit.NONE` has no date: ValueError.
    """
    match TimeUnit(unit):
        case TimeUnit.DAYS:
            return day + dt.timedelta(days=amount)
        case TimeUnit.WEEKS:
            return day + dt.timedelta(weeks=amount)
        case TimeUnit.MONTHS:
            return _add_months(day, amount)
    raise ValueError("A timescale without a date has no day on which it ends.")


def _add_months(day: dt.date, amount: int) -> dt.date:
    years, month0 = divmod(day.month - 1 + amount, 12)
    year, month = day.year + years, month0 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
