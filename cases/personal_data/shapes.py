"""What has a shape of its own: numbers, addresses, dates.

Every repetition has an upper bound, so that no text takes long. A shape that a library knows is only found here; the
library says whether it is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cases.personal_data.suspicion import Kind


def spans(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield kind, start and end of each piece of `text` that has the shape of one."""
    for kind, pattern, really in SHAPES:
        for match in pattern.finditer(text):
            if really(match.group()):
                yield kind, match.start(), match.end()


def _any(found: str) -> bool:
    return True


def _has_nhs_check_digit(found: str) -> bool:
    """Whether the tenth digit is the one that the NHS number's modulus 11 check asks for."""
    digits = [int(character) for character in found if character.isdigit()]
    remainder = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[9] == (0 if remainder == 11 else remainder)


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = rf"\d{{1,2}}(?:[/.-]\d{{1,2}}[/.-]|(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?{_MONTH},?\s{{1,3}})\d{{2,4}}"

SHAPES: list[tuple[Kind, re.Pattern[str], Callable[[str], bool]]] = [
    (
        Kind.EMAIL,
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        _any,
    ),
    (
        Kind.NHS,
        re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])", re.ASCII),
        _has_nhs_check_digit,
    ),
    (
        Kind.PHONE,
        re.compile(
            r"(?<!\d)(?:\+44 ?(?:\(0\))? ?|\(?0)[1-37-9](?:[ )-]{0,2}\d){8,9}(?!\d)", re.ASCII
        ),
        _any,
    ),
    (
        Kind.POSTCODE,
        re.compile(
            r"\b(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}"
            r"|[a-pr-uwyz][a-hk-y]?[0-9][0-9a-z]? [0-9][abd-hjlnp-uw-z]{2})\b"
        ),
        _any,
    ),
    (
        Kind.INSURANCE,
        re.compile(
            r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
            re.ASCII | re.IGNORECASE,
        ),
        _any,
    ),
    (
        Kind.BIRTH,
        re.compile(
            rf"\b(?:d\.?o\.?b|date of birth|born)\b[\s.:,]{{0,4}}(?:(?:is|was|on)\s{{1,3}}){{0,2}}{_DAY}",
            re.ASCII | re.IGNORECASE,
        ),
        _any,
    ),
]
