"""Everything in a report that somebody wrote, text by text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from reports.document import Document

JUDGEMENT = "judgement-"  # begins the key of what a review makes of an earlier recommendation
RECOMMENDATION = "recommendation-"  # begins the key of a recommendation
NOTICE = "notice"  # the key of what the newest version says of its correction


class Passage(NamedTuple):
    """One text: the key of its section (or `judgement-4`, `recommendation-4`), its title, its words.

    `earlier` ones tell of an earlier inspection.
    """

    key: str
    title: str
    text: str
    earlier: bool = False

    @property
    def settled_under(self) -> str:
        """The key under which its sentences are confirmed.

        Recommendations get other numbers while they are drafted, so there a confirmation holds for the words in any.
        """
        return "recommendations" if self.key.startswith(RECOMMENDATION) else self.key


def passages(document: Document) -> Iterator[Passage]:
    """Return the texts of the report's sections in reading order, then what it makes of earlier recommendations.

    Last the notice of the newest correction; those of older versions were asked about with them.
    """
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
    if document.corrections:
        yield Passage(NOTICE, _("Correction notice"), document.corrections[-1].notice)


def recommended(document: Document) -> Iterator[Passage]:
    """Return the recommendations in their order, the points of each as the list that its stem leads to."""
    for number, each in document.recommendations.items():
        title = _("Recommendation %(number)d") % {"number": number}
        points = "\n".join(f"- {' '.join(point.split())}" for point in each.points)
        yield Passage(f"{RECOMMENDATION}{number}", title, f"{each.stem}\n\n{points}".strip())
