"""Inspectors' Markdown becomes HTML that can do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.markdown import render


def test_paragraphs_lists_emphasis_and_quotations_are_kept():
    html = render("One *two* **three**\n\n- a\n- b\n\n> said", heading_level=3)
    assert "<em>two</em> <strong>three</strong>" in html
    assert "<li>a</li>" in html
    assert "<blockquote>" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=http://127.0.0.1/x onerror=alert(1)>",
        "<style>@import url(file:///etc/passwd)</style>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](file:///etc/passwd)",
        "[x](/admin/)",
        "[x](#contents)",
        "[x](report:report.css)",
        "![x](file:///etc/passwd)",
        "![x](http://127.0.0.1/x.png)",
        '[x]: data:text/html,y\n[x] <svg onload="alert(1)">',
        "<!-- --><iframe src='http://127.0.0.1/'></iframe>",
    ],
)
def test_hostile_text_yields_no_tag_but_a_paragraph(hostile):
    html = render(hostile, heading_level=3)
    for start in ("<script", "<img", "<style", "<a", "<svg", "<iframe", "<!--"):
        assert start not in html


def test_links_to_the_web_and_to_mail_addresses_are_kept():
    html = render("[a](https://a.example/b) <mailto:c@d.example>", heading_level=3)
    assert 'href="https://a.example/b"' in html
    assert 'href="mailto:c@d.example"' in html


def test_an_image_is_replaced_by_its_description():
    assert render("![a map](https://a.example/m.png)", heading_level=3) == "<p>a map</p>\n"


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(2, 4))
def test_headings_start_at_the_given_level_and_descend_one_by_one(typed, highest):
    text = "\n\n".join(f"{'#' * level} heading" for level in typed)
    html = render(text, heading_level=highest)
    levels = [int(html[at + 2]) for at in range(len(html)) if html.startswith("<h", at)]
    assert len(levels) == len(typed)
    assert levels[0] == highest
    assert min(levels) == highest
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text):
    render(text, heading_level=3)
