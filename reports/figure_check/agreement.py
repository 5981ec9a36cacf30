"""Holds what is said of both sides’ agreement against the matrix: the same grade, a better or a worse one."""

from __future__ import annotations

from reports.figure_check import english
from reports.figure_check.claims import Reading
from reports.figure_check.outcomes import Outcome, Verdict, true
from reports.figure_check.scopes import Agreement
from reports.quoted import Quoted

# What a figure may count where a sentence speaks of a relation; “graded three better, and none worse” names both.
COUNTED = {
    "same": {"same", "compared"},
    "different": {"force-higher", "force-lower", "compared"},
    "force_higher": {"force-higher", "force-lower", "compared"},
    "force_lower": {"force-higher", "force-lower", "compared"},
}


def relation_in(reading: Reading) -> str:
    """Return “same”, “different”, “force_higher” or “force_lower”, if the sentence speaks of that; empty if not."""
    words = reading.words
    if english.SAME.search(words):
        return "same"
    if english.DIFFERENT.search(words) and len({side for _at, side in reading.sides}) > 1:
        return "different"
    better, worse = english.BETTER.search(words), english.WORSE.search(words)
    if not (better or worse) or reading.pairs:
        return ""
    sides = [side for _at, side in reading.sides]
    if not english.GIVES_GRADES.search(words):
        return ""
    if not sides:
        return ""
    subject = sides[0]
    if len(set(sides)) == 1 and subject == "force" and worse:
        subject = "inspectorate"
    force_better = (subject == "force") == bool(better)
    return "force_higher" if force_better else "force_lower"


def _tells(quoted: Quoted, relation: str, areas: frozenset[str]) -> bool:
    """Whether an inserted figure counts what a sentence about `relation` speaks of. Others are held against it."""
    return quoted.key.partition(".")[0] in COUNTED[relation] and (
        quoted.area in areas if areas else quoted.area is None
    )


def judge_agreement(
    reading: Reading,
    areas: frozenset[str],
    relation: str,
    known: list[Agreement],
    outcome: Outcome,
) -> None:
    """Judge each number of cases in a sentence about agreement."""
    for amount in reading.rest:
        if amount.unit not in {"cases", "left_out"}:
            continue
        quoted = amount.token.quoted
        if quoted is not None and (amount.is_whole or _tells(quoted, relation, areas)):
            outcome.add(Verdict.AGREES)
            continue
        rows = [a for a in known if a.area in (areas or {None})]
        counts = [
            a.compared
            if amount.is_whole and amount.of_whole is None
            else a.compared - a.same
            if relation == "different"
            else getattr(a, relation)
            for a in rows
        ]
        if any(
            true(amount.token, count, row.compared) for count, row in zip(counts, rows, strict=True)
        ):
            outcome.add(Verdict.AGREES)
        else:
            label = rows[0].label if rows else ""
            outcome.add(Verdict.DISAGREES, [(count, label) for count in counts[:1]])
