"""What the inspection that a review looks back at published about the same theme, for whoever writes of it."""

from __future__ import annotations

import dataclasses

from markupsafe import Markup

from inspections.models import Inspection, SectionPart
from reports import pdf
from reports.document import Document, Recommendation
from reports.models import Publication
from reports.sections import Place


@dataclasses.dataclass(frozen=True)
class Earlier:
    """The earlier report's text of a section, as safe HTML, and what it recommended; `title` names its inspection."""

    title: str
    html: Markup
    recommendations: tuple[Recommendation, ...]


def about(inspection: Inspection, place: Place) -> Earlier | None:
    """Return what was published before of `place`; None unless the section looks back, and there is something."""
    if SectionPart.EARLIER not in place.parts or inspection.parent_id is None:
        return None
    publication = (
        Publication.objects.filter(inspection=inspection.parent_id)
        .defer("pdf")
        .order_by("-number")
        .first()
    )
    if publication is None:
        return None
    try:
        document = Document.from_json(publication.document)
    except (ValueError, TypeError, KeyError):  # published in a shape that nobody reads any more
        return None
    section = next((each for each in document.sections if each.key == place.key), None)
    if section is None:
        return None
    html = pdf.parts(document)["markdown"](section.summary or section.body, heading_level=4)
    return Earlier(document.title, html, section.recommendations)
