"""Who has read a case (domain rule 11)."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases import reading_record
from cases.views import get_case
from inspections import team
from inspections.navigation import subnav


def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Every time that somebody opened the case or its audit, newest first: for whoever directs the inspection."""
    case = get_case(request, pk)
    if not team.directs(case.inspection, request.user):
        raise PermissionDenied
    page = Paginator(reading_record.readers(case), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "cases/readers.html",
        {
            "inspection": case.inspection,
            "subnav": subnav(case.inspection, request.user, "cases"),
            "case": case,
            "page": page,
            "export": reading_record.EXPORT,
        },
    )
