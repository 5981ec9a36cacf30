"""Words that look personal are shown marked in their sentence, as text and never as markup."""

import pytest

from cases.personal_data import suspicions
from inspections.free_text import excerpts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Her mother Karen rang", ["Her mother <mark>Karen</mark> rang"]),
        (
            "It is late. Her mother Karen rang. Nobody came.",
            ["Her mother <mark>Karen</mark> rang. "],
        ),
        (
            "Her mother Karen, of CF10 3NQ, rang.",
            ["Her mother <mark>Karen</mark>, of <mark>CF10 3NQ</mark>, rang."],
        ),
        ("Seen by J. Smith today.", ["Seen by <mark>J. Smith</mark> today."]),
        (
            "<b>Her mother Karen</b> & co",
            ["&lt;b&gt;Her mother <mark>Karen</mark>&lt;/b&gt; &amp; co"],
        ),
        ("jo@example.org and jo@example.org", ["<mark>jo@example.org</mark> and jo@example.org"]),
        ("Nothing here", []),
    ],
)
def test_words_are_marked_in_their_sentence(text, shown):
    assert excerpts(text, suspicions(text)) == shown


def test_a_long_text_is_cut_around_the_words():
    text = "word " * 100 + "her mother Karen " + "word " * 100 + "jo@example.org"
    first, second = excerpts(text, suspicions(text))
    assert first.startswith("…")
    assert first.endswith("…")
    assert len(first) < 200
    assert second.endswith("<mark>jo@example.org</mark>")


def test_at_most_five_pieces_are_shown():
    text = ("x " * 100).join(f"jo{number}@example.org" for number in range(9))
    assert len(excerpts(text, suspicions(text))) == 5
