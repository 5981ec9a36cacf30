"""Reading the recommendations of one inspection."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from inspections import dates, team
from inspections.deadlines import SOON_DAYS
from inspections.models import Inspection
from inspections.navigation import subnav
from inspections.views import get_inspection
from recommendations import drafting
from recommendations.models import Recommendation


def inspection_recommendations(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """The recommendations of one inspection, by theme; a draft to work on for its team."""
    inspection = get_inspection(request, inspection_pk)
    if not _may_read_draft(inspection, request):
        raise Http404
    found = (
        Recommendation.objects.visible_to(request.user)
        .filter(inspection=inspection)
        .select_related("theme", "timescale", "deadline")
        .prefetch_related("points")
        .order_by("theme__order", "number")
    )
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "recommendations"),
        "recommendations": list(found),
        "may_draft": drafting.may_draft(inspection, request.user),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/inspection.html", context)


def _may_read_draft(inspection: Inspection, request: HttpRequest) -> bool:
    if inspection.is_published:
        return True
    if request.user.is_force and not inspection.force_sees_findings:
        return False
    return team.reads_content(inspection, request.user)
