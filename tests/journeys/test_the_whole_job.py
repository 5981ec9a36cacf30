"""What the whole job leaves: a report of which every number can be counted again, and dates.

The fixture `published` does the job in browsers; see job.py and steps.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import page as pdf_ua
import pytest

from tests.demo.html_tables import tables
from tests.journeys.job import Published, in_words, months_after
from tests.journeys.material import DECISIONS, GRADED_BY_INSPECTORS, GRADES, WITHIN_THREE_MONTHS
from tests.support.counts import Rows, added_up, pages_of, with_total

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.timeout(900),  # the first test's set-up is the job itself
    pytest.mark.xdist_group("journey"),
]


def test_the_published_pdf_is_the_one_whose_hash_is_shown_and_everybody_can_read_it(published):
    assert hashlib.sha256(published.pdf).hexdigest() == published.sha256_on_the_page
    report = pdf_ua.validate_pdf_bytes(published.pdf)
    assert report.is_compliant, str(report)
    for text in pages_of(published.pdf):
        assert "draft" not in text.lower()


def test_every_figure_in_the_pdf_equals_a_count_made_in_sql(published):
    graded = [case.inspectors_grade for case in GRADED_BY_INSPECTORS]
    assert published.counts["headline"] == [graded.count(grade) for grade in GRADES]
    text = " ".join(pages_of(published.pdf))
    for printed in (*tables_in_the_pdf(published), *sentences(published), *charts(published)):
        assert printed in text, text


def test_every_figure_on_the_figures_page_equals_a_count_made_in_sql(published):
    counts = published.counts
    shown = [row for table in tables(published.figures_page) for row in table]
    rows = [
        *with_totals(counts["by_route"], "All cases"),
        *with_totals(counts["by_area"], "All cases"),
        *with_totals(of_the_force(counts["matrix"]), "All compared cases"),
        ("The force’s sample", with_total(counts["force_sample"])),
        *counts["sample"],
        ("All areas", added_up(counts["sample"])),
    ]
    for label, numbers in rows:
        assert [label, *map(str, numbers)] in shown


def test_dates_in_the_report_are_counted_from_the_day_of_publication(published):
    text = " ".join(pages_of(published.pdf))
    day = published.published_on
    six_weeks = day + dt.timedelta(weeks=6)
    for printed in (
        f"Immediately: by {in_words(day)}",
        f"Within three months: by {in_words(months_after(day, 3))}",
        f"Carry out recommendation 2 Northmoor Police {in_words(months_after(day, 3))}",
        f"Update on what was immediate Northmoor Police {in_words(six_weeks)}",
        f"Action plan Northmoor Police {in_words(six_weeks)}",
        f"Revisit Inspectorate {in_words(months_after(day, 6))}",
    ):
        assert printed in text
    assert DECISIONS.splitlines()[0] in text
    assert WITHIN_THREE_MONTHS in text


def tables_in_the_pdf(published: Published) -> list[str]:
    """Every table of the report from its heads to its totals, as its text must read."""
    counts = published.counts
    grades = " ".join(GRADES)
    of_inspectors = " ".join(f"Inspectors: {grade}" for grade in GRADES)
    tables = [
        (f"How the case came in {grades} Total", with_totals(counts["by_route"])),
        (f"Area of practice {grades} Total", with_totals(counts["by_area"])),
        (
            f"The force’s grade {of_inspectors} Total",
            with_totals(of_the_force(counts["matrix"])),
        ),
        (
            "Area of practice Asked of the force In the force’s sample Selected by inspectors Examined",
            [*counts["sample"], ("Total", added_up(counts["sample"]))],
        ),
    ]
    return [" ".join([heads, *(in_a_line(*row) for row in rows)]) for heads, rows in tables]


def sentences(published: Published) -> list[str]:
    """The sentences with figures, as they must read."""
    counts = published.counts
    matrix = [numbers for _label, numbers in counts["matrix"]]
    pairs = [(f, i, n) for f, row in enumerate(matrix) for i, n in enumerate(row)]
    same, lower, higher = (
        sum(n for force, inspectors, n in pairs if compare(force, inspectors))
        for compare in (int.__eq__, int.__lt__, int.__gt__)
    )
    return [
        f"Inspectors graded {sum(counts['headline'])} cases: {by_grade(counts['headline'])}.",
        f"The force graded {sum(counts['force_sample'])} cases of its sample itself "
        f"({by_grade(counts['force_sample'])}). Of the {same + lower + higher} that both sides graded, "
        f"inspectors gave {same} the same grade, {lower} a lower one and {higher} a higher one.",
    ]


def charts(published: Published) -> list[str]:
    """The labels of every bar, as they must read: letters with counts, nothing for a zero, the sum."""
    bars = [
        ("All cases", published.counts["headline"]),
        *published.counts["by_route"],
        *published.counts["by_area"],
    ]
    letters = [grade[0] for grade in GRADES]
    return [
        " ".join(
            [
                label,
                *(f"{letter} {n}" for letter, n in zip(letters, numbers, strict=True) if n),
                str(sum(numbers)),
            ]
        )
        for label, numbers in bars
        if sum(numbers)
    ]


def with_totals(rows: Rows, total: str = "Total") -> Rows:
    """Rows of grades, each with its sum, and the row of totals."""
    return [(label, with_total(numbers)) for label, numbers in (*rows, (total, added_up(rows)))]


def of_the_force(rows: Rows) -> Rows:
    return [(f"Force: {grade}", numbers) for grade, numbers in rows]


def in_a_line(label: str, numbers: list[int]) -> str:
    return " ".join([label, *map(str, numbers)])


def by_grade(numbers: list[int]) -> str:
    return ", ".join(f"{grade} {n}" for grade, n in zip(GRADES, numbers, strict=True))
