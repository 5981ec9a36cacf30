"""Inspectors' Markdown as HTML that is safe on a page and in a PDF.

Paragraphs, headings, lists, quotations, emphasis, footnotes and links to http, https and mail addresses; references to
what the report itself has (`reports.references`). No HTML of the writer's own, no images, no links within this site:
what is not known to be harmless is shown as text or goes.

What Assay adds (numbers, links within the report, marks of footnotes) is put in after the writer's words were cleaned,
so that the cleaning lets through only what a writer may do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.footnote import footnote_plugin

from reports.document import Document
from reports.references import References, Resolved
from reports.terms import Terms

LINK = re.compile(r"^(https?://[^/\s]|mailto:[^\s@]+@)", re.IGNORECASE)
LOWEST_HEADING = 6
# A list and its item are two blocks. The parser itself would drop what stands at 20 (`maxNesting`).
DEEPEST_BLOCK = 18
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *HEADINGS,
}
BOOKMARK = "data-bookmark"  # what report.css makes a heading's bookmark of
# Of the private use area, which no text of a report needs: they stand for pieces that Assay puts in.
START, END = "\ue000", "\ue001"
PIECE = re.compile(f"{START}(\\d+){END}")
MOST_DIGITS = 9  # of the number of a piece
NOT_FOR_TEXT = re.compile(f"[{START}{END}]|&#(?:x0*e00[01]|0*5734[45]);", re.IGNORECASE)

_parser = MarkdownIt("commonmark", {"html": False}).disable(["html_block", "html_inline"])
_parser.use(footnote_plugin, inline=False)


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read what is nested deeper than the parser goes as paragraphs, marks and all: by itself it drops such lines."""
    if state.level < DEEPEST_BLOCK:
        return False
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, line, state.blkIndent, False).strip()
    inline.map, inline.children = [start, line], []
    state.push("paragraph_close", "p", -1)
    return True


_parser.block.ruler.before("table", "too_deep", _too_deep)
# Of an image only its description stays: a report shows nothing that it would have to fetch.
_parser.add_render_rule(
    "image", lambda self, tokens, index, options, env: escape(tokens[index].content)
)
_parser.validateLink = lambda url: bool(LINK.match(url))  # type: ignore[method-assign]


def parse(text: str) -> list[Token]:
    """Return the Markdown `text` as the tokens of markdown-it, footnotes last, for copies that are not HTML.

    References are text to it: resolve them before (`References.plain`).
    """
    return _parser.parse(text, {})


class Reading:
    """Renders the texts of one document in the order in which they are read.

    It numbers footnotes through, and marks a term of the glossary where it first stands; so make one for each copy.
    Footnotes stand at the end of each text, or, `at_foot`, where they belong, for a style sheet to float.
    `base` is the address of the page with the whole report, for a page that shows a part of it.
    """

    def __init__(self, document: Document, *, at_foot: bool = False, base: str = "") -> None:
        self.references = References(document)
        self.terms = Terms(document.glossary)
        self.at_foot = at_foot
        self.base = base
        self.notes = 0

    def __call__(self, text: str, *, heading_level: int) -> Markup:
        """Return `text` as HTML whose highest heading is `heading_level`."""
        return render(text, heading_level=heading_level, reading=self)


def render(text: str, *, heading_level: int, reading: Reading | None = None) -> Markup:
    """Return `text` as HTML whose highest heading is `heading_level`, with no level skipped below it.

    A screen reader, and PDF/UA, count on headings that descend one by one, whatever was typed. Without a `reading`
    references stay as they were typed.
    """
    return _Rendering(heading_level, reading).render(text)


class _Rendering:
    """One text on its way to HTML; `pieces` is what Assay puts in, in full and as it stands within a link."""

    def __init__(self, heading_level: int, reading: Reading | None) -> None:
        self.heading_level = heading_level
        self.reading = reading
        self.pieces: list[tuple[Markup, Markup]] = []
        self.numbers: dict[
            int, int
        ] = {}  # of the footnotes seen so far, by their place in this text
        self.notes: dict[int, list[Token]] = {}
        self.env: dict[str, Any] = {}

    def render(self, text: str) -> Markup:
        # A space, because of what is left when one of them is taken out of the middle of another there is one more.
        text = NOT_FOR_TEXT.sub(" ", text)
        if self.reading:
            text = self.reading.references.replace(text, self._refer)
        tokens = _parser.parse(text, self.env)
        _demote_headings(tokens, self.heading_level)
        tokens, self.notes = _footnotes(tokens)
        html = self._html(tokens)
        at_foot = self.reading is not None and self.reading.at_foot
        listed = Markup() if at_foot else self._notes_listed()
        return self._filled(html) + listed

    def _html(self, tokens: list[Token], *, of_note: bool = False) -> str:
        """Return `tokens` as HTML that was cleaned, with marks where pieces go; a footnote has no footnotes itself."""
        for plain, token in _texts(tokens):
            token.content = self._marked(token.content, plain)
        if self.reading is not None and self.reading.at_foot:
            self._name_bookmarks(tokens)
        for place, siblings in _note_calls(tokens):
            meta = siblings[place].meta
            called = f"[^{meta['label']}]" if of_note else self._call(meta["id"])
            siblings[place] = Token("text", "", 0, content=called)
        html = _parser.renderer.render(tokens, _parser.options, self.env)
        return nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}, "ol": {"start"}} | {tag: {BOOKMARK} for tag in HEADINGS},
            url_schemes={"http", "https", "mailto"},
            url_relative="deny",
        )

    def _marked(self, text: str, plain: bool) -> str:
        if plain:  # within a heading or a link nothing can lead elsewhere
            return PIECE.sub(lambda match: self._put(self._piece(match)[1]), text)
        if self.reading is None:
            return text
        base = self.reading.base
        return self.reading.terms.mark(
            text,
            lambda word, number: self._put(
                Markup('<a class="report-term" href="{}#term-{}">{}</a>').format(base, number, word)
            ),
        )

    def _name_bookmarks(self, tokens: list[Token]) -> None:
        """Say for headings with a footnote what their bookmark reads, or the note's mark would be its last letter."""
        for heading, line in zip(tokens, tokens[1:], strict=False):
            words = line.children or []
            if heading.type != "heading_open" or all(one.type != "footnote_ref" for one in words):
                continue
            kept = [" " if one.type.endswith("break") else one.content for one in words]
            said = PIECE.sub(lambda match: self._piece(match)[1].striptags(), "".join(kept))
            heading.attrSet(BOOKMARK, self._put(escape(" ".join(said.split()))))

    def _put(self, piece: Markup, plain: Markup | None = None) -> str:
        self.pieces.append((piece, piece if plain is None else plain))
        return f"{START}{len(self.pieces) - 1}{END}"

    def _filled(self, html: str) -> Markup:
        return Markup(  # noqa: S704 - what was cleaned, and pieces that escaped what they hold
            PIECE.sub(lambda match: self._piece(match)[0], html)
        )

    def _piece(self, mark: re.Match[str]) -> tuple[Markup, Markup]:
        """Return the piece of a mark; nothing for one that markdown-it made of an address with encoded signs."""
        number = mark[1] if len(mark[1]) <= MOST_DIGITS else ""
        known = bool(number) and int(number) < len(self.pieces)
        return self.pieces[int(number)] if known else (Markup(), Markup())

    def _refer(self, said: Resolved) -> str:
        words = Markup("{}").format(said.words)
        if said.value is not None:
            words = Markup('<data class="report-figure" value="{}">{}</data>').format(
                said.value, words
            )
        if not said.anchor or self.reading is None:
            return self._put(words)
        link = Markup('<a href="{}#{}">{}</a>').format(self.reading.base, said.anchor, words)
        return self._put(link, words)

    def _call(self, note: int) -> str:
        """Return what stands where a text refers to a footnote: its mark, or at the foot of a page the note itself."""
        first = note not in self.numbers
        if first:
            self.numbers[note] = self._next_number()
        number = self.numbers[note]
        at_foot = self.reading is not None and self.reading.at_foot
        if not first and at_foot:
            return self._put(Markup('<sup class="report-noteref">{}</sup>').format(number))
        if at_foot:
            html = Markup(" ").join(self._filled(each) for each in self._inline(note))
            return self._put(Markup('<span class="report-footnote">{}</span>').format(html))
        anchor = Markup(' id="noteref-{}"').format(number) if first else Markup()
        return self._put(
            Markup('<sup class="report-noteref"><a href="#note-{}"{}>{}</a></sup>').format(
                number, anchor, number
            )
        )

    def _inline(self, note: int) -> Iterator[str]:
        """Yield the paragraphs of a footnote without what a line of text cannot hold."""
        for token in self.notes.get(note, []):
            if token.type == "inline":
                # At the foot of a page WeasyPrint keeps a line as it was typed.
                yield self._html([token], of_note=True).replace("\n", " ")

    def _next_number(self) -> int:
        if self.reading is None:
            return len(self.numbers) + 1
        self.reading.notes += 1
        return self.reading.notes

    def _notes_listed(self) -> Markup:
        items = [
            Markup('<li id="note-{}" value="{}">{}<a href="#noteref-{}">↑</a></li>').format(
                number,
                number,
                self._filled(self._html(self.notes.get(note, []), of_note=True)),
                number,
            )
            for note, number in self.numbers.items()
        ]
        return (
            Markup('<ol class="report-notes">{}</ol>').format(Markup().join(items))
            if items
            else Markup()
        )


def _footnotes(tokens: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """Return `tokens` without the footnotes at their end, and these by their place in the text."""
    notes: dict[int, list[Token]] = {}
    for place, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            current = 0
            for each in tokens[place:]:
                if each.type == "footnote_open":
                    current = each.meta["id"]
                    notes[current] = []
                elif not each.type.startswith("footnote_"):
                    notes[current].append(each)
            return tokens[:place], notes
    return tokens, notes


def _texts(tokens: list[Token]) -> Iterator[tuple[bool, Token]]:
    """Yield the pieces of running text, and whether each stands within a heading or a link."""
    heading = False
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            heading = token.type == "heading_open"
        links = 0
        for child in token.children or []:
            links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "text":
                yield heading or links > 0, child


def _note_calls(tokens: list[Token]) -> Iterator[tuple[int, list[Token]]]:
    for token in tokens:
        for place, child in enumerate(token.children or []):
            if child.type == "footnote_ref":
                assert token.children is not None
                yield place, token.children


def _demote_headings(tokens: list[Token], highest: int) -> None:
    above: list[int] = []  # the levels, as typed, of the headings that the present one stands under
    for position, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        typed = int(token.tag[1])
        while above and above[-1] >= typed:
            above.pop()
        above.append(typed)
        tag = f"h{min(highest + len(above) - 1, LOWEST_HEADING)}"
        token.tag = tag
        tokens[
            position + 2
        ].tag = tag  # the closing one: a heading holds a line of text, and nothing else
