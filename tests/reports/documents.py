"""Documents of reports made by hand, without a database, with figures that are easy to check in one's head."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.figures import AreaMatrix, Figures, GradeOfScale, Row, SampleRow
from reports.document import Document, Example, Recommendation, Section, Share, Term

GRADES = (
    GradeOfScale("good", "Good", "G", "strong"),
    GradeOfScale("bad", "Bad", "B", "poor"),
)


def make_figures() -> Figures:
    """Twelve cases, eight in one area and four in another; the force gave ten of them its own grade."""
    matrix = (Row("good", "Good", (3, 4)), Row("bad", "Bad", (0, 3)))
    none = (Row("good", "Good", (0, 0)), Row("bad", "Bad", (0, 0)))
    return Figures(
        grades=GRADES,
        headline=Row("all", "", (3, 9)),
        by_route=(
            Row("self_assessed", "Self-assessed by the force", (3, 7)),
            Row("selected", "Selected by inspectors", (0, 2)),
        ),
        by_area=(Row("custody", "Custody", (3, 7)), Row("missing", "Missing", (0, 2))),
        matrix=matrix,
        force_sample=Row("force", "", (7, 3)),
        sample=(
            SampleRow("custody", "Custody", 10, 10, 0),
            SampleRow("missing", "Missing", 0, 0, 2),
        ),
        cases=12,
        matrix_by_area=(
            AreaMatrix("custody", "Custody", matrix),
            AreaMatrix("missing", "Missing", none),
        ),
    )


def make_document(**fields: Any) -> Document:
    """A draft with two recommendations and a good example in the section on one theme."""
    theme = Section(
        key="theme-one",
        kind="theme",
        title="Theme one",
        body="It works.",
        recommendations=tuple(
            Recommendation(number, "Improve.", (), "Theme one", "At once", None)
            for number in (1, 2)
        ),
        examples=(Example(1, True, "A child was heard.", "Custody"),),
    )
    fields.setdefault(
        "sections", (Section("summary", "summary", "Summary", "All in all, fair."), theme)
    )
    fields.setdefault(
        "glossary",
        (
            Term("child", "A person under 18."),
            Term("multi-agency safeguarding hub (MASH)", "Where agencies sit together."),
        ),
    )
    return Document(
        **{
            "language": "en-gb",
            "title": "Somewhere Police: full inspection",
            "subtitle": "",
            "force": "Somewhere Police",
            "framework": "Framework",
            "fieldwork_start": dt.date(2026, 3, 2),
            "fieldwork_end": dt.date(2026, 3, 13),
            "published_on": None,
            "published_on_assumed": False,
            "number": 1,
            "figures": make_figures(),
            "facts": (),
            "facts_note": "",
            "timescales": (),
            "next_steps": (),
            "recommendations_by_theme": (
                Share("one", "Theme one", 2),
                Share("two", "Theme two", 0),
            ),
            "recommendations_by_timescale": (Share("at-once", "At once", 2),),
            **fields,
        }
    )
