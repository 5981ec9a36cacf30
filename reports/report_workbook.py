"""A report's tables as a workbook: a sheet each, numbers as numbers, dates as dates. Nothing is counted here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.archives import steady
from config.spreadsheets import Cell, Sheet, workbook_of
from inspections.presentation import date_range
from reports import open_data, tables
from reports.document import Document


def as_workbook(document: Document) -> bytes:
    """Return the tables of `document`, its recommendations and every figure, in an Excel workbook."""
    return steady(workbook_of(sheets(document)))


def sheets(document: Document) -> list[Sheet]:
    """Return the sheets in the order of the report; what it counts in all comes last."""
    found = [_about(document)]
    found += [_counts(table) for table in open_data.printed_tables(document)]
    if document.figures.sample:
        found.append(_sample(document))
    return [
        *found,
        Sheet(_("Recommendations"), *_recommendations(document)),
        Sheet(_("All figures"), open_data.FIGURE_COLUMNS, list(open_data.figure_rows(document))),
    ]


def _about(document: Document) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (_("Report"), document.title),
        (_("Subject"), document.subtitle),
        (_("Force"), document.force),
        (_("Methodology"), document.framework),
        (_("Fieldwork"), date_range(document.fieldwork_start, document.fieldwork_end)),
        (
            _("Published on"),
            _("Official – sensitive: draft") if document.is_draft else document.published_on,
        ),
        (_("Version"), document.number),
        *((fact.name, fact.value) for fact in document.facts),
        *((_("Corrected"), correction.notice) for correction in document.corrections),
    ]
    return Sheet(_("About this report"), (_("What"), _("Answer")), rows)


def _counts(table: tables.Table) -> Sheet:
    rows = [*table.rows, *([table.totals] if table.totals else [])]
    return Sheet(
        table.caption,
        (table.row_heading, *table.columns, _("Total")),
        [(row.label, *row.counts, row.total) for row in rows],
    )


def _sample(document: Document) -> Sheet:
    totals = document.figures.sample_totals
    head = (
        _("Area of practice"),
        _("Asked of the force"),
        _("In the force’s sample"),
        _("Selected by inspectors"),
        _("Examined"),
    )
    rows = [
        (label, row.quota, row.self_assessed, row.selected, row.examined)
        for row, label in [
            *((row, row.label) for row in document.figures.sample),
            (totals, _("Total")),
        ]
    ]
    return Sheet(_("Cases examined"), head, rows)


def _recommendations(document: Document) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The columns of the data file, headed in words; those of an earlier inspection come with what became of them."""
    head = (
        _("Inspection"),
        _("Number"),
        _("Recommendation"),
        _("Points"),
        _("Theme"),
        _("Timescale"),
        _("Due on"),
        _("Outcome"),
        _("Continued by"),
    )
    whose = {open_data.THIS: _("This inspection"), open_data.EARLIER: _("Earlier inspection")}
    rows = [(whose[str(first)], *rest) for first, *rest in open_data.recommendation_rows(document)]
    return head, rows
