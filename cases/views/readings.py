"""Second readings: ask for one, see who was asked, take a request back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import User
from cases import moderation, readings
from cases.models import Audit, CaseFile, Reading
from cases.reading_forms import AskForm
from cases.views import get_case
from config import numbers
from inspections.models import Side
from inspections.navigation import subnav


def may(case: CaseFile, audits: list[Audit], user: User) -> dict[str, bool]:
    """Return which pages about further readings are open to `user`, who reads `audits` of `case`."""
    ours = [a for a in audits if a.side == Side.INSPECTORATE and a.reading == Reading.MAIN]
    asks = readings.may_ask(case.inspection, user) and not case.excluded_at
    return {
        "ask": asks,
        "calibrate": asks,
        "settle": any(a.is_submitted for a in ours) and moderation.may_settle(case, user),
    }


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a case to a second inspector, blind to the first."""
    case, user = get_case(request, pk), request.user
    if not readings.may_ask(case.inspection, user) or case.excluded_at:
        raise PermissionDenied
    candidates = readings.candidates(case)
    form = AskForm(request.POST if request.method == "POST" else None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            readings.ask(case, form.chosen, by=user)
        except readings.CannotRead as refused:
            form.add_error("reader", str(refused))
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            messages.success(
                request,
                _("%(name)s is asked for a second reading of %(case)s.")
                % {"name": form.chosen.name, "case": case.reference},
            )
            return redirect("cases:ask_reading", case.pk)
    asked = list(readings.of_case(case))
    for audit in asked:
        audit.case = case
    return render(
        request,
        "cases/ask_reading.html",
        {
            "inspection": case.inspection,
            "subnav": subnav(case.inspection, user, "cases"),
            "case": case,
            "form": form,
            "candidates": candidates,
            "asked": asked,
            "withdrawable": {audit.pk for audit in asked if readings.may_withdraw(audit, user)},
        },
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the request for the further reading of a case that the field “reading” names."""
    case = get_case(request, pk)
    if not readings.may_ask(case.inspection, request.user):
        raise PermissionDenied
    asked = readings.of_case(case)
    number = numbers.whole(request.POST.get("reading", ""))
    found = None if number is None else asked.filter(pk=number).first()
    if found is None:
        raise Http404
    name = found.reader
    try:
        readings.withdraw(found, by=request.user)
    except readings.Begun as refused:
        messages.error(request, str(refused))
    except NotAllowed as refused:
        raise PermissionDenied from refused
    else:
        messages.success(request, _("The request to %(name)s is withdrawn.") % {"name": name})
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, None):
        return redirect(back)
    return redirect("cases:ask_reading", case.pk)
