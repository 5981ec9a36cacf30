"""Takes the text of a report apart: from Markdown to sentences, each with what stands before it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from reports.quoted import Quoted
from reports.references import References, Resolved, parse

# What a reference put into the text, until it is read: the number of the reference between two signs that nobody types.
OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(rf"{OPEN}(\d+){CLOSE}")
FENCE = re.compile(r"^\s*(?:```|~~~)")
ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+(?P<text>.*)$")
HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
NOTE = re.compile(r"^\s{0,3}\[\^[^\]\s]+\]:\s*")
NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,100}\]")
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)\s]{0,500}(?:\s+\"[^\"]*\")?\)")
# No longer than that: each mark without its fellow would have the whole text read to the end.
EMPHASIS = re.compile(
    r"(?<![\w*`])(\*{1,3}|_{1,3}|`{1,3})(?=\S)(.{1,400}?)(?<=\S)\1(?![\w*])", re.DOTALL
)
# Asterisks make parts of words bold, too: “thir**ty**”.
INSIDE_A_WORD = re.compile(r"(\*{1,3})(?=\S)([^*]{1,400}?)(?<=\S)\1")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Signs that nobody sees: soft hyphens, spaces without width.
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
ENDS = re.compile(r"(?<=[.!?])[”’\")\]]*\s+(?=[“‘\"(\[]?[A-Z0-9\ue000])")
NOT_AN_END = re.compile(
    r"(?:\b(?:s|ss|e\.g|i\.e|etc|approx|mr|mrs|ms|dr|st|para|cf)|\b[A-Z])\.$", re.IGNORECASE
)
# “No. 4” goes on; “… is bound to be no. Recommendation 4 …” does not.
NUMBER_FOLLOWS = re.compile(r"\bnos?\.$", re.IGNORECASE)
MOST_WORDS_OF_A_SHORT_ITEM = 9


class Sentence(NamedTuple):
    """A sentence as it is read, without Markdown. `paragraph` and `heading` say what stands with and above it.

    `quoted` are the figures that references put into it, by their place in `marked`, in which each stands as a mark.
    """

    marked: str
    text: str
    paragraph: int
    heading: str
    quoted: dict[int, tuple[Resolved, Quoted | None]]


class _Block(NamedTuple):
    text: str
    kind: str


def sentences(text: str, references: References) -> list[Sentence]:
    """Return the sentences of the Markdown `text`, with references said in words, in reading order."""
    text = text.replace(OPEN, " ").replace(CLOSE, " ")
    source = NOTE_MARK.sub("", re.sub(NOTE.pattern, "", text, flags=re.MULTILINE))
    known: list[tuple[Resolved, Quoted | None]] = []
    parts, at = [], 0
    for reference in parse(source):
        said = references.resolve(reference, source)
        if said is None:
            continue
        quoted = references.quoted.get(reference.target) if reference.kind == "figure" else None
        parts += [source[at : reference.start], f"{OPEN}{len(known)}{CLOSE}"]
        known.append((said, quoted))
        at = reference.end
    marked = "".join([*parts, source[at:]])
    found: list[Sentence] = []
    heading = ""
    for paragraph, block in enumerate(_blocks(marked)):
        for part in _split(_plain(block.text)):
            words = MARK.sub(lambda match: known[int(match[1])][0].words, part)
            here = {int(m[1]): known[int(m[1])] for m in MARK.finditer(part)}
            found.append(Sentence(part, words, paragraph, heading, here))
        if block.kind == "heading":
            heading = _plain(block.text)
    return found


def _plain(text: str) -> str:
    text = LINK.sub(r"\1", text)
    for _again in range(3):
        text = EMPHASIS.sub(r"\2", text)
    text = ENTITY.sub(_sign, INSIDE_A_WORD.sub(r"\2", text))
    return " ".join(UNSEEN.sub("", text).replace("\\", "").split())


def _sign(entity: re.Match[str]) -> str:
    """Return the sign that a reader sees for `&nbsp;`, `&#50;`; never one that marks a reference."""
    return html.unescape(entity[0]).replace(OPEN, " ").replace(CLOSE, " ")


def _blocks(text: str) -> Iterator[_Block]:
    """Return paragraphs, headings and lists; a list of short items is read on from the line that leads to it."""
    lines: list[str] = []
    items: list[str] = []
    fenced = False

    def done() -> Iterator[_Block]:
        if items:
            yield from _list(" ".join(lines), items)
        elif lines:
            yield _Block(" ".join(lines), "paragraph")
        lines.clear()
        items.clear()

    blank = False
    for line in text.splitlines():
        if FENCE.match(line):
            fenced = not fenced
            continue
        line = line.lstrip("> ") if line.lstrip().startswith(">") else line
        heading, item = HEADING.match(line), ITEM.match(line)
        if not line.strip():
            blank = True
            continue
        if heading and not fenced:
            yield from done()
            yield _Block(heading["text"], "heading")
        elif item and not fenced:
            if blank and not items and lines and not lines[-1].rstrip().endswith(":"):
                yield from done()
            items.append(item["text"])
        elif items and not blank:
            items[-1] += " " + line.strip()
        else:
            if blank:
                yield from done()
            lines.append(line.strip())
        blank = False
    yield from done()


def _list(lead: str, items: list[str]) -> Iterator[_Block]:
    short = all(len(item.split()) <= MOST_WORDS_OF_A_SHORT_ITEM for item in items)
    leads_on = lead.rstrip("*_ ").endswith(":")
    if short and (leads_on or not lead):
        before = f"{lead} " if lead else ""
        yield _Block(before + "; ".join(item.rstrip(" ;.,") for item in items) + ".", "list")
        return
    if lead:
        yield _Block(lead, "paragraph")
    for item in items:
        yield _Block(item, "paragraph")


def _split(text: str) -> list[str]:
    """Return the sentences of one paragraph."""
    found: list[str] = []
    start = 0
    for match in ENDS.finditer(text):
        before = text[start : match.start()]
        number = text[match.end() : match.end() + 1].isdigit()
        if NOT_AN_END.search(before) or (number and NUMBER_FOLLOWS.search(before)):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [each for each in found if each]
