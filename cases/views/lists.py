"""The cases of an inspection as a list."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from cases import grading, lists, queue, sampling
from cases.forms import CaseFilter
from cases.models import CaseFile, Route
from cases.presentation import is_submitted, state_tag
from cases.views import get_inspection
from inspections.models import Inspection, Side
from inspections.navigation import subnav

PER_PAGE = 50


def case_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every case of an inspection that the person may open, 50 a page, narrowed and sorted by the address."""
    inspection, user = get_inspection(request, pk), request.user
    shown = lists.sides_shown(inspection, user)
    main = lists.main_side(inspection, user)
    form = CaseFilter(request.GET, framework=inspection.framework, sides=shown, state_side=main)
    form.is_valid()  # a choice that makes no sense is left aside
    found = lists.narrow(lists.cases_of(inspection, user), form.cleaned_data, inspection, user)
    found = lists.sort(found, request.GET.get("sort", ""), inspection, user)
    page = Paginator(lists.with_audits(found, user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "cases/list.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "form": form,
            "page": page,
            "head": _head(shown),
            "rows": _rows(list(page), inspection, user, shown, main),
            "is_filtered": form.has_changed(),
            "next_case": queue.next_case(inspection, user),
            "may_add": sampling.may_add(inspection, user),
        },
    )


def _head(shown: list[Side]) -> list[dict[str, str]]:
    titles = {Side.INSPECTORATE: _("Inspectorate"), Side.FORCE: _("Force")}
    grades = [
        {"text": titles[side], "sort": "grade"} if place == 0 else {"text": titles[side]}
        for place, side in enumerate(shown)
    ]
    return [
        {"text": _("Reference"), "sort": "reference"},
        {"text": _("Area"), "sort": "area"},
        {"text": _("Route"), "sort": "route"},
        *grades,
        {"text": _("State")},
    ]


def _rows(
    cases: list[CaseFile], inspection: Inspection, user: User, shown: list[Side], main: Side
) -> list[dict[str, Any]]:
    """Describe each case of a page; a case that waits for the person's grade links to its audit."""
    side = grading.side_of(user) if queue.grades_now(inspection, user) else None
    rows = []
    for case in cases:
        audits = {audit.side: audit for audit in case.readable_audits}  # type: ignore[attr-defined]
        waits = (
            side is not None
            and not case.excluded_at
            and not is_submitted(audits.get(side))
            and (side == Side.INSPECTORATE or case.route == Route.SELF_ASSESSED)
        )
        rows.append(
            {
                "case": case,
                "page": "cases:audit" if waits else "cases:detail",
                "audits": [audits.get(one) for one in shown],
                "state": state_tag(case, audits.get(main)),
            }
        )
    return rows
