"""Writes a Word document: headings, paragraphs, Markdown, tables, and notes at the end.

It knows nothing about reports. Word's own styles are used throughout, so that whoever edits the copy finds them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it.token import Token

from config.archives import for_xml, steady

FONT = "Arial"
INK = RGBColor(0x0F, 0x4F, 0x59)
DEEPEST_HEADING = 9
DEEPEST_LIST = 3


class WordWriter:
    """One document in the making; `save` returns it."""

    def __init__(self, *, title: str, language: str) -> None:
        self.document = docx.Document()
        self.notes: list[list[Token]] = []
        self._set_up(title, language)

    def _set_up(self, title: str, language: str) -> None:
        core = self.document.core_properties
        core.title, core.language = for_xml(title)[:255], language
        core.author = core.comments = core.last_modified_by = ""
        for page in self.document.sections:
            page.page_width, page.page_height = Mm(210), Mm(297)
            page.left_margin = page.right_margin = Mm(25)
        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(11)
        normal.element.get_or_add_rPr().append(_element("w:lang", val=language))
        for name in ("Title", "Subtitle", *(f"Heading {level}" for level in range(1, 10))):
            style = styles[name]
            style.font.name, style.font.color.rgb = FONT, INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)

    def save(self) -> bytes:
        """Return the document; the same content is the same file."""
        out = io.BytesIO()
        self.document.save(out)
        return steady(out.getvalue())

    # -- Paragraphs -------------------------------------------------------------------------------------------------

    def heading(self, text: str, level: int) -> Paragraph:
        """Add a heading; level 0 is the document's title."""
        return self.document.add_heading(for_xml(text), min(level, DEEPEST_HEADING))

    def paragraph(self, text: str, style: str | None = None, *, bold: bool = False) -> Paragraph:
        """Add a paragraph of plain text."""
        made = self.document.add_paragraph(style=style)
        made.add_run(for_xml(text)).bold = bold or None
        return made

    def bullets(self, texts: Iterable[str]) -> None:
        """Add a list of plain texts."""
        for text in texts:
            self.paragraph(text, "List Bullet")

    def new_page(self) -> None:
        """Begin a new page."""
        self.document.add_page_break()

    def head_and_foot(self, head: str) -> None:
        """Write `head` above every page, and its number below."""
        page = self.document.sections[0]
        page.header.paragraphs[0].text = for_xml(head)
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _field(foot.add_run(), "PAGE", "1")

    def contents(self, titles: Sequence[str]) -> None:
        """Add a table of contents, which shows `titles` until Word fills it."""
        for number, title in enumerate(titles):
            made = self.document.add_paragraph()
            if number == 0:
                _begin_field(made.add_run(), r'TOC \o "1-2" \h \z \u')
            made.add_run(for_xml(title))
            if number == len(titles) - 1:
                _end_field(made.add_run())

    # -- Tables -----------------------------------------------------------------------------------------------------

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        caption: str = "",
        totals: bool = False,
        numeric: bool = False,
    ) -> None:
        """Add a table whose first column names the rows; `head` may be empty. With `totals` the last row is bold.

        Rows stay in one piece, and the head is repeated on every page that the table reaches.
        """
        if caption:
            above = self.paragraph(caption, "Caption")
            above.paragraph_format.keep_with_next = True
        body = list(rows)
        lines = [*([head] if head else []), *body]
        if not lines:
            return
        made = self.document.add_table(rows=0, cols=len(lines[0]), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        for number, line in enumerate(lines):
            is_head = bool(head) and number == 0
            row = made.add_row()
            properties = row._tr.get_or_add_trPr()
            properties.append(_element("w:cantSplit"))
            if is_head:
                properties.append(_element("w:tblHeader"))
            strong = is_head or (totals and number == len(lines) - 1)
            for place, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(2)
                paragraph.add_run(for_xml(text)).bold = strong or (place == 0 and numeric) or None
                if numeric and place:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.document.add_paragraph()

    # -- Markdown ---------------------------------------------------------------------------------------------------

    def markdown(self, tokens: Sequence[Token], *, heading_level: int) -> None:
        """Add a text that markdown-it parsed; its headings begin at `heading_level`."""
        _Blocks(self, heading_level).write(tokens)

    def notes_at_end(self, title: str) -> None:
        """Add the notes of all texts so far under a heading."""
        if not self.notes:
            return
        self.heading(title, 1)
        for number, tokens in enumerate(self.notes, start=1):
            paragraph = self.document.add_paragraph()
            paragraph.add_run(f"{number}. ")
            for token in tokens:
                if token.type == "inline":
                    _Inline(self, {}).write(paragraph, token.children or [])


class _Blocks:
    """The blocks of one text: what list and quotation the next paragraph stands in."""

    def __init__(self, writer: WordWriter, heading_level: int) -> None:
        self.writer = writer
        self.highest = heading_level
        self.headings: list[int] = []
        self.lists: list[tuple[str, Any]] = []
        self.quotes = 0
        self.starts_item = False
        self.notes: dict[int, int] = {}

    def write(self, tokens: Sequence[Token]) -> None:
        body, notes = _split(tokens)
        first = len(self.writer.notes)
        for place, (mark, note) in enumerate(notes.items()):
            self.notes[mark] = first + place + 1
            self.writer.notes.append(note)
        level = 0
        for token in body:
            if token.type == "heading_open":
                level = self._level(int(token.tag[1]))
            elif token.type == "heading_close":
                level = 0
            elif token.type == "inline":
                self._inline(token, level)
            elif token.type in {"fence", "code_block"}:
                for line in token.content.rstrip("\n").split("\n"):
                    self.writer.paragraph(line, "No Spacing")
            else:
                self._structure(token)

    def _level(self, typed: int) -> int:
        while self.headings and self.headings[-1] >= typed:
            self.headings.pop()
        self.headings.append(typed)
        return self.highest + len(self.headings) - 1

    def _structure(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self.lists.append(("List Bullet", None))
        elif token.type == "ordered_list_open":
            first = token.attrGet(
                "start"
            )  # which may be 0; a list that begins with 1 does not say so
            style = _style("List Number", len(self.lists) + 1)
            numbers = _numbering(self.writer, style, 1 if first is None else int(first))
            self.lists.append(("List Number", numbers))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.lists.pop()
        elif token.type == "list_item_open":
            self.starts_item = True
        elif token.type in {"blockquote_open", "blockquote_close"}:
            self.quotes += 1 if token.type.endswith("open") else -1

    def _inline(self, token: Token, level: int) -> None:
        if level:
            paragraph = self.writer.heading("", level)
        elif self.lists:
            paragraph = self._item()
        else:
            style = "Quote" if self.quotes else None
            paragraph = self.writer.document.add_paragraph(style=style)
        _Inline(self.writer, self.notes).write(paragraph, token.children or [])

    def _item(self) -> Paragraph:
        """A paragraph of a list; only the first of an item has its mark."""
        kind, numbers = self.lists[-1]
        depth = len(self.lists)
        if not self.starts_item:
            return self.writer.document.add_paragraph(style=_style("List Continue", depth))
        self.starts_item = False
        paragraph = self.writer.document.add_paragraph(style=_style(kind, depth))
        if numbers is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val = numbers
        return paragraph


class _Inline:
    """Running text: emphasis, links, and marks of notes."""

    def __init__(self, writer: WordWriter, notes: dict[int, int]) -> None:
        self.writer = writer
        self.notes = notes
        self.bold = self.italic = 0
        self.link: Any = None

    def write(self, paragraph: Paragraph, children: Sequence[Token]) -> None:
        for child in children:
            kind, _, edge = child.type.rpartition("_")
            step = {"open": 1, "close": -1}.get(edge, 0)
            if kind == "strong":
                self.bold += step
            elif kind == "em":
                self.italic += step
            elif child.type == "link_open":
                self.link = self._link(paragraph, str(child.attrGet("href") or ""))
            elif child.type == "link_close":
                self.link = None
            elif child.type == "hardbreak":
                self._run(paragraph, "").add_break()
            elif child.type == "softbreak":
                self._run(paragraph, " ")
            elif child.type == "footnote_ref":
                number = self.notes.get(child.meta["id"], 0)
                self._run(paragraph, str(number)).font.superscript = True
            elif child.content:
                self._run(paragraph, child.content)

    def _run(self, paragraph: Paragraph, text: str) -> Run:
        run = paragraph.add_run(for_xml(text))
        run.bold, run.italic = bool(self.bold) or None, bool(self.italic) or None
        if self.link is not None:
            run.underline, run.font.color.rgb = True, INK
            self.link.append(run._r)
        return run

    def _link(self, paragraph: Paragraph, address: str) -> Any:
        link = OxmlElement("w:hyperlink")
        part = self.writer.document.part
        link.set(qn("r:id"), part.relate_to(for_xml(address), RELATIONSHIP_TYPE.HYPERLINK, True))
        paragraph._p.append(link)
        return link


def _split(tokens: Sequence[Token]) -> tuple[Sequence[Token], dict[int, list[Token]]]:
    """Return the text without its footnotes, and these by their place."""
    notes: dict[int, list[Token]] = {}
    for place, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            for each in tokens[place:]:
                if each.type == "footnote_open":
                    notes[each.meta["id"]] = []
                elif notes and not each.type.startswith("footnote_"):
                    notes[max(notes)].append(each)
            return tokens[:place], notes
    return tokens, notes


def _style(kind: str, depth: int) -> str:
    """Return the name of Word's style for lists of that depth: “List Number”, “List Number 2”."""
    return kind if depth == 1 else f"{kind} {min(depth, DEEPEST_LIST)}"


def _numbering(writer: WordWriter, style: str, start: int) -> int:
    """Return the id of a numbering that begins at `start`: every list of Word's style goes on with one otherwise."""
    numbering = writer.document.part.numbering_part.numbering_definitions._numbering
    properties = writer.document.styles[style].element.pPr.numPr
    same = numbering.num_having_numId(properties.numId.val)
    made = numbering.add_num(same.abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    number: int = made.numId
    return number


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def _field(run: Run, code: str, shown: str) -> None:
    _begin_field(run, code)
    run.add_text(shown)
    _end_field(run)


def _begin_field(run: Run, code: str) -> None:
    run._r.append(_element("w:fldChar", fldCharType="begin"))
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    run._r.append(instruction)
    run._r.append(_element("w:fldChar", fldCharType="separate"))


def _end_field(run: Run) -> None:
    run._r.append(_element("w:fldChar", fldCharType="end"))
