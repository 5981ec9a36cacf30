"""Calibration: cases that several inspectors read blind, how far apart they were, and how each leans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from cases import calibration, navigation, personal_data, readings
from cases.models import Calibration
from cases.reading_forms import CalibrateForm
from cases.views import get_case, get_inspection
from inspections import methodology, team
from inspections.navigation import subnav

PER_PAGE = 50


def calibrations(request: HttpRequest, pk: int) -> HttpResponse:
    """The calibrations of an inspection, and how inspectors lean: for whoever directs it all, else their own."""
    inspection, user = get_inspection(request, pk), request.user
    if user.is_force:
        raise Http404
    page = Paginator(calibration.calibrated(inspection, user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    directs = team.directs(inspection, user)
    leanings = calibration.leanings(inspection)
    return render(
        request,
        "cases/calibrations.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "sections": navigation.sections(inspection, user, "cases", "calibrations"),
            "page": page,
            "spreads": calibration.spreads(inspection, [case.pk for case in page], user),
            "directs": directs,
            "starts": readings.may_ask(inspection, user),
            "leanings": [one for one in leanings if directs or one.person == user],
            "fewest": calibration.FEWEST_CASES,
        },
    )


def calibrate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one case to several inspectors, see who has submitted, and how far apart they were."""
    case, user = get_case(request, pk), request.user
    inspection = case.inspection
    if user.is_force:
        raise Http404
    if not team.directs(inspection, user):
        raise PermissionDenied
    may_ask = readings.may_ask(inspection, user) and not case.excluded_at
    known = Calibration.objects.filter(case=case).select_related("started_by").first()
    candidates = readings.candidates(case) if may_ask else []
    form = CalibrateForm(
        request.POST if request.method == "POST" else None,
        candidates=candidates,
        initial={"note": known.note if known else ""},
    )
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        if form.is_valid() and _start(request, case, form):
            return redirect("cases:calibrate", case.pk)
    return render(
        request,
        "cases/calibrate.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "sections": navigation.sections(inspection, user, "cases", "calibrations"),
            "case": case,
            "calibration": known,
            "form": form,
            "candidates": candidates,
            "may_ask": may_ask,
            "asked": list(calibration.of_case(case)),
            "spread": calibration.spread(case, user),
            "scale": methodology.of(inspection.framework).grades,
        },
    )


def _start(request: HttpRequest, case: Any, form: CalibrateForm) -> bool:
    """Start what the form says, or show in it why not."""
    try:
        calibration.start(
            case,
            form.chosen,
            by=request.user,
            note=form.cleaned_data["note"],
            personal_data_reason=form.cleaned_data.get("confirmed_reason", ""),
        )
    except personal_data.LooksPersonal as refused:
        form.object_to(refused)
    except (calibration.TooFewReaders, readings.CannotRead) as refused:
        form.add_error("readers", str(refused))
    except NotAllowed as refused:
        raise PermissionDenied from refused
    else:
        messages.success(
            request,
            _("%(names)s are asked to read %(case)s.")
            % {"names": readings.names(form.chosen), "case": case.reference}
            if len(form.chosen) > 1
            else _("%(names)s is asked to read %(case)s.")
            % {"names": readings.names(form.chosen), "case": case.reference},
        )
        return True
    return False


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a calibration without the readings that are still owed."""
    case = get_case(request, pk)
    try:
        dropped = calibration.close(case, by=request.user)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    messages.success(
        request,
        ngettext(
            "The calibration is closed; %(count)d reading was not submitted and is dropped.",
            "The calibration is closed; %(count)d readings were not submitted and are dropped.",
            dropped,
        )
        % {"count": dropped},
    )
    return redirect("cases:calibrate", case.pk)
