"""The demo, loaded once for the tests of a module, which are a group so that one process loads it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.db import transaction

from demo.loader import load_demo
from inspections import dates

PASSWORD = "a-password-for-this-test"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[datetime.date]:
    """The demo in the database while the module runs; its value is the day on which it was loaded."""
    with django_db_blocker.unblock(), transaction.atomic():
        today = dates.today()
        load_demo(PASSWORD, today=today)
        yield today
        transaction.set_rollback(True)
