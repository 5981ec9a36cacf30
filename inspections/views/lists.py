"""The list of inspections."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspections import planning
from inspections.forms import InspectionFilter
from inspections.models import Inspection, InspectionQuerySet, TeamMember
from inspections.presentation import date_range, stage_tag

PER_PAGE = 50
SORTS = {
    "force": ["force__name", "-fieldwork_start", "-pk"],
    "-force": ["-force__name", "-fieldwork_start", "-pk"],
    "fieldwork": ["fieldwork_start", "pk"],
    "-fieldwork": ["-fieldwork_start", "-pk"],
}


def inspection_list(request: HttpRequest) -> HttpResponse:
    """Every inspection that the person may know of, newest first unless sorted otherwise."""
    form = InspectionFilter(request.GET, user=request.user)
    order = SORTS.get(request.GET.get("sort", ""), SORTS["-fieldwork"])
    found = narrow(Inspection.objects.visible_to(request.user), form).order_by(*order)
    leads = TeamMember.objects.filter(is_lead=True).select_related("user")
    page = Paginator(
        found.select_related("force", "framework").prefetch_related(
            Prefetch("team", leads, to_attr="leads")
        ),
        PER_PAGE,
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "inspections/list.html",
        {
            "form": form,
            "page": page,
            "stage_tag": stage_tag,
            "date_range": date_range,
            "may_plan": planning.may_plan(request.user),
        },
    )


def narrow(inspections: InspectionQuerySet, form: InspectionFilter) -> InspectionQuerySet:
    """Return those of `inspections` that the filter wants; a choice that makes no sense is left aside."""
    form.is_valid()
    wanted = form.cleaned_data
    for name in ("force", "kind", "framework"):
        if wanted.get(name):
            inspections = inspections.filter(**{name: wanted[name]})
    if wanted.get("stage"):
        inspections = inspections.filter(stage__in=wanted["stage"])
    return inspections
