"""What is still owed after an inspection, and where it is worked on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from inspections import dates
from inspections.deadlines import SOON_DAYS
from inspections.models import Inspection
from inspections.navigation import subnav
from inspections.presentation import side_name
from inspections.views import get_inspection
from recommendations import follow_up
from recommendations.navigation import sections


def overview(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """How an inspection's recommendations stand, what is owed by whom, and what was sent."""
    inspection: Inspection = get_inspection(request, inspection_pk)
    if not inspection.is_published:
        raise Http404
    today = dates.today()
    found = follow_up.of(inspection, request.user, today)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "follow_up"),
        "sections": sections(inspection, request.user, "follow_up"),
        "follow_up": found,
        "owed": [
            {"deadline": deadline, "who": side_name(deadline.responsible, inspection.force)}
            for deadline in found.deadlines
        ],
        "today": today,
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/follow_up.html", context)
