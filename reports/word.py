"""The report as a Word document, for those who must edit a copy: everything that the PDF says, in its order.

Charts are their tables; footnotes are notes at the end. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.presentation import date_range
from reports import markdown, open_data, tables
from reports.chapters import Chapter, chapters
from reports.document import (
    Document,
    EarlierInspection,
    Example,
    NextStep,
    Recommendation,
    Section,
    TimescaleGroup,
)
from reports.references import References
from reports.word_writer import WordWriter

DATE = "j F Y"


def as_word(document: Document) -> bytes:
    """Return `document` as a Word file (DOCX); the language is the active one."""
    return _Report(document).write()


class _Report:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.references = References(document)
        self.out = WordWriter(title=document.title, language=document.language)
        self.chapter = Chapter("", "", "")  # the one that is being written
        self.printed = {table.key: table for table in open_data.printed_tables(document)}

    def write(self) -> bytes:
        parts = chapters(self.document)
        self._cover()
        self.out.contents([chapter.title for chapter in parts])
        self.out.new_page()
        for self.chapter in parts:
            self._chapter(self.chapter)
        self.out.notes_at_end(_("Notes"))
        return self.out.save()

    def _cover(self) -> None:
        document = self.document
        draft = _("Official – sensitive: draft") if document.is_draft else ""
        self.out.head_and_foot(" – ".join(filter(None, (document.title, draft))))
        self.out.heading(document.force, 0)
        self.out.paragraph(document.subtitle, "Subtitle")
        lines = [
            _("Fieldwork: %(dates)s")
            % {"dates": date_range(document.fieldwork_start, document.fieldwork_end)}
        ]
        if document.published_on and not document.is_draft:
            lines += filter(None, [document.publication_line, document.publication_doubt])
        else:
            lines.append(draft)
        if document.number > 1:
            lines.append(_("Version %(number)d") % {"number": document.number})
        for line in lines:
            self.out.paragraph(line)
        for correction in document.corrections:
            when = date_format(correction.on, DATE) if correction.on else _("not published yet")
            title = _("Correction in version %(number)d, %(when)s")
            self.out.paragraph(title % {"number": correction.number, "when": when}, bold=True)
            self.out.paragraph(correction.notice)
        self.out.paragraph(
            _(
                "This is a copy for editing. What counts is the published report, whose PDF cannot be changed."
            ),
            "Intense Quote",
        )

    # -- Chapters ---------------------------------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> None:
        self.out.heading(chapter.title, 1)
        before: dict[str, Callable[[], None]] = {
            "summary": self._summary,
            "context": self._context,
            "earlier": self._earlier,
            "case_analysis": self._headline,
            "recommendations": self._gathered,
            "next_steps": self._next_steps,
            "glossary": self._glossary,
            "earlier_recommendations": self._earlier_recommendations,
        }
        after: dict[str, Callable[[], None]] = {
            "case_analysis": self._case_tables,
            "method": self._method,
        }
        before.get(chapter.kind, lambda: None)()
        if chapter.section:
            self._texts(chapter.section)
        after.get(chapter.kind, lambda: None)()
        if chapter.section:
            self._told(chapter.section)

    def _texts(self, section: Section) -> None:
        """In a review every text has a heading; where there is but one, the chapter's is enough."""
        headed = bool(section.earlier or section.earlier_recommendations or section.summary)
        if section.earlier:
            self.out.heading(_("What the earlier inspection found"), 2)
            self._markdown(section.earlier, 3)
        if section.earlier_recommendations and self.document.earlier:
            self._recommended_before(section.earlier_recommendations)
        if section.summary:
            self.out.heading(_("Summary of what we found this time"), 2)
            self._markdown(section.summary, 3)
        if section.body:
            if headed:
                self.out.heading(_("What we found in detail"), 2)
            self._markdown(section.body, 3 if headed else 2)
        for example in section.examples:
            self._example(example)

    def _recommended_before(self, numbers: tuple[int, ...]) -> None:
        earlier = self._looked_back_at()
        judged = {judgement.number: judgement for judgement in earlier.judgements}
        title = ngettext(
            "What the earlier inspection recommended",
            "What the earlier inspection recommended",
            len(numbers),
        )
        self.out.heading(title, 2)
        for recommendation in earlier.recommendations:
            if recommendation.number not in numbers:
                continue
            name = _("Earlier recommendation %(number)d") % {"number": recommendation.number}
            self.out.paragraph(name, bold=True)
            self.out.paragraph(recommendation.stem)
            self.out.bullets(recommendation.points)
            if judgement := judged.get(recommendation.number):
                words = judgement.outcome
                if judgement.continued_by:
                    goes_on = _("it goes on as recommendation %(number)d")
                    words = f"{words}: {goes_on % {'number': judgement.continued_by}}"
                self.out.paragraph(words)

    def _example(self, example: Example) -> None:
        title = (
            _("Case example %(number)d: good practice")
            if example.good
            else _("Case example %(number)d: poor practice")
        )
        self.out.heading(title % {"number": example.number}, 2)
        self.out.paragraph(example.area, bold=True)
        self._markdown(example.text, 3)
        if example.also:
            words = ngettext(
                "Case example %(numbers)s tells of the same case.",
                "Case examples %(numbers)s tell of the same case.",
                len(example.also),
            )
            self.out.paragraph(words % {"numbers": ", ".join(map(str, example.also))})

    def _markdown(self, text: str, heading_level: int) -> None:
        tokens = markdown.parse(self.references.plain(text))
        self.out.markdown(tokens, heading_level=heading_level)

    def _told(self, section: Section) -> None:
        if section.recommendations:
            self.out.heading(
                ngettext("Recommendation", "Recommendations", len(section.recommendations)), 2
            )
            for recommendation in section.recommendations:
                self._recommended(recommendation)

    def _headline(self) -> None:
        self.out.paragraph(tables.headline(self.document.figures), bold=True)

    def _summary(self) -> None:
        self._headline()
        if table := self.printed.get("summary"):
            self._counts(table)

    def _case_tables(self) -> None:
        for key, table in self.printed.items():
            if key != "summary":
                self.out.heading(table.heading or table.caption, 2)
                if table.before:
                    self.out.paragraph(table.before)
                self._counts(table)

    def _counts(self, table: tables.Table) -> None:
        rows = [*table.rows, *([table.totals] if table.totals else [])]
        self.out.table(
            (table.row_heading, *table.columns, _("Total")),
            [(row.label, *map(_number, row.counts), _number(row.total)) for row in rows],
            caption=self._caption(table.key, table.caption),
            totals=table.totals is not None,
            numeric=True,
        )

    def _caption(self, key: str, words: str = "") -> str:
        """“Table 3: …”, as the PDF numbers it."""
        known = self.chapter.tables.get(key)
        if known is None:
            return words
        return f"{_('Table %(number)d') % {'number': known.number}}: {known.caption}"

    def _context(self) -> None:
        if self.document.facts:
            self.out.table(
                (),
                [(fact.name, fact.value) for fact in self.document.facts],
                caption=self._caption("facts"),
            )
            if self.document.facts_note:
                self.out.paragraph(self.document.facts_note)

    def _method(self) -> None:
        figures = self.document.figures
        if figures.sample:
            self.out.heading(_("Cases examined"), 2)
            rows = [(row.label, row) for row in figures.sample]
            rows.append((_("Total"), figures.sample_totals))
            self.out.table(
                (
                    _("Area of practice"),
                    _("Asked of the force"),
                    _("In the force’s sample"),
                    _("Selected by inspectors"),
                    _("Examined"),
                ),
                [
                    (
                        label,
                        *map(_number, (row.quota, row.self_assessed, row.selected, row.examined)),
                    )
                    for label, row in rows
                ],
                caption=self._caption("sample"),
                totals=True,
                numeric=True,
            )
        self.out.paragraph(
            _(
                "Every figure in this report was counted from the grades that inspectors submitted. Methodology: "
                "%(framework)s."
            )
            % {"framework": self.document.framework}
        )

    # -- Recommendations --------------------------------------------------------------------------------------------

    def _recommended(self, recommendation: Recommendation, *, with_theme: bool = False) -> None:
        title = _("Recommendation %(number)d") % {"number": recommendation.number}
        if with_theme:
            title = f"{title} – {recommendation.theme}"
        self.out.paragraph(title, bold=True).paragraph_format.keep_with_next = True
        self.out.paragraph(recommendation.stem)
        self.out.bullets(recommendation.points)
        if not with_theme:
            when = recommendation.timescale
            if recommendation.due_on:
                by = _("by %(date)s") % {"date": date_format(recommendation.due_on, DATE)}
                when = f"{when}: {by}"
            self.out.paragraph(when)

    def _gathered(self) -> None:
        self.out.paragraph(
            _("All recommendations of this report, by the time that the force has for them.")
        )
        for group in self.document.timescales:
            self.out.heading(group.label, 2)
            if group.due_on:
                self.out.paragraph(_("Due on %(date)s") % {"date": date_format(group.due_on, DATE)})
            for number in group.numbers:
                self._recommended(self.document.recommendations[number], with_theme=True)

    def _next_steps(self) -> None:
        day = self.document.published_on
        if day is None or self.document.is_draft:
            counted = _("The times below count from the day on which this report is published.")
        else:
            counted = _(
                "The times below count from the publication of this report on %(date)s."
            ) % {"date": date_format(day, DATE)}
        self.out.paragraph(counted)
        rows: list[tuple[str, str, str]] = [
            (
                ngettext(
                    "Carry out recommendation %(numbers)s",
                    "Carry out recommendations %(numbers)s",
                    len(group.numbers),
                )
                % {"numbers": ", ".join(map(str, group.numbers))},
                self.document.force,
                _when(group),
            )
            for group in self.document.timescales
        ]
        rows += [(step.label, step.who, _when(step)) for step in self.document.next_steps]
        head = (_("What"), _("Who"), _("When"))
        self.out.table(head, rows, caption=self._caption("steps"))

    def _glossary(self) -> None:
        self.out.table(
            (_("Term"), _("Meaning")),
            [(term.term, term.definition) for term in self.document.glossary],
        )

    # -- The earlier inspection -------------------------------------------------------------------------------------

    def _earlier(self) -> None:
        earlier = self._looked_back_at()
        self.out.paragraph(
            _("This report looks back at an earlier one: %(title)s.") % {"title": earlier.title}
        )
        if earlier.judgements:
            self._judgements(earlier)
        for judgement in earlier.judgements:
            if not judgement.finding.strip():
                continue
            title = _("Earlier recommendation %(number)d: %(outcome)s")
            self.out.heading(
                title % {"number": judgement.number, "outcome": judgement.outcome.lower()}, 2
            )
            self._lines(judgement.finding.splitlines())
            if judgement.continued_by:
                self.out.paragraph(
                    _("It goes on as recommendation %(number)d of this report.")
                    % {"number": judgement.continued_by}
                )

    def _judgements(self, earlier: EarlierInspection) -> None:
        named = _("Recommendation %(number)d")
        self.out.table(
            (_("Earlier recommendation"), _("What became of it"), _("Goes on as")),
            [
                (
                    named % {"number": judgement.number},
                    judgement.outcome,
                    named % {"number": judgement.continued_by} if judgement.continued_by else "–",
                )
                for judgement in earlier.judgements
            ],
            caption=self._caption("judgements"),
        )

    def _earlier_recommendations(self) -> None:
        earlier = self._looked_back_at()
        self.out.paragraph(earlier.title)
        if earlier.published_on:
            self.out.paragraph(earlier.publication_line)
        for recommendation in earlier.recommendations:
            self._recommended(recommendation)

    def _looked_back_at(self) -> EarlierInspection:
        assert self.document.earlier  # or there would be no such chapter
        return self.document.earlier

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                self.out.paragraph(line)


def _number(count: int) -> str:
    return f"{count:,}"


def _when(step: NextStep | TimescaleGroup) -> str:
    if step.due_on:
        return date_format(step.due_on, DATE)
    return step.words[:1].upper() + step.words[1:]
