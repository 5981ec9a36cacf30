"""The sizes of data: everything ten times as much in the second; one huge inspection in the third."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BenchSize:
    """A data set: all forces, inspections and cases, and the cases of the one inspection that is measured."""

    forces: int
    inspections: int
    cases: int
    cases_measured: int


SIZES = {
    "tiny": BenchSize(
        forces=2, inspections=3, cases=150, cases_measured=80
    ),  # to try the benchmark itself
    "small": BenchSize(forces=4, inspections=30, cases=2_000, cases_measured=1_000),
    "large": BenchSize(forces=43, inspections=300, cases=20_000, cases_measured=10_000),
    # far more cases than any inspection will ever have, to see what grows with their number
    "huge": BenchSize(forces=4, inspections=30, cases=2_000, cases_measured=100_000),
}
USUAL = ["small", "large"]
