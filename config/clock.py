"""What time Assay believes it is: the real one, or days ahead of it in demonstrations, training and tests."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """Return the moment in Europe/London, moved ahead by `settings.CLOCK_OFFSET_DAYS` whole days of the calendar."""
    moment = timezone.localtime()
    if not settings.CLOCK_OFFSET_DAYS:
        return moment  # adding even nothing would forget which of the two hours it is when the clocks go back
    return moment + dt.timedelta(days=settings.CLOCK_OFFSET_DAYS)


def today() -> dt.date:
    """Return the date in Europe/London, moved ahead as `now` is."""
    return now().date()
