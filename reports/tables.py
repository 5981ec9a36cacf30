"""The document's figures as tables with their charts, and as sentences. Nothing is counted here."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext, ngettext

from cases.charts import Chart, stacked_bars
from cases.figures import Figures, Row
from reports.document import Document
from reports.models import SectionKind

MOST_BARS = 20  # a chart of more would not fit on a page; its table says it all


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of grades: rows of something, a column for each step of the scale, a column and a row of totals."""

    key: str
    caption: str
    row_heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: Row | None
    chart: Chart | None = None
    before: str = ""
    heading: str = ""
    chart_caption: str = ""


@dataclasses.dataclass(frozen=True)
class Listed:
    """What the list of tables and figures says of one table: its caption, and that of its chart if it has one."""

    key: str
    caption: str
    chart_caption: str = ""


def listed(document: Document, kind: str) -> list[Listed]:
    """Return the tables that stand in a chapter of `kind`, in the order in which they stand there."""
    counted: dict[str, list[Table | None]] = {
        SectionKind.SUMMARY.value: [summary_table(document.figures)],
        SectionKind.CASE_ANALYSIS.value: [*case_tables(document.figures)],
    }
    if kind in counted:
        return [Listed(t.key, t.caption, t.chart_caption) for t in counted[kind] if t]
    others = {
        SectionKind.CONTEXT: (
            document.facts,
            "facts",
            gettext("Facts about %(force)s") % {"force": document.force},
        ),
        "earlier": (
            document.earlier and document.earlier.judgements,
            "judgements",
            gettext("Earlier recommendations, and what became of them"),
        ),
        "next_steps": (True, "steps", gettext("What happens next")),
        SectionKind.METHOD: (
            document.figures.sample,
            "sample",
            gettext("Cases asked for, selected and examined"),
        ),
    }
    there, key, caption = others.get(kind, (False, "", ""))
    return [Listed(key, caption)] if there else []


def headline(figures: Figures) -> str:
    """The figures in one sentence (several while cases are still to be graded)."""
    if not figures.cases:
        return gettext("No case files were part of this inspection.")
    said = ngettext(
        "Inspectors graded %(count)d case: %(grades)s.",
        "Inspectors graded %(count)d cases: %(grades)s.",
        figures.graded,
    ) % {"count": figures.graded, "grades": in_words(figures, figures.headline)}
    if figures.not_graded:
        waiting = ngettext(
            "%(count)d further case is not graded yet.",
            "%(count)d further cases are not graded yet.",
            figures.not_graded,
        )
        said = f"{said} {waiting % {'count': figures.not_graded}}"
    return said


def in_words(figures: Figures, row: Row) -> str:
    """“Good 20, Inadequate 23”: a row's counts with their grades."""
    return ", ".join(
        f"{grade.label} {count}" for grade, count in zip(figures.grades, row.counts, strict=True)
    )


def summary_table(figures: Figures) -> Table | None:
    """Headline totals by route; None if nothing was graded."""
    if not figures.graded:
        return None
    caption = gettext("Grades of all cases that inspectors examined")
    return _table(
        figures,
        "summary",
        caption,
        gettext("How the case came in"),
        figures.by_route,
        totals=figures.headline,
        chart=stacked_bars(caption, [figures.headline], figures.grades),
        chart_caption=gettext("All cases by their grades"),
    )


def case_tables(figures: Figures) -> list[Table]:
    """The tables of the case file analysis; those without a single case are left out."""
    tables = []
    if figures.compared:
        tables += [_matrix(figures)]
    if figures.graded:
        tables += [
            _with_chart(
                figures,
                "by-route",
                gettext("Grades by how the case came in"),
                gettext("How the case came in"),
                figures.by_route,
                heading=gettext("The force’s sample, and the cases that inspectors chose"),
                chart_caption=gettext("Cases by how they came in, and their grades"),
            ),
            _with_chart(
                figures,
                "by-area",
                gettext("Grades by area of practice"),
                gettext("Area of practice"),
                figures.by_area,
                heading=gettext("Areas of practice"),
                chart_caption=gettext("Cases in each area of practice, and their grades"),
            ),
        ]
    return tables


def _matrix(figures: Figures) -> Table:
    caption = gettext("The force’s own grades, and what inspectors gave the same cases")
    before = gettext(
        "The force graded %(force)d cases of its sample itself (%(grades)s). Of the %(compared)d that both sides "
        "graded, inspectors gave %(same)d the same grade, %(lower)d a lower one and %(higher)d a higher one."
    ) % {
        "force": figures.force_sample.total,
        "grades": in_words(figures, figures.force_sample),
        "compared": figures.compared,
        "same": figures.same,
        "lower": figures.force_higher,
        "higher": figures.force_lower,
    }
    columns = [gettext("Inspectors: %(grade)s") % {"grade": g.label} for g in figures.grades]
    rows = [
        dataclasses.replace(row, label=gettext("Force: %(grade)s") % {"grade": row.label})
        for row in figures.matrix
    ]
    return Table(
        "matrix",
        caption,
        gettext("The force’s grade"),
        tuple(columns),
        tuple(rows),
        dataclasses.replace(figures.matrix_totals, label=gettext("Total")),
        before=before,
        heading=gettext("How the force graded its own cases"),
    )


def _with_chart(
    figures: Figures,
    key: str,
    caption: str,
    row_heading: str,
    rows: tuple[Row, ...],
    *,
    heading: str,
    chart_caption: str,
) -> Table:
    shown = [row for row in rows if row.total]
    drawn = len(shown) <= MOST_BARS
    chart = stacked_bars(chart_caption, shown, figures.grades) if drawn else None
    table = _table(
        figures,
        key,
        caption,
        row_heading,
        rows,
        totals=figures.headline,
        chart=chart,
        chart_caption=chart_caption if drawn else "",
    )
    return dataclasses.replace(table, heading=heading)


def _table(
    figures: Figures,
    key: str,
    caption: str,
    row_heading: str,
    rows: tuple[Row, ...],
    *,
    totals: Row,
    chart: Chart | None,
    chart_caption: str,
) -> Table:
    return Table(
        key,
        caption,
        row_heading,
        tuple(grade.label for grade in figures.grades),
        rows,
        dataclasses.replace(totals, label=gettext("Total")),
        chart,
        chart_caption=chart_caption,
    )
