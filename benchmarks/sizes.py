"""The sizes of data: small, ten times that, a whole country's recommendations, and one huge inspection."""

from __future__ import annotations

from dataclasses import dataclass

# What is measured where it is recommendations that there are many of.
FOLLOW_UP_PAGES = [
    "deadlines",
    "calendar",
    "recommendations",
    "tracker",
    "board",
    "same_ask",
    "sweep",
]


@dataclass(frozen=True)
class BenchSize:
    """A data set: all forces, inspections and cases, and the cases of the one inspection that is measured.

    `recommendations` come on top, in published inspections of their own. `pages` are those worth measuring; all if it
    is empty.
    """

    forces: int
    inspections: int
    cases: int
    cases_measured: int
    recommendations: int = 0
    pages: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many there are of what the measured pages are about."""
        return self.recommendations or self.cases_measured


SIZES = {
    "tiny": BenchSize(
        forces=2, inspections=3, cases=150, cases_measured=80
    ),  # to try the benchmark itself
    "small": BenchSize(forces=4, inspections=30, cases=2_000, cases_measured=1_000),
    "large": BenchSize(forces=43, inspections=300, cases=20_000, cases_measured=10_000),
    "national": BenchSize(
        forces=43,
        inspections=43,
        cases=860,
        cases_measured=80,
        recommendations=100_000,
        pages=tuple(FOLLOW_UP_PAGES),
    ),
    # far more cases than any inspection will ever have, to see what grows with their number
    "huge": BenchSize(forces=4, inspections=30, cases=2_000, cases_measured=100_000),
}
USUAL = ["small", "large", "national"]
