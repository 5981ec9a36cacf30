"""The world of these tests: made once a module, inside a transaction that is rolled back after it.

What a single test changes in it is undone by that test's own `django_db`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.generated.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        world = build()
        # Otherwise the end of each test would check the keys of everything in the world, not only of what it added.
        connection.check_constraints()
        yield world
        transaction.set_rollback(True)
