"""An invented report of any length, as a document: no database is needed to print it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from cases.figures import Figures, GradeOfScale, Row, SampleRow
from reports.document import (
    Document,
    Example,
    Fact,
    NextStep,
    Recommendation,
    Section,
    Term,
    TimescaleGroup,
)

FORCE = "Northmoor Police"
SCALE = (
    GradeOfScale("good", "Good", "G", "strong"),
    GradeOfScale("improve", "Requires improvement", "R", "weak"),
    GradeOfScale("inadequate", "Inadequate", "I", "poor"),
)
AREAS = ["Enquiries", "Domestic abuse", "Other incidents", "Online abuse", "Missing children"]
AREAS += ["Offender management", "Exploitation", "Custody"]
SENTENCES = [
    "Officers who came first to an incident asked good questions and wrote down what they saw.",
    "In the better cases a supervisor read the plan within a day, said what was missing from it, and came back to see.",
    "Children who went missing again and again had no plan that the force and the council had made together.",
    "Staff told us that they knew what to do; the records that we read seldom showed that they had done it.",
    "Where a specialist team kept the case, enquiries were careful, visits were joint and decisions had reasons.",
    "Intelligence about the places where children meet adults who exploit them was gathered and not always used.",
    "The voice of the child could be heard in the best of these files: what they said, wanted and were afraid of.",
    "Delays had reasons that nobody wrote down, and so nobody could tell whether the reasons were good ones.",
]
PARAGRAPHS_A_SECTION = 24
# Three fifths of a page each, with heading, box and note; what is left are the chapters that every report has.
PAGES_OF_A_SECTION = 4.4
PAGES_OF_THE_REST = 10


def make(pages: int) -> Document:
    """Return a published report that prints on about so many pages, the same each time."""
    sections = max(1, round((pages - PAGES_OF_THE_REST) / PAGES_OF_A_SECTION))
    numbers = itertools.count(1)
    findings = [_finding(place, numbers) for place in range(1, sections + 1)]
    told = [one.number for section in findings for one in section.recommendations]
    day = dt.date(2026, 3, 3)
    return Document(
        language="en-gb",
        title=f"{FORCE}, full inspection 2026",
        subtitle="Inspection of how well the police protect children",
        force=FORCE,
        framework="An invented framework, 2026",
        fieldwork_start=dt.date(2026, 1, 12),
        fieldwork_end=dt.date(2026, 1, 23),
        published_on=day,
        published_on_assumed=False,
        number=1,
        figures=_figures(),
        facts=(Fact("Population", "612,400"), Fact("Police officers", "1,420")),
        facts_note="Workforce as of 31 March 2025.",
        sections=(
            Section("summary", "summary", "Summary", _text(0, 5)),
            Section("context", "context", "Context for the force", _text(1, 3)),
            Section("case-analysis", "case_analysis", "Case file analysis", _text(2, 3)),
            *findings,
            Section("conclusion", "conclusion", "Conclusion", _text(3, 4)),
            Section("method", "method", "How we inspected", _text(4, 5)),
        ),
        timescales=(
            TimescaleGroup("Within three months", "three months", dt.date(2026, 6, 3), tuple(told)),
        ),
        next_steps=(NextStep("Action plan", FORCE, "six weeks", dt.date(2026, 4, 14)),),
        glossary=tuple(Term(f"Term {n}", SENTENCES[n % 8]) for n in range(1, 13)),
        kind="full",
    )


def _finding(place: int, numbers: Iterator[int]) -> Section:
    number = next(numbers)
    return Section(
        key=f"theme-{place}",
        kind="theme",
        title=f"Theme {place}: how the force finds and protects children at risk",
        body=_text(place, PARAGRAPHS_A_SECTION),
        recommendations=(
            Recommendation(
                number=number,
                stem=f"Within three months, {FORCE} should improve how it records what children say, in particular to:",
                points=("ask every child", "write down the answer", "act upon it"),
                theme=f"Theme {place}",
                timescale="Within three months",
                due_on=dt.date(2026, 6, 3),
            ),
        ),
        examples=(Example(place, place % 2 == 0, _paragraph(place), AREAS[place % len(AREAS)]),),
    )


def _text(seed: int, paragraphs: int) -> str:
    parts = []
    for place in range(paragraphs):
        if paragraphs > PARAGRAPHS_A_SECTION - 1 and place % 6 == 0:
            parts.append(f"## {SENTENCES[(seed + place) % 8].rstrip('.')}")
        note = f"[^{place}]" if place % 8 == 3 else ""
        parts.append(_paragraph(seed + place) + note)
        if note:
            parts.append(f"[^{place}]: The force’s own records, as read in January 2026.")
        if place % 7 == 5:
            parts.append("- joint visits\n- a plan with dates\n- a supervisor who reads it")
    return "\n\n".join(parts)


def _paragraph(seed: int) -> str:
    return " ".join(SENTENCES[(seed + step) % len(SENTENCES)] for step in range(4 + seed % 3))


def _figures() -> Figures:
    by_area = tuple(
        Row(f"area-{place}", label, (2 + place % 3, 3 + place % 2, place % 4))
        for place, label in enumerate(AREAS)
    )
    totals = tuple(sum(column) for column in zip(*(row.counts for row in by_area), strict=True))
    own = tuple(count // 2 for count in totals)
    rest = tuple(count - half for count, half in zip(totals, own, strict=True))
    return Figures(
        grades=SCALE,
        headline=Row("all", "", totals),
        by_route=(Row("sample", "The force’s sample", own), Row("selected", "Selected", rest)),
        by_area=by_area,
        matrix=(
            Row("good", "Good", (own[0] - 2, 5, 2)),
            Row("improve", "Requires improvement", (2, own[1] - 5, 1)),
            Row("inadequate", "Inadequate", (0, 0, own[2] - 3)),
        ),
        force_sample=Row("force", "", (own[0] + 5, own[1], own[2])),
        sample=tuple(
            SampleRow(
                row.code, row.label, 4, sum(row.counts) // 2, row.total - sum(row.counts) // 2
            )
            for row in by_area
        ),
        cases=sum(totals),
    )
