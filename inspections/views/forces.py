"""Forces: their facts, and the inspections of each that the person may know of."""

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Force
from config import hooks
from inspections import planning
from inspections.dates import today
from inspections.deadline_groups import count_groups
from inspections.models import Deadline, Inspection
from inspections.presentation import date_range, stage_tag


def force_list(request: HttpRequest) -> HttpResponse:
    """All forces, for the inspectorate; a force person goes straight to their own."""
    user = request.user
    if user.is_force:
        return redirect("forces:detail", user.force_id)
    visible = Inspection.objects.visible_to(user).filter(force=OuterRef("pk"))
    overdue = Deadline.objects.visible_to(user).overdue(today())
    counted = dict(
        overdue.order_by()
        .values_list("inspection__force")
        .annotate(number=Count("pk"))
        .values_list("inspection__force", "number")
    )
    newest = visible.order_by("-fieldwork_start", "-pk")
    forces = Force.objects.visible_to(user).annotate(
        newest=Subquery(newest.values("pk")[:1]),
        newest_stage=Subquery(newest.values("stage")[:1]),
        newest_year=Subquery(newest.values("fieldwork_start__year")[:1]),
    )
    query = request.GET.get("q", "").replace("\x00", "").strip()
    if query:
        forces = forces.filter(Q(name__icontains=query) | Q(code__iexact=query))
    return render(
        request,
        "forces/list.html",
        {"forces": forces, "overdue": counted, "stage_tag": stage_tag, "query": query},
    )


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The facts about one force, its inspections, and what other apps know of it (settings.FORCE_PROFILE)."""
    force = get_object_or_404(
        Force.objects.visible_to(request.user).prefetch_related(
            "local_authorities", "policing_areas"
        ),
        pk=pk,
    )
    inspections = (
        Inspection.objects.visible_to(request.user)
        .filter(force=force)
        .select_related("force", "framework")
    )
    return render(
        request,
        "forces/detail.html",
        {
            "force": force,
            "inspections": inspections,
            "stage_tag": stage_tag,
            "date_range": date_range,
            "may_plan": planning.may_plan(request.user),
            "tables": [
                table
                for provider in hooks.load(*settings.FORCE_PROFILE)
                for table in provider(force, request.user)
            ],
            "due": count_groups(
                Deadline.objects.visible_to(request.user).filter(inspection__force=force), today()
            ),
        },
    )
