"""What a framework may say about the outlines of its reports, and how it is refused."""

import pytest

from inspections.frameworks import FrameworkError, load
from tests.inspections.test_load_framework import SMALL

pytestmark = pytest.mark.django_db

OUTLINE = """
outlines:
  - kind: full
    sections:
      - {section: summary, needed: yes}
      - {section: theme, movable: yes, parts: [body, earlier]}
      - {section: case_analysis, movable: yes}
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "outlines.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_framework_says_which_sections_its_reports_have_in_which_order(write):
    outlines = load(write(SMALL + OUTLINE)).outlines
    assert outlines["full"] == [
        {"section": "summary", "movable": False, "needed": True, "parts": ["body"]},
        {"section": "theme", "movable": True, "needed": False, "parts": ["earlier", "body"]},
        {"section": "case_analysis", "movable": True, "needed": False, "parts": ["body"]},
    ]


def test_a_framework_without_outlines_keeps_its_digest_and_says_none(write):
    framework = load(write(SMALL))
    assert framework.outlines == {}
    assert load(write(SMALL + "outlines: []\n")).digest == framework.digest


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: full", "kind: partial", "is not one of full"),
        ("kind: full", "kind: re_inspection", "is not one of the framework’s kinds"),
        ("section: theme", "section: annex", "is not one of summary"),
        ("section: theme", "section: summary", "This section is here twice."),
        ("- {section: case_analysis, movable: yes}", "- {section: method}", "needs these sections"),
        ("parts: [body, earlier]", "parts: [body, body]", "Something is twice in this list."),
        ("parts: [body, earlier]", "parts: []", "at least 1"),
        ("movable: yes", "movable: perhaps", "is not one of yes, no"),
    ],
)
def test_every_mistake_in_an_outline_is_named(write, old, new, sentence):
    with pytest.raises(FrameworkError) as refused:
        load(write(SMALL + OUTLINE.replace(old, new)))
    assert sentence in str(refused.value)


def test_a_kind_has_one_outline(write):
    with pytest.raises(FrameworkError) as refused:
        load(write(SMALL + OUTLINE + OUTLINE.replace("\noutlines:\n", "")))
    assert "This kind has an outline already." in str(refused.value)
