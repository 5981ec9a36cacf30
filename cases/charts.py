"""Stacked bars of grades, or of answers, as plain geometry; `templates/components/chart.jinja` draws them.

They serve pages and PDFs alike. Steps differ in lightness as well as in colour, stand in the order of the scale with a
gap between them, and carry their letter and number where there is room, so that a photocopy and a reader who sees no
colours lose nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.figures import GradeOfScale, Row
from inspections.models import ColourRole

# All lengths are units of the drawing, which is scaled to the width it gets.
WIDTH = 440
TOTAL_WIDTH = 40  # at the right of the bars, for the row's total
BAR_HEIGHT = 24
LABEL_HEIGHT = 19
ROW_GAP = 11
LEGEND_HEIGHT = 26
SEGMENT_GAP = 2
# From what width on a segment has room for its number, and for its letter besides.
NUMBER_FITS = 15
LETTER_FITS = 40
LABEL_LENGTH = 64


@dataclass(frozen=True)
class Ink:
    fill: str
    text: str
    stroke: str


# From dark to light as grades get worse; the lightest has a dark edge.
INKS = {
    ColourRole.STRONG.value: Ink("#0b5c3e", "#ffffff", "#0b5c3e"),
    ColourRole.SOUND.value: Ink("#62a98d", "#06251a", "#62a98d"),
    ColourRole.WEAK.value: Ink("#f7cf8b", "#3b2300", "#f7cf8b"),
    ColourRole.POOR.value: Ink("#ffffff", "#7d0f0f", "#b3261e"),
}


@dataclass(frozen=True)
class Segment:
    """One grade's part of a bar; `label` is what has room inside it."""

    x: float
    width: float
    label: str
    ink: Ink


@dataclass(frozen=True)
class Bar:
    label: str
    label_y: float
    y: float
    text_y: float
    total: int
    end: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Key:
    """One grade in the legend."""

    x: float
    y: float
    text_x: float
    text_y: float
    label: str
    ink: Ink


@dataclass(frozen=True)
class Chart:
    """A drawing of `width` by `height`; `title` says in words what it shows."""

    title: str
    width: int
    height: float
    bar_height: int
    bars: tuple[Bar, ...]
    keys: tuple[Key, ...]


def stacked_bars(
    title: str, rows: Sequence[Row], grades: Sequence[GradeOfScale], *, of_largest: bool = True
) -> Chart:
    """Draw one bar for each row of a table; bars are as long as their totals, or all equally long.

    The title gets the numbers of every row appended: it is all that a screen reader, or a PDF read aloud, says.
    """
    keys = _legend(grades)
    top = (keys[-1].y + LEGEND_HEIGHT) if keys else 0.0
    longest = max((row.total for row in rows), default=0)
    bars = []
    for row in rows:
        full = longest if of_largest else row.total
        bars.append(_bar(row, grades, top, full))
        top += LABEL_HEIGHT + BAR_HEIGHT + ROW_GAP
    return Chart(
        title=" ".join([f"{title}:", *(in_words(row, grades) for row in rows)]),
        width=WIDTH,
        height=round(top, 1),
        bar_height=BAR_HEIGHT,
        bars=tuple(bars),
        keys=tuple(keys),
    )


def in_words(row: Row, grades: Sequence[GradeOfScale]) -> str:
    """“Custody: Good 1, Inadequate 2.”, for those who cannot see the bar."""
    parts = ", ".join(
        f"{grade.label} {count}" for grade, count in zip(grades, row.counts, strict=True)
    )
    label = row.label or ngettext("%(count)d case", "%(count)d cases", row.total) % {
        "count": row.total
    }
    return f"{label}: {parts}."


def _bar(row: Row, grades: Sequence[GradeOfScale], top: float, full: int) -> Bar:
    space = WIDTH - TOTAL_WIDTH
    shown = [(grade, count) for grade, count in zip(grades, row.counts, strict=True) if count]
    x, segments = 1.0, []
    for grade, count in shown:
        share = count / full * (space - 2)
        width = max(share - SEGMENT_GAP, 1.0)
        segments.append(
            Segment(
                round(x, 2), round(width, 2), _fitting(grade, count, width), INKS[grade.colour_role]
            )
        )
        x += share
    y = top + LABEL_HEIGHT
    label = row.label or _("All cases")
    return Bar(
        label=label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1].rstrip()}…",
        label_y=round(top + 13, 1),
        y=round(y, 1),
        text_y=round(y + BAR_HEIGHT / 2 + 4.5, 1),
        total=row.total,
        end=round(x + 4, 2),
        segments=tuple(segments),
    )


def _fitting(grade: GradeOfScale, count: int, width: float) -> str:
    number = str(count)
    extra = 7.5 * (len(number) - 1)
    if width >= LETTER_FITS + extra:
        return f"{grade.letter} {number}"
    return number if width >= NUMBER_FITS + extra else ""


def _legend(grades: Sequence[GradeOfScale]) -> list[Key]:
    """Place the grades side by side, on a second line where the first is full."""
    keys: list[Key] = []
    x, y = 1.0, 1.0
    for grade in grades:
        label = f"{grade.letter}  {grade.label}"
        width = 22 + 7.2 * len(label)
        if x > 1 and x + width > WIDTH:
            x, y = 1.0, y + 20
        keys.append(Key(x, y, x + 20, y + 12, label, INKS[grade.colour_role]))
        x = round(x + width + 10, 1)
    return keys
