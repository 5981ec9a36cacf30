"""How often each indicator was met, partly met, not met or not recorded, and in words for the report.

Counted are answers of submitted own audits of one side, in cases that no lead has excluded. Cases to which an indicator
does not apply, and those without an answer, are counted beside the others but are no part of “in 3 of 4 cases”.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from cases import counted
from cases.lists import main_side
from cases.models import Answer
from inspections import methodology
from inspections.models import Inspection, Side

# In the order of the columns. The first four say that the indicator applies to the case.
APPLICABLE = (Answer.MET, Answer.PARTLY, Answer.NOT_MET, Answer.NOT_RECORDED)
ANSWERS = (*APPLICABLE, Answer.NOT_APPLICABLE)


class TallyDisagrees(Exception):
    """More answers than audits, or sums that do not add up: nobody may be shown them."""


@dataclass(frozen=True)
class Counts:
    """In how many of `audits` submitted audits an indicator (or several) got each answer; see ANSWERS."""

    met: int
    partly: int
    not_met: int
    not_recorded: int
    not_applicable: int
    unanswered: int

    @property
    def applicable(self) -> int:
        """Cases to which the indicator applies: what “of 6” says."""
        return self.met + self.partly + self.not_met + self.not_recorded

    @property
    def total(self) -> int:
        """Every case of a submitted audit; each has one answer or none."""
        return self.applicable + self.not_applicable + self.unanswered

    def of(self, answer: Answer) -> int:
        return int(getattr(self, answer.value))


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator of one area."""

    code: str
    text: str
    counts: Counts


@dataclass(frozen=True)
class AreaTally:
    """The indicators of one area, counted over its `audits` submitted audits."""

    code: str
    label: str
    audits: int
    rows: tuple[IndicatorRow, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.counts.total != self.audits or row.counts.unanswered < 0:
                raise TallyDisagrees(f"the answers to {row.code} do not add up to the audits")

    @property
    def counts(self) -> Counts:
        """All answers of the area; a case counts once for each indicator."""
        return _sum(row.counts for row in self.rows)


@dataclass(frozen=True)
class Tally:
    """What was counted of one inspection, for one side's audits."""

    side: Side
    areas: tuple[AreaTally, ...]

    @property
    def audits(self) -> int:
        """Submitted audits; as many as the figures say are graded."""
        return sum(area.audits for area in self.areas)

    @property
    def counts(self) -> Counts:
        return _sum(area.counts for area in self.areas)


def for_inspection(inspection: Inspection, user: User) -> Tally:
    """Count what `user` may know of `inspection` now, in three queries (five while they owe a reading).

    The inspectorate's answers; for a force its own until it may see the findings (rule 3).
    """
    side = main_side(inspection, user)
    given, audits = counted.answers(inspection, user, side)
    parts = methodology.of(inspection.framework)

    def counts(indicator: int, of: int) -> Counts:
        found = [given.get((indicator, answer.value), 0) for answer in ANSWERS]
        return Counts(*[*found, of - sum(found)])

    return Tally(
        side,
        tuple(
            AreaTally(
                area.code,
                area.label,
                audits.get(area.pk, 0),
                tuple(
                    IndicatorRow(one.code, one.text, counts(one.pk, audits.get(area.pk, 0)))
                    for one in parts.indicators_of(area.pk)
                ),
            )
            for area in parts.areas
        ),
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    columns = [0] * 6
    for one in counts:
        for place, answer in enumerate(ANSWERS):
            columns[place] += one.of(answer)
        columns[5] += one.unanswered
    return Counts(*columns)


# -- In words -------------------------------------------------------------------------------------------------------


def sentence(area_label: str, text: str, counts: Counts) -> str:
    """Say what one indicator shows, ready for the report: “In 6 of 6 domestic abuse cases this was met: …”.

    The pair of numbers stands in figures, so that it can be compared at a glance; other numbers below ten in words.
    Cases that are no part of the “of 6” are named at the end.
    """
    return _sentence(get_language(), area_label, text, counts)


@functools.lru_cache(
    maxsize=4096
)  # a page has forty of them, and most stay as they are from day to day
def _sentence(language: str | None, area_label: str, text: str, counts: Counts) -> str:
    claim = _clause(text)
    if not counts.total:
        return _("No audits of %(cases)s are submitted yet: %(claim)s.") % {
            "cases": _cases(area_label),
            "claim": claim,
        }
    if not counts.applicable:
        said = _("In none of the %(cases)s could this be judged: %(claim)s.") % {
            "cases": _cases(area_label),
            "claim": claim,
        }
        return " ".join([said, *_left_out(counts)])
    said = _("In %(met)d of %(all)d %(cases)s this was met: %(claim)s.") % {
        "met": counts.met,
        "all": counts.applicable,
        "cases": _cases(area_label, counts.applicable),
        "claim": claim,
    }
    return " ".join([said, *_otherwise(counts), *_left_out(counts)])


# What an indicator is where it is not met; put into words only where there is a number to say.
_OTHERWISE = {
    Answer.PARTLY: gettext_lazy("partly met in %(number)s"),
    Answer.NOT_MET: gettext_lazy("not met in %(number)s"),
    Answer.NOT_RECORDED: gettext_lazy("not recorded in %(number)s"),
}


def _otherwise(counts: Counts) -> list[str]:
    """“It was partly met in two and not recorded in one.”; nothing if it was met throughout."""
    parts = [
        str(words) % {"number": in_words(counts.of(answer))}
        for answer, words in _OTHERWISE.items()
        if counts.of(answer)
    ]
    return [_("It was %(what)s.") % {"what": _listed(parts)}] if parts else []


def _left_out(counts: Counts) -> list[str]:
    """Name the cases that are no part of the “of 6”; “further” only where others were counted before."""
    sentences = []
    if counts.not_applicable:
        number = {"number": in_words(counts.not_applicable)}
        if counts.applicable:
            words = ngettext(
                "It does not apply to %(number)s further case.",
                "It does not apply to %(number)s further cases.",
                counts.not_applicable,
            )
        else:
            words = ngettext(
                "It does not apply to %(number)s case.",
                "It does not apply to %(number)s cases.",
                counts.not_applicable,
            )
        sentences.append(words % number)
    if counts.unanswered:
        number = {"number": _capital(in_words(counts.unanswered))}
        if counts.applicable or counts.not_applicable:
            words = ngettext(
                "%(number)s further case has no answer.",
                "%(number)s further cases have no answer.",
                counts.unanswered,
            )
        else:
            words = ngettext(
                "%(number)s case has no answer.",
                "%(number)s cases have no answer.",
                counts.unanswered,
            )
        sentences.append(words % number)
    return sentences


_WORDS = (
    *(pgettext_lazy("number", "no"), pgettext_lazy("number", "one")),
    *(pgettext_lazy("number", "two"), pgettext_lazy("number", "three")),
    *(pgettext_lazy("number", "four"), pgettext_lazy("number", "five")),
    *(pgettext_lazy("number", "six"), pgettext_lazy("number", "seven")),
    *(pgettext_lazy("number", "eight"), pgettext_lazy("number", "nine")),
)


def in_words(number: int) -> str:
    """“two”, “10”, “1,200”: numbers below ten in words, as reports write them."""
    return str(_WORDS[number]) if 0 <= number < len(_WORDS) else f"{number:,}"


LONGEST_ADJECTIVE = 3  # words; a longer label of an area cannot stand before “cases”


def _cases(area_label: str, number: int = 2) -> str:
    """“domestic abuse cases”; “cases in “Child protection enquiry (section 47)”” if the label is long."""
    plain = area_label.replace(" ", "").replace("-", "").isalnum()
    if not plain or len(area_label.split()) > LONGEST_ADJECTIVE:
        words = {"area": area_label}
        return ngettext("case in “%(area)s”", "cases in “%(area)s”", number) % words
    words = {"area": _mid_sentence(area_label)}
    return ngettext("%(area)s case", "%(area)s cases", number) % words


def _mid_sentence(text: str) -> str:
    """Begin `text` with a small letter, unless its first word is an abbreviation or a single capital."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() or len(first) < 2 else text[:1].lower() + text[1:]


def _clause(text: str) -> str:
    return _mid_sentence(text.strip().rstrip("."))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(some)s and %(last)s") % {"some": ", ".join(parts[:-1]), "last": parts[-1]}
