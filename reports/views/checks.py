"""The checks of a draft: its figures, its words, and what leads from weaknesses to recommendations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.errors import NotAllowed
from cases.personal_data import LooksPersonal
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import drafted, house_style, navigation, traceability
from reports.figure_check import questions
from reports.figure_check.checking import Found
from reports.forms_checks import ConfirmForm
from reports.views import get_drafted, person


def _get_checked(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection whose draft the person works on; a force checks the facts, not the checks."""
    if person(request).is_force:
        raise Http404
    return get_drafted(request, pk)


def _context(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    user = person(request)
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, "checks"),
    }


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is checked of the draft, with what to do about it."""
    inspection, user = _get_checked(request, pk), person(request)
    document = drafted.document(inspection)
    figures = questions.of_draft(inspection, document)
    lines = traceability.lines(inspection, user)
    keys = {each.passage.key for each in figures.open}
    keys |= {each.found.passage.key for each in figures.answered}
    remarks = house_style.remarks(document, inspection.framework)
    keys |= {remark.passage.key for remark in remarks}
    context = _context(request, inspection) | {
        "figures": figures,
        "name_of": questions.name_of,
        "may_confirm": questions.may_confirm(inspection, user),
        "remarks": remarks,
        "urls": questions.urls_of(inspection, keys),
        "lines": lines,
        "gaps": traceability.gaps(inspection, document, lines),
    }
    return render(request, "reports/checks.html", context)


def confirm(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say why one sentence stands although no table has its figures."""
    inspection = _get_checked(request, pk)
    if not questions.may_confirm(inspection, person(request)):
        raise PermissionDenied
    found = _asked(inspection, name)
    if found is None:
        messages.info(
            request,
            _("This sentence was changed or confirmed in the meantime, or its figures agree now."),
        )
        return redirect("reports:checks", inspection.pk)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questions.confirm(
                inspection,
                name,
                reason=form.cleaned_data["reason"],
                by=person(request),
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except LooksPersonal as refused:
            form.object_to(refused)
        except questions.NotAsked as refused:
            messages.info(request, str(refused))
            return redirect("reports:checks", inspection.pk)
        else:
            messages.success(request, _("The sentence stands, with your reason."))
            return redirect("reports:checks", inspection.pk)
    context = _context(request, inspection) | {
        "form": form,
        "found": found,
        "name": name,
        "url_of_text": questions.urls_of(inspection, [found.passage.key])[found.passage.key],
    }
    return render(request, "reports/confirm_figure.html", context)


def _asked(inspection: Inspection, name: str) -> Found | None:
    waiting = questions.open_questions(inspection)
    return next((found for found in waiting if questions.name_of(found) == name), None)
