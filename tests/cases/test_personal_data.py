"""The check for what looks like personal data finds its shapes, and leaves ordinary words alone."""

import time

import pytest

from cases.personal_data import LooksPersonal, check, suspicions


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to jo.smith+home@mail.example.org today", "an email address"),
        ("Her number is 07700 900123.", "a telephone number"),
        ("Call +44 7700 900123", "a telephone number"),
        ("Call +44 (0)20 7946 0018", "a telephone number"),
        ("Call (020) 7946 0018", "a telephone number"),
        ("Tel 029-2018-0123", "a telephone number"),
        ("She lives at CF10 3NQ", "a postcode"),
        ("at SW1A1AA", "a postcode"),
        ("near cf10 3nq", "a postcode"),
        ("NHS 943 476 5919", "an NHS number"),
        ("NHS 9434765919", "an NHS number"),
        ("NI AB 12 34 56 C", "a National Insurance number"),
        ("ab123456c", "a National Insurance number"),
        ("DOB: 3/4/2012", "a date of birth"),
        ("d.o.b. 03.04.12", "a date of birth"),
        ("Born on 3 April 2012", "a date of birth"),
        ("Her date of birth is 3rd of April 2012", "a date of birth"),
    ],
)
def test_personal_data_is_noticed(text, what):
    assert what in [str(suspicion.what) for suspicion in suspicions(text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The strategy discussion was held on 3 April 2019, after 12 days.",
        "Section 47 enquiry; see GW-001, DA-2026-014 and log 0412 of 3/4/2019.",
        "The child, 11, was missing 14 times between 2017 and 2019.",
        "Officers used powers under section 46 of the Children Act 1989.",
        "Crime reference 1234567890 was closed.",
        "The unborn child, 32 weeks.",
        "He was born in custody in 2019.",
        "B1 and C2 grades, paragraph 4.2.1, form 124D",
        "£1,154,495 was spent; 577,800 people live there.",
    ],
)
def test_ordinary_words_pass(text):
    assert suspicions(text) == []


def test_the_refusal_names_field_and_finding():
    with pytest.raises(LooksPersonal) as refused:
        check({"reason": "fine", "summary": "jo@example.org"})
    assert list(refused.value.fields) == ["summary"]
    assert "an email address (“jo@example.org”)" in str(refused.value)


def test_whoever_confirms_is_believed():
    check({"summary": "jo@example.org"}, confirmed=True)


@pytest.mark.parametrize("piece", ["a", "1", "0", "+", " ", "@", "A1 ", "a@", "a.", "07 ", "born "])
def test_no_text_takes_long(piece):
    started = time.process_time()
    suspicions(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 3
