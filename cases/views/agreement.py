"""Agreement of force and inspectorate: matrix, share, direction and weighted kappa, over all cases and by area."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import agreement, figures, navigation
from cases.agreement import LEAST_FOR_KAPPA, LEAST_FOR_SHARE, Agreement
from cases.charts import stacked_bars
from cases.figures import Figures, Row
from cases.lists import FORCE_DIFFERS, GRADED
from cases.views import get_inspection
from cases.views.figures import Links
from inspections.navigation import subnav


def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far both sides agree; for a force from the factual accuracy check on."""
    inspection, user = get_inspection(request, pk), request.user
    if user.is_force and not inspection.force_sees_findings:
        raise Http404
    counted = figures.for_inspection(inspection, user)
    overall = agreement.overall(counted)
    areas = agreement.by_area(counted)
    links = Links(reverse("cases:list", args=[inspection.pk]))
    return render(
        request,
        "cases/agreement.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "figures"),
            "sections": navigation.sections(inspection, user, "figures", "agreement"),
            "overall": overall,
            "sentences": explained(overall),
            "matrix": _matrix(counted, overall, links, _("All areas")),
            "by_area": _by_area(overall, areas, links),
            "areas": [
                {
                    "label": area.label,
                    "code": area.code,
                    # the table above says of every area what is not shown
                    "sentences": explained(area)[: 3 if area.has_enough_for_kappa else 2],
                    "matrix": _matrix(counted, area, links, area.label, area=area.code),
                }
                for area in areas
                if area.compared
            ],
            "least_for_share": LEAST_FOR_SHARE,
            "least_for_kappa": LEAST_FOR_KAPPA,
        },
    )


def explained(found: Agreement) -> list[str]:
    """Say each number in one plain sentence, and of each that is not shown, why."""
    return [_share(found), _direction(found), _kappa(found)] if found.compared else []


def _share(found: Agreement) -> str:
    words = {"same": found.same, "all": found.compared}
    if found.share is None:
        return (
            ngettext(
                "Both graded %(all)d case, and gave it the same grade in %(same)d: too few for a share.",
                "Both graded %(all)d cases and gave the same grade in %(same)d: too few for a share.",
                found.compared,
            )
            % words
        )
    return _("Both gave the same grade in %(same)d of %(all)d cases, which is %(share)s.") % {
        **words,
        "share": percent(found.share),
    }


def _direction(found: Agreement) -> str:
    higher, lower = found.force_higher, found.force_lower
    if not higher and not lower:
        return _("The force graded no case differently.")
    words = {"higher": higher, "lower": lower}
    if higher > lower:
        said = _(
            "The force graded %(higher)d better than inspectors did and %(lower)d worse: %(lean)s."
        )
        lean = _("where they differ, the force was the more generous")
    elif lower > higher:
        said = _(
            "The force graded %(lower)d worse than inspectors did and %(higher)d better: %(lean)s."
        )
        lean = _("where they differ, the force was the stricter")
    else:
        said = _(
            "The force graded %(higher)d better than inspectors did and %(lower)d worse: %(lean)s."
        )
        lean = _("neither side was the more generous")
    if higher + lower < LEAST_FOR_SHARE:
        return (
            _("The force graded %(higher)d better than inspectors did and %(lower)d worse.") % words
        )
    return said % {**words, "lean": lean}


def _kappa(found: Agreement) -> str:
    kappa = found.kappa
    if kappa is None:
        if found.has_enough_for_kappa:
            return _(
                "Weighted kappa is undefined: both gave the same grade to every case, so chance alone would agree as "
                "well."
            )
        return _(
            "Weighted kappa is not shown for fewer than %(least)d cases: it would say nothing."
        ) % {"least": LEAST_FOR_KAPPA}
    if kappa.low > 0:
        meaning = _("agreement is better than chance would bring")
    elif kappa.high < 0:
        meaning = _("agreement is worse than chance would bring")
    else:
        meaning = _("agreement may be no better than chance would bring")
    return _(
        "Weighted kappa is %(value)s (95%% confidence interval %(low)s to %(high)s; 1 is the same grade throughout, 0 "
        "what chance would bring): %(meaning)s."
    ) % {
        "value": decimal(kappa.value),
        "low": decimal(kappa.low),
        "high": decimal(kappa.high),
        "meaning": meaning,
    }


def percent(share: float) -> str:
    """“67%”: shares of few cases deserve no decimals."""
    return f"{share * 100:.0f}%"


def decimal(number: float) -> str:
    """“0.62”, “−0.10”: two decimals, with a minus sign and no “-0.00”."""
    return f"{number:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _by_area(overall: Agreement, areas: list[Agreement], links: Links) -> dict[str, Any]:
    def cells(found: Agreement, **narrowed: str) -> list[Any]:
        kappa = found.kappa
        return [
            str(found.compared),
            str(found.same),
            percent(found.share) if found.share is not None else None,
            str(found.force_higher),
            str(found.force_lower),
            links.cell(
                found.force_higher + found.force_lower,
                **narrowed,
                disagreement=FORCE_DIFFERS,
                state=GRADED,
            ),
            decimal(kappa.value) if kappa else None,
            _("%(low)s to %(high)s") % {"low": decimal(kappa.low), "high": decimal(kappa.high)}
            if kappa
            else None,
        ]

    columns = [
        _("Compared"),
        _("Same grade"),
        _("Share"),
        _("Force higher"),
        _("Force lower"),
        _("Differ"),
        _("Weighted kappa"),
        _("95% interval"),
    ]
    return {
        "head": [{"text": _("Area")}, *({"text": text, "numeric": True} for text in columns)],
        "rows": [[area.label, *cells(area, area=area.code)] for area in areas],
        "totals": [_("All areas"), *cells(overall)],
    }


def _matrix(
    counted: Figures, found: Agreement, links: Links, caption: str, **narrowed: str
) -> dict[str, Any]:
    """One set of cases as a table with its chart; each number leads to its cases."""
    rows, bars = [], []
    for grade, counts in zip(counted.grades, found.matrix, strict=True):
        label = _("Force: %(grade)s") % {"grade": grade.label}
        cells = [
            links.cell(count, **narrowed, force_grade=grade.code, grade=column.code, state=GRADED)
            for column, count in zip(counted.grades, counts, strict=True)
        ]
        rows.append([label, *cells, str(sum(counts))])
        bars.append(Row(grade.code, label, counts))
    totals = [sum(column) for column in zip(*found.matrix, strict=True)]
    filled = [row for row in bars if row.total]
    title = _("Inspectors’ grades of what the force graded: %(area)s") % {"area": caption}
    return {
        "caption": caption,
        "head": [
            {"text": _("The force’s grade")},
            *(
                {"text": _("Inspectorate: %(grade)s") % {"grade": grade.label}, "numeric": True}
                for grade in counted.grades
            ),
            {"text": _("Total"), "numeric": True},
        ],
        "rows": rows,
        "totals": [_("All compared cases"), *map(str, totals), str(found.compared)],
        # a bar of three cases would look like more than it is
        "chart": stacked_bars(title, filled, counted.grades)
        if found.compared >= LEAST_FOR_SHARE
        else None,
    }
