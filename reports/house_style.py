"""What a framework says of the words of its reports, and where a report's texts say otherwise.

Remarks forbid nothing: whoever writes decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspections.models import Framework
from reports.document import Document
from reports.figure_check.passages import Passage, passages
from reports.figure_check.reading import sentences
from reports.references import References

ONCE = "once"


@dataclass(frozen=True)
class Remark:
    """Words that the house style avoids: where they stand, how often in that text, and what to write instead."""

    passage: Passage
    words: str
    times: int
    sentence: str
    prefer: str
    why: str


def rules(framework: Framework) -> list[dict[str, Any]]:
    """Return what the framework's house style says; [] if it says nothing."""
    return list(_said(framework).get("rules", []))


def names(framework: Framework) -> dict[str, list[str]]:
    """Return how grades and areas are called beside their labels, by code."""
    return dict(_said(framework).get("names", {}))


def _said(framework: Framework) -> Mapping[str, Any]:
    return framework.house_style if isinstance(framework.house_style, dict) else {}


def remarks(document: Document, framework: Framework) -> list[Remark]:
    """Return where the texts of `document` use words that the framework's house style avoids, in reading order."""
    said = rules(framework)
    avoided = {word.casefold(): rule for rule in said for word in rule["avoid"]}
    name = next((rule for rule in said if rule["force_name"] == ONCE), None)
    pattern = _pattern([*avoided, document.force]) if avoided or name else None
    if pattern is None:
        return []
    references, found, named = References(document), [], False
    for passage in passages(document):
        here: dict[str, list[str]] = {}
        for sentence in sentences(passage.text, references):
            for match in pattern.finditer(sentence.text):
                words = " ".join(match.group().split())
                is_name = words.casefold() == document.force.casefold()
                if is_name and (not named or name is None):
                    named = True
                    continue
                here.setdefault(words, []).append(sentence.text)
        for words, where in here.items():
            rule = avoided.get(words.casefold()) or name
            assert rule
            remark = Remark(passage, words, len(where), where[0], rule["prefer"], rule["why"])
            found.append(remark)
    return found


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    spaced = [r"\s+".join(map(re.escape, word.split())) for word in longest_first]
    return re.compile(rf"\b(?:{'|'.join(spaced)})\b", re.IGNORECASE)
