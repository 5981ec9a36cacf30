"""A small, honest check for what looks like personal data in free text (domain rule 9).

It knows the shapes of e-mail addresses, British telephone numbers, postcodes, NHS and National Insurance numbers and
dates of birth. It can't know names, so it replaces nobody's care; and as it can be wrong, the person may say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError


class Suspicion(NamedTuple):
    """What a piece of text looks like ("a postcode"), and the piece itself."""

    what: str | Promise
    found: str

    def __str__(self) -> str:
        return _("%(what)s (“%(found)s”)") % {"what": self.what, "found": self.found}


class LooksPersonal(DomainError):
    """Texts look as if they held personal data; `fields` says which, by name."""

    def __init__(self, fields: dict[str, list[Suspicion]]) -> None:
        self.fields = fields
        every = [suspicion for found in fields.values() for suspicion in found]
        super().__init__(sentence(every))


def sentence(suspicions: list[Suspicion]) -> str:
    """Return what to tell the person about one field."""
    return _(
        "This looks like personal data: %(what)s. Take it out, or confirm that it is not personal data"
    ) % {"what": ", ".join(str(suspicion) for suspicion in suspicions[:3])}


def check(texts: Mapping[str, str], *, confirmed: bool = False) -> None:
    """Raise LooksPersonal if a text looks as if it held personal data, unless the person `confirmed` that none does."""
    if confirmed:
        return
    found = {name: suspicions(text) for name, text in texts.items()}
    if any(found.values()):
        raise LooksPersonal({name: those for name, those in found.items() if those})


def suspicions(text: str) -> list[Suspicion]:
    """Return what in `text` looks like personal data, one of each kind at most."""
    found = []
    for what, pattern, really in SHAPES:
        for match in pattern.finditer(text):
            if really(match.group()):
                found.append(Suspicion(what, " ".join(match.group().split())))
                break
    return found


def _any(found: str) -> bool:
    return True


def _has_nhs_check_digit(found: str) -> bool:
    """Whether the tenth digit is the one that the NHS number's modulus 11 check asks for."""
    digits = [int(character) for character in found if character.isdigit()]
    remainder = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[9] == (0 if remainder == 11 else remainder)


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = rf"\d{{1,2}}(?:[/.-]\d{{1,2}}[/.-]|(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?{_MONTH},?\s{{1,3}})\d{{2,4}}"

# Every repetition has an upper bound, so that no text takes long.
SHAPES: list[tuple[str | Promise, re.Pattern[str], Callable[[str], bool]]] = [
    (
        gettext_lazy("an email address"),
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        _any,
    ),
    (
        gettext_lazy("an NHS number"),
        re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])", re.ASCII),
        _has_nhs_check_digit,
    ),
    (
        gettext_lazy("a telephone number"),
        re.compile(
            r"(?<!\d)(?:\+44 ?(?:\(0\))? ?|\(?0)[1-37-9](?:[ )-]{0,2}\d){8,9}(?!\d)", re.ASCII
        ),
        _any,
    ),
    (
        gettext_lazy("a postcode"),
        re.compile(
            r"\b(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}"
            r"|[a-pr-uwyz][a-hk-y]?[0-9][0-9a-z]? [0-9][abd-hjlnp-uw-z]{2})\b"
        ),
        _any,
    ),
    (
        gettext_lazy("a National Insurance number"),
        re.compile(
            r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
            re.ASCII | re.IGNORECASE,
        ),
        _any,
    ),
    (
        gettext_lazy("a date of birth"),
        re.compile(
            rf"\b(?:d\.?o\.?b|date of birth|born)\b[\s.:,]{{0,4}}(?:(?:is|was|on)\s{{1,3}}){{0,2}}{_DAY}",
            re.ASCII | re.IGNORECASE,
        ),
        _any,
    ),
]
