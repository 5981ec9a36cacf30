"""The figure check of a whole report: every sentence of every text that somebody wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reports.document import Document
from reports.figure_check import vocabulary
from reports.figure_check.judging import Context, Judge, Verdict
from reports.figure_check.reading import sentences
from reports.references import References


class Passage(NamedTuple):
    """One text of the report: the key of its section, and whether it tells of an earlier inspection."""

    key: str
    title: str
    text: str
    earlier: bool = False


class Found(NamedTuple):
    """A sentence that states counts, and what the tables make of it.

    `counted` says what they have instead: numbers, each with the row that it is in.
    """

    passage: Passage
    sentence: str
    verdict: Verdict
    counted: tuple[tuple[int, str], ...] = ()


def passages(document: Document) -> Iterator[Passage]:
    """Return the texts of the report's sections in reading order."""
    for section in document.sections:
        if section.earlier:
            yield Passage(section.key, section.title, section.earlier, earlier=True)
        for text in (section.summary, section.body, *(each.text for each in section.examples)):
            if text:
                yield Passage(section.key, section.title, text)


def check(document: Document, names: Mapping[str, Sequence[str]] | None = None) -> list[Found]:
    """Return every sentence of the report that states counts, in reading order, with its verdict.

    `names` are further names of grades and areas, by code. Reads English.
    """
    references = References(document)
    judge = Judge(document, vocabulary.of(document, names))
    found = []
    for passage in passages(document):
        context = Context()
        for sentence in sentences(passage.text, references):
            outcome = judge.judge(sentence, context, earlier=passage.earlier)
            if outcome.verdict is not Verdict.NO_COUNT:
                found.append(Found(passage, sentence.text, outcome.verdict, tuple(outcome.counted)))
    return found
