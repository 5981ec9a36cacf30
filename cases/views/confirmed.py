"""The list of texts that somebody confirmed as not personal data, for who prepares the publication."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import navigation
from cases.confirmed import confirmed, open_drafts
from cases.personal_data import Kind
from cases.views import get_inspection
from inspections.navigation import subnav

PER_PAGE = 50


@require_safe
def confirmed_texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every fragment that was confirmed, with who, when and why; and drafts that hold unresolved ones."""
    inspection, user = get_inspection(request, pk), request.user
    if user.is_force:
        raise PermissionDenied
    page = Paginator(confirmed(inspection, user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "cases/confirmed.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "sections": navigation.sections(inspection, user, "cases", "confirmed"),
            "page": page,
            "kinds": dict(Kind.choices),
            "drafts": open_drafts(inspection, user),
        },
    )
