"""A chart of one or two lines over time, as plain geometry; `templates/recommendations/line_chart.jinja` draws it.

It serves pages and PDFs alike. The lines differ in their strokes as well as in colour and carry their names at their
ends, so that a photocopy and a reader who sees no colours lose nothing; a table with the same numbers stands by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

# All lengths are units of the drawing, which is scaled to the width it gets.
WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 150, 14, 34
MOST_LABELS = 6  # under the horizontal axis
LABEL_HEIGHT = 17
STROKES = (("#0f4f59", ""), ("#8a5a00", "6 5"))


@dataclass(frozen=True)
class Mark:
    """A line of the grid with its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    label: str
    label_y: float
    points: str
    colour: str
    dashes: str
    end_x: float
    end_y: float


@dataclass(frozen=True)
class LineChart:
    """A drawing of `width` by `height`; `title` says in words what it shows."""

    title: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    lines: tuple[Line, ...]


def draw(title: str, days: Sequence[dt.date], series: dict[str, Sequence[int]]) -> LineChart:
    """Draw at most two lines, named by the keys of `series`, of whole numbers on `days` (in order, one or more)."""
    most = max((max(values) for values in series.values()), default=0)
    step = _step(most)
    top = max(step * -(-most // step), step)
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(day: dt.date) -> float:
        whole = (days[-1] - days[0]).days or 1
        return round(LEFT + (right - LEFT) * (day - days[0]).days / whole, 1)

    def y(value: int) -> float:
        return round(bottom - (bottom - TOP) * value / top, 1)

    names = [str(name) for name in series]
    ends = _apart([y(values[-1]) for values in series.values()])
    return LineChart(
        title=title,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=right,
        bottom=bottom,
        rows=tuple(Mark(y(value), f"{value:,}") for value in range(0, top + 1, step)),
        columns=tuple(Mark(x(day), date_format(day, "M Y")) for day in _labelled(days)),
        lines=tuple(
            Line(
                label=f"{name}: {values[-1]:,}",
                label_y=label_y,
                points=" ".join(
                    f"{x(day)},{y(value)}" for day, value in zip(days, values, strict=True)
                ),
                colour=colour,
                dashes=dashes,
                end_x=x(days[-1]),
                end_y=y(values[-1]),
            )
            for name, values, label_y, (colour, dashes) in zip(
                names, series.values(), ends, STROKES, strict=False
            )
        ),
    )


def _step(most: int) -> int:
    """Return a round distance between lines of the grid of which at most five are needed."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * 5 >= most:
                return factor * size
        size *= 10


def _labelled(days: Sequence[dt.date]) -> list[dt.date]:
    every = -(-len(days) // MOST_LABELS)
    found = list(days[::every])
    # The last of them must not run into the names at the right, nor say the same month twice.
    months: dict[tuple[int, int], dt.date] = {}
    for day in found:
        months.setdefault((day.year, day.month), day)
    return list(months.values())


def _apart(heights: list[float]) -> list[float]:
    """Return the heights of two labels, moved apart if they would cover each other."""
    if len(heights) == 2 and abs(heights[0] - heights[1]) < LABEL_HEIGHT:
        middle = sum(heights) / 2
        first, second = middle - LABEL_HEIGHT / 2, middle + LABEL_HEIGHT / 2
        return [first, second] if heights[0] <= heights[1] else [second, first]
    return heights
