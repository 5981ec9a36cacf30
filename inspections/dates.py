"""The rules of dates: what today is, what day a timescale ends on (domain rule 6), when hours have gone by."""

import calendar
import datetime as dt

from config.clock import now, today
from inspections.models.frameworks import TimeUnit

__all__ = ["add", "after_hours", "now", "today"]


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


def after_hours(moment: dt.datetime, hours: int) -> dt.datetime:
    """Return the full minute (UTC) by which `hours` have gone by since `moment`, whatever the clocks did meanwhile.

    Rounded up, so that the minute which a page shows is the one that counts.
    """
    due = moment.astimezone(dt.UTC) + dt.timedelta(hours=hours)
    minute = due.replace(second=0, microsecond=0)
    return minute if minute == due else minute + dt.timedelta(minutes=1)


def _add_months(day: dt.date, amount: int) -> dt.date:
    years, month0 = divmod(day.month - 1 + amount, 12)
    year, month = day.year + years, month0 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
