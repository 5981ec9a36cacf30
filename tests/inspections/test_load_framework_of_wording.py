"""What a framework may say about the words of its reports, and how it is refused."""

import pytest

from inspections.frameworks import FrameworkError, load
from tests.inspections.test_load_framework import SMALL

pytestmark = pytest.mark.django_db

STYLE = """
house_style:
  - {avoid: [whilst], prefer: while, why: Plain English}
  - {force_name: once, prefer: the force}
"""
NAMES = """
names:
  - {of: "yes", also: [fine]}
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "wording.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_framework_says_which_words_its_reports_avoid_and_how_they_name_grades(write):
    said = load(write(SMALL + STYLE + NAMES)).house_style
    assert said["rules"] == [
        {"avoid": ["whilst"], "force_name": "", "prefer": "while", "why": "Plain English"},
        {"avoid": [], "force_name": "once", "prefer": "the force", "why": ""},
    ]
    assert said["names"] == {"yes": ["fine"]}


def test_a_framework_without_wording_keeps_its_digest(write):
    framework = load(write(SMALL))
    assert load(write(SMALL + "house_style: []\nnames: []\n")).digest == framework.digest


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("names:\n  - {of: nothing, also: [fine]}\n", "is no grade and no area"),
        ("house_style:\n  - {prefer: while}\n", "Say which words to avoid"),
        (
            "house_style:\n  - {avoid: [whilst], prefer: while}\n  - {avoid: [Whilst], prefer: as}\n",
            "is avoided already",
        ),
    ],
)
def test_wording_that_cannot_be_meant_is_refused(write, text, sentence):
    with pytest.raises(FrameworkError, match=sentence):
        load(write(SMALL + "\n" + text))
