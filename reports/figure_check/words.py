"""Takes a sentence apart into words, amounts, grades and what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from reports.figure_check import english
from reports.figure_check.reading import CLOSE, OPEN, Sentence
from reports.figure_check.vocabulary import Vocabulary
from reports.quoted import Quoted

WORD = re.compile(
    rf"{OPEN}(?P<mark>\d+){CLOSE}"
    r"|(?P<number>(?<![\w.,£])\d{1,3}(?:,\d{3})+(?![\d,]*\d)|(?<![\w.£])\d+(?:\.\d+)?)(?P<suffix>[a-z]+(?=\W|$)|-[\w-]+)?"
    r"|(?P<word>[^\W\d_][\w’']*(?:-[\w’']+)*)"
    r"|(?P<sign>%|[.,;:!?()\"“”–—/-])"
)
HYPHENATED = re.compile(
    r"^(?:" + "|".join(english.TENS) + r")-(?:" + "|".join(english.ONES) + r")$"
)
MORE_THAN_ANY = 1e12  # what no table has; a number of hundreds of digits is no more wrong than this


class Kind(Enum):
    WORD = "word"
    SIGN = "sign"
    AMOUNT = "amount"
    GRADE = "grade"
    CASES = "cases"
    RECOMMENDATIONS = "recommendations"


@dataclass
class Token:
    """One word or sign; of an amount what it says, of a grade which ones.

    `value` is a count, or with `share` a part of a whole between 0 and 1; `compared` is how both are compared with
    what is counted: "=", "<", "<=", ">", ">=", "~" (about), "~<", "~>". `excluded` amounts count something else.
    """

    text: str
    kind: Kind = Kind.WORD
    value: float = 0
    share: bool = False
    compared: str = "="
    grades: frozenset[str] = frozenset()
    excluded: bool = False
    weak: bool = False
    quoted: Quoted | None = None
    percent: bool = False

    @property
    def lower(self) -> str:
        return self.text.casefold()


def tokens(sentence: Sentence, vocabulary: Vocabulary) -> list[Token]:
    """Return the tokens of `sentence`; signs count as tokens, too."""
    found: list[Token] = []
    for match in WORD.finditer(sentence.marked):
        if match["mark"]:
            said, quoted = sentence.quoted[int(match["mark"])]
            found += _of_reference(said.words, said.value, quoted)
        elif match["number"]:
            token = Token(match["number"], Kind.AMOUNT)
            token.value = min(float(match["number"].replace(",", "")), MORE_THAN_ANY)
            token.excluded = bool(match["suffix"]) or "." in match["number"]
            found.append(token)
        elif match["sign"]:
            found.append(Token(match["sign"], Kind.SIGN))
        else:
            found += _split_hyphens(match["word"], vocabulary)
    found = _grades(found, vocabulary)
    found = _amounts(found)
    for token in found:
        if token.kind is Kind.WORD:
            _name_unit(token)
    _exclude(found)
    _compare(found)
    return found


def _of_reference(words: str, value: int | None, quoted: Quoted | None) -> list[Token]:
    if value is None or quoted is None:
        return [Token(word) for word in words.split()]
    first, *rest = words.split()
    token = Token(first, Kind.AMOUNT, value=float(value), quoted=quoted)
    return [token, *(Token(word) for word in rest)]


def _split_hyphens(word: str, vocabulary: Vocabulary) -> list[Token]:
    if "-" not in word or HYPHENATED.match(word.casefold()):
        return [Token(word)]
    parts = word.split("-")
    if parts[0].casefold() in english.ONES and parts[-1].casefold() in english.FRACTIONS:
        return [Token(part) for part in parts]
    if parts[0].casefold() in english.ONES or parts[0].casefold() in english.TENS:
        return [Token(word)]  # “two-year-old”: nothing is counted
    return [Token(part) for part in parts] if parts[0].casefold() != "self" else [Token(word)]


def _grades(found: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """Put together the words that name a grade."""
    result: list[Token] = []
    at = 0
    while at < len(found):
        for form, grades in vocabulary.grades:
            here = found[at : at + len(form)]
            if len(here) == len(form) and all(
                token.kind is Kind.WORD and english.stem(token.text) == each
                for token, each in zip(here, form, strict=True)
            ):
                text = " ".join(token.text for token in here)
                result.append(Token(text, Kind.GRADE, grades=frozenset({grades})))
                at += len(form)
                break
        else:
            result.append(found[at])
            at += 1
    return result


def _amounts(found: list[Token]) -> list[Token]:
    """Put together numbers in words, percentages, fractions and “one in four”."""
    result: list[Token] = []
    at = 0
    while at < len(found):
        token, width = _amount(found, at)
        result.append(token)
        at += width
    return result


def _amount(found: list[Token], at: int) -> tuple[Token, int]:
    first = found[at]
    if first.kind is Kind.AMOUNT:
        value, width = first.value, 1
    elif first.kind is Kind.WORD:
        said = _number_in_words(found, at)
        if said is None:
            return _in_other_words(found, at)
        value, width = said
    else:
        return first, 1
    following = [token.lower for token in found[at + width : at + width + 3]]
    token = Token(
        " ".join(each.text for each in found[at : at + width]),
        Kind.AMOUNT,
        value=value,
        excluded=first.excluded,
        quoted=first.quoted,
    )
    if following[:1] and following[0] in {"%", "percent"}:
        token.value, token.share, token.excluded, token.percent = value / 100, True, False, True
        return token, width + 1
    if following[:2] == ["per", "cent"]:
        token.value, token.share, token.excluded, token.percent = value / 100, True, False, True
        return token, width + 2
    if following[:1] and following[0] in english.FRACTIONS and first.kind is Kind.WORD:
        token.value, token.share = value / english.FRACTIONS[following[0]], True
        return token, width + 1
    if following[:1] == ["in"] and len(following) > 1:
        whole = _number_in_words(found, at + width + 1)
        digits = following[1] if following[1].isdecimal() else ""
        of = whole[0] if whole else float(digits or 0)
        if value < of and of in {2, 3, 4, 5, 6, 8, 10, 20, 100}:
            after = found[at + width + 1 + (whole[1] if whole else 1) :][:1]
            if not after or after[0].kind is not Kind.GRADE and after[0].lower != "as":
                token.value, token.share, token.compared = value / of, True, "~"
                return token, width + 1 + (whole[1] if whole else 1)
    return token, width


def _number_in_words(found: list[Token], at: int) -> tuple[float, int] | None:
    """Return the number that begins at `at` in words, and how many tokens it takes."""
    total, width = 0, 0
    while at + width < len(found) and found[at + width].kind is Kind.WORD:
        word = found[at + width].lower
        tens, _hyphen, ones = word.partition("-")
        if word in english.ONES and (
            width == 0 or total % 100 == 0 or (total % 10 == 0 and total % 100 >= 20)
        ):
            if width and not english.ONES[word]:
                break
            if width and total % 100 == 0 and found[at + width - 1].lower not in {"and", "hundred"}:
                break
            total, width = total + english.ONES[word], width + 1
        elif tens in english.TENS and total % 100 == 0:
            total += english.TENS[tens] + english.ONES.get(ones, 0)
            width += 1
        elif word == "hundred" and 0 < total < 10:
            total, width = total * 100, width + 1
        elif word == "hundred" and width == 0 and at and found[at - 1].lower == "a":
            total, width = 100, 1
        elif word == "dozen" and total <= 1:
            total, width = 12, width + 1
        elif word == "and" and width and total % 100 == 0 and _goes_on(found, at + width + 1):
            width += 1
        else:
            break
    return (float(total), width) if width else None


def _goes_on(found: list[Token], at: int) -> bool:
    if at >= len(found):
        return False
    word = found[at].lower.partition("-")[0]
    return word in english.TENS or word in english.ONES


def _in_other_words(found: list[Token], at: int) -> tuple[Token, int]:
    """“None”, “half”, “a third”, “most”; or the word as it is."""
    first, word = found[at], found[at].lower
    following = found[at + 1].lower if at + 1 < len(found) else ""
    if word == "both" and following != "sides":
        return Token(first.text, Kind.AMOUNT, value=2.0), 1
    if word in english.NOTHING and following not in {"fewer", "more", "less", "doubt", "longer"}:
        return Token(first.text, Kind.AMOUNT, value=0.0), 1
    before = found[at - 1].lower if at else ""
    if word == "not" and before not in english.IS:
        second = found[at + 2].lower if at + 2 < len(found) else ""
        if following == "one" or (following, second) == ("a", "single"):
            return Token("not one", Kind.AMOUNT, value=0.0), 2 if following == "one" else 3
    if (
        word in english.EVERYTHING
        and before != "of"
        and following in {"of", "were", "was", "the", "cases", "but"}
    ) or (word in english.EACH and _names_a_case(found[at + 1 : at + 4])):
        return Token(first.text, Kind.AMOUNT, value=1.0, share=True), 1
    if word in {"a", "one"} and following in english.FRACTIONS:
        share = 1 / english.FRACTIONS[following]
        return Token(f"{first.text} {following}", Kind.AMOUNT, value=share, share=True), 2
    if word == "half":
        return Token(first.text, Kind.AMOUNT, value=0.5, share=True), 1
    if word in english.MOST:
        return Token(first.text, Kind.AMOUNT, value=0.5, share=True, compared=">"), 1
    return first, 1


def _names_a_case(following: list[Token]) -> bool:
    """Whether words lead to one case: “each case”, “every custody case”; not “each time a case”."""
    said = [token.lower for token in following]
    at = next((place for place, word in enumerate(said) if word in {"case", "file"}), None)
    return at is not None and not {"a", "an", "the"} & set(said[:at])


def _name_unit(token: Token) -> None:
    word = token.lower.removesuffix("’s").removesuffix("’")
    if word in english.CASES:
        token.kind = Kind.CASES
    elif word in english.WEAK_CASES:
        token.kind, token.weak = Kind.CASES, True
    elif word in english.RECOMMENDATIONS:
        token.kind = Kind.RECOMMENDATIONS


def _exclude(found: list[Token]) -> None:
    """Mark the amounts that belong to something else: “section 47”, “within three months”, “2018”, “12 to 15”."""
    listed = False
    for at, token in enumerate(found):
        if token.kind is not Kind.AMOUNT or token.quoted:
            continue
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        if token.share:
            continue
        if english.YEAR.match(token.text) and not (after and after.kind is Kind.CASES):
            token.excluded = True
        if after and (after.lower in english.AFTER_A_NUMBER or after.lower.startswith("year-")):
            token.excluded = True
        if before and before.lower.rstrip(".") in english.BEFORE_A_NUMBER:
            token.excluded = True
            listed = before.lower.endswith("s") and len(before.lower) > 1
        earlier = found[at - 2] if at > 1 else None
        if (
            before
            and before.lower in ({"and", "or", ","} if listed else {"–", "-", "to"})
            and earlier
            and earlier.kind is Kind.AMOUNT
            and earlier.excluded
        ):
            token.excluded = True
        between = before and before.lower == "between"
        if between or (
            before
            and before.lower == "and"
            and earlier
            and at > 2
            and found[at - 3].lower == "between"
        ):
            token.excluded = True


def _compare(found: list[Token]) -> None:
    for at, token in enumerate(found):
        if token.kind is not Kind.AMOUNT:
            continue
        for width in (3, 2, 1):
            words = " ".join(each.lower for each in found[max(0, at - width) : at])
            if at >= width and words in english.COMPARED:
                token.compared = english.COMPARED[words]
                break
