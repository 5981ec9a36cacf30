"""What changed from one text to another, word by word."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

PARAGRAPHS = re.compile(r"[^\n]*\n+|[^\n]+$")
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Among more than that the commonest are no landmarks, so that a text that is another one altogether stays quick.
MANY_WORDS = 2_000
MANY_PARAGRAPHS = 500
# Longer pieces without a paragraph in common are another text; to match their words would take many seconds.
LONGEST_MATCHED = 10_000
# Paragraphs that have less than that in common are told as taken out and put in: a mixture could not be read.
LEAST_IN_COMMON = 0.35


class Kind(enum.Enum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclasses.dataclass(frozen=True)
class Change:
    """A stretch of text that stayed, went or came."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Return how `before` became `after`.

    What stayed and what went make `before` again, what stayed and what came `after`, to the letter. Paragraphs are
    matched first, then the words of those that differ.
    """
    old, new = PARAGRAPHS.findall(before), PARAGRAPHS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > MANY_PARAGRAPHS)
    found: list[Change] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        was, became = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        found += [Change(Kind.SAME, was)] if kind == "equal" else _by_words(was, became)
    return list(_joined(found))


def _by_words(was: str, became: str) -> list[Change]:
    old, new = WORDS.findall(was), WORDS.findall(became)
    whole = [Change(Kind.REMOVED, was), Change(Kind.ADDED, became)]
    if max(len(old), len(new)) > LONGEST_MATCHED:
        return whole
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > MANY_WORDS)
    if matcher.ratio() < LEAST_IN_COMMON:
        return whole
    found = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found.append(Change(Kind.SAME, "".join(old[old_from:old_to])))
        else:
            found.append(Change(Kind.REMOVED, "".join(old[old_from:old_to])))
            found.append(Change(Kind.ADDED, "".join(new[new_from:new_to])))
    return _without_specks(found)


def _without_specks(found: list[Change]) -> list[Change]:
    """Let a space between two changes belong to both, so that whole phrases are marked and not each word."""
    told: list[Change] = []
    for at, change in enumerate(found):
        between = 0 < at < len(found) - 1 and change.kind == Kind.SAME
        if between and change.text.isspace() and "\n" not in change.text:
            told += [Change(Kind.REMOVED, change.text), Change(Kind.ADDED, change.text)]
        else:
            told.append(change)
    return told


def _joined(found: list[Change]) -> Iterator[Change]:
    """Put what went before what came, and neighbours of one kind together; empty stretches go."""
    texts = dict.fromkeys((Kind.SAME, Kind.REMOVED, Kind.ADDED), "")
    for change in found:
        if change.kind == Kind.SAME and change.text and (texts[Kind.REMOVED] or texts[Kind.ADDED]):
            yield from _told(texts)
            texts = dict.fromkeys(texts, "")
        texts[change.kind] += change.text
    yield from _told(texts)


def _told(texts: dict[Kind, str]) -> Iterator[Change]:
    return (Change(kind, text) for kind, text in texts.items() if text)
