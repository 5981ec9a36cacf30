"""How far the force and the inspectorate agree about the same cases: pure arithmetic over a matrix of grades.

A matrix has a row for each grade that the force gave and a column for each that the inspectorate gave, in the order of
the scale, best first. docs/figures.md says in words what the numbers mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cases.figures import Figures

Matrix = Sequence[Sequence[int]]

LEAST_FOR_SHARE = 5  # compared cases; a share of fewer says more about chance than about anybody
LEAST_FOR_KAPPA = 20  # compared cases; below, the interval is so wide that kappa says nothing
Z_95 = 1.959963984540054  # of the normal distribution: 95% lie between -Z and Z


@dataclass(frozen=True)
class Kappa:
    """Weighted kappa with its 95% confidence interval (1: same grades throughout; 0: as alike as by chance)."""

    value: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True)
class Agreement:
    """Agreement over one set of cases. What too few cases could tell is None, and so is a kappa that is undefined."""

    code: str
    label: str
    matrix: tuple[tuple[int, ...], ...]
    compared: int
    same: int
    force_higher: int
    force_lower: int
    share: float | None
    kappa: Kappa | None

    @property
    def has_enough_for_kappa(self) -> bool:
        """Whether kappa is missing, if it is, because it is undefined and not for want of cases."""
        return self.compared >= LEAST_FOR_KAPPA


def of(code: str, label: str, matrix: Matrix) -> Agreement:
    """Return the agreement that `matrix` shows."""
    compared = sum(map(sum, matrix))
    same = sum(row[place] for place, row in enumerate(matrix))
    higher = sum(sum(row[place + 1 :]) for place, row in enumerate(matrix))
    return Agreement(
        code=code,
        label=label,
        matrix=tuple(map(tuple, matrix)),
        compared=compared,
        same=same,
        force_higher=higher,
        force_lower=compared - same - higher,
        share=same / compared if compared >= LEAST_FOR_SHARE else None,
        kappa=weighted_kappa(matrix) if compared >= LEAST_FOR_KAPPA else None,
    )


def overall(figures: Figures) -> Agreement:
    """Return the agreement over all compared cases of `figures`."""
    return of("all", "", [row.counts for row in figures.matrix])


def by_area(figures: Figures) -> list[Agreement]:
    """Return the agreement of each area, in the framework's order."""
    return [
        of(area.code, area.label, [row.counts for row in area.rows])
        for area in figures.matrix_by_area
    ]


def weighted_kappa(matrix: Matrix) -> Kappa | None:
    """Return Cohen's kappa with linear weights: one step apart counts as a part of the way to the far end of the scale.

    The standard error is the large-sample one of Fleiss, Cohen and Everitt (1969); the interval is cut off at -1 and 1.
    None where chance alone would make both agree throughout, as kappa is then a division by zero: no cases, a scale of
    one grade, or a single grade that both gave to every case.
    """
    size, cases = len(matrix), sum(map(sum, matrix))
    if not cases or size < 2:
        return None
    # The sums over rows and columns stay whole numbers, so that zero is zero.
    force = [sum(row) for row in matrix]
    inspectorate = [sum(column) for column in zip(*matrix, strict=True)]
    steps = range(size)
    seen = sum(abs(i - j) * matrix[i][j] for i in steps for j in steps)
    by_chance = sum(abs(i - j) * force[i] * inspectorate[j] for i in steps for j in steps)
    if by_chance == 0:
        return None
    value = 1 - seen * cases / by_chance
    error = _standard_error(matrix, force, inspectorate, value)
    return Kappa(
        value=value,
        low=max(value - Z_95 * error, -1.0),
        high=min(value + Z_95 * error, 1.0),
        standard_error=error,
    )


def _standard_error(
    matrix: Matrix, force: list[int], inspectorate: list[int], value: float
) -> float:
    """Fleiss, Cohen and Everitt (1969), `weight` is 1 on the diagonal, 0 at the far ends."""
    steps, cases = range(len(matrix)), sum(force)
    rows = [count / cases for count in force]
    columns = [count / cases for count in inspectorate]

    def weight(i: int, j: int) -> float:
        return 1 - abs(i - j) / (len(matrix) - 1)

    of_row = [sum(columns[j] * weight(i, j) for j in steps) for i in steps]
    of_column = [sum(rows[i] * weight(i, j) for i in steps) for j in steps]
    by_chance = sum(rows[i] * columns[j] * weight(i, j) for i in steps for j in steps)
    spread = sum(
        matrix[i][j] / cases * (weight(i, j) - (of_row[i] + of_column[j]) * (1 - value)) ** 2
        for i in steps
        for j in steps
    )
    variance = (spread - (value - by_chance * (1 - value)) ** 2) / ((1 - by_chance) ** 2 * cases)
    return math.sqrt(max(variance, 0.0))  # rounding may leave a trace below zero
