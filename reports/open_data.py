"""A report's figures and recommendations as data that other programs read: rows for tables, and one JSON object.

Everything comes from the document; nothing is counted here. Names of columns and of JSON members are English and
stay as they are in every language (docs/reports.md describes them); labels are in the document's language.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from config.spreadsheets import Cell
from reports import tables
from reports.document import Document, Recommendation
from reports.quoted import catalogue
from reports.references import References

FORMAT = 1  # of the JSON object; raise it when a program that reads the present one would misread the next
FIGURE_COLUMNS = (
    "key",
    "value",
    "unit",
    "label",
    "grade",
    "force_grade",
    "area",
    "route",
    "side",
    "theme",
    "timescale",
)
RECOMMENDATION_COLUMNS = (
    "inspection",
    "number",
    "recommendation",
    "points",
    "theme",
    "timescale",
    "due_on",
    "outcome",
    "continued_by",
)
THIS, EARLIER = "this", "earlier"


def figure_rows(document: Document) -> Iterator[tuple[Cell, ...]]:
    """Yield every count of the report under `FIGURE_COLUMNS`, each with the key that texts quote it by."""
    for quoted in catalogue(document).values():
        yield tuple(getattr(quoted, name) for name in FIGURE_COLUMNS)


def recommendation_rows(document: Document) -> Iterator[tuple[Cell, ...]]:
    """Yield the report's recommendations under `RECOMMENDATION_COLUMNS`, then those that a review looks back at."""
    for recommendation in document.recommendations.values():
        yield THIS, *_recommended(recommendation), None, None
    if document.earlier:
        judged = {judgement.number: judgement for judgement in document.earlier.judgements}
        for recommendation in document.earlier.recommendations:
            judgement = judged.get(recommendation.number)
            yield (
                EARLIER,
                *_recommended(recommendation),
                judgement.outcome if judgement else None,
                judgement.continued_by if judgement else None,
            )


def _recommended(recommendation: Recommendation) -> tuple[Cell, ...]:
    return (
        recommendation.number,
        recommendation.stem,
        "\n".join(recommendation.points),
        recommendation.theme,
        recommendation.timescale,
        recommendation.due_on,
    )


def as_json(document: Document) -> bytes:
    """Return everything that the report says as one JSON object in UTF-8.

    The document as it was frozen, every figure, the tables as printed, and the texts as a reader reads them: Markdown
    with numbers where the document has references.
    """
    data = {
        "format": FORMAT,
        "document": document.to_json(),
        "figures": [dataclasses.asdict(quoted) for quoted in catalogue(document).values()],
        "tables": [_table(table) for table in printed_tables(document)],
        "texts": _texts(document),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _texts(document: Document) -> list[dict[str, Any]]:
    references = References(document)
    return [
        {
            "key": section.key,
            "title": section.title,
            "earlier": references.plain(section.earlier),
            "summary": references.plain(section.summary),
            "body": references.plain(section.body),
            "examples": [
                {"number": example.number, "text": references.plain(example.text)}
                for example in section.examples
            ],
        }
        for section in document.sections
    ]


def printed_tables(document: Document) -> list[tables.Table]:
    """Return the tables of grades that the report prints, in order."""
    summary = tables.summary_table(document.figures)
    return [*([summary] if summary else []), *tables.case_tables(document.figures)]


def _table(table: tables.Table) -> dict[str, Any]:
    rows = [*table.rows, *([table.totals] if table.totals else [])]
    return {
        "key": table.key,
        "caption": table.caption,
        "columns": list(table.columns),
        "rows": [{"label": r.label, "counts": list(r.counts), "total": r.total} for r in rows],
    }
