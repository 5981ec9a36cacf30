"""Figures over many recommendations: what is open, overdue, ready for closure, extended, by force, theme and age.

All tables come of one grouped query, so that they add up to each other however the recommendations are narrowed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When

from accounts.models import Force
from inspections.models import Deadline, Theme
from recommendations import lists
from recommendations.models import ProgressStatus, RecommendationQuerySet


@dataclass(frozen=True)
class Counts:
    """How many recommendations of some kind there are. All but `overdue` and `settled` are among the open ones.

    Overdue is what has an open deadline that is over (`Deadline.objects.overdue`): the number of every other page.
    """

    open: int = 0
    overdue: int = 0
    ready: int = 0
    extended: int = 0
    asked: int = 0
    undated: int = 0
    settled: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, part) + getattr(other, part) for part in PARTS))

    @property
    def all(self) -> int:
        return self.open + self.settled

    @property
    def first(self) -> int:
        """Open ones whose first date stands."""
        return self.open - self.extended - self.undated


PARTS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True)
class Line:
    """One line of a table: `key` is what the list's filter takes for it."""

    key: str
    label: str
    counts: Counts


@dataclass(frozen=True)
class Figures:
    """The same recommendations counted in all, by force (by name), theme (by label) and age (youngest first)."""

    total: Counts
    forces: list[Line]
    themes: list[Line]
    ages: list[Line]


def figures(found: RecommendationQuerySet, today: dt.date) -> Figures:
    """Count `found` (published recommendations) as they stand on `today`, in one grouped query and two of names."""
    names = dict(Force.objects.values_list("pk", "name"))
    labels = dict(Theme.objects.values_list("pk", "label"))
    cells = [
        (force, names[force], labels[theme], age, Counts(*counts))
        for force, theme, age, *counts in _cells(found, today)
    ]
    ages = dict(enumerate(lists.AGES))
    by_age = _lines(cells, lambda cell: (str(cell[3]), str(cell[3])))
    return Figures(
        total=sum((cell[4] for cell in cells), Counts()),
        forces=_by_label(_lines(cells, lambda cell: (str(cell[0]), cell[1]))),
        themes=_by_label(_lines(cells, lambda cell: (cell[2], cell[2]))),
        ages=[
            Line(age.key, str(age.label), line.counts)
            for number, age in ages.items()
            for line in by_age
            if line.key == str(number)
        ],
    )


Cell = tuple[int, str, str, int, Counts]


def _cells(found: RecommendationQuerySet, today: dt.date) -> Iterable[tuple[Any, ...]]:
    still = Q(settled_on__isnull=True)
    age = Case(
        *(
            When(lists.published_between(age, today), then=Value(number))
            for number, age in enumerate(lists.AGES)
        ),
        output_field=IntegerField(),
    )
    conditions = {
        "open": still,
        "overdue": Q(deadline__in=Deadline.objects.overdue(today)),
        "ready": still & Q(progress_status=ProgressStatus.COMPLETE),
        "extended": still & lists.EXTENDED,
        "asked": still & lists.waiting_requests(),
        "undated": still & Q(deadline__isnull=True),
        "settled": ~still,
    }
    # Grouped by keys: to sort and hash the names of a hundred thousand rows takes several times as long.
    dimensions = ["inspection__force", "theme", "age"]
    return (
        found.order_by()
        .annotate(age=age)
        .values(*dimensions)
        .annotate(**{f"n_{name}": Count("pk", filter=conditions[name]) for name in PARTS})
        .values_list(*dimensions, *(f"n_{name}" for name in PARTS))
    )


def _lines(cells: list[Cell], key: Callable[[Cell], tuple[str, str]]) -> list[Line]:
    sums: dict[tuple[str, str], Counts] = {}
    for cell in cells:
        name = key(cell)
        sums[name] = sums[name] + cell[4] if name in sums else cell[4]
    return [Line(value, label, counts) for (value, label), counts in sums.items()]


def _by_label(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.label.casefold())
