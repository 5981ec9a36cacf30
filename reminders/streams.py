"""Reading many rows with little memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def rows(values: QuerySet[Any, tuple[Any, ...]], *, at_once: int) -> Iterator[tuple[Any, ...]]:
    """Yield what a `values_list` finds, in one query, `at_once` rows in memory at a time.

    The settings switch server-side cursors off, as short lists are quicker without; `iterator()` would hold everything.
    """
    sql, params = values.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while some := cursor.fetchmany(at_once):
            yield from some
