"""What two people left differently, to be shown side by side (`recommendations/differences.jinja`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Difference(NamedTuple):
    """One part that two people left differently."""

    label: str
    theirs: str
    yours: str


def differing(rows: Iterable[tuple[object, str, str]]) -> list[Difference]:
    """Return those of `rows` (label, theirs, yours) that differ by more than the line ends of browsers."""
    return [
        Difference(str(label), theirs, yours)
        for label, theirs, yours in rows
        if plain(theirs) != plain(yours)
    ]


def plain(text: str) -> str:
    """Return `text` as it compares: browsers send line ends of their own."""
    return text.replace("\r\n", "\n").strip()
