"""A move from stage to stage: what it will do, why it may not happen yet, and its confirmation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import TextRefused
from inspections import stages
from inspections.forms import MoveForm
from inspections.models import Stage
from inspections.navigation import subnav
from inspections.views import get_inspection
from inspections.views.inspections import move_page


def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Ask before the move `code`, and make it. Publishing has a page of its own."""
    inspection = get_inspection(request, pk)
    transition = stages.TRANSITIONS.get(code)
    if transition is None:
        raise Http404
    if not transition.may(inspection, request.user):
        raise PermissionDenied
    if code == "publish":
        return redirect(move_page(inspection, code))
    if transition not in stages.next_transitions(inspection):
        message = _("This inspection is now at the stage “%(stage)s”.")
        messages.info(request, message % {"stage": Stage(inspection.stage).label})
        return redirect(inspection)
    form = MoveForm(request.POST or None, needs_note=transition.needs_note)
    if request.method == "POST" and form.is_valid():
        try:
            stages.move(
                inspection,
                code,
                by=request.user,
                note=form.cleaned_data["note"],
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except stages.NotAllowed as error:
            raise PermissionDenied from error
        except stages.NotYet as not_yet:
            reasons = not_yet.reasons
        except TextRefused as refused:
            form.object_to(refused)
            reasons = []
        else:
            message = _("The inspection is now at the stage “%(stage)s”.")
            messages.success(request, message % {"stage": transition.to_stage.label})
            return redirect(inspection)
    else:
        reasons = stages.reasons_against(inspection, transition)
    return render(
        request,
        "inspections/move.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, request.user, "overview"),
            "transition": transition,
            "reasons": reasons,
            "form": form,
        },
    )
