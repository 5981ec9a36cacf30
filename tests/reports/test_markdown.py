"""Inspectors' Markdown becomes HTML that can do no harm."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.markdown import Reading, render
from tests.reports.documents import make_document


def read(text):
    return Reading(make_document(glossary=()))(text, heading_level=3)


class Attributes(HTMLParser):
    """Collects the names of all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.found.update(name for name, value in attrs)


def attributes(html):
    parser = Attributes()
    parser.feed(html)
    return parser.found


class Words(HTMLParser):
    """Collects the text."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_data(self, data):
        self.found += f" {data}"


def words(html):
    parser = Words()
    parser.feed(html)
    return set(re.findall(r"word\d+", parser.found))


@pytest.mark.parametrize("mark", ["-", "1.", ">", "- >"])
def test_nothing_is_lost_however_deep_lists_and_quotations_are_nested(mark):
    indent = " " * (len(mark) + 1)
    steps = [f"{indent * depth}{mark} word{depth}" for depth in range(60)]
    quoted = [f"{f'{mark} ' * (depth + 1)}word{depth}" for depth in range(60)]
    for lines in (steps, quoted):
        for text in ("\n".join(lines), "\n\n".join(lines)):
            html = render(f"{text}\n\nword60", heading_level=3)
            assert words(html) == {f"word{number}" for number in range(61)}


NESTED = st.lists(
    st.tuples(
        st.integers(0, 45), st.sampled_from(["", "- ", "1. ", "> ", "- - > - ", "\n\n", "# "])
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(lines=NESTED)
def test_every_word_of_nested_blocks_is_read(lines):
    text = "\n".join(f"{' ' * at}{mark * 3}word{n}" for n, (at, mark) in enumerate(lines))
    assert words(render(text, heading_level=3)) == {f"word{n}" for n in range(len(lines))}


def test_lists_of_nine_levels_are_lists():
    text = "\n".join(f"{'  ' * depth}- word{depth}" for depth in range(9))
    assert render(text, heading_level=3).count("<ul>") == 9


def test_paragraphs_lists_emphasis_and_quotations_are_kept():
    html = render("One *two* **three**\n\n- a\n- b\n\n> said", heading_level=3)
    assert "<em>two</em> <strong>three</strong>" in html
    assert "<li>a</li>" in html
    assert "<blockquote>" in html


def test_an_address_with_encoded_signs_of_ours_puts_nothing_in():
    html = read(f"<https://example.org/%EE%80%805%EE%80%81%EE%80%80{'9' * 5000}%EE%80%81>")
    assert ">https://example.org/</a>" in html


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
        "<svg><script href='http://127.0.0.1/x'/></svg>",
        "<svg><image href='file:///etc/passwd'/></svg>",
        "![x](data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=)",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](vbscript:x)",
        "[x](//127.0.0.1/x)",
        "[x](ftp://127.0.0.1/x)",
        "[^<img src=x>]: y",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[[figure <script>alert(1)</script>]]",
        "[[section <svg onload=alert(1)>]]",
        "[[figure cases|<img src=x onerror=alert(1)>|<img src=x onerror=alert(1)>]]",
        '[[figure cases|" onmouseover="alert(1)|" onmouseover="alert(1)]]',
        "\ue0000\ue001",
        "&#xe0\ue00000;7&#xe0\ue00001; &#xe0&#xe000;00;7&#xe0&#xe001;01;",
        "&#xe000;0&#xe001; &#57344;99999&#57345;",
    ],
)
@pytest.mark.parametrize("at_foot", [None, False, True])
def test_hostile_text_yields_no_tag_but_a_paragraph(hostile, at_foot):
    reading = None if at_foot is None else Reading(make_document(glossary=()), at_foot=at_foot)
    html = render(hostile, heading_level=3, reading=reading)
    assert attributes(html) <= {"class", "href", "id", "rel", "value"}
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


def test_a_figure_is_a_number_that_machines_read_too():
    html = read("We saw [[figure cases.bad]].")
    assert html == '<p>We saw <data class="report-figure" value="9">nine</data>.</p>\n'


def test_a_reference_leads_to_its_place_in_the_report():
    reading = Reading(make_document(glossary=()), base="/report/")
    html = reading("see [[recommendation 2]], [[section summary]]", heading_level=3)
    assert '<a href="/report/#recommendation-2">recommendation 2</a>' in html
    assert '<a href="/report/#summary">“Summary”</a>' in html


def test_within_headings_and_links_references_are_words():
    html = read("## See [[example 1]]\n\n[see [[example 1]]](https://a.example/)")
    assert "<h3>See example 1</h3>" in html
    assert '<a href="https://a.example/" rel="noopener noreferrer">see example 1</a>' in html


def test_a_reference_that_leads_nowhere_is_shown_as_it_was_typed():
    assert read("[[figure nothing]]") == "<p>[[figure nothing]]</p>\n"


def test_a_term_is_marked_once_in_a_report_and_not_in_a_heading():
    reading = Reading(make_document())
    first = reading("# A child\n\nThe *child*, a child and a mash of MASHs", heading_level=3)
    assert "<h3>A child</h3>" in first
    assert '<em><a class="report-term" href="#term-1">child</a></em>, a child and a mash' in first
    assert '<a class="report-term" href="#term-2">MASHs</a>' in first
    assert "term" not in reading("The child, the multi-agency safeguarding hub.", heading_level=3)


def test_footnotes_are_numbered_through_the_report():
    reading = Reading(make_document(glossary=()))
    reading("One.[^a]\n\n[^a]: First.", heading_level=3)
    html = reading(
        "Two,[^a] again.[^a]\n\n[^a]: See *[[figure cases]]*\n    <b>x</b>.", heading_level=3
    )
    assert html.count('<a href="#note-2"') == 2
    assert html.count('id="noteref-2"') == 1
    assert '<li id="note-2" value="2"><p>See <em><data class="report-figure"' in html
    assert "&lt;b&gt;" in html


def test_footnotes_stand_where_they_belong_for_a_page_to_take_them_to_its_foot():
    html = Reading(make_document(glossary=()), at_foot=True)(
        "Two,[^a] again.[^a]\n\n[^a]: See\n    *this*.\n\n    And that.", heading_level=3
    )
    assert html == (
        '<p>Two,<span class="report-footnote">See <em>this</em>. And that.</span> again.'
        '<sup class="report-noteref">1</sup></p>\n'
    )


@pytest.mark.parametrize(
    "huge",
    [
        "[" * 60_000,
        "[[" * 30_000,
        "![" * 30_000,
        "*_" * 30_000,
        "> " * 30_000,
        "[[figure cases]] " * 3_500,
        "- " * 30_000,
        "".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(3_000)) + "[^0]",
        "[^1]" * 15_000 + "\n\n[^1]: x",
        "child " * 10_000,
        "`" * 60_000,
        "<" * 60_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_huge_text_is_rendered_all_the_same(huge):
    assert Reading(make_document())(huge, heading_level=3)


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text):
    render(text, heading_level=3)
    Reading(make_document(), at_foot=True)(text, heading_level=3)
