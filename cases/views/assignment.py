"""Who of the team grades which case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import NotAllowed
from accounts.models import User
from cases import assignment
from cases.models import Audit, CaseFile, CaseFileQuerySet
from cases.navigation import sections
from cases.sample_forms import NOBODY, NOT_BEGUN, AssignForm, OpenCasesFilter, SpreadForm
from cases.views import get_inspection
from config import numbers
from inspections import team
from inspections.models import Inspection, Side
from inspections.navigation import subnav

PER_PAGE = 50


def assignment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The workload of everybody of the team, and the open cases, to be assigned by ticking them."""
    inspection, user = get_inspection(request, pk), request.user
    if not team.directs(inspection, user):
        raise PermissionDenied
    loads = assignment.workloads(inspection)
    people = [load.inspector for load in loads if load.inspector and load.of_team]
    known = [load.inspector for load in loads if load.inspector]
    narrowing = OpenCasesFilter(request.GET, people=known, framework=inspection.framework)
    narrowing.is_valid()  # a choice that makes no sense is left aside
    cases = _narrow(_open(inspection, user), narrowing)
    may_assign = assignment.may_assign(inspection, user)
    form = None
    if request.method == "POST":
        if not may_assign:
            raise PermissionDenied
        ticked = numbers.wholes(request.POST.getlist("case")[:1000])
        allowed = list(_visible(inspection, user).filter(pk__in=ticked))
        form = AssignForm(request.POST, people=people, cases=[case.pk for case in allowed])
        if form.is_valid() and _assign(request, form, allowed):
            return redirect(request.get_full_path())
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
    areas = list(inspection.framework.areas.all())
    context = {
        **_around(request, inspection),
        "loads": loads,
        "areas": areas,
        "by_area": assignment.by_area(inspection),
        "page": page,
        "narrowing": narrowing,
        "is_narrowed": narrowing.has_changed(),
        "form": form or AssignForm(None, people=people, cases=[]),
        "may_assign": may_assign,
        "has_open": any(load.open for load in loads),
    }
    return render(request, "cases/assignment.html", context)


def _assign(request: HttpRequest, form: AssignForm, cases: list[CaseFile]) -> bool:
    """Assign the ticked cases; False if that was refused, which is then an error of the form."""
    try:
        count = assignment.assign(cases, form.chosen, by=request.user)
    except assignment.NotOfTheTeam as refused:
        form.add_error("to", str(refused))
        return False
    except NotAllowed as refused:
        raise PermissionDenied from refused
    if form.chosen:
        message = ngettext(
            "%(count)d case is assigned to %(name)s.",
            "%(count)d cases are assigned to %(name)s.",
            count,
        ) % {"count": count, "name": form.chosen.name}
    else:
        message = ngettext(
            "%(count)d case is assigned to nobody.",
            "%(count)d cases are assigned to nobody.",
            count,
        ) % {"count": count}
    messages.success(request, message)
    return True


def spread(request: HttpRequest, pk: int) -> HttpResponse:
    """Deal cases out evenly: choose which and among whom, see who would get how many, and do it."""
    inspection, user = get_inspection(request, pk), request.user
    if not assignment.may_assign(inspection, user):
        raise PermissionDenied
    people = assignment.inspectors(inspection)
    data = request.POST if request.method == "POST" else request.GET
    chosen = "which" in data or "inspector" in data
    initial = {"which": SpreadForm.base_fields["which"].initial, "inspector": people}
    form = SpreadForm(data if chosen else None, people=people, initial=initial)
    context: dict[str, Any] = {**_around(request, inspection), "form": form}
    if not form.is_valid():
        return render(request, "cases/spread.html", context)
    among = list(form.cleaned_data["inspector"])
    cases = _to_deal(_visible(inspection, user), form.cleaned_data["which"])
    if request.method == "POST":
        return _spread(request, inspection, cases, among)
    shares = assignment.shares(inspection, cases, among)
    context |= {"shares": shares, "count": sum(share.gets for share in shares)}
    return render(request, "cases/spread_preview.html", context)


def _spread(
    request: HttpRequest, inspection: Inspection, cases: list[CaseFile], among: list[User]
) -> HttpResponse:
    try:
        got = assignment.spread(inspection, cases, among, by=request.user)
    except assignment.NotOfTheTeam as refused:
        messages.error(request, str(refused))
    except NotAllowed as refused:
        raise PermissionDenied from refused
    else:
        names = ", ".join(f"{person.name} {number}" for person, number in got.items())
        messages.success(request, _("The cases are assigned: %(names)s.") % {"names": names})
    return redirect("cases:assignment", inspection.pk)


def _to_deal(cases: CaseFileQuerySet, which: str) -> list[CaseFile]:
    cases = assignment.still_open(cases)
    if which == NOT_BEGUN:
        return list(assignment.not_begun(cases))
    return list(cases.filter(assigned_to=None))


def _visible(inspection: Inspection, user: User) -> CaseFileQuerySet:
    return CaseFile.objects.visible_to(user).filter(inspection=inspection)


def _open(inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Open cases with what a row shows, those that are assigned to nobody first."""
    begun = Audit.objects.main().filter(case=OuterRef("pk"), side=Side.INSPECTORATE)
    return (
        assignment.still_open(_visible(inspection, user))
        .annotate(begun=Exists(begun))
        .select_related("area", "assigned_to")
        .order_by(F("assigned_to").asc(nulls_first=True), "area__order", "reference")
    )


def _narrow(cases: CaseFileQuerySet, narrowing: OpenCasesFilter) -> CaseFileQuerySet:
    wanted = narrowing.cleaned_data
    if wanted.get("assigned") == NOBODY:
        cases = cases.filter(assigned_to=None)
    elif wanted.get("assigned"):
        cases = cases.filter(assigned_to=wanted["assigned"])
    if wanted.get("area"):
        cases = cases.filter(area=wanted["area"])
    return cases


def _around(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "sample"),
        "sections": sections(inspection, request.user, "sample", "assignment"),
    }
