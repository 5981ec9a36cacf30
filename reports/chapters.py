"""The order in which a reader meets the document: chapters and annexes, on paper and on a page alike."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext

from reports.document import Document, Section
from reports.models import SectionKind


@dataclasses.dataclass(frozen=True)
class Chapter:
    """One chapter: `id` is its anchor, `kind` says how it is laid out, `section` is its text if it has one."""

    id: str
    kind: str
    title: str
    section: Section | None = None


def chapters(document: Document) -> list[Chapter]:
    """Return the chapters of `document` in order; those that would be empty are not among them."""
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
