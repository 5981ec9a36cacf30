"""Names of people in free text: known first names and surnames, and any capital letter where only a name can stand.

One pass over the words of the text. What a word is taken for depends on itself and on at most three words around it, so
that the time grows with the length of the text only. The lists of words are data (words.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cases.personal_data.words import doubtful_names, first_names, not_names, surnames, words

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+){0,3}")
POSSESSIVE = ("'s", "’s")
# How surnames end or begin that no list has; and how words end that say where somebody comes from.
SURNAME = re.compile(
    r"(?:Mc|Mac|O['’])[A-Z]\w{2,20}|\w{2,20}(?:wski|wska|wicz|czyk|escu|enko|oğlu)"
)
ORIGINS = ("ish", "ian", "ese", "can", "ani", "ali")
# Anything that ends a sentence or begins a new thing; a comma and a bracket do not.
BREAK = re.compile(r"[.!?:;•|\n\r\t“”\"]")
LONGEST_NAME_WORDS = 4
WEAK_INSTITUTIONS = frozenset(["guidelines", "guidance", "competence", "posters"])


class Word(NamedTuple):
    """One word of the text: as it stands, in lower case without its “’s”, and where."""

    text: str
    low: str
    start: int
    end: int
    gap: str  # what stands between the word before and this
    begins: bool  # a sentence, as far as one can tell

    @property
    def is_capital(self) -> bool:
        """Whether it is written like a name: Karen, O’Connor, Emily-Jane."""
        return self.text[0].isupper() and not self.is_shouted

    @property
    def is_shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each name in `text`."""
    every = list(_words(text))
    at = 0
    while at < len(every):
        length = _name_at(every, at)
        if length:
            yield every[at].start, every[at + length - 1].end
        at += length or 1


def _words(text: str) -> Iterator[Word]:
    before = 0
    for match in WORD.finditer(text):
        start, end, word = match.start(), match.end(), match.group()
        gap = text[before : min(start, before + 12)]
        begins = before == 0 or (gap != " " and BREAK.search(gap) is not None)
        before = end
        if word.endswith(POSSESSIVE) and len(word) > 3:
            word, end = word[:-2], end - 2
        yield Word(word, word.casefold().replace("’", "'"), start, end, gap, begins)


def _name_at(every: list[Word], at: int) -> int:
    """Return how many words make up the name that begins at `at`; 0 if none does."""
    word = every[at]
    following = every[at + 1] if at + 1 < len(every) else None
    if word.low in words("titles") and following and _titled(word, following):
        return 1 + _length(every, at + 1)
    if len(word.text) == 1:
        return 1 + _length(every, at + 1) if following and _initial(every, at) else 0
    if not word.is_capital:
        return _unusual(every, at)
    if word.low in words("never") or _is_institution(every, at):
        return 0
    if (
        _introduced(every, at)
        or _known(every, at)
        or _doubtful(every, at)
        or _place_or_month(every, at)
    ):
        return _length(every, at)
    return 0


def _length(every: list[Word], at: int) -> int:
    """Return how many words from `at` on belong to the name: the capital letters that follow it closely."""
    length = 1
    while length < LONGEST_NAME_WORDS and at + length < len(every):
        word = every[at + length]
        before = every[at + length - 1]
        possessive = before.end + len(word.gap) != word.start or word.gap.strip() != ""
        if (
            possessive
            or not word.is_capital
            or len(word.text) == 1
            or word.low in not_names()
            or word.low in words("never_alone")
        ):
            break
        length += 1
    return length


def _titled(title: Word, following: Word) -> bool:
    """“Mr Kowalczyk”, “DS Ahmed”, “Inspector Lovell”; neither “Mr A” nor “the DC on duty”."""
    if len(title.low) <= 4 and not title.text[0].isupper():
        return False
    return (
        following.is_capital
        and len(following.text) > 1
        and following.gap in (" ", ". ")
        and _may_be_name(following)
    )


def _initial(every: list[Word], at: int) -> bool:
    """“J. Smith” and “J Smith”, but neither “child A. Smith…” nor the beginning of a sentence."""
    letter, name = every[at], every[at + 1]
    if not (letter.text.isupper() and name.is_capital and len(name.text) > 1):
        return False
    if not letter.begins and every[at - 1].low in words("letters_after"):
        return False
    if not _may_be_name(name) or name.gap not in (" ", ". ", "."):
        return False
    if _is_known(name) or SURNAME.fullmatch(name.text):
        return letter.text not in "AI" or name.gap != " "
    return name.gap != " " and letter.gap in (" ", "") and name.low not in words("also_words")


def _introduced(every: list[Word], at: int) -> bool:
    """Whether the words before leave no doubt: “her mother Karen”, “known as Dezzie”, “the child’s name is …”."""
    word = every[at]
    if at == 0 or not _may_be_name(word) or BREAK.search(word.gap):
        return False
    before = every[at - 1]
    earlier = every[at - 2] if at > 1 and not before.begins else None
    gap = word.gap
    if before.low in words("relations"):
        aside = gap in (", ", " (", "(", " – ", " - ")
        possessive = len(gap) > 1 and not aside  # “the father’s …”
        if possessive or (gap != " " and not aside):
            return False
        if before.low in words("title_words") and before.text[0].isupper() and not _is_known(word):
            return False
        return _is_known(word) or not (aside and word.low.endswith(ORIGINS))
    if earlier is None or gap != " ":
        return False
    if before.low in ("called", "named", "nicknamed"):
        return earlier.low in words("relations") or before.low == "nicknamed"
    if before.low == "as":
        return earlier.low == "known"
    if before.low == "is":
        return earlier.low in ("name", "surname", "nickname") or (
            earlier.low in words("relations") and _could_be_name(word)
        )
    return False


def _known(every: list[Word], at: int) -> bool:
    """A first name or surname that is nothing else; a surname only where a person stands."""
    word = every[at]
    if _first_part(word) in first_names():
        return True
    following = every[at + 1] if at + 1 < len(every) else None
    is_surname = word.low in surnames() or SURNAME.fullmatch(word.text) is not None
    if is_surname:
        return _stands_like_person(every, at)
    return (  # “Dezzie Pritchard”: an unknown first name before a known surname
        following is not None
        and following.is_capital
        and following.gap == " "
        and not word.begins
        and following.low in surnames()
        and _could_be_name(word)
        and every[at - 1].low not in words("before_institutions")
    )


def _doubtful(every: list[Word], at: int) -> bool:
    """“Grace”, “Will”, “Summer”: a name in the middle of a sentence, or before what only people do."""
    word = every[at]
    if word.low not in doubtful_names():
        return False
    following = every[at + 1] if at + 1 < len(every) else None
    if following is None or following.begins:
        return not word.begins and every[at - 1].low in words("person_before")
    if following.low in words("speech") or following.low in ("did", "didn't", "didn’t"):
        return True
    if word.begins or following.is_capital or every[at - 1].text[0].isupper():
        return False
    return every[at - 1].low in words("person_before") or following.low in ("who", "whom", "whose")


def _place_or_month(every: list[Word], at: int) -> bool:
    """“Jordan told officers”: people tell, a month and a country do not."""
    word = every[at]
    following = every[at + 1] if at + 1 < len(every) else None
    return (
        word.low in words("places_and_names")
        and following is not None
        and following.gap == " "
        and following.low in words("speech")
        and (word.begins or every[at - 1].low not in ("in", "by", "since", "from", "until"))
    )


def _unusual(every: list[Word], at: int) -> int:
    """“PATEL, Aisha”, “her mother karen”, “jayden said”."""
    word = every[at]
    following = every[at + 1] if at + 1 < len(every) else None
    if word.is_shouted:
        is_file_name = (
            following is not None
            and following.gap == ", "
            and following.is_capital
            and _first_part(following) in first_names()
        )
        return 2 if is_file_name and word.low not in words("never") else 0
    if word.low not in first_names() or not word.text.islower():
        return 0
    related = not word.begins and word.gap == " " and every[at - 1].low in words("relations")
    tells = following is not None and following.gap == " " and following.low in words("speech")
    return 1 if related or tells else 0


def _stands_like_person(every: list[Word], at: int) -> bool:
    word = every[at]
    following = every[at + 1] if at + 1 < len(every) else None
    acts = following is not None and following.gap == " " and following.low in words("deeds")
    if word.begins:
        return acts
    return acts or every[at - 1].low in words("person_before")


def _is_institution(every: list[Word], at: int) -> bool:
    """Whether the word is part of the name of something: “Marie Collins Foundation”, “Sarah’s Law”, “St Mary’s”."""
    word = every[at]
    if not word.begins or at and every[at - 1].low in ("st", "st."):
        before = every[at - 1]
        if before.text[0].isupper() and before.low in words("before_institutions"):
            return True
    for later in every[at + 1 : at + 4]:
        if later.begins or later.gap not in (" ", "'s ", "’s ", "' ", "’ ", "-"):
            return False
        if later.low in WEAK_INSTITUTIONS:
            return True
        if not later.text[0].isupper():
            return False
        if later.low in words("institutions"):
            return True
    return False


def _is_known(word: Word) -> bool:
    return (
        _first_part(word) in first_names()
        or word.low in doubtful_names()
        or word.low in surnames()
        or word.low in words("places_and_names")
    )


def _may_be_name(word: Word) -> bool:
    """Whether a capital letter may be a name where one is expected."""
    if word.low in not_names() or not word.is_capital or len(word.text) < 2:
        return False
    return word.low not in words("never_alone") or word.low in words("places_and_names")


def _could_be_name(word: Word) -> bool:
    """The same, where an ordinary word might stand as well."""
    return _may_be_name(word) and word.low not in words("also_words")


def _first_part(word: Word) -> str:
    return word.low.split("-", 1)[0]
