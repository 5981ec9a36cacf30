"""Texts refer to figures, recommendations, sections and examples by name, and say what the document counted."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.quoted import catalogue
from reports.references import parse, plain, problems
from tests.reports.documents import make_document

DOCUMENT = make_document()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cases", 12),
        ("cases.bad", 9),
        ("cases.self-assessed", 10),
        ("cases.self-assessed.good", 3),
        ("cases.custody", 10),
        ("cases.missing.bad", 2),
        ("asked", 10),
        ("force.good", 7),
        ("compared", 10),
        ("same", 6),
        ("force-higher", 4),
        ("force-lower", 0),
        ("compared.force.good.bad", 4),
        ("same.area.custody", 6),
        ("recommendations", 2),
        ("recommendations.at-once", 2),
        ("recommendations.theme.two", 0),
        ("examples.good", 1),
        ("examples.poor", 0),
    ],
)
def test_every_count_of_the_document_has_a_key(key, value):
    quoted = catalogue(DOCUMENT)[key]
    assert quoted.key == key
    assert quoted.value == value
    assert quoted.label


def test_an_area_that_is_called_like_a_grade_has_a_key_of_its_own():
    figures = DOCUMENT.figures
    area = dataclasses.replace(figures.by_area[0], code="good")
    odd = dataclasses.replace(figures, by_area=(area, figures.by_area[1]))
    found = catalogue(dataclasses.replace(DOCUMENT, figures=odd))
    assert found["cases.good"].grade == "good"
    assert found["cases.area-good"].area == "good"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("We saw [[figure cases]] cases.", "We saw 12 cases."),
        ("Of these [[figure cases.bad]] were bad.", "Of these nine were bad."),
        ("[[figure cases.bad]] were bad.", "Nine were bad."),
        ("So it was. **[[figure cases.bad]]** were bad.", "So it was. **Nine** were bad."),
        ("So it was\n[[figure cases.bad]] times.", "So it was\nnine times."),
        ("So it was.\n\n[[figure cases.bad]] times.", "So it was.\n\nNine times."),
        ("- [[figure cases.bad]] were bad", "- Nine were bad"),
        ("We saw that:\n\n- one\n- [[figure same]] agreed", "We saw that:\n\n- one\n- six agreed"),
        ("> “[[figure same]] agreed.”", "> “Six agreed.”"),
        ("e.g. [[figure same]]", "e.g. six"),
        ("In all [[figure cases.bad digits]].", "In all 9."),
        ("[[figure force-lower]] were worse.", "None were worse."),
        ("and [[figure force-lower]] cases", "and no cases"),
        ("There [[figure examples|is one|are several]].", "There one is one."),
        ("and [[figure cases.bad|case was|cases were]] bad", "and nine cases were bad"),
        (
            "see [[recommendation 2]]. [[Recommendation 1]]",
            "see recommendation 2. [[Recommendation 1]]",
        ),
        ("Done. [[recommendation 2]] asks", "Done. Recommendation 2 asks"),
        ("see [[section theme-one]] and [[example 1]]", "see “Theme one” and example 1"),
        (r"write \[[figure cases]] so", r"write \[[figure cases]] so"),
    ],
)
def test_references_are_read_as_words(typed, said):
    assert plain(typed, DOCUMENT) == said


def test_positions_are_those_of_the_typed_text():
    text = "A [[figure cases]] and [[section x]]."
    assert [text[each.start : each.end] for each in parse(text)] == [
        "[[figure cases]]",
        "[[section x]]",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "[[figure cases.nothing]]",
        "[[recommendation 3]]",
        "[[recommendation x]]",
        "[[recommendation 1 digits]]",
        "[[example 2]]",
        "[[section theme-two]]",
        "[[figur cases]]",
        "[[figure [[figure nothing]]]]",
        "Said.[^1]",
        "[^1]: Never referred to.",
        "Said.[^1]\n\n[^1]: Noted.[^2]\n\n[^2]: Again.",
    ],
)
def test_what_leads_nowhere_is_found_and_stays_as_it_was_typed(typed):
    assert problems(typed, DOCUMENT)
    assert plain(typed, DOCUMENT) == typed


def test_what_leads_somewhere_is_no_problem():
    text = "[[figure same]] of [[section summary]].[^a]\n\n[^a]: See [[example 1]]."
    assert problems(text, DOCUMENT) == []


@settings(max_examples=50)
@given(st.text(alphabet="[]figure caseslnombr.|\\^*_-\n1:", max_size=80))
def test_no_text_makes_it_fail(text):
    plain(text, DOCUMENT)
    problems(text, DOCUMENT)
