"""What the check makes of a sentence, and how an amount that was said is compared with one that was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from reports.figure_check.claims import Pair
from reports.figure_check.scopes import Scope
from reports.figure_check.words import Token


class Verdict(Enum):
    """What the check makes of a sentence; of several counts in it, the worst."""

    NO_COUNT = "no_count"
    AGREES = "agrees"
    CANNOT_PLACE = "cannot_place"
    DISAGREES = "disagrees"


ORDER = list(Verdict)
# Of a whole: how near “a third” and “31 percent” have to be, and twice that with “about”.
FRACTION, PERCENT = 0.04, 0.015
FAR_OVER = 0.15  # how much more “just over half” may be


@dataclass
class Outcome:
    """The verdict, and what the tables say instead: a number with the row that it is in.

    `about` says which cases the sentence was taken to be about, by what stands before and above it.
    """

    verdict: Verdict = Verdict.NO_COUNT
    counted: list[tuple[int, str]] = field(default_factory=list)
    about: str = ""

    def add(self, verdict: Verdict, counted: Iterable[tuple[int, str]] = ()) -> None:
        """Keep the worse of two verdicts, and everything that was counted otherwise."""
        if ORDER.index(verdict) > ORDER.index(self.verdict):
            self.verdict = verdict
        self.counted += [each for each in counted if each not in self.counted]


def all_true(pairs: list[Pair], scope: Scope) -> bool:
    """Whether one row of a table has everything that the pairs say."""
    return bool(scope.counts) and all(
        true(pair.amount.token, sum(scope.counts[grade] for grade in pair.grades), scope.total)
        for pair in pairs
    )


def true(token: Token, count: int, total: int) -> bool:
    """Whether an amount is `count`, or as a share is what `count` is of `total`."""
    if not token.share:
        return compare(token, count)
    if not total:
        return False
    if token.value == 1.0:
        return count == total
    tolerance = max(0.5, (PERCENT if token.percent else FRACTION) * total)
    part, whole = count, token.value * total
    return {
        "=": abs(part - whole) <= tolerance,
        "~": abs(part - whole) <= 2 * tolerance,
        "~>": whole <= part <= whole + FAR_OVER * total,
        "~<": whole - FAR_OVER * total <= part <= whole,
        ">": part > whole,
        ">=": part >= whole,
        "<": part < whole,
        "<=": part <= whole,
    }[token.compared]


def compare(token: Token, count: int) -> bool:
    """Whether the amount that was said, “about 20” or “more than 20”, is true of `count`."""
    said = token.value
    about = max(1.0, said / 10)
    return {
        "=": count == said,
        "~": abs(count - said) <= about,
        "~>": said <= count <= said + about,
        "~<": said - about <= count <= said,
        ">": count > said,
        ">=": count >= said,
        "<": count < said,
        "<=": count <= said,
    }[token.compared]


def true_total(token: Token, scope: Scope) -> bool:
    """Whether the row is of as many cases as was said."""
    return any(compare(token, total) for total in scope.totals)
