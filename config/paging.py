"""Pages of lists that may be very long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

PER_PAGE = 50
MOST_LISTED = 1_000


class LongPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of 50 rows, of which the first 1,000 can be leafed through: they cost the same however long the list is.

    To count a hundred thousand rows takes longer than to show fifty, and nobody leafs through two thousand pages. So
    one query finds the first 1,001 primary keys of `rows` in their order, and `load` gets the rows of one page by
    their keys. `count` is how many rows can be reached; `has_more` says that there are others, and so does the page.
    """

    def __init__(
        self,
        rows: Any,
        load: Callable[[list[int]], Iterable[Any]],
        per_page: int = PER_PAGE,
        most: int = MOST_LISTED,
    ) -> None:
        super().__init__(rows, per_page)
        self.load, self.most = load, most

    @cached_property
    def _keys(self) -> list[int]:
        rows: Any = self.object_list
        return list(rows.values_list("pk", flat=True)[: self.most + 1])

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(len(self._keys), self.most)

    @property
    def has_more(self) -> bool:
        return len(self._keys) > self.most

    def page(self, number: int | str) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._keys[first : min(first + self.per_page, self.most)]
        loaded = {row.pk: row for row in self.load(keys)} if keys else {}
        rows: Sequence[Any] = [loaded[key] for key in keys if key in loaded]
        return self._get_page(rows, number, self)  # type: ignore[attr-defined]
