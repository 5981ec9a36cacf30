"""The manager's desk: all inspections by stage, what blocks each, all files, and PDFs being made."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.forms import InspectionFilter
from inspections.models import Inspection
from inspections.presentation import STAGE_COLOURS, stage_tag
from inspections.views.lists import narrow
from reports import builds, desk, thematic_builds
from reports.views import person

PER_PAGE = 20


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every inspection, the nearest to publication first, with what stands in the way of its next step.

    `?open=` and an inspection's primary key: its row says everything, as the guards of the move do.
    """
    user = person(request)
    if not desk.may_see(user):
        raise PermissionDenied
    visible = Inspection.objects.visible_to(user)
    form = InspectionFilter(request.GET, user=user)
    found = desk.in_order(narrow(visible, form))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    inspections = list(page)
    opened = next((each for each in inspections if str(each.pk) == request.GET.get("open")), None)
    context = {
        "form": form,
        "page": page,
        "rows": desk.rows(inspections, user, opened),
        "stages": desk.by_stage(visible),
        "stage_tag": stage_tag,
        "stage_colours": STAGE_COLOURS,
        "report_builds": desk.report_builds(user),
        "report_steps": builds.STEPS,
        "thematic_builds": desk.thematic_builds(user),
        "thematic_steps": thematic_builds.STEPS,
    }
    return render(request, "reports/desk.html", context)
