"""What a writer can insert into a text instead of typing it: every count, and every part of the report."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cases.figures import Row
from reports.document import Document
from reports.quoted import Quoted, catalogue

WORDS_OF_A_RECOMMENDATION = 12


class Choice(NamedTuple):
    """One thing to insert: what it is, what it says now, and what is written to have it said."""

    label: str
    says: str
    reference: str


class Group(NamedTuple):
    title: str
    choices: tuple[Choice, ...]


def groups(document: Document) -> list[Group]:
    """Return everything that texts of `document` can quote or refer to, in groups; empty groups are left out."""
    quoted = list(catalogue(document).values())
    every = [
        Group(_("All cases"), _figures(quoted, ("cases",), area=None)),
        *(
            Group(_("Area: %(area)s") % {"area": area.label}, _of_area(quoted, area))
            for area in document.figures.by_area
        ),
        Group(_("The force’s own grades"), _figures(quoted, ("force", "asked"), area=None)),
        Group(
            _("Both sides compared"),
            _figures(quoted, ("compared", "same", "force-higher", "force-lower"), area=None),
        ),
        Group(_("Recommendations"), _figures(quoted, ("recommendations", "earlier"))),
        Group(_("Case examples"), _figures(quoted, ("examples",))),
        Group(_("Refer to a section"), _sections(document)),
        Group(_("Refer to a recommendation"), _recommendations(document)),
        Group(_("Refer to a case example"), _examples(document)),
    ]
    return [group for group in every if group.choices]


def _figures(
    quoted: list[Quoted], first: tuple[str, ...], *, area: str | None = None
) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.label, f"{each.value:,}", f"[[figure {each.key}]]")
        for each in quoted
        if each.key.split(".")[0] in first and each.area == area
    )


def _of_area(quoted: list[Quoted], area: Row) -> tuple[Choice, ...]:
    first = tuple({each.key.split(".")[0]: None for each in quoted})
    return _figures(quoted, first, area=area.code)


def _sections(document: Document) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            section.title, _("“%(title)s”") % {"title": section.title}, f"[[section {section.key}]]"
        )
        for section in document.sections
    )


def _recommendations(document: Document) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            Truncator(each.stem).words(WORDS_OF_A_RECOMMENDATION),
            _("recommendation %(number)d") % {"number": number},
            f"[[recommendation {number}]]",
        )
        for number, each in document.recommendations.items()
    )


def _examples(document: Document) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            Truncator(each.text).words(WORDS_OF_A_RECOMMENDATION),
            _("example %(number)d") % {"number": number},
            f"[[example {number}]]",
        )
        for number, each in document.examples.items()
    )
