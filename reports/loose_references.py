"""References in the draft that lead nowhere: a figure that is not counted, a recommendation that is gone."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.models import Inspection
from reports import drafted, sections
from reports.references import References


class LooseReference(NamedTuple):
    """A reference that leads nowhere: the title of the text, its page, and why, in a sentence."""

    title: str
    url: str
    why: str

    def __str__(self) -> str:
        return _("In “%(title)s”: %(why)s") % {"title": self.title, "why": self.why}


Text = tuple[str, str, str]  # title, address, and what was written


def find(inspection: Inspection, outline: list[sections.Entry]) -> list[LooseReference]:
    """Return what in the sections and released examples of the draft refers to something that the report has not.

    One query; those of compiling the document only if a text refers to anything.
    """
    examples = [
        (
            _("Case example from “%(section)s”") % {"section": example.theme.label},
            reverse("reports:example", args=[inspection.pk, example.pk]),
            example.text,
        )
        for example in inspection.case_examples.released().select_related("theme")
    ]
    texts = [text for entry in outline for text in _texts(inspection, entry)]
    return _loose(inspection, texts + examples)


def find_in(inspection: Inspection, entry: sections.Entry) -> list[LooseReference]:
    """Return what in one section refers to something that the report has not."""
    return _loose(inspection, _texts(inspection, entry))


def _texts(inspection: Inspection, entry: sections.Entry) -> list[Text]:
    address = sections.section_url(inspection, entry.place)
    return [(entry.place.title, address, text) for text in entry.texts.values()]


def _loose(inspection: Inspection, texts: list[Text]) -> list[LooseReference]:
    texts = [each for each in texts if "[[" in each[2] or "[^" in each[2]]
    if not texts:
        return []
    references = References(drafted.document(inspection))
    return [
        LooseReference(title, url, problem.why)
        for title, url, text in texts
        for problem in references.problems(text)
    ]
