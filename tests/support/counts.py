"""Counts of one inspection in plain SQL, and of what a PDF says: neither asks the application."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any

import psycopg2
import pypdf

Rows = list[tuple[str, list[int]]]

GRADED = """
    FROM cases_casefile c
    JOIN cases_audit i ON i.case_id = c.id AND i.side = 'inspectorate' AND i.status = 'submitted'
    JOIN inspections_grade ig ON ig.id = i.grade_id
    JOIN inspections_area a ON a.id = c.area_id
    LEFT JOIN cases_audit f ON f.case_id = c.id AND f.side = 'force' AND f.status = 'submitted'
    LEFT JOIN inspections_grade fg ON fg.id = f.grade_id
    WHERE c.inspection_id = %(inspection)s AND c.excluded_at IS NULL
"""


class Counted:
    """What a person with a database client counts of an inspection."""

    def __init__(self, database_url: str, inspection: int) -> None:
        self.database_url = database_url
        self.inspection = inspection

    def ask(self, statement: str, **values: object) -> list[Any]:
        """Return the rows of a query; `%(inspection)s` in it is the inspection."""
        with (
            closing(psycopg2.connect(self.database_url)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, {"inspection": self.inspection, **values})
            return cursor.fetchall()

    def grades(self) -> list[str]:
        """The scale, best first."""
        return [label for (label,) in self._parts("grade")]

    def _parts(self, kind: str) -> list[Any]:
        table = {"grade": "inspections_grade", "area": "inspections_area"}[kind]
        return self.ask(
            f"SELECT p.label FROM {table} p JOIN inspections_inspection n USING (framework_id)"
            ' WHERE n.id = %(inspection)s ORDER BY p."order"'
        )

    def _by(self, what: str) -> dict[str, list[int]]:
        """Counts of the inspectorate's grades for each value of a column."""
        rows = self.ask(f"SELECT {what}, ig.label, count(*) {GRADED} GROUP BY 1, 2")
        counts = {(key, grade): n for key, grade, n in rows}
        return {
            key: [counts.get((key, grade), 0) for grade in self.grades()]
            for key in {key for key, _grade in counts}
        }

    def headline(self) -> list[int]:
        """How many cases got each grade of the inspectorate."""
        return self._by("'all'")["all"]

    def by_route(self) -> Rows:
        """The same for each way in which a case came in."""
        found = self._by("c.route")
        words = {
            "self_assessed": "Self-assessed by the force",
            "selected": "Selected by inspectors",
        }
        return [(words[route], found[route]) for route in words]

    def by_area(self) -> Rows:
        """The same for each area."""
        found = self._by("a.label")
        return [
            (area, found.get(area, [0] * len(self.grades()))) for (area,) in self._parts("area")
        ]

    def matrix(self) -> Rows:
        """The same for each grade that the force gave."""
        found = self._by("coalesce(fg.label, '')")
        return [(grade, found.get(grade, [0] * len(self.grades()))) for grade in self.grades()]

    def force_sample(self) -> list[int]:
        """How many cases of its sample the force gave each grade, whatever inspectors did."""
        rows = dict(
            self.ask(
                """
                SELECT g.label, count(*) FROM cases_casefile c
                JOIN cases_audit f ON f.case_id = c.id AND f.side = 'force' AND f.status = 'submitted'
                JOIN inspections_grade g ON g.id = f.grade_id
                WHERE c.inspection_id = %(inspection)s AND c.excluded_at IS NULL GROUP BY 1
                """
            )
        )
        return [rows.get(grade, 0) for grade in self.grades()]

    def sample(self) -> Rows:
        """For each area: quota, cases of the force's sample, selected cases, all cases."""
        rows = self.ask(
            """
            SELECT a.label, a.sample_quota,
                   count(c.id) FILTER (WHERE c.route = 'self_assessed'),
                   count(c.id) FILTER (WHERE c.route = 'selected'), count(c.id)
            FROM inspections_area a JOIN inspections_inspection n USING (framework_id)
            LEFT JOIN cases_casefile c
                   ON c.area_id = a.id AND c.inspection_id = n.id AND c.excluded_at IS NULL
            WHERE n.id = %(inspection)s GROUP BY a.label, a.sample_quota, a."order" ORDER BY a."order"
            """
        )
        return [(label, list(numbers)) for label, *numbers in rows]


def with_total(counts: list[int]) -> list[int]:
    """Return a row as a table of grades shows it: the counts and their sum."""
    return [*counts, sum(counts)]


def added_up(rows: Rows) -> list[int]:
    """Return the sums of the columns."""
    return [sum(column) for column in zip(*(numbers for _label, numbers in rows), strict=True)]


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, white space squeezed."""
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]
