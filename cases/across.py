"""Figures of several inspections added up. Nothing is counted here: what was counted of each is set side by side.

Grades of different scales are only added where a declared comparison says what they count as (domain rule 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.figures import Figures, GradeOfScale, Row

# From the code of a grade or an area in its framework to that of what it counts as.
Places = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One inspection: its figures, what its grades and areas count as, and the year that it stands under."""

    figures: Figures
    grades: Places
    areas: Places
    year: int


@dataclass(frozen=True)
class AreaAcross:
    """One area: its grades in all, by year, and the matrix of the cases that both sides graded."""

    code: str
    label: str
    total: Row
    by_year: tuple[Row, ...]
    matrix: tuple[Row, ...]


@dataclass(frozen=True)
class Across:
    """What several inspections found together. Rows stand in the order of `grades`, areas in that of the comparison."""

    grades: tuple[GradeOfScale, ...]
    headline: Row
    by_year: tuple[Row, ...]
    areas: tuple[AreaAcross, ...]
    matrix: tuple[Row, ...]

    @property
    def compared(self) -> int:
        """Cases that both the force and the inspectorate graded."""
        return sum(row.total for row in self.matrix)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Across:
        """Return what `dataclasses.asdict` made plain."""
        return cls(
            grades=tuple(GradeOfScale(**grade) for grade in data["grades"]),
            headline=_row(data["headline"]),
            by_year=_rows(data["by_year"]),
            areas=tuple(
                AreaAcross(
                    area["code"],
                    area["label"],
                    _row(area["total"]),
                    _rows(area["by_year"]),
                    _rows(area["matrix"]),
                )
                for area in data["areas"]
            ),
            matrix=_rows(data["matrix"]),
        )


def _row(data: dict[str, Any]) -> Row:
    return Row(data["code"], data["label"], tuple(data["counts"]))


def _rows(data: Iterable[dict[str, Any]]) -> tuple[Row, ...]:
    return tuple(map(_row, data))


def add_up(
    parts: Sequence[Part], grades: tuple[GradeOfScale, ...], areas: Sequence[tuple[str, str]]
) -> Across:
    """Return the sums over `parts`; `areas` are code and label of each area in order.

    Every grade and area of a part has to count as one of these: KeyError otherwise, as nothing may be lost.
    """
    order = [grade.code for grade in grades]
    years = sorted({part.year for part in parts})

    def rows_of(part: Part, code: str | None = None) -> list[tuple[Part, Row]]:
        return [
            (part, row)
            for row in part.figures.by_area
            if code is None or part.areas[row.code] == code
        ]

    def summed(code: str, label: str, rows: Iterable[tuple[Part, Row]]) -> Row:
        counts = dict.fromkeys(order, 0)
        for part, row in rows:
            for grade, count in zip(part.figures.grades, row.counts, strict=True):
                counts[part.grades[grade.code]] += count
        return Row(code, label, tuple(counts.values()))

    def by_year(code: str | None = None) -> tuple[Row, ...]:
        return tuple(
            summed(
                str(year),
                str(year),
                [pair for part in parts if part.year == year for pair in rows_of(part, code)],
            )
            for year in years
        )

    def every(code: str | None = None) -> list[tuple[Part, Row]]:
        return [pair for part in parts for pair in rows_of(part, code)]

    return Across(
        grades=grades,
        headline=summed("all", "", every()),
        by_year=by_year(),
        areas=tuple(
            AreaAcross(
                code,
                label,
                summed(code, label, every(code)),
                by_year(code),
                _matrix(parts, grades, code),
            )
            for code, label in areas
        ),
        matrix=_matrix(parts, grades, None),
    )


def _matrix(
    parts: Sequence[Part], grades: tuple[GradeOfScale, ...], area: str | None
) -> tuple[Row, ...]:
    """Return a row for each grade of the force with the inspectorate's grades of the same cases, of one area or all."""
    order = [grade.code for grade in grades]
    counts = {(ours, theirs): 0 for ours in order for theirs in order}
    for part in parts:
        for row in _compared(part, area):
            for grade, count in zip(part.figures.grades, row.counts, strict=True):
                counts[part.grades[grade.code], part.grades[row.code]] += count
    return tuple(
        Row(grade.code, grade.label, tuple(counts[ours, grade.code] for ours in order))
        for grade in grades
    )


def _compared(part: Part, area: str | None) -> list[Row]:
    """Return the rows of a part's matrix. Documents older than the matrices by area have only that of all areas."""
    if area is None:
        return list(part.figures.matrix)
    return [
        row
        for matrix in part.figures.matrix_by_area
        if part.areas[matrix.code] == area
        for row in matrix.rows
    ]
