"""Correcting what was published: a notice first, then the draft again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from cases.personal_data import LooksPersonal
from inspections import team
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import corrections, drafted, navigation
from reports.forms_checking import CorrectionForm
from reports.models import Correction
from reports.views import get_drafted, person


def _get(request: HttpRequest, pk: int) -> tuple[Inspection, Correction | None]:
    inspection = get_drafted(request, pk)
    if not inspection.is_published or not inspection.publications.exists():
        raise Http404
    if not team.directs(inspection, person(request)):
        raise PermissionDenied
    return inspection, drafted.open_correction(inspection)


def _context(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    user = person(request)
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, "approval"),
        "latest": drafted.last_version(inspection),
    }


def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is to be corrected: that opens the draft again, or rewords the notice of the correction that is open."""
    inspection, current = _get(request, pk)
    initial = {"notice": current.notice if current else ""}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = {
            "notice": form.cleaned_data["notice"],
            "by": person(request),
            "personal_data_reason": form.cleaned_data["confirmed_reason"],
        }
        try:
            if current is None:
                corrections.open_one(inspection, **typed)
                messages.success(request, _("The team can change the text now."))
            else:
                corrections.reword(current, **typed)
                messages.success(request, _("The notice has been saved."))
        except NotAllowed as error:
            raise PermissionDenied from error
        except LooksPersonal as refused:
            form.object_to(refused)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            return redirect("reports:approval", inspection.pk)
    context = _context(request, inspection) | {"form": form, "correction": current}
    return render(request, "reports/correction.html", context)


def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what dropping the correction does; then drop it."""
    inspection, current = _get(request, pk)
    if current is None:
        return redirect("reports:approval", inspection.pk)
    context = _context(request, inspection) | {"correction": current}
    if request.method == "POST":
        try:
            corrections.drop(current, by=person(request))
            messages.success(request, _("The correction has been dropped."))
        except Conflict as error:
            messages.warning(request, str(error))
        return redirect("reports:approval", inspection.pk)
    latest = context["latest"]
    present = drafted.document(inspection)
    context["changes"] = corrections.changes(inspection, latest, present)
    context["stays"] = corrections.stays(inspection, latest, present)
    return render(request, "reports/drop_correction.html", context)
