"""A thematic report's tables, charts and sentences, for page, PDF and data alike. Nothing is counted here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import agreement
from cases.agreement import Agreement
from cases.charts import stacked_bars
from cases.figures import GradeOfScale, Row
from cases.views.agreement import decimal, explained, percent
from config.archives import steady
from config.spreadsheets import Cell, Sheet, workbook_of
from inspections.models import ColourRole
from recommendations.models import Outcome
from reports.chapters import Numbered
from reports.tables import Table
from reports.thematic import Fate, ThematicDocument

DECIMALS = 4  # of shares and kappas as data


@dataclasses.dataclass(frozen=True)
class Listing:
    """A table of words and numbers; `numeric` says of each column whether it holds numbers.

    `shown` is what readers see of a row; `rows` are the same as data, shares as numbers between 0 and 1.
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: tuple[tuple[Cell, ...], ...] = ()
    before: str = ""
    has_totals: bool = False

    @property
    def printed(self) -> tuple[tuple[Cell, ...], ...]:
        return self.shown or self.rows


@dataclasses.dataclass(frozen=True)
class Part:
    """One chapter: sentences, its tables, notes; `caveats` are about all of it.

    `tables` and `figures` number tables and charts through the report, by the key of the table.
    """

    id: str
    kind: str
    title: str
    sentences: tuple[str, ...] = ()
    content: tuple[Table | Listing, ...] = ()
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    tables: dict[str, Numbered] = dataclasses.field(default_factory=dict)
    figures: dict[str, Numbered] = dataclasses.field(default_factory=dict)


def parts(document: ThematicDocument) -> list[Part]:
    """Return the chapters of `document` in order; those that would be empty are not among them."""
    found = [
        Part("introduction", "introduction", _("Introduction")) if document.introduction else None,
        _inspections(document),
        _grades(document),
        _agreement(document),
        _indicators(document),
        _recommendations(document),
        _method(document),
    ]
    return _numbered([part for part in found if part is not None])


def _numbered(found: list[Part]) -> list[Part]:
    tables = figures = 0
    numbered = []
    for part in found:
        own_tables, own_figures = {}, {}
        for each in part.content:
            tables += 1
            own_tables[each.key] = Numbered(tables, f"table-{tables}", each.caption)
            if isinstance(each, Table) and each.chart:
                figures += 1
                own_figures[each.key] = Numbered(figures, f"figure-{figures}", each.chart_caption)
        numbered.append(dataclasses.replace(part, tables=own_tables, figures=own_figures))
    return numbered


def _inspections(document: ThematicDocument) -> Part:
    rows = tuple(
        (each.title, each.framework, each.year, each.published_on, each.version, each.graded)
        for each in document.chosen
    )
    forces = len({each.force for each in document.chosen})
    said = _("%(inspections)s of %(forces)s, with %(cases)s that inspectors graded.") % {
        "inspections": ngettext("%(num)s inspection", "%(num)s inspections", len(document.chosen))
        % {"num": len(document.chosen)},
        "forces": ngettext("%(num)s force", "%(num)s forces", forces) % {"num": forces},
        "cases": ngettext("%(num)s case", "%(num)s cases", document.across.headline.total)
        % {"num": document.across.headline.total},
    }
    columns = (
        *(_("Inspection"), _("Methodology"), _("Fieldwork began in")),
        *(_("Published on"), _("Version"), _("Cases graded")),
    )
    numeric = (False, False, True, False, True, True)
    table = Listing("inspections", _("Inspections in this report"), columns, numeric, rows)
    return Part("inspections", "inspections", _("The inspections"), (said,), (table,))


def caveats(document: ThematicDocument) -> list[str]:
    """Return what has to be printed wherever grades of different scales were set side by side; [] if none were."""
    if not document.comparison:
        return []
    return [
        _("Grades, areas and themes are set side by side by the comparison “%(title)s”.")
        % {"title": document.comparison},
        document.caveat,
    ]


def _grades(document: ThematicDocument) -> Part:
    across = document.across
    if not across.headline.total:
        said = (_("No case was graded in these inspections."),)
        return Part("grades", "grades", _("Grades"), said)
    totals = dataclasses.replace(across.headline, label=_("Total"))
    columns = tuple(grade.label for grade in across.grades)
    areas = tuple(area.total for area in across.areas)

    def table(key: str, caption: str, first: str, rows: Sequence[Row], chart: str = "") -> Table:
        shown = [row for row in rows if row.total]
        drawn = stacked_bars(chart, shown, across.grades) if chart else None
        return Table(key, caption, first, columns, tuple(rows), totals, drawn, chart_caption=chart)

    found = [
        table(
            "by-year",
            _("Grades by the year in which fieldwork began"),
            _("Year"),
            across.by_year,
            _("Cases by year, and their grades"),
        ),
        table(
            "by-area",
            _("Grades by area of practice"),
            _("Area of practice"),
            areas,
            _("Cases in each area of practice, and their grades"),
        ),
    ]
    if len(across.by_year) > 1:
        rows = [
            dataclasses.replace(
                row, code=f"{area.code} {row.code}", label=f"{area.label}, {row.label}"
            )
            for area in across.areas
            for row in area.by_year
            if row.total
        ]
        first = _("Area of practice, year")
        found.append(table("by-area-and-year", _("Grades by area and year"), first, rows))
    warned = tuple(caveats(document))
    return Part("grades", "grades", _("Grades"), (), tuple(found), caveats=warned)


def _agreement(document: ThematicDocument) -> Part | None:
    across = document.across
    if not across.compared:
        return None
    overall = agreement.of("all", _("All areas"), [row.counts for row in across.matrix])
    areas = [
        agreement.of(area.code, area.label, [row.counts for row in area.matrix])
        for area in across.areas
    ]
    matrix = Table(
        "matrix",
        _("The forces’ own grades, and what inspectors gave the same cases"),
        _("The force’s grade"),
        tuple(_("Inspectors: %(grade)s") % {"grade": grade.label} for grade in across.grades),
        tuple(
            dataclasses.replace(row, label=_("Force: %(grade)s") % {"grade": row.label})
            for row in across.matrix
        ),
        Row(
            "total",
            _("Total"),
            tuple(map(sum, zip(*(r.counts for r in across.matrix), strict=True))),
        ),
    )
    said = tuple(explained(overall))
    return Part(
        "agreement",
        "agreement",
        _("How forces graded their own cases"),
        said,
        (matrix, _agreement_by_area([*areas, overall])),
        caveats=tuple(caveats(document)),
    )


def _agreement_by_area(found: list[Agreement]) -> Listing:
    columns = (
        *(_("Area of practice"), _("Both graded"), _("Same grade"), _("Force higher")),
        *(_("Force lower"), _("Share of the same"), _("Weighted kappa")),
    )

    def row(each: Agreement, *, shown: bool) -> tuple[Cell, ...]:
        share: Cell = None if each.share is None else round(each.share, DECIMALS)
        kappa: Cell = round(each.kappa.value, DECIMALS) if each.kappa else None
        if shown:
            share = None if each.share is None else percent(each.share)
            kappa = decimal(each.kappa.value) if each.kappa else None
        counts = (each.compared, each.same, each.force_higher, each.force_lower)
        return (each.label, *counts, share, kappa)

    return Listing(
        "agreement",
        _("Agreement by area of practice"),
        columns,
        (False, *(True,) * 6),
        tuple(row(each, shown=False) for each in found),
        tuple(row(each, shown=True) for each in found),
        has_totals=True,
    )


def _indicators(document: ThematicDocument) -> Part | None:
    if not document.indicators:
        return None
    frameworks = list(dict.fromkeys(each.framework for each in document.indicators))
    columns = (
        *(_("Indicator"), _("Area of practice"), _("Not met")),
        *(_("Cases that it applies to"), _("Share"), _("Inspections")),
    )
    found = []
    for number, framework in enumerate(frameworks, start=1):
        own = [each for each in document.indicators if each.framework == framework]
        found.append(
            Listing(
                f"indicators-{number}",
                _("Indicators most often not met: %(framework)s") % {"framework": framework},
                columns,
                (False, False, True, True, True, True),
                tuple(
                    (e.text, e.area, e.not_met, e.applicable, round(e.not_met / e.applicable, DECIMALS), e.inspections)
                    for e in own
                ),
                tuple(
                    (e.text, e.area, e.not_met, e.applicable, percent(e.not_met / e.applicable), e.inspections)
                    for e in own
                ),
            )
        )  # fmt: skip
    said = (
        _(
            "Counted over the inspectors’ submitted audits of these inspections. An indicator that was partly met is "
            "not among those not met."
        ),
    )
    return Part("indicators", "indicators", _("What was most often missing"), said, tuple(found))


def _recommendations(document: ThematicDocument) -> Part:
    said: tuple[str, ...]
    title = _("Recommendations, and what became of them")
    if not document.recommendations:
        said = (_("These inspections made no recommendations."),)
        return Part("recommendations", "recommendations", title, said)
    columns = (
        *(_("Theme"), _("Made"), _("Implemented"), _("Partly implemented")),
        *(_("Not implemented"), _("No longer applicable"), _("Not judged yet")),
    )

    def row(label: str, fates: Sequence[Fate]) -> tuple[Cell, ...]:
        names = ("all", *(outcome.value for outcome in Outcome), "not_judged")
        return (label, *(sum(getattr(fate, name) for fate in fates) for name in names))

    judged = Listing(
        "judgements",
        _("Recommendations by theme, and the last judgement of each"),
        columns,
        (False, *(True,) * (len(columns) - 1)),
        (*(row(fate.label, [fate]) for fate in document.fates), row(_("Total"), document.fates)),
        has_totals=True,
    )
    said = (
        _("What became of them is as it stood on %(date)s.") % {"date": _date(document)},
        _("A recommendation is settled when nothing more is owed."),
    )
    return Part(
        "recommendations",
        "recommendations",
        title,
        said,
        (_settled_and_open(document), judged),
        caveats=tuple(caveats(document)),
    )


def _settled_and_open(document: ThematicDocument) -> Table:
    states = (
        GradeOfScale("settled", _("Settled"), _("S"), ColourRole.STRONG.value),
        GradeOfScale("open", _("Open, not overdue"), _("O"), ColourRole.WEAK.value),
        GradeOfScale("overdue", _("Overdue"), _("D"), ColourRole.POOR.value),
    )
    rows = tuple(
        Row(fate.code, fate.label, (fate.all - fate.open, fate.open - fate.overdue, fate.overdue))
        for fate in document.fates
    )
    totals = Row("total", _("Total"), tuple(map(sum, zip(*(r.counts for r in rows), strict=True))))
    caption = _("Recommendations by theme, and how far they are")
    return Table(
        "recommendations",
        caption,
        _("Theme"),
        tuple(state.label for state in states),
        rows,
        totals,
        stacked_bars(caption, [row for row in rows if row.total], states),
        chart_caption=_("Recommendations of each theme: settled, open, overdue"),
    )


def _date(document: ThematicDocument) -> str:
    return date_format(document.as_of, "j F Y")


def _method(document: ThematicDocument) -> Part:
    notes = (
        _(
            "Grades were counted from the documents as they were published, in their latest versions: each figure here "
            "is a sum of figures that everybody can read in those reports."
        ),
        _("Indicators and recommendations were counted on %(date)s.") % {"date": _date(document)},
        *caveats(document),
    )
    return Part("method", "method", _("How this was counted"), notes)


# -- As data ----------------------------------------------------------------------------------------------------------


def sheets(document: ThematicDocument) -> dict[str, Sheet]:
    """Return every table of the report as data, by its key, in the order of the report; the caveat comes first."""
    about: list[tuple[Cell, ...]] = [
        (_("Title"), document.title),
        (_("As of"), document.as_of),
        (_("Inspections"), len(document.chosen)),
        *((_("Caveat"), words) for words in caveats(document)),
    ]
    found = {"about": Sheet(_("About this report"), (_("What"), _("Answer")), about)}
    for part in parts(document):
        for each in part.content:
            found[each.key] = (
                _of_table(each) if isinstance(each, Table) else Sheet(each.caption, each.columns, each.rows)
            )  # fmt: skip
    return found


def _of_table(table: Table) -> Sheet:
    rows = [*table.rows, *([table.totals] if table.totals else [])]
    head = (table.row_heading, *table.columns, _("Total"))
    return Sheet(table.caption, head, [(row.label, *row.counts, row.total) for row in rows])


def as_workbook(document: ThematicDocument) -> bytes:
    """Return all tables in an Excel workbook, the same bytes for the same document."""
    return steady(workbook_of(sheets(document).values()))


def as_json(document: ThematicDocument) -> bytes:
    """Return the whole document as a JSON object in UTF-8; `ThematicDocument.from_json` reads it."""
    return (json.dumps(document.to_json(), ensure_ascii=False, indent=1) + "\n").encode()
