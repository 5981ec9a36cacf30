"""One inspection: planned, looked at, its dates moved, its past."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Force
from config import hooks, numbers
from inspections import planning, stages, start, team
from inspections.dates import now, today
from inspections.forms import DatesForm, ForceForm, PlanForm
from inspections.history import events
from inspections.models import Deadline, Inspection
from inspections.navigation import subnav
from inspections.planning import DATES
from inspections.presentation import (
    date_range,
    deadline_page,
    plan_review_page,
    side_name,
    stage_tag,
    steps,
)
from inspections.provenance import published_words
from inspections.views import get_inspection

LATEST = 5


def new(request: HttpRequest) -> HttpResponse:
    """Plan an inspection: first the force, then the rest, because the rest depends on it.

    An address that names a `parent` plans what looks back at it: a revisit that its follow-up asks for.
    """
    if not planning.may_plan(request.user):
        raise PermissionDenied
    if not request.GET.get("force"):
        return render(request, "inspections/new_force.html", {"form": ForceForm()})
    chosen = ForceForm(request.GET)
    if not chosen.is_valid():
        return render(request, "inspections/new_force.html", {"form": chosen})
    force: Force = chosen.cleaned_data["force"]
    parent = _parent(request, force)
    form = PlanForm(
        request.POST or None,
        force=force,
        user=request.user,
        initial=planning.suggestions(parent) if parent else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            inspection = planning.plan(force=force, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The inspection is planned."))
            return redirect(inspection)
    return render(request, "inspections/new.html", {"form": form, "force": force, "parent": parent})


def _parent(request: HttpRequest, force: Force) -> Inspection | None:
    """Return the earlier inspection that the address names, if it is one of this force that the person may know of."""
    named = numbers.whole(request.GET.get("parent", ""))
    if named is None:
        return None
    earlier = Inspection.objects.visible_to(request.user).filter(force=force, pk=named)
    return earlier.select_related("force", "framework").first()


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an inspection stands, what stands in its way, what is due, what happened last."""
    inspection = get_inspection(request, pk)
    user, day = request.user, today()
    changes = list(inspection.stage_changes.all())
    works_here = user.is_inspectorate and team.reads_content(inspection, user)
    moves = [
        _move(inspection, transition)
        for transition in (stages.next_transitions(inspection) if works_here else [])
    ]
    open_deadlines = (
        Deadline.objects.visible_to(user)
        .filter(inspection=inspection)
        .open()
        .select_related("inspection__force")
    )
    return render(
        request,
        "inspections/detail.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "overview"),
            "today": day,
            "now": now(),
            "stage": stage_tag(inspection.stage),
            "steps": steps(inspection, changes),
            "moves": moves,
            "may_move": works_here and team.directs(inspection, user),
            "progress": [
                bar
                for provider in hooks.load(*settings.OVERVIEW_PROVIDERS)
                for bar in provider(inspection, user)
            ],
            "deadlines": [
                {
                    "deadline": deadline,
                    "href": deadline_page(deadline, user, works_here),
                    "who": side_name(deadline.responsible, inspection.force),
                }
                for deadline in open_deadlines
            ],
            "events": events(inspection, user, LATEST),
            "leads": [
                member.user
                for member in inspection.team.filter(is_lead=True).select_related("user")
            ],
            "reviews": Inspection.objects.visible_to(user)
            .filter(parent=inspection)
            .select_related("force"),
            "parent": Inspection.objects.visible_to(user)
            .filter(reviews=inspection)
            .select_related("force")
            .first(),
            "fieldwork": date_range(inspection.fieldwork_start, inspection.fieldwork_end),
            "plan_review_href": plan_review_page(inspection, user),
            "may_change_dates": planning.may_change_dates(inspection, user),
            "published": published_words(inspection) if inspection.published_on else "",
            "may_set_start": start.may_set(inspection, user),
            "start_waits": start.needs_confirmation(inspection),
        },
    )


def _move(inspection: Inspection, transition: stages.Transition) -> dict[str, Any]:
    return {
        "transition": transition,
        "href": move_page(inspection, transition.code),
        "reasons": stages.reasons_against(inspection, transition),
    }


def move_page(inspection: Inspection, code: str) -> str:
    """Return the page on which a move is made; publishing has its own."""
    if code == "publish":
        return reverse("reports:publish", args=[inspection.pk])
    return reverse("inspections:move", args=[inspection.pk, code])


def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the dates of an inspection that has its fieldwork still to do."""
    inspection = get_inspection(request, pk)
    if not planning.may_change_dates(inspection, request.user):
        raise PermissionDenied
    now = {name: getattr(inspection, name) for name in DATES}
    form = DatesForm(request.POST or None, initial=now)
    seen = request.POST.get("seen", _as_text(now))
    if request.method == "POST" and form.is_valid():
        to = {name: form.cleaned_data[name] for name in DATES}
        try:
            if seen != _as_text(now):
                raise planning.DatesChanged(inspection)
            planning.change_dates(inspection, seen=now, to=to, by=request.user)
        except planning.DatesChanged as changed:
            inspection = changed.inspection
            seen = _as_text({name: getattr(inspection, name) for name in DATES})
            form.add_error(
                None,
                _(
                    "Somebody has changed the dates meanwhile. They stand at the top of this page; save again if "
                    "yours shall replace them."
                ),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The dates are saved."))
            return redirect(inspection)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "overview"),
        "form": form,
        "seen": seen,
        "fieldwork": date_range(inspection.fieldwork_start, inspection.fieldwork_end),
    }
    return render(request, "inspections/dates.html", context)


def _as_text(dates: planning.Dates) -> str:
    """The dates in one line, so that a form can carry those that its reader saw."""
    return ",".join(str(dates[name] or "") for name in DATES)


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened to an inspection, newest first."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related("force", "created_by"), pk=pk
    )
    return render(
        request,
        "inspections/history.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, request.user, "history"),
            "events": events(inspection, request.user),
        },
    )
