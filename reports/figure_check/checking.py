"""The figure check of a whole report: every sentence of every text that somebody wrote."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reports.document import Document
from reports.figure_check import vocabulary
from reports.figure_check.judging import Context, Judge
from reports.figure_check.outcomes import Verdict
from reports.figure_check.passages import Passage, passages, recommended
from reports.figure_check.reading import sentences
from reports.references import References

KEPT = 16  # documents whose check a process remembers; the pages around a draft ask for the same one again and again


class Found(NamedTuple):
    """A sentence that states counts, and what the tables make of it.

    `counted` says what they have instead: numbers, each with the row that it is in. `about` says which cases it was
    taken to be about, and which of several such sentences of its section it is.
    """

    passage: Passage
    sentence: str
    verdict: Verdict
    counted: tuple[tuple[int, str], ...] = ()
    about: str = ""


def check(
    document: Document, names: Mapping[str, Sequence[str]] | None = None
) -> tuple[Found, ...]:
    """Return every sentence of the report that states counts, in reading order, with its verdict.

    `names` are further names of grades and areas, by code. Reads English; labels are in the active language.
    """
    known = tuple((code, tuple(said)) for code, said in sorted((names or {}).items()))
    return _check(document, known)


@functools.lru_cache(maxsize=KEPT)
def _check(document: Document, names: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Found, ...]:
    references = References(document)
    judge = Judge(document, vocabulary.of(document, dict(names)))
    found: list[Found] = []
    times: Counter[tuple[str, str]] = Counter()
    for passage in itertools.chain(passages(document), recommended(document)):
        context = Context()
        for sentence in sentences(passage.text, references):
            outcome = judge.judge(sentence, context, earlier=passage.earlier)
            if outcome.verdict is not Verdict.NO_COUNT:
                same = (passage.settled_under, sentence.text)
                times[same] += 1
                about = f"{times[same]} {outcome.about}"
                counted = tuple(outcome.counted)
                found.append(Found(passage, sentence.text, outcome.verdict, counted, about))
    return tuple(found)
