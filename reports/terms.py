"""Terms of the glossary where they first stand in a report: marked there once, and led to their explanation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from reports.document import Term

ABBREVIATION = re.compile(r"^(?P<words>.+?)\s*\((?P<short>[^()\s]+)\)$")


class Terms:
    """The terms that the texts rendered so far have not used; numbered as the glossary lists them, from 1."""

    def __init__(self, glossary: Iterable[Term]) -> None:
        self._numbers: dict[str, int] = {}
        for number, term in enumerate(glossary, start=1):
            for form in forms(term.term):
                self._numbers.setdefault(form.casefold(), number)
        self._shorts = {
            form for term in glossary for form in forms(term.term)[1:] if form.isupper()
        }
        self._compile()

    def mark(self, text: str, put: Callable[[str, int], str]) -> str:
        """Return `text` with what `put` makes of each term that stands in it for the first time, and its number."""
        if self._pattern is None:
            return text
        parts, at, start = [], 0, 0
        while self._pattern is not None and (match := self._pattern.search(text, start)):
            start = match.end()
            number = self._number(match[1])
            if number is not None:
                parts += [text[at : match.start()], put(match[0], number)]
                at = match.end()
                self._forget(number)
        return "".join([*parts, text[at:]])

    def _number(self, found: str) -> int | None:
        # “mash” is no abbreviation of anything.
        if found.upper() in self._shorts and not found.isupper():
            return None
        return self._numbers.get(found.casefold())

    def _forget(self, number: int) -> None:
        self._numbers = {form: other for form, other in self._numbers.items() if other != number}
        self._compile()

    def _compile(self) -> None:
        longest_first = sorted(self._numbers, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})(?:s|’s)?\b", re.IGNORECASE)
            if longest_first
            else None
        )


def forms(term: str) -> list[str]:
    """Return how a term is said: “police and crime commissioner (PCC)” in full, and as “PCC”."""
    match = ABBREVIATION.match(term)
    return [match["words"], match["short"]] if match else [term]
