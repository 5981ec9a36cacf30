"""What the people of the journey work on: cases, their grades, and the words that each side writes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FRAMEWORK = Path(__file__).parent / "small_framework.yaml"
GRADES = ["Good", "Adequate", "Wanting", "Inadequate"]


class Case(NamedTuple):
    """A case, and how each side will grade it (None: not at all)."""

    reference: str
    area: str
    force_grade: str | None
    inspectors_grade: str | None

    @property
    def force_reason(self) -> str:
        """Words that stand nowhere else: wherever they turn up, the force's audit has been read."""
        return f"Own view of {self.reference}: officers saw the child within an hour."

    @property
    def force_finding(self) -> str:
        return f"Own finding in {self.reference}: the log is complete."

    @property
    def inspectors_reason(self) -> str:
        return f"Seen in {self.reference}: supervision came late and left no trace in the log."


SAMPLE = [
    Case("JY-01", "Missing children", "Good", "Adequate"),
    Case("JY-02", "Missing children", "Good", "Wanting"),
    Case("JY-03", "Children in custody", "Adequate", "Inadequate"),
    Case("JY-04", "Harm on the internet", "Wanting", "Wanting"),
    Case("JY-05", "Harm on the internet", "Inadequate", None),  # will be excluded
]
SELECTED = Case("SEL-1", "Children in custody", None, "Good")
EXCLUDED = SAMPLE[-1]
GRADED_BY_INSPECTORS = [*SAMPLE[:-1], SELECTED]
WHY_EXCLUDED = "The file belongs to another force, which has taken it over."

SUMMARY = "The force **knows its children**. It has yet to learn from what goes wrong."
DECISIONS = "Supervisors decide fast.\n\n- They seldom write down why.\n- They seldom look back."
IMMEDIATE = "We recommend that the force at once reviews every open case of a missing child."
WITHIN_THREE_MONTHS = "We recommend that the force improves how supervisors record decisions, by:"
POINTS = ["writing down each decision on the day", "reading a sample of them every month"]
IN_SHORT = f"{WITHIN_THREE_MONTHS} {POINTS[0]} …"  # as its deadline is called


def sample_as_csv(cases: list[Case]) -> bytes:
    """Return the file that the force's assessor imports."""
    rows = [
        f"{case.reference},{case.area},2026-01-{n:02},Case {n}" for n, case in enumerate(cases, 10)
    ]
    return "\r\n".join(["reference,area,date opened,summary", *rows, ""]).encode()


def imported_file(rows: list[str]) -> bytes:
    """Return a CSV file of these rows under the names of the two columns that every file needs."""
    return "\r\n".join(["reference,area", *rows, ""]).encode()
