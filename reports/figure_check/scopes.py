"""The rows of a report's tables, against which its sentences are held: read from the document, not counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from cases.figures import AreaMatrix, Figures, Row
from cases.models import Route
from reports.document import Document
from reports.quoted import catalogue

Side = Literal["inspectorate", "force"]


@dataclass(frozen=True)
class Scope:
    """Some cases and how many of them got each grade of one side; `counts` is empty where only their number is known.

    `compared` rows are about cases that both sides have graded; with `force_grade`, those that the force gave it.
    """

    label: str
    totals: frozenset[int]
    counts: dict[str, int]
    side: Side = "inspectorate"
    area: str | None = None
    route: str | None = None
    compared: bool = False
    force_grade: str | None = None

    @property
    def total(self) -> int:
        """The cases with a grade, of which a share is taken."""
        return sum(self.counts.values()) if self.counts else max(self.totals)

    def __hash__(self) -> int:
        return id(self)


def scopes(document: Document) -> list[Scope]:
    """Return every row of the tables of `document`: all cases, by route, by area, and what both sides compared."""
    figures = document.figures
    return [*_of_inspectors(figures), *_of_the_force(figures), *_matrix(figures)]


def _of_inspectors(figures: Figures) -> Iterator[Scope]:
    def row(
        row: Row, label: str, *totals: int, area: str | None = None, route: str | None = None
    ) -> Scope:
        return Scope(
            label, frozenset({row.total, *totals}), _counts(figures, row), area=area, route=route
        )

    yield row(figures.headline, _("all cases"), figures.cases)
    totals = figures.sample_totals
    by_route = {
        Route.SELF_ASSESSED.value: totals.self_assessed,
        Route.SELECTED.value: totals.selected,
    }
    for each in figures.by_route:
        yield row(each, each.label, by_route.get(each.code, each.total), route=each.code)
    for each, sample in zip(figures.by_area, figures.sample, strict=True):
        yield row(each, each.label, sample.examined, area=each.code)
        for route, count in (
            (Route.SELF_ASSESSED, sample.self_assessed),
            (Route.SELECTED, sample.selected),
        ):
            label = f"{each.label}, {route.label}"
            yield Scope(label, frozenset({count}), {}, area=each.code, route=route.value)
    yield Scope(
        _("asked of the force"),
        frozenset({totals.quota}),
        {},
        "force",
        None,
        Route.SELF_ASSESSED.value,
    )


def _of_the_force(figures: Figures) -> Iterator[Scope]:
    yield Scope(
        _("graded by the force itself"),
        frozenset({figures.force_sample.total, figures.sample_totals.self_assessed}),
        _counts(figures, figures.force_sample),
        "force",
        route=Route.SELF_ASSESSED.value,
    )


def _matrix(figures: Figures) -> Iterator[Scope]:
    if not figures.compared:
        return
    route = Route.SELF_ASSESSED.value
    yield from _both(figures, figures.matrix, _("graded by both sides"), None, route)
    for grade, row in zip(figures.grades, figures.matrix, strict=True):
        label = _("%(grade)s in the force’s eyes") % {"grade": grade.label}
        yield Scope(
            label,
            frozenset({row.total}),
            _counts(figures, row),
            compared=True,
            force_grade=grade.code,
            route=route,
        )
    for area in figures.matrix_by_area:
        yield from _both(figures, area.rows, _area(area), area.code, route)


def _area(area: AreaMatrix) -> str:
    return _("%(area)s, graded by both sides") % {"area": area.label}


def _both(
    figures: Figures, rows: tuple[Row, ...], label: str, area: str | None, route: str
) -> Iterator[Scope]:
    """What each side gave to the cases that both graded."""
    codes = [grade.code for grade in figures.grades]
    total = sum(row.total for row in rows)
    ours = {code: sum(row.counts[place] for row in rows) for place, code in enumerate(codes)}
    theirs = {code: row.total for code, row in zip(codes, rows, strict=True)}
    for side, counts in (("inspectorate", ours), ("force", theirs)):
        yield Scope(label, frozenset({total}), counts, side, area, route, compared=True)  # type: ignore[arg-type]


def _counts(figures: Figures, row: Row) -> dict[str, int]:
    return {grade.code: count for grade, count in zip(figures.grades, row.counts, strict=True)}


@dataclass(frozen=True)
class Agreement:
    """How often both sides gave the same grade, or one a better one, over all compared cases or in one area."""

    area: str | None
    label: str
    compared: int
    same: int
    force_higher: int
    force_lower: int


def agreements(document: Document) -> list[Agreement]:
    """Return the agreement over all areas, then in each."""
    quoted = {key: each.value for key, each in catalogue(document).items()}
    figures = document.figures
    found = [
        Agreement(
            None,
            _("graded by both sides"),
            figures.compared,
            figures.same,
            figures.force_higher,
            figures.compared - figures.same - figures.force_higher,
        )
    ]
    for area in figures.matrix_by_area:
        code = area.code.replace("_", "-")
        counts = [
            quoted.get(f"{key}.area.{code}", 0)
            for key in ("compared", "same", "force-higher", "force-lower")
        ]
        found.append(Agreement(area.code, _area(area), *counts))
    return found


@dataclass(frozen=True)
class Share:
    """How many recommendations there are of one timescale, theme or outcome; of all, where `label` is empty."""

    label: str
    count: int
    earlier: bool = False


def recommendation_shares(document: Document) -> list[Share]:
    """Return the counts of recommendations; those of the inspection that a review looks back at are `earlier`."""
    found = []
    for quoted in catalogue(document).values():
        if quoted.unit != "recommendations":
            continue
        earlier = quoted.key.startswith("earlier.")
        whole = quoted.key in {"recommendations", "earlier.recommendations"}
        label = "" if whole else quoted.label.partition(": ")[2]
        found.append(Share(label, quoted.value, earlier))
    return found
