"""Everything in a report that somebody wrote, text by text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from reports.document import Document

JUDGEMENT = "judgement-"  # begins the key of what a review makes of an earlier recommendation


class Passage(NamedTuple):
    """One text: the key of its section (or `judgement-4`), its title, and whether it tells of an earlier inspection."""

    key: str
    title: str
    text: str
    earlier: bool = False


def passages(document: Document) -> Iterator[Passage]:
    """Return the texts of the report's sections in reading order, then what it makes of earlier recommendations."""
    for section in document.sections:
        if section.earlier:
            yield Passage(section.key, section.title, section.earlier, earlier=True)
        for text in (section.summary, section.body, *(each.text for each in section.examples)):
            if text:
                yield Passage(section.key, section.title, text)
    if document.earlier is not None:
        for judgement in document.earlier.judgements:
            title = _("Judgement of recommendation %(number)d") % {"number": judgement.number}
            yield Passage(f"{JUDGEMENT}{judgement.number}", title, judgement.finding)
