"""How often indicators were met: a table and a chart for each area, each number a link to its cases, and in words."""

from __future__ import annotations

import functools
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases import navigation, table_files, tally
from cases.charts import Chart, stacked_bars
from cases.figures import GradeOfScale, Row
from cases.lists import GRADED
from cases.models import Answer
from cases.tally import ANSWERS, APPLICABLE, AreaTally, Counts, Tally
from cases.views import get_inspection
from cases.views.figures import Links
from config import spreadsheets
from inspections.models import ColourRole, Side
from inspections.navigation import subnav

# How the answers look in a chart: drawn as the steps of a scale are.
STEPS = {
    Answer.MET: (gettext_lazy("M"), ColourRole.STRONG),
    Answer.PARTLY: (gettext_lazy("P"), ColourRole.SOUND),
    Answer.NOT_MET: (gettext_lazy("N"), ColourRole.WEAK),
    Answer.NOT_RECORDED: (gettext_lazy("NR"), ColourRole.POOR),
}


def indicator_tally(request: HttpRequest, pk: int) -> HttpResponse:
    """The indicators of every area, or of the one that the address names (`?area=`)."""
    inspection, user = get_inspection(request, pk), request.user
    counted = tally.for_inspection(inspection, user)
    tables = _Tables(Links(reverse("cases:list", args=[inspection.pk])))
    chosen = request.GET.get("area", "")
    shown = [area for area in counted.areas if area.code == chosen] or list(counted.areas)
    return render(
        request,
        "cases/tally.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "figures"),
            "sections": navigation.sections(inspection, user, "figures", "tally"),
            "tally": counted,
            "is_of_force": counted.side == Side.FORCE,
            "chosen": chosen if len(shown) < len(counted.areas) else "",
            "overall": tables.overall(counted),
            "areas": [
                _table(get_language() or "", tables.links.case_list, area)
                for area in shown
                if area.audits and area.rows
            ],
            "waiting": [area.label for area in shown if not area.audits],
        },
    )


def tally_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The tables of all areas as a file."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    inspection = get_inspection(request, pk)
    counted = tally.for_inspection(inspection, request.user)
    shown = _Tables(Links(reverse("cases:list", args=[inspection.pk])))
    tables = [
        {**shown.overall(counted), "caption": _("All areas")},
        *(
            {**table, "caption": table["label"]}
            for table in (shown.area(area) for area in counted.areas if area.audits and area.rows)
        ),
    ]
    name = slugify(_("Indicators %(inspection)s") % {"inspection": inspection})
    return table_files.response(kind, name, tables)


@functools.lru_cache(maxsize=256)
def _table(language: str, case_list: str, area: AreaTally) -> dict[str, Any]:
    """The table, chart and sentences of one area: the same as long as its counts are."""
    return _Tables(Links(case_list)).area(area)


class _Tables:
    """Tables and charts of one page; the words that all of them share are looked up once."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.heads = [
            *({"text": str(answer.label), "numeric": True} for answer in ANSWERS),
            {"text": _("No answer"), "numeric": True},
        ]
        self.steps = [
            GradeOfScale(answer.value, str(answer.label), str(letter), role.value)
            for answer, (letter, role) in STEPS.items()
        ]

    def overall(self, counted: Tally) -> dict[str, Any]:
        """All answers of each area. They are no cases (a case has one to each indicator), so only audits are links."""

        def cells(audits: int, counts: Counts, **narrowed: str) -> list[Any]:
            return [
                self.links.cell(audits, **narrowed, state=GRADED),
                *(str(counts.of(answer)) for answer in ANSWERS),
                str(counts.unanswered),
            ]

        rows = [
            Row(area.code, area.label, _applicable(area.counts))
            for area in counted.areas
            if area.audits
        ]
        return {
            "head": [{"text": _("Area")}, {"text": _("Audits"), "numeric": True}, *self.heads],
            "rows": [
                [
                    {"text": area.label, "href": f"#area-{area.code}" if area.audits else ""},
                    *cells(area.audits, area.counts, area=area.code),
                ]
                for area in counted.areas
            ],
            "totals": [_("All areas"), *cells(counted.audits, counted.counts)],
            "chart": self._chart(_("Answers to all indicators, by area"), rows),
        }

    def area(self, area: AreaTally) -> dict[str, Any]:
        """The indicators of one area, each number a link to its cases."""
        bars = [Row(row.code, row.text, _applicable(row.counts)) for row in area.rows]
        return {
            "code": area.code,
            "label": area.label,
            "head": [{"text": _("Indicator")}, *self.heads],
            "rows": [
                [
                    row.text,
                    *(
                        self.links.cell(
                            row.counts.of(answer),
                            area=area.code,
                            indicator=row.code,
                            answer=answer.value,
                            state=GRADED,
                        )
                        for answer in ANSWERS
                    ),
                    str(row.counts.unanswered),
                ]
                for row in area.rows
            ],
            "chart": self._chart(area.label, bars),
            "sentences": [tally.sentence(area.label, row.text, row.counts) for row in area.rows],
        }

    def _chart(self, title: str, rows: list[Row]) -> Chart | None:
        """Draw what applies; bars of indicators that apply to no case are left out."""
        filled = [row for row in rows if row.total]
        return stacked_bars(title, filled, self.steps) if filled else None


def _applicable(counts: Counts) -> tuple[int, ...]:
    return tuple(counts.of(answer) for answer in APPLICABLE)
