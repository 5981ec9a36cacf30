"""Every figure about grades: pages, API, charts and reports show what is counted here, and count nothing themselves.

Every table is a sum over one count of cases by area, route and both sides' grades (`cases.counted`), so tables of the
same inspection cannot contradict each other (domain rule 2). A case counts if no lead has excluded it; a grade counts
once its audit is submitted, and is the final one where a lead settled another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from accounts.models import User
from cases import counted
from cases.counted import Cell
from cases.models import Route
from inspections import methodology
from inspections.models import Grade, Inspection


class FiguresDisagree(Exception):
    """Tables about the same cases do not add up to each other; nobody may be shown them."""


@dataclass(frozen=True)
class GradeOfScale:
    """One step of the framework's scale, best first; a column of every table."""

    code: str
    label: str
    letter: str
    colour_role: str


@dataclass(frozen=True)
class Row:
    """How many cases of one kind got each grade; `counts` stands in the order of the scale."""

    code: str
    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class SampleRow:
    """One area: how many cases the force owed (`quota`), and how many counted cases came in by each route."""

    code: str
    label: str
    quota: int
    self_assessed: int
    selected: int

    @property
    def examined(self) -> int:
        return self.self_assessed + self.selected


@dataclass(frozen=True)
class AreaMatrix:
    """The matrix of the cases of one area: a row for each grade of the force, a column for each of the inspectorate."""

    code: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Figures:
    """What was counted of one inspection, as plain numbers.

    `headline`, `by_route` and `by_area` count the inspectorate's submitted grades and add up to each other.
    `matrix` has a row for each grade the force gave and a column for each the inspectorate gave, over the cases that
    both have submitted; `matrix_by_area` splits it, and is empty in documents older than it. `force_sample` counts the
    force's submitted grades of its own sample. What the reader may not see yet is not counted; `shows_inspectorate` is
    false while that is everything the inspectorate says.
    """

    grades: tuple[GradeOfScale, ...]
    headline: Row
    by_route: tuple[Row, ...]
    by_area: tuple[Row, ...]
    matrix: tuple[Row, ...]
    force_sample: Row
    sample: tuple[SampleRow, ...]
    cases: int
    shows_inspectorate: bool = True
    matrix_by_area: tuple[AreaMatrix, ...] = ()

    def __post_init__(self) -> None:
        for name in ("by_route", "by_area"):
            if _totals(getattr(self, name), len(self.grades)) != self.headline.counts:
                raise FiguresDisagree(f"{name} does not add up to the headline")
        if sum(row.examined for row in self.sample) != self.cases:
            raise FiguresDisagree("the sample table does not add up to the number of cases")
        if self.graded > self.cases:
            raise FiguresDisagree("more grades than cases")
        for row, given in zip(self.matrix, self.force_sample.counts, strict=True):
            if row.total > given:
                raise FiguresDisagree("the matrix has more grades of the force than it gave")
        for both, ours in zip(self.matrix_totals.counts, self.headline.counts, strict=True):
            if both > ours:
                raise FiguresDisagree("the matrix has more grades of the inspectorate than it gave")
        if self.matrix_by_area:
            self._check_matrices()

    def _check_matrices(self) -> None:
        """Every number of the matrix is the sum of those of the areas, none of which has more than the area itself."""
        for place, row in enumerate(self.matrix):
            parts = [area.rows[place] for area in self.matrix_by_area]
            if _totals(parts, len(self.grades)) != row.counts:
                raise FiguresDisagree("the matrices of the areas do not add up to the matrix")
        for area, graded in zip(self.matrix_by_area, self.by_area, strict=True):
            compared = _totals(area.rows, len(self.grades))
            if any(one > all_ for one, all_ in zip(compared, graded.counts, strict=True)):
                raise FiguresDisagree("an area has more compared cases than graded ones")

    @property
    def graded(self) -> int:
        """Cases that the inspectorate has graded."""
        return self.headline.total

    @property
    def not_graded(self) -> int:
        return self.cases - self.graded

    @property
    def matrix_totals(self) -> Row:
        """What the inspectorate gave, over the cases that both have graded."""
        return Row("total", "", _totals(self.matrix, len(self.grades)))

    @property
    def compared(self) -> int:
        """Cases that both sides have graded."""
        return sum(row.total for row in self.matrix)

    @property
    def same(self) -> int:
        """Compared cases to which both gave the same grade."""
        return sum(row.counts[place] for place, row in enumerate(self.matrix))

    @property
    def force_higher(self) -> int:
        """Compared cases that the force graded better than the inspectorate."""
        return sum(sum(row.counts[place + 1 :]) for place, row in enumerate(self.matrix))

    @property
    def force_lower(self) -> int:
        """Compared cases that the force graded worse than the inspectorate."""
        return self.compared - self.same - self.force_higher

    @property
    def sample_totals(self) -> SampleRow:
        return SampleRow(
            "total",
            "",
            sum(row.quota for row in self.sample),
            sum(row.self_assessed for row in self.sample),
            sum(row.selected for row in self.sample),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Figures:
        """Return the figures that `to_dict` wrote, checked again."""

        def rows(items: Iterable[dict[str, Any]]) -> tuple[Row, ...]:
            return tuple(_row(item) for item in items)

        return cls(
            **{
                **data,
                "grades": tuple(GradeOfScale(**grade) for grade in data["grades"]),
                "headline": _row(data["headline"]),
                "force_sample": _row(data["force_sample"]),
                "by_route": rows(data["by_route"]),
                "by_area": rows(data["by_area"]),
                "matrix": rows(data["matrix"]),
                "sample": tuple(SampleRow(**row) for row in data["sample"]),
                "matrix_by_area": tuple(
                    AreaMatrix(area["code"], area["label"], rows(area["rows"]))
                    for area in data.get("matrix_by_area", ())
                ),
            }
        )


def for_inspection(inspection: Inspection, user: User) -> Figures:
    """Count what `user` may see of `inspection` now (rule 3), in two queries (three while they owe a reading).

    The inspectorate sees the force's grades of the cases that it has submitted itself; the force sees its own, and
    the inspectorate's from the factual accuracy check on. Cases that `user` has yet to read blind count as not graded.
    A test holds this against `Audit.objects.visible_to`.
    """
    return _add_up(
        inspection,
        counted.cells(inspection, user, counted.blind_cases(inspection, user)),
        shows_inspectorate=user.is_inspectorate or inspection.force_sees_findings,
    )


def for_report(inspection: Inspection) -> Figures:
    """Count what is submitted, for the report; whoever shows it decides who may read it.

    Inspectors look at drafts from fieldwork on, so the force's grades are those of cases that the inspectorate has
    submitted (rule 3): of all cases that count, once there is something to publish.
    """
    return _add_up(inspection, counted.all_cells(inspection), shows_inspectorate=True)


def _add_up(inspection: Inspection, cells: list[Cell], *, shows_inspectorate: bool) -> Figures:
    parts = methodology.of(inspection.framework)
    grades, areas = parts.grades, parts.areas

    def row(code: str, label: str, side: str = "ours", **only: object) -> Row:
        kept = [
            cell for cell in cells if all(getattr(cell, name) == is_ for name, is_ in only.items())
        ]
        return Row(code, label, _by_grade(grades, kept, side))

    def matrix(**only: object) -> tuple[Row, ...]:
        return tuple(
            row(grade.code, grade.label, "ours", theirs=grade.pk, **only) for grade in grades
        )

    return Figures(
        grades=tuple(GradeOfScale(g.code, g.label, g.letter, g.colour_role) for g in grades),
        headline=row("all", ""),
        by_route=tuple(row(route.value, str(route.label), route=route.value) for route in Route),
        by_area=tuple(row(area.code, area.label, area=area.pk) for area in areas),
        matrix=matrix(),
        force_sample=row("force", "", "theirs", route=Route.SELF_ASSESSED.value),
        sample=tuple(
            SampleRow(
                area.code,
                area.label,
                area.sample_quota,
                *(
                    sum(c.cases for c in cells if c.area == area.pk and c.route == route)
                    for route in (Route.SELF_ASSESSED, Route.SELECTED)
                ),
            )
            for area in areas
        ),
        cases=sum(cell.cases for cell in cells),
        shows_inspectorate=shows_inspectorate,
        matrix_by_area=tuple(
            AreaMatrix(area.code, area.label, matrix(area=area.pk)) for area in areas
        ),
    )


def _by_grade(grades: Iterable[Grade], cells: Iterable[Cell], side: str) -> tuple[int, ...]:
    counts = dict.fromkeys((grade.pk for grade in grades), 0)
    for cell in cells:
        grade = getattr(cell, side)
        if grade is not None:
            counts[grade] += cell.cases
    return tuple(counts.values())


def _totals(rows: Iterable[Row], columns: int) -> tuple[int, ...]:
    sums = [0] * columns
    for row in rows:
        for place, count in enumerate(row.counts):
            sums[place] += count
    return tuple(sums)


def _row(data: dict[str, Any]) -> Row:
    return Row(data["code"], data["label"], tuple(data["counts"]))
