"""Names of people in free text."""

from __future__ import annotations

from collections.abc import Iterator


def spans(text: str) -> Iterator[tuple[int, int]]:
    return iter(())
