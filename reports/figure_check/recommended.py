"""Holds counts of recommendations against those of the report, and of the one that a review looks back at."""

from __future__ import annotations

from collections.abc import Iterable

from reports.figure_check import english, vocabulary
from reports.figure_check.claims import Reading
from reports.figure_check.outcomes import Outcome, Verdict, compare
from reports.figure_check.scopes import Share
from reports.figure_check.words import Kind, Token


def is_about_recommendations(reading: Reading) -> bool:
    """Whether the sentence names recommendations and may count them."""
    if any(token.kind is Kind.RECOMMENDATIONS for token in reading.tokens):
        return any(a.unit in {"recommendations", "left_out"} for a in reading.amounts)
    return False


def judge_recommendations(reading: Reading, shares: list[Share], outcome: Outcome) -> None:
    """Judge each number of recommendations in a sentence."""
    counted = [
        a
        for a in reading.rest
        if a.unit == "recommendations" or (a.unit == "left_out" and not reading.pairs)
    ]
    totals = {share.count for share in shares if not share.label}
    for number, amount in enumerate(counted):
        quoted = amount.token.quoted
        if quoted is not None and quoted.unit != "recommendations":
            if amount.unit == "recommendations":
                outcome.add(Verdict.DISAGREES, [(quoted.value, quoted.label)])
            continue
        if amount.token.share:
            continue
        end = counted[number + 1].at if number + 1 < len(counted) else len(reading.tokens)
        if amount.of_whole is not None and number + 1 < len(counted):
            end = counted[number + 2].at if number + 2 < len(counted) else len(reading.tokens)
        named = _named_share(reading.tokens[amount.at + 1 : end], shares)
        if named is None and amount.of_whole is not None:  # “has implemented three of the nine”
            begin = counted[number - 1].at if number else -1
            named = _named_share(reading.tokens[begin + 1 : amount.at], shares)
        makes = any(english.TELLS_A_TOTAL.match(t.lower) for t in reading.tokens[: amount.at])
        if amount.token.value == 1 and not makes and named is None and amount.of_whole is None:
            continue
        if quoted is not None and named is None:
            outcome.add(Verdict.AGREES)
            continue
        fate = named is not None and named.earlier and len(counted) == 1
        if named is not None and (fate or not (amount.is_whole and amount.of_whole is None)):
            counts = [share.count for share in shares if share.label == named.label]
            good = any(compare(amount.token, count) for count in counts)
            outcome.add(
                Verdict.AGREES if good else Verdict.DISAGREES,
                [] if good else [(count, named.label) for count in counts[:1]],
            )
        elif any(compare(amount.token, total) for total in totals):
            outcome.add(Verdict.AGREES)
        elif makes or amount.is_whole:
            outcome.add(Verdict.DISAGREES, [(total, "") for total in sorted(totals)])
        else:
            outcome.add(Verdict.CANNOT_PLACE)


def _named_share(following: list[Token], shares: list[Share]) -> Share | None:
    """Return the timescale, theme or outcome that is named by most of its words, the shortest of equals."""
    here = {english.stem(word) for token in following for word in token.text.split()}
    best: tuple[float, int, Share] | None = None
    for share in shares:
        stems = set(vocabulary.stems(share.label)) - vocabulary.COMMON
        if not stems or not stems & here:
            continue
        if len(stems) > 1 and stems & here <= _common_stems(shares, share):
            continue
        rank = (len(stems & here), -len(stems), share)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def _common_stems(shares: Iterable[Share], share: Share) -> set[str]:
    return {
        stem
        for other in shares
        if other.label and other.label != share.label
        for stem in vocabulary.stems(other.label)
    }
