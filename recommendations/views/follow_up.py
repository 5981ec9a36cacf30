"""What is still owed after an inspection, and where it is worked on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from inspections import dates
from inspections.deadlines import SOON_DAYS
from inspections.navigation import subnav
from inspections.views import get_inspection
from recommendations.models import Recommendation
from recommendations.navigation import sections


def overview(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """How an inspection's recommendations stand, and what is owed by whom."""
    inspection = get_inspection(request, inspection_pk)
    if not inspection.is_published:
        raise Http404
    found = (
        Recommendation.objects.visible_to(request.user)
        .filter(inspection=inspection)
        .select_related("theme", "timescale", "deadline")
        .order_by("number")
    )
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "follow_up"),
        "sections": sections(inspection, request.user, "follow_up"),
        "recommendations": list(found),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/follow_up.html", context)
