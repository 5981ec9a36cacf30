"""The force hands in its self-assessment; the lead returns it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from cases import guards, hand_in, personal_data, queue
from cases.sample_forms import ReturnForm
from cases.views import get_inspection
from inspections.models import Side
from inspections.navigation import subnav


def hand_in_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is missing, or ask once more, and hand in."""
    inspection, user = get_inspection(request, pk), request.user
    if not hand_in.may_hand_in(inspection, user):
        if inspection.handed_in_at:  # somebody else was first, or this page was open before
            messages.info(request, _("The self-assessment has been handed in already."))
            return redirect("cases:sample", inspection.pk)
        raise PermissionDenied
    missing = guards.missing_from_sample(inspection)
    if request.method == "POST":
        try:
            hand_in.hand_in(inspection, by=user)
        except hand_in.NotComplete as refused:
            missing = refused.missing
        except hand_in.AlreadyHandedIn as refused:
            messages.info(request, str(refused))
            return redirect("cases:sample", inspection.pk)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            messages.success(request, _("The self-assessment is handed in."))
            return redirect("cases:sample", inspection.pk)
    return render(
        request,
        "cases/hand_in.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "sample"),
            "missing": missing,
            "progress": queue.progress(inspection, Side.FORCE, user),
        },
    )


def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the self-assessment to the force, with a reason."""
    inspection, user = get_inspection(request, pk), request.user
    if not hand_in.may_return(inspection, user):
        raise PermissionDenied
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hand_in.return_to_force(
                inspection,
                reason=form.cleaned_data["reason"],
                personal_data_reason=form.cleaned_data.get("confirmed_reason", ""),
                by=user,
            )
        except personal_data.LooksPersonal as refused:
            form.object_to(refused)
        except hand_in.NotHandedIn as refused:
            messages.info(request, str(refused))
            return redirect("cases:sample", inspection.pk)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            messages.success(request, _("The self-assessment is returned to the force."))
            return redirect("cases:sample", inspection.pk)
    return render(
        request,
        "cases/return_sample.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "sample"),
            "form": form,
        },
    )
