"""Numbered lists of the Word copy count as those on the page do."""

import io

import docx
import pytest

from reports.markdown import parse
from reports.word_writer import WordWriter


def starts(text):
    """The paragraphs of lists in a Word document made of `text`, each with the number that its list begins with."""
    writer = WordWriter(title="One", language="en-gb")
    writer.markdown(parse(text), heading_level=1)
    document = docx.Document(io.BytesIO(writer.save()))
    numbering = document.part.numbering_part.numbering_definitions._numbering
    found = []
    for paragraph in document.paragraphs:
        number = paragraph._p.pPr.numPr.numId.val
        override = numbering.num_having_numId(number).lvlOverride_lst[0]
        found.append((paragraph.text, paragraph.style.name, number, override.startOverride.val))
    return found


@pytest.mark.parametrize("first", [0, 1, 7, 999_999_999])
def test_a_list_begins_with_the_number_that_was_typed(first):
    ((text, style, _number, begins),) = starts(f"{first}. a")
    assert (text, style, begins) == ("a", "List Number", first)


def test_each_list_counts_for_itself_also_within_another():
    found = starts("1. a\n\n   0. x\n   1. y\n2. b\n   1. z\n\n0) c")
    lists = [number for _text, _style, number, _begins in found]
    assert [(text, style, begins) for text, style, _number, begins in found] == [
        ("a", "List Number", 1),
        ("x", "List Number 2", 0),
        ("y", "List Number 2", 0),
        ("b", "List Number", 1),
        ("z", "List Number 2", 1),
        ("c", "List Number", 0),
    ]
    assert lists[0] == lists[3] and lists[1] == lists[2] != lists[4]
