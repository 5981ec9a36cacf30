"""The figures of an inspection: tables and charts of its grades, each number a link to the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cases import figures, navigation, table_files
from cases.charts import Chart, stacked_bars
from cases.figures import Figures, Row
from cases.lists import COUNTED, GRADED
from cases.views import get_inspection
from config import spreadsheets
from inspections.navigation import subnav


def inspection_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is counted of an inspection, as far as the person may see it."""
    inspection = get_inspection(request, pk)
    counted = figures.for_inspection(inspection, request.user)
    links = Links(reverse("cases:list", args=[inspection.pk]))
    return render(
        request,
        "cases/figures.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, request.user, "figures"),
            "sections": navigation.sections(inspection, request.user, "figures", "figures"),
            "figures": counted,
            "tables": [*_inspectorate_tables(counted, links), *_force_tables(counted, links)],
            "sample": _sample(counted, links),
            "waiting_href": links.to(state="not_graded"),
        },
    )


def figures_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The tables of the page as a file."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    inspection = get_inspection(request, pk)
    counted = figures.for_inspection(inspection, request.user)
    links = Links(reverse("cases:list", args=[inspection.pk]))
    tables = [
        *_inspectorate_tables(counted, links),
        *_force_tables(counted, links),
        _sample(counted, links),
    ]
    name = slugify(_("Figures %(inspection)s") % {"inspection": inspection})
    return table_files.response(kind, name, tables)


class Links:
    """Addresses of the cases behind a number; the parameters are those of `cases.list_filter`."""

    def __init__(self, case_list: str) -> None:
        self.case_list = case_list

    def to(self, **narrowed: str) -> str:
        return f"{self.case_list}?" + "&".join(
            f"{name}={quote(value)}" for name, value in narrowed.items()
        )

    def cell(self, count: int, **narrowed: str) -> Any:
        """Return `count` as a cell of a table; nothing to open behind a zero."""
        return {"text": str(count), "href": self.to(**narrowed)} if count else "0"


def _inspectorate_tables(counted: Figures, links: Links) -> list[dict[str, Any]]:
    if not counted.shows_inspectorate:
        return []
    return [
        _table(_("By route"), _("Route"), counted, counted.by_route, links, "route"),
        _table(_("By area"), _("Area"), counted, counted.by_area, links, "area"),
    ]


def _table(
    caption: str, first: str, counted: Figures, rows: Sequence[Row], links: Links, by: str
) -> dict[str, Any]:
    def cells(row: Row, narrowed: dict[str, str]) -> list[Any]:
        return [
            *(
                links.cell(count, **narrowed, grade=grade.code, state=GRADED)
                for grade, count in zip(counted.grades, row.counts, strict=True)
            ),
            links.cell(row.total, **narrowed, state=GRADED),
        ]

    return {
        "caption": caption,
        "head": _head(first, counted),
        "rows": [[row.label, *cells(row, {by: row.code})] for row in rows],
        "totals": [_("All cases"), *cells(counted.headline, {})],
        "chart": _chart(caption, rows, counted),
    }


def _force_tables(counted: Figures, links: Links) -> list[dict[str, Any]]:
    """The force's grades of its sample, and case by case against the inspectorate's."""
    if not counted.force_sample.total:
        return []
    own = Row("force", _("The force’s sample"), counted.force_sample.counts)
    narrowed = {"state": GRADED} if not counted.shows_inspectorate else {"state": COUNTED}
    tables = [
        {
            "caption": _("The force’s own grades of its sample"),
            "head": _head(_("Graded by the force"), counted),
            "rows": [
                [
                    own.label,
                    *(
                        links.cell(count, force_grade=grade.code, **narrowed)
                        for grade, count in zip(counted.grades, own.counts, strict=True)
                    ),
                    str(own.total),
                ]
            ],
            "totals": None,
            "chart": _chart(_("The force’s own grades of its sample"), [own], counted),
        }
    ]
    return [*tables, _matrix(counted, links)] if counted.compared else tables


def _matrix(counted: Figures, links: Links) -> dict[str, Any]:
    rows = []
    for grade, row in zip(counted.grades, counted.matrix, strict=True):
        rows.append(
            [
                _("Force: %(grade)s") % {"grade": grade.label},
                *(
                    links.cell(count, force_grade=grade.code, grade=column.code, state=GRADED)
                    for column, count in zip(counted.grades, row.counts, strict=True)
                ),
                links.cell(row.total, force_grade=grade.code, state=GRADED),
            ]
        )
    totals = counted.matrix_totals
    caption = _("The force against the inspectorate, case by case")
    labelled = [
        Row(row.code, _("Force: %(grade)s") % {"grade": row.label}, row.counts)
        for row in counted.matrix
    ]
    head = _head(_("The force’s grade"), counted)
    for column in head[1:-1]:
        column["text"] = _("Inspectorate: %(grade)s") % {"grade": column["text"]}
    return {
        "caption": caption,
        "head": head,
        "rows": rows,
        "totals": [_("All compared cases"), *map(str, totals.counts), str(totals.total)],
        "chart": _chart(caption, labelled, counted),
        "is_matrix": True,
    }


def _head(first: str, counted: Figures) -> list[dict[str, Any]]:
    return [
        {"text": first},
        *({"text": grade.label, "numeric": True} for grade in counted.grades),
        {"text": _("Total"), "numeric": True},
    ]


def _chart(title: str, rows: Sequence[Row], counted: Figures) -> Chart | None:
    """Draw the rows that count anything; no chart of nothing."""
    filled = [row for row in rows if row.total]
    return stacked_bars(title, filled, counted.grades) if filled else None


def _sample(counted: Figures, links: Links) -> dict[str, Any]:
    totals = counted.sample_totals
    heads = (_("Quota of the sample"), _("Self-assessed"), _("Selected"), _("All"))
    return {
        "caption": _("Cases by area"),
        "head": [{"text": _("Area")}, *({"text": head, "numeric": True} for head in heads)],
        "rows": [
            [
                row.label,
                str(row.quota),
                links.cell(row.self_assessed, area=row.code, route="self_assessed", state=COUNTED),
                links.cell(row.selected, area=row.code, route="selected", state=COUNTED),
                links.cell(row.examined, area=row.code, state=COUNTED),
            ]
            for row in counted.sample
        ],
        "totals": [
            _("All areas"),
            *map(str, (totals.quota, totals.self_assessed, totals.selected, totals.examined)),
        ],
    }
