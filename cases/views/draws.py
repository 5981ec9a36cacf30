"""The random draw of the force's sample: from an uploaded list, and every draw with what it takes to repeat it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from accounts.errors import NotAllowed
from cases import draws, imports, sampling
from cases.models import SampleDraw
from cases.navigation import sections
from cases.sample_forms import EligibleListForm
from cases.views import get_inspection
from cases.views.sample import MOST_PROBLEMS, TYPES
from inspections.models import Inspection
from inspections.navigation import subnav


def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the force's list, say what would be drawn from it, and draw; below, the draws that were made."""
    inspection, user = get_inspection(request, pk), request.user
    may_draw = draws.may_draw(inspection, user)
    if request.method != "POST":
        return _page(request, inspection, may_draw, EligibleListForm())
    if not may_draw:
        raise PermissionDenied
    if "list" in request.POST:
        return _draw(request, inspection)
    form = EligibleListForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            eligible = draws.read_list(inspection, form.cleaned_data["file"])
        except imports.ImportErrors as refused:
            form.add_error("file", _problems_of_list(len(refused.problems)))
            return _page(request, inspection, may_draw, form, problems=refused.problems)
        return _preview(request, inspection, eligible)
    return _page(request, inspection, may_draw, form)


def _draw(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Draw from the list that the person has seen the preview of."""
    try:
        eligible = draws.read_text(inspection, request.POST["list"])
        recorded = draws.draw(inspection, eligible, by=request.user)
    except (imports.ImportErrors, draws.NothingToDraw, sampling.CaseRefused) as refused:
        messages.error(request, str(refused))
        return redirect("cases:draw", inspection.pk)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    count = sum(len(names) for names in recorded.drawn.values())
    message = ngettext(
        "%(count)d case was drawn and is in the sample.",
        "%(count)d cases were drawn and are in the sample.",
        count,
    )
    messages.success(request, message % {"count": count})
    return redirect(recorded)


def _problems_of_list(count: int) -> str:
    return ngettext(
        "Nothing was drawn: the list has %(count)d problem.",
        "Nothing was drawn: the list has %(count)d problems.",
        count,
    ) % {"count": count}


def _page(
    request: HttpRequest,
    inspection: Inspection,
    may_draw: bool,
    form: EligibleListForm,
    problems: list[imports.Problem] | None = None,
) -> HttpResponse:
    problems = problems or []
    context = {
        **_around(request, inspection),
        "form": form,
        "may_draw": may_draw,
        "prospects": draws.prospects(inspection, {}) if may_draw else [],
        "columns": draws.COLUMNS,
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
        "draws": SampleDraw.objects.visible_to(request.user)
        .filter(inspection=inspection)
        .select_related("drawn_by")
        .defer("eligible"),
    }
    return render(request, "cases/draw.html", context)


def _preview(
    request: HttpRequest, inspection: Inspection, eligible: draws.Eligible
) -> HttpResponse:
    _left, taken = draws.without_taken(inspection, eligible)
    found = draws.prospects(inspection, eligible)
    context = {
        **_around(request, inspection),
        "prospects": found,
        "count": sum(prospect.drawn for prospect in found),
        "short": [p for p in found if p.missing and p.still_missing],
        "taken": taken,
        "list": draws.as_text(eligible),
    }
    return render(request, "cases/draw_preview.html", context)


def detail(request: HttpRequest, pk: int, draw_pk: int) -> HttpResponse:
    """One draw: seed, list and outcome, drawn again while the page is made, to say whether the same comes out."""
    inspection, recorded = _recorded(request, pk, draw_pk)
    areas = {area.code: area for area in inspection.framework.areas.all()}
    rows = [
        (
            areas[code].label if code in areas else code,
            len(recorded.eligible.get(code, ())),
            [(name, draws.number_of(recorded.seed, code, name)) for name in names],
        )
        for code, names in sorted(
            recorded.drawn.items(), key=lambda item: areas[item[0]].order if item[0] in areas else 0
        )
    ]
    context = {
        **_around(request, inspection),
        "draw": recorded,
        "repeated": draws.repeat(recorded),
        "rows": rows,
        "count": sum(len(names) for names in recorded.drawn.values()),
    }
    return render(request, "cases/draw_detail.html", context)


def listed(request: HttpRequest, pk: int, draw_pk: int) -> HttpResponse:
    """The list of a draw, as the text whose SHA-256 is recorded."""
    _inspection, recorded = _recorded(request, pk, draw_pk)
    text = draws.as_text(recorded.eligible)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="draw-{recorded.pk}-list.txt"'
    return response


def template(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The file to fill in, as CSV or as an Excel workbook."""
    inspection = get_inspection(request, pk)
    if kind not in TYPES:
        raise Http404
    content = (
        imports.csv_template(draws.COLUMNS)
        if kind == "csv"
        else imports.xlsx_template(inspection.framework.areas.all(), draws.COLUMNS)
    )
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="eligible-cases-template.{kind}"'
    return response


def _recorded(request: HttpRequest, pk: int, draw_pk: int) -> tuple[Inspection, SampleDraw]:
    inspection = get_inspection(request, pk)
    found = SampleDraw.objects.visible_to(request.user).filter(inspection=inspection)
    return inspection, get_object_or_404(found.select_related("drawn_by"), pk=draw_pk)


def _around(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "sample"),
        "sections": sections(inspection, request.user, "sample", "draw"),
    }
