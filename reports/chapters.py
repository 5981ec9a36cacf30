"""The order in which a reader meets the document: chapters and annexes, on paper and on a page alike."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext

from reports.document import Document, Section
from reports.models import SectionKind
from reports.tables import listed


@dataclasses.dataclass(frozen=True)
class Chapter:
    """One chapter: `id` is its anchor, `kind` says how it is laid out, `section` is its text if it has one.

    `tables` and `figures` (charts) are numbered through the report; they are found by the key of the table.
    """

    id: str
    kind: str
    title: str
    section: Section | None = None
    tables: dict[str, Numbered] = dataclasses.field(default_factory=dict)
    figures: dict[str, Numbered] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Numbered:
    """A table or a chart with its number, by which the text and the list at the beginning name it."""

    number: int
    id: str
    caption: str


def chapters(document: Document) -> list[Chapter]:
    """Return the chapters of `document` in order; those that would be empty are not among them."""
    return _numbered(document, _in_order(document))


def _numbered(document: Document, found: list[Chapter]) -> list[Chapter]:
    tables_seen, figures_seen, numbered = 0, 0, []
    for chapter in found:
        own_tables, own_figures = {}, {}
        for each in listed(document, chapter.kind):
            tables_seen += 1
            own_tables[each.key] = Numbered(tables_seen, f"table-{tables_seen}", each.caption)
            if each.chart_caption:
                figures_seen += 1
                own_figures[each.key] = Numbered(
                    figures_seen, f"figure-{figures_seen}", each.chart_caption
                )
        numbered.append(dataclasses.replace(chapter, tables=own_tables, figures=own_figures))
    return numbered


def _in_order(document: Document) -> list[Chapter]:
    found: list[Chapter] = []
    method = None
    for section in document.sections:
        if section.kind == SectionKind.METHOD:
            method = section
            continue
        if section.kind == SectionKind.CASE_ANALYSIS and document.earlier:
            found.append(Chapter("earlier", "earlier", gettext("The earlier inspection")))
        found.append(Chapter(section.key, section.kind, section.title, section))
    if document.recommendations:
        found.append(Chapter("recommendations", "recommendations", gettext("Recommendations")))
    if document.next_steps or document.timescales:
        found.append(Chapter("next-steps", "next_steps", gettext("Next steps")))
    return found + _annexes(document, method)


def _annexes(document: Document, method: Section | None) -> list[Chapter]:
    annexes = [("method", "method", str(SectionKind.METHOD.label), method)]
    if document.glossary:
        annexes.append(("glossary", "glossary", gettext("Glossary"), None))
    if document.earlier and document.earlier.recommendations:
        title = gettext("Recommendations of the earlier inspection")
        annexes.append(("earlier-recommendations", "earlier_recommendations", title, None))
    return [
        Chapter(
            id,
            kind,
            gettext("Annex %(letter)s: %(title)s") % {"letter": letter, "title": title},
            section,
        )
        for letter, (id, kind, title, section) in zip("ABCDEFG", annexes, strict=False)
    ]
