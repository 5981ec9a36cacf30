"""What has a shape of its own: numbers, addresses, dates.

A regular expression finds what may be one; where a library knows more (telephone and NHS numbers), it decides. Every
repetition has an upper bound, so that no text takes long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum.gb import nhs

from cases.personal_data.suspicion import Kind
from cases.personal_data.words import words

NEARBY = 40  # characters in which a word such as “registration” says what a piece is

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?:of\s{{1,3}})?{_MONTH},?\s{{1,3}}\d{{2,4}})\b"
)
_AGES = (
    r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty"
)
_CAPITAL = r"[A-Z][\w'’]{0,20}"


def _either(name: str) -> str:
    return "|".join(sorted(words(name), key=lambda word: (-len(word), word)))


def spans(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield kind, start and end of each piece of `text` that has the shape of one."""
    for kind, pattern, really in SHAPES:
        for match in pattern.finditer(text):
            if really(match):
                yield kind, *match.span("it" if "it" in pattern.groupindex else 0)


def _always(match: re.Match[str]) -> bool:
    return True


def _is_nhs_number(match: re.Match[str]) -> bool:
    return bool(nhs.is_valid(match.group()))


# Numbers that belong to organisations, not to people.
PUBLIC_NUMBERS = {
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
}


def _is_phone(match: re.Match[str]) -> bool:
    """Whether libphonenumber takes it for a person's or a household's number; British unless it says otherwise."""
    if _after(match, NUMBERED):  # “Crime reference 01234567890”
        return False
    try:
        number = phonenumbers.parse(match.group(), "GB")
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_possible_number(number):
        return False
    # Numbers kept free for fiction are possible without being valid, so at home that is enough.
    at_home = number.country_code == 44
    valid = phonenumbers.is_valid_number(number)
    return (at_home or valid) and phonenumbers.number_type(number) not in PUBLIC_NUMBERS


def _is_postcode(match: re.Match[str]) -> bool:
    letters = re.match("[a-z]{1,2}", match.group().casefold())
    return letters is not None and letters.group() in words("postcode_areas")


VEHICLE_WORDS = re.compile(
    r"\b(?:reg|registration|registered|index|plates?|vrm|vehicle|car|van|taxi|motorbike|moped|drives|anpr)\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"\b(?:crime|occurrence|offence|incident|custody|investigation|reference|ref|urn|crn|pnc|niche)\b",
    re.IGNORECASE,
)


def _after(match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Whether a word of `pattern` stands shortly before, in the same sentence."""
    before = match.string[max(0, match.start() - NEARBY) : match.start()]
    return pattern.search(before.rsplit(". ", 1)[-1]) is not None


def _is_vehicle(match: re.Match[str]) -> bool:
    """Capital letters and three digits or two speak for themselves; anything else needs a word such as “car” before."""
    found = match.group()
    sure = found.isupper() and re.fullmatch(
        r"[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z]\d{3} ?[A-Z]{3}|[A-Z]{3} ?\d{3}[A-Z]", found
    )
    return bool(sure) or _after(match, VEHICLE_WORDS)


def _is_street(match: re.Match[str]) -> bool:
    """Neither “Family Court” nor “High Street” nor “3 Close relatives”."""
    names = match["street"].split()[:-1]
    return not {name.casefold() for name in names if name != "The"} & words("no_streets")


SHAPES: list[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], bool]]] = [
    (
        Kind.EMAIL,
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        _always,
    ),
    (
        Kind.BIRTH,
        re.compile(
            r"\b(?:d\.?o\.?b|date of birth|born|birthday|birth date)\b"
            rf"[^\w\n]{{0,4}}(?:[a-z]{{1,10}}\s{{1,3}}){{0,4}}(?P<it>{_DATE})",
            re.ASCII | re.IGNORECASE,
        ),
        _always,
    ),
    (
        Kind.BIRTH,
        re.compile(
            rf"\b(?:turn(?:s|ed)|became|becomes)\s(?:{_AGES})\son\s(?:the\s)?(?P<it>{_DATE})",
            re.ASCII | re.IGNORECASE,
        ),
        _always,
    ),
    (
        Kind.BIRTH,
        re.compile(
            rf"(?P<it>{_DATE})[^\w\n.;]{{1,3}}(?:is|was)\s(?:[a-z]{{2,8}}\s)?(?:date of birth|birthday)",
            re.ASCII | re.IGNORECASE,
        ),
        _always,
    ),
    (
        Kind.NHS,
        re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])", re.ASCII),
        _is_nhs_number,
    ),
    (
        Kind.PHONE,
        re.compile(
            r"(?<![\d/])(?:(?:\+|00)[1-9]\d{0,2}[ .-]?(?:\(0\)[ .-]?)?\(?\d|\(?0[1-37-9])"
            r"(?:[ ().-]{0,2}\d){7,10}(?![\d/])",
            re.ASCII,
        ),
        _is_phone,
    ),
    (
        Kind.POSTCODE,
        re.compile(
            r"\b(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? {0,2}[0-9][ABD-HJLNP-UW-Z]{2}"
            r"|[a-pr-uwyz][a-hk-y]?[0-9][0-9a-z]? {1,2}[0-9][abd-hjlnp-uw-z]{2})\b"
        ),
        _is_postcode,
    ),
    (
        Kind.INSURANCE,
        re.compile(
            r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
            re.ASCII | re.IGNORECASE,
        ),
        _always,
    ),
    (
        Kind.VEHICLE,
        re.compile(
            r"(?<![\w-])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]|[A-Z]{3} ?\d{3,4})"
            r"(?![\w-])",
            re.ASCII | re.IGNORECASE,
        ),
        _is_vehicle,
    ),
    (
        Kind.CRIME,  # said to be one: “crime reference …”, “custody record no. …”
        re.compile(
            r"\b(?:crime|occurrence|offence|incident|custody|investigation|intelligence|urn|crn|pnc|niche)\b"
            r"(?:\s{1,3}(?:reports?|records?|recorded|reference|ref|number|numbers|no|id|under|log|as|is|was|of))"
            r"{0,4}[\s.:#(]{1,4}(?P<it>(?=[\w/-]{0,20}\d{4})[A-Z0-9]{1,14}(?:[/-][A-Z0-9]{1,12}){0,3})\b",
            re.ASCII | re.IGNORECASE,
        ),
        lambda match: (
            not re.fullmatch(
                r"(?:19|20)\d\d|(?:19|20)\d\d-\d\d?-\d\d?|\d\d?[/-]\d\d?[/-]\d{2,4}", match["it"]
            )
        ),
    ),
    (
        Kind.CRIME,  # shaped like one: 42/118345/19, CR/45123/20, 13KH/20981/18
        re.compile(
            r"(?<![\w/])(?:\d{1,2}|[A-Z]{2,4}|\d{2}[A-Z]{2})/\d{4,7}(?:/\d{2}|[A-Z])(?![\w/])",
            re.ASCII,
        ),
        _always,
    ),
    (
        Kind.ADDRESS,  # 14 Mill Lane; Flat 3, 40 Harbour Street
        re.compile(
            rf"\b(?:(?i:flat|apartment|unit)\s\d{{1,4}}[a-zA-Z]?,?\s)?\d{{1,4}}[a-zA-Z]?,?\s(?P<street>(?:{_CAPITAL}\s){{1,3}}"
            rf"(?i:{_either('street_types')}))\b"
        ),
        _is_street,
    ),
    (
        Kind.ADDRESS,  # 8 st mary's close
        re.compile(
            rf"\b\d{{1,4}}[a-z]?,?\s(?P<street>(?:[a-z][\w'’]{{1,20}}\s){{1,3}}(?:{_either('sure_street_types')}))\b(?!-)",
            re.IGNORECASE,
        ),
        _is_street,
    ),
    (
        Kind.ADDRESS,  # Flat 3, Beech Court
        re.compile(
            rf"\b(?i:flat|apartment|unit)\s\d{{1,4}}[a-zA-Z]?,?\s(?P<street>(?:{_CAPITAL}\s){{1,3}}(?i:{_either('street_types')}))\b"
        ),
        _is_street,
    ),
    (
        Kind.ADDRESS,  # lives on Larkspur Crescent
        re.compile(
            rf"\b(?:live[sd]?|living|resid(?:es|ed|ing)|address|moved|stay(?:s|ed|ing))\s(?:is\s|was\s)?(?:in|on|at|to|of)\s"
            rf"(?P<it>(?P<street>(?:{_CAPITAL}\s){{1,3}}(?:{_either('sure_street_types').title()})))\b"
        ),
        _is_street,
    ),
]
