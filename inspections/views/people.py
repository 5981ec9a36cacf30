"""Who works on an inspection."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import FORCE_ROLES, User
from config import numbers
from inspections import planning
from inspections.forms import TeamForm
from inspections.models import Inspection, TeamMember
from inspections.navigation import subnav
from inspections.views import get_inspection

LAST_LEAD = gettext_lazy(
    "Somebody must lead the inspection. Make another inspector its lead first."
)


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The team, and the force's people; the lead adds inspectors here."""
    inspection = get_inspection(request, pk)
    may_change = planning.may_change_team(inspection, request.user)
    form = TeamForm(request.POST or None, inspection=inspection) if may_change else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if "member" in request.POST:
            return _set_lead(request, inspection)
        if form.is_valid():
            return _add(request, inspection, form)
    return render(
        request,
        "inspections/people.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, request.user, "people"),
            "team": inspection.team.select_related("user"),
            "force_people": User.objects.filter(
                force=inspection.force_id, is_active=True, roles__overlap=FORCE_ROLES
            ),
            "form": form,
        },
    )


def _add(request: HttpRequest, inspection: Inspection, form: TeamForm) -> HttpResponse:
    person, is_lead = form.cleaned_data["user"], form.cleaned_data["is_lead"]
    try:
        planning.add_to_team(inspection, person, is_lead=is_lead, by=request.user)
    except planning.CannotJoin as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s is on the team.") % {"name": person.name})
    return redirect("inspections:people", inspection.pk)


def _set_lead(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    member = get_object_or_404(
        TeamMember.objects.select_related("user"),
        inspection=inspection,
        user_id=numbers.whole(request.POST["member"]) or 0,
    )
    is_lead = request.POST.get("lead") == "yes"
    try:
        planning.add_to_team(inspection, member.user, is_lead=is_lead, by=request.user)
    except planning.CannotJoin as error:
        messages.error(request, str(error))
    except planning.LastLead:
        messages.error(request, str(LAST_LEAD))
    else:
        words = (
            _("%(name)s leads the inspection now.")
            if is_lead
            else _("%(name)s no longer leads it.")
        )
        messages.success(request, words % {"name": member.user.name})
    return redirect("inspections:people", inspection.pk)


def remove(request: HttpRequest, pk: int, user_pk: int) -> HttpResponse:
    """Ask before somebody leaves the team, and take them off it."""
    inspection = get_inspection(request, pk)
    if not planning.may_change_team(inspection, request.user):
        raise PermissionDenied
    member = get_object_or_404(
        TeamMember.objects.select_related("user"), inspection=inspection, user_id=user_pk
    )
    if request.method == "POST":
        try:
            planning.remove_from_team(inspection, member.user, by=request.user)
        except planning.LastLead:
            messages.error(request, str(LAST_LEAD))
        else:
            words = _("%(name)s is no longer on the team.")
            messages.success(request, words % {"name": member.user.name})
        return redirect(_after_removal(request, inspection, member.user))
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "people"),
        "person": member.user,
    }
    return render(request, "inspections/remove_person.html", context)


def _after_removal(request: HttpRequest, inspection: Inspection, person: User) -> str:
    """Return the page to land on: who took themselves off an unpublished inspection no longer sees it."""
    if Inspection.objects.visible_to(request.user).filter(pk=inspection.pk).exists():
        return reverse("inspections:people", args=[inspection.pk])
    return reverse("inspections:list")
