"""Whole numbers that somebody typed, or that stand in an address: versions, keys of rows.

`int()` is not for those: it raises for thousands of digits, and reads “²” no more than a database reads 30 digits.
"""

from __future__ import annotations

from collections.abc import Iterable

BIGGEST = 2**63 - 1  # that a primary key can be


def whole(typed: str, *, most: int = BIGGEST) -> int | None:
    """Return the number that `typed` is, from 0 to `most`, in digits and nothing else; None if it is no such number."""
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > len(str(most)):
        return None
    number = int(typed)
    return number if number <= most else None


def wholes(typed: Iterable[str]) -> list[int]:
    """Return the numbers among `typed`, in their order; what is none (see `whole`) is left aside."""
    return [number for number in map(whole, typed) if number is not None]
