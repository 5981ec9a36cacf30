"""Inspectors' Markdown as HTML that is safe on a page and in a PDF.

Paragraphs, headings, lists, quotations, emphasis and links to http, https and mail addresses. No HTML of the writer's
own, no images, no links within this site: what is not known to be harmless is shown as text or goes.
"""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

LINK = re.compile(r"^(https?://[^/\s]|mailto:[^\s@]+@)", re.IGNORECASE)
LOWEST_HEADING = 6
TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h2", "h3", "h4", "h5", "h6"),
}

_parser = MarkdownIt("commonmark", {"html": False}).disable(["html_block", "html_inline"])
# Of an image only its description stays: a report shows nothing that it would have to fetch.
_parser.add_render_rule(
    "image", lambda self, tokens, index, options, env: escape(tokens[index].content)
)
_parser.validateLink = lambda url: bool(LINK.match(url))  # type: ignore[method-assign]


def render(text: str, *, heading_level: int) -> Markup:
    """Return `text` as HTML whose highest heading is `heading_level`, with no level skipped below it.

    A screen reader, and PDF/UA, count on headings that descend one by one, whatever was typed.
    """
    tokens = _parser.parse(text)
    _demote_headings(tokens, heading_level)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return Markup(  # noqa: S704 - cleaned in the same breath
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
            url_relative="deny",
        )
    )


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
        closing = next(t for t in tokens[position:] if t.type == "heading_close")
        closing.tag = tag
