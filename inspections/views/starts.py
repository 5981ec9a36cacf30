"""The day from which timescales count: shown, confirmed where it is in doubt, corrected where it is wrong."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed, TextRefused
from accounts.models import User
from inspections import start as starting
from inspections.forms_dates import StartForm
from inspections.models import Inspection
from inspections.navigation import subnav
from inspections.provenance import published_words


def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever may know of a published inspection sees the day; its lead confirms or corrects it."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related(
            "force", "framework", "counts_from_by"
        ),
        pk=pk,
    )
    if not inspection.is_published:
        raise Http404
    form = _form(request, inspection)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _save(request, inspection, form):
            return redirect(inspection)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "overview"),
        "published": published_words(inspection),
        "waits": starting.needs_confirmation(inspection),
        "late": starting.is_late(inspection),
        "form": form,
    }
    return render(request, "inspections/start.html", context)


def _form(request: HttpRequest, inspection: Inspection) -> StartForm | None:
    if not starting.may_set(inspection, request.user):
        return None
    corrects = not starting.needs_confirmation(inspection)
    return StartForm(request.POST or None, corrects=corrects)


def _save(request: HttpRequest, inspection: Inspection, form: StartForm) -> bool:
    """Confirm or correct as the page was when it was read; False if the form has to be shown again."""
    try:
        _set(inspection, form, _day(request.POST.get("seen", "")), request.user)
    except TextRefused as refused:
        form.object_to(refused)
        return False
    except (starting.UnusableStart, starting.NoReason) as error:
        form.add_error("reason" if isinstance(error, starting.NoReason) else "day", str(error))
        return False
    except NotAllowed as error:
        raise PermissionDenied from error
    except Conflict as error:
        messages.warning(request, str(error))
        return True
    messages.success(request, _("Every date that counts from publication is set."))
    return True


def _set(inspection: Inspection, form: StartForm, seen: dt.date | None, by: User) -> None:
    typed = form.cleaned_data
    if seen is None:
        starting.confirm(
            inspection,
            day=typed["day"],
            reason=typed["reason"],
            by=by,
            personal_data_reason=typed["confirmed_reason"],
        )
    else:
        starting.correct(
            inspection,
            day=typed["day"],
            reason=typed["reason"],
            by=by,
            seen=seen,
            personal_data_reason=typed["confirmed_reason"],
        )


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
