"""Numbers in the text that the counted figures contradict (domain rule 2)."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from cases.figures import Figures
from reports.sections import Entry, Place

FURTHEST_WORDS = 3  # between a number and the grade that it counts: “21 cases were graded good”


class Contradiction(NamedTuple):
    """A number in a section that no table has for that grade."""

    place: Place
    said: str
    grade: str
    counted: int

    def __str__(self) -> str:
        return _(
            "“%(section)s” says “%(said)s”. No table counts that; in all, %(grade)s was counted %(counted)d times."
        ) % {
            "section": self.place.title,
            "said": self.said,
            "grade": self.grade,
            "counted": self.counted,
        }


def contradictions(outline: list[Entry], figures: Figures) -> list[Contradiction]:
    """Return numbers beside a grade's label that are in no table's column of that grade.

    It reads digits only, in front of the label and not far from it; it can miss a wrong number and can suspect a right
    one that counts something else, so it warns and forbids nothing.
    """
    found = []
    for entry in outline:
        for place, grade in enumerate(figures.grades):
            known = _counted(figures, place)
            for match in _pattern(grade.label).finditer(entry.body):
                if int(match["number"]) not in known:
                    said = " ".join(match.group().split())
                    total = figures.headline.counts[place]
                    found.append(Contradiction(entry.place, said, grade.label, total))
    return found


def _pattern(label: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in label.split())
    between = rf"(?:[^\W\d]+\s+){{0,{FURTHEST_WORDS}}}?"
    return re.compile(rf"(?<![\d.,])(?P<number>\d{{1,5}})\s+{between}{words}\b", re.IGNORECASE)


def _counted(figures: Figures, place: int) -> set[int]:
    rows = [
        figures.headline,
        figures.force_sample,
        figures.matrix_totals,
        *figures.by_route,
        *figures.by_area,
        *figures.matrix,
    ]
    return {row.counts[place] for row in rows}
