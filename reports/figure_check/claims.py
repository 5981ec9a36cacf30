"""What a sentence claims: so many cases of these grades in the eyes of one side, so many cases or recommendations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from reports.figure_check import english
from reports.figure_check.scopes import Side
from reports.figure_check.words import Kind, Token

FURTHEST = 12  # tokens between a number and its grade
UNPAIRED, OVER_A_STOP, OVER_A_COMMA, OVER_A_NUMBER = (
    15,
    8,
    1,
    2,
)  # what each costs when pairs are compared

SAYS_TWICE = english.words(", ( or of the about almost nearly around some that is all these our")

ASSESSES = {"police", "force", "it", "they"}  # “Somewhere Police self-assessed …”
MAY_GO_ON = {"further", "more", "other", "others", "or", "and"}

Unit = Literal["cases", "weak", "recommendations", "left_out", "other"]


@dataclass
class Amount:
    """A number of the sentence, at `at`, and what it counts: by its noun, or `left_out` if that is not said again."""

    token: Token
    at: int
    unit: Unit
    noun_at: int | None
    of_whole: int | None = None  # where the amount stands of which this one is a part
    is_whole: bool = False
    restricted: bool = False  # “cases in which …”: not simply all of them


@dataclass
class Pair:
    """An amount of cases that have one of `grades`, given by `side` if the sentence says by whom."""

    amount: Amount
    grades: frozenset[str]
    at: int
    side: Side | None = None


@dataclass
class Reading:
    """All amounts of a sentence, those that belong to grades, and the rest."""

    tokens: list[Token]
    amounts: list[Amount]
    pairs: list[Pair]
    rest: list[Amount] = field(default_factory=list)
    sides: list[tuple[int, Side]] = field(default_factory=list)
    operational: bool = False
    examines: bool = False
    words: str = ""


def read(tokens: list[Token], words: str, force: frozenset[str], scale: Sequence[str]) -> Reading:
    """Return what the sentence `words` with its `tokens` claims; `scale` is the grades, best first."""
    amounts = [
        _amount(tokens, at)
        for at, token in enumerate(tokens)
        if token.kind is Kind.AMOUNT and not token.excluded
    ]
    _wholes(tokens, amounts)
    sides = _sides(tokens, force)
    grades = _predicates(tokens, scale)
    pairs = _pairs(tokens, amounts, grades)
    pairs += _grade_left_out(tokens, amounts, pairs)
    pairs += _said_twice(tokens, amounts, pairs)
    pairs.sort(key=lambda pair: min(pair.at, pair.amount.at))
    for pair in pairs:
        pair.side = _side_of(tokens, pair, sides)
    used = {id(pair.amount) for pair in pairs}
    rest = [amount for amount in amounts if id(amount) not in used]
    return Reading(
        tokens,
        amounts,
        pairs,
        rest,
        sides,
        operational=bool(english.OPERATIONAL.search(words)),
        examines=any(english.EXAMINED.match(t.lower) for t in tokens if t.kind is Kind.WORD),
        words=words,
    )


def _amount(tokens: list[Token], at: int) -> Amount:
    """Return the amount at `at` with the noun that it counts."""
    first = at + 1
    if first < len(tokens) and tokens[first].lower == "of":
        first += 1
        while first < len(tokens) and tokens[first].lower in english.DETERMINERS:
            first += 1
        if first < len(tokens) and tokens[first].kind is Kind.AMOUNT:
            return Amount(tokens[at], at, "left_out", None, of_whole=first)
    noun = _noun(tokens, at, first)
    if noun is None:
        unit: Unit = "left_out" if _is_left_out(tokens, at, first) else "other"
    elif tokens[noun].kind is Kind.RECOMMENDATIONS:
        unit = "recommendations"
    else:
        unit = "weak" if tokens[noun].weak else "cases"
    restricted = noun is not None and _restricted(tokens, noun)
    return Amount(tokens[at], at, unit, noun, restricted=restricted)


def _noun(tokens: list[Token], at: int, first: int) -> int | None:
    """Return where cases or recommendations stand that the amount at `at` counts: “24 child protection case files”."""
    for place in range(first, min(first + 7, len(tokens))):
        token = tokens[place]
        if token.kind in {Kind.CASES, Kind.RECOMMENDATIONS}:
            while place + 1 < len(tokens) and tokens[place + 1].kind is Kind.CASES:
                place += 1
            return place
        if token.kind in {Kind.SIGN, Kind.AMOUNT} or (token.kind is Kind.GRADE and place > first):
            return None
        if token.kind is not Kind.WORD:
            continue
        if place == at + 1:
            if token.lower in english.AFTER_CASES_LEFT_OUT - MAY_GO_ON:
                return None
        elif token.lower in english.PREPOSITIONS_AND_VERBS - {"and", "or", "of"} or (
            place == first and token.lower in english.PREPOSITIONS_AND_VERBS
        ):
            return None
    return None


def _is_left_out(tokens: list[Token], at: int, first: int) -> bool:
    """Whether an amount without a noun stands for cases that were named before: “eight were good”, “two of them”."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or following.kind in {Kind.SIGN, Kind.GRADE, Kind.AMOUNT}:
        return True
    if following.lower != "of" or first >= len(tokens):
        return following.lower in english.AFTER_CASES_LEFT_OUT
    noun = tokens[first]
    if noun.lower in {"them", "these", "those", "which"}:
        return True
    named = tokens[first - 1].lower in {"these", "those"}
    return named and noun.lower in english.PREPOSITIONS_AND_VERBS


def _restricted(tokens: list[Token], noun: int) -> bool:
    """Whether what follows the noun narrows it: “cases in which …”, “cases that needed one”."""
    for token in tokens[noun + 1 : noun + 4]:
        if token.kind is Kind.SIGN or token.kind in {Kind.AMOUNT, Kind.GRADE}:
            return False
        if token.lower in english.RESTRICTS - {"in", "which"}:
            return True
        if token.lower == "which":
            return True
    return False


def _wholes(tokens: list[Token], amounts: list[Amount]) -> None:
    by_place = {amount.at: amount for amount in amounts}
    for part, amount in zip(amounts, amounts[1:], strict=False):
        said = [token.lower for token in tokens[part.at + 1 : amount.at]]
        if said[-2:] == ["out", "of"] and part.of_whole is None:  # “37 cases out of 84”
            part.of_whole = amount.at
    for amount in amounts:
        if amount.of_whole is not None:
            whole = by_place.get(amount.of_whole)
            if whole is None:
                amount.unit = "other"
                continue
            whole.is_whole = True
            amount.unit = whole.unit
            amount.noun_at = whole.noun_at
        before = [token.lower for token in tokens[max(0, amount.at - 3) : amount.at]]
        if before and before[-1] in english.LEADS_TO_A_WHOLE and not amount.token.share:
            amount.is_whole = True
        if before[-2:] == ["out", "of"]:
            amount.is_whole = True


def _sides(tokens: list[Token], force: frozenset[str]) -> list[tuple[int, Side]]:
    """Return where the sentence speaks of each side as the one that grades."""
    found: list[tuple[int, Side]] = []
    for at, token in enumerate(tokens):
        if token.kind is not Kind.WORD:
            continue
        word = token.lower
        owned = word.endswith(("’s", "'s"))
        bare = word.removesuffix("’s").removesuffix("'s")
        following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        if english.INSPECTORS.match(bare) and not (owned and following in {"work", "practice"}):
            found.append((at, "inspectorate"))
        elif english.FORCE.match(bare) or (force and bare in force and following == "police"):
            ahead = [each.lower for each in tokens[at + 1 : at + 3]]
            if not owned or set(ahead) & english.FORCES_OWN_GRADE:
                found.append((at, "force"))
        elif word in {"self-assessed", "self-assess"} and at and tokens[at - 1].lower in ASSESSES:
            found.append((at, "force"))
    return found


def _side_of(tokens: list[Token], pair: Pair, sides: list[tuple[int, Side]]) -> Side | None:
    """Return who gave the grade: named after it by “by”, or the nearest before."""
    end = max(pair.at, pair.amount.at)
    for at, side in sides:
        if pair.at < at <= pair.at + 4 and "by" in [t.lower for t in tokens[pair.at + 1 : at]]:
            return side
    start = min(pair.at, pair.amount.at)
    before = [side for at, side in sides if at < start]
    inside = [side for at, side in sides if start < at < end]
    if inside:
        return inside[-1]
    return before[-1] if before else None


def _predicates(tokens: list[Token], scale: Sequence[str]) -> list[tuple[int, int, frozenset[str]]]:
    """Return the grades that are given to something, not those that praise it: “were good”, not “good practice”.

    Each as the places of its first and last word, and the grades it stands for: “good or adequate” is both.
    """
    found: list[tuple[int, int, frozenset[str]]] = []
    for at, token in enumerate(tokens):
        if token.kind is not Kind.GRADE or not _is_given(tokens, at):
            continue
        grades, end = token.grades, at
        grades, end = _better_or_worse(tokens, at, grades, scale)
        if found and _joined(tokens, found[-1][1], at):
            first, _last, others = found.pop()
            found.append((first, end, others | grades))
        else:
            found.append((at, end, grades))
    return found


def _is_given(tokens: list[Token], at: int) -> bool:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or after.kind in {Kind.SIGN, Kind.CASES, Kind.AMOUNT, Kind.GRADE}:
        return not (after and after.text == "-")
    return after.lower in english.AFTER_A_GRADE


def _better_or_worse(
    tokens: list[Token], at: int, grades: frozenset[str], scale: Sequence[str]
) -> tuple[frozenset[str], int]:
    place = min(scale.index(grade) for grade in grades)
    before = [token.lower for token in tokens[max(0, at - 2) : at]]
    after = [token.lower for token in tokens[at + 1 : at + 3]]
    if before[-1:] == ["not"]:
        return frozenset(scale) - grades, at
    if before in (["less", "than"], ["worse", "than"]) or before[-1:] == ["below"]:
        return frozenset(scale[place + 1 :]), at
    if before in (["better", "than"],) or before[-1:] == ["above"]:
        return frozenset(scale[:place]), at
    if after in (["or", "better"], ["or", "above"]) or before == ["at", "least"]:
        return frozenset(scale[: place + 1]), at + (2 if after[:1] == ["or"] else 0)
    if after in (["or", "worse"], ["or", "below"]):
        return frozenset(scale[place:]), at + 2
    return grades, at


def _joined(tokens: list[Token], last: int, at: int) -> bool:
    between = tokens[last + 1 : at]
    words = [token.lower for token in between]
    return "or" in words and len(between) <= 4 and set(words) <= english.JOINS_GRADES


def _pairs(
    tokens: list[Token], amounts: list[Amount], grades: list[tuple[int, int, frozenset[str]]]
) -> list[Pair]:
    """Return amounts with the grades they count, read in the way that leaves the least between them."""
    countable = [
        amount
        for amount in amounts
        if amount.unit in {"cases", "weak", "left_out"} and not _just_one(tokens, amount)
    ]
    if not countable or not grades:
        return []
    ways = [_number_first(tokens, countable, grades), _grade_first(tokens, countable, grades)]
    return min(ways, key=lambda way: way[0])[1]


def _just_one(tokens: list[Token], amount: Amount) -> bool:
    """“In one case …” tells of a case; it counts none."""
    if amount.noun_at is None or amount.token.value != 1 or amount.of_whole is not None:
        return False
    return amount.at > 0 and tokens[amount.at - 1].lower in {"in", "for", "from"}


def _number_first(
    tokens: list[Token], amounts: list[Amount], grades: list[tuple[int, int, frozenset[str]]]
) -> tuple[int, list[Pair]]:
    pairs, cost, last = [], 0, -1
    for first, end, named in grades:
        options = [amount for amount in amounts if last < amount.at < first]
        parts = [amount for amount in options if not amount.is_whole or amount.of_whole is not None]
        # “63 of the 84 cases were good”: the part is meant, not the whole
        best = (parts or options)[-1:] if parts and _part_reaches(parts, options) else options[-1:]
        gap = _gap(tokens, best[0].at, first) if best else None
        if gap is None:
            cost += UNPAIRED
            continue
        pairs.append(Pair(best[0], named, first))
        cost += gap
        last = end
    return cost, pairs


def _part_reaches(parts: list[Amount], options: list[Amount]) -> bool:
    return parts[-1].of_whole == options[-1].at or parts[-1] is options[-1]


def _grade_first(
    tokens: list[Token], amounts: list[Amount], grades: list[tuple[int, int, frozenset[str]]]
) -> tuple[int, list[Pair]]:
    pairs, cost = [], 1
    for number, (_first, end, named) in enumerate(grades):
        limit = grades[number + 1][0] if number + 1 < len(grades) else len(tokens)
        options = [amount for amount in amounts if end < amount.at < limit]
        gap = _gap(tokens, end, options[0].at) if options else None
        if gap is None:
            cost += UNPAIRED
            continue
        pairs.append(Pair(options[0], named, end))
        cost += gap
    return cost, pairs


def _gap(tokens: list[Token], start: int, end: int) -> int | None:
    """Return how far two places are apart; None if they cannot belong together."""
    between = tokens[start + 1 : end]
    if len(between) > FURTHEST:
        return None
    cost = len(between)
    for token in between:
        if token.text in {";", "."}:
            cost += OVER_A_STOP
        elif token.text in {",", "("}:
            cost += OVER_A_COMMA
        elif token.kind is Kind.AMOUNT:
            cost += OVER_A_NUMBER
    return cost


def _grade_left_out(tokens: list[Token], amounts: list[Amount], pairs: list[Pair]) -> list[Pair]:
    """“Three were inadequate; inspectors thought that nine were.”"""
    if not pairs:
        return []
    used = {id(pair.amount) for pair in pairs}
    found = []
    for amount in amounts:
        after = [token.lower for token in tokens[amount.at + 1 : amount.at + 3]]
        if id(amount) in used or amount.unit != "left_out" or after[:1] not in (["was"], ["were"]):
            continue
        if len(after) == 1 or after[1] in {".", ",", ";", "and"}:
            earlier = [pair for pair in pairs if pair.at < amount.at]
            if earlier:
                found.append(Pair(amount, earlier[-1].grades, amount.at))
    return found


def _said_twice(tokens: list[Token], amounts: list[Amount], pairs: list[Pair]) -> list[Pair]:
    """“Twenty-six cases, or 31%, were inadequate”: both amounts have the grade."""
    by_amount = {id(pair.amount): pair for pair in pairs}
    found = []
    for one, other in zip(amounts, amounts[1:], strict=False):
        between = tokens[one.at + 1 : other.at]
        told = [token.lower for token in between if token.kind is not Kind.CASES]
        if len(between) > 6 or not (one.token.share or other.token.share):
            continue
        if not set(told) & {"or", "("} or not set(told) <= SAYS_TWICE:
            continue
        pair, missing = by_amount.get(id(one)), other
        if pair is None:
            pair, missing = by_amount.get(id(other)), one
        if pair is not None and id(missing) not in by_amount:
            found.append(Pair(missing, pair.grades, pair.at))
    return found
