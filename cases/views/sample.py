"""The sample of an inspection: what the force owes, what is there, and how cases come in."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import NotAllowed
from cases import draws, guards, hand_in, imports, lists, personal_data, queue, sampling
from cases.forms import CaseForm, ImportForm
from cases.models import Audit, CaseFileQuerySet, Route
from cases.navigation import sections
from cases.views import get_inspection
from inspections.models import Area, Side, Stage
from inspections.navigation import subnav

COUNTED = ("sample", "selected", Side.FORCE.value, Side.INSPECTORATE.value)
MOST_PROBLEMS = 100  # so many are shown; of the rest it is said how many there are
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class AreaRow:
    """One area of the sample: what is there, what each side has graded of it, what inspectors selected besides."""

    area: Area
    sample: int
    selected: int
    force: int
    inspectorate: int

    @property
    def missing(self) -> int:
        return max(0, self.area.sample_quota - self.sample)


def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The force's sample against its quota, area by area, with what is missing, what is graded, and its handing in."""
    inspection, user = get_inspection(request, pk), request.user
    sides = lists.sides_shown(inspection, user)
    counts = _counts(lists.cases_of(inspection, user).counted(), sides)
    areas = [
        AreaRow(area, *(counts.get(area.pk, Counter())[name] for name in COUNTED))
        for area in inspection.framework.areas.all()
    ]
    missing = (
        guards.missing_from_sample(inspection) if inspection.stage == Stage.SELF_ASSESSMENT else []
    )
    may_hand_in = hand_in.may_hand_in(inspection, user)
    return render(
        request,
        "cases/sample.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "sample"),
            "sections": sections(inspection, user, "sample", "sample"),
            "areas": areas,
            "totals": sum(counts.values(), Counter()),
            "quota": sum(row.area.sample_quota for row in areas),
            # what counts towards the quota; more of one area does not make up for another
            "in_sample": sum(min(row.sample, row.area.sample_quota) for row in areas),
            "lacking": sum(row.missing for row in areas),
            "missing": missing,
            "is_open": inspection.force_self_assesses,
            "may_hand_in": may_hand_in,
            "may_finish": may_hand_in and not missing,
            "may_return": hand_in.may_return(inspection, user),
            "sees_inspectorate": Side.INSPECTORATE in sides,
            "may_add": sampling.may_add(inspection, user),
            "may_draw": draws.may_draw(inspection, user),
            "next_case": queue.next_case(inspection, user),
        },
    )


def _counts(cases: CaseFileQuerySet, sides: list[Side]) -> dict[int, Counter[str]]:
    """Count cases by area, in one query: the sample, what each side has graded of it, and what was selected.

    How many audits the force has submitted is no secret, what it says in them is.
    """
    in_sample = Q(route=Route.SELF_ASSESSED)
    columns = {"sample": Count("pk", filter=in_sample), "selected": Count("pk", filter=~in_sample)}
    for side in {Side.FORCE, *sides}:
        submitted = Audit.objects.main().submitted().filter(case=OuterRef("pk"), side=side)
        columns[side.value] = Count("pk", filter=in_sample & Q(Exists(submitted)))
    rows: Any = cases.order_by().values("area").annotate(**columns)
    return {row["area"]: Counter({name: row[name] for name in columns}) for row in rows}


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one case."""
    inspection = get_inspection(request, pk)
    route = sampling.may_add(inspection, request.user)
    if route is None:
        raise PermissionDenied
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        framework=inspection.framework,
        route=route,
    )
    if request.method == "POST" and form.is_valid():
        wanted = {**form.cleaned_data}
        confirmed = wanted.pop("confirmed_reason")
        try:
            case = sampling.add_case(
                inspection, **wanted, personal_data_reason=confirmed, by=request.user
            )
        except sampling.CaseRefused as refused:
            form.add_error(refused.field or None, str(refused))
        except personal_data.LooksPersonal as refused:
            form.object_to(refused)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            messages.success(
                request, _("Case %(reference)s is added.") % {"reference": case.reference}
            )
            if "another" in request.POST:
                return redirect("cases:add", inspection.pk)
            return redirect("cases:sample" if route == Route.SELF_ASSESSED else case, inspection.pk)
    return render(
        request,
        "cases/add.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, request.user, "sample"),
            "form": form,
            "route": route,
        },
    )


def import_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Add many cases from a file, all rows or none."""
    inspection = get_inspection(request, pk)
    route = sampling.may_add(inspection, request.user)
    if route is None:
        raise PermissionDenied
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    problems: list[imports.Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            cases = imports.import_cases(
                inspection,
                form.cleaned_data["file"],
                personal_data_reason=form.cleaned_data["confirmed_reason"],
                by=request.user,
            )
        except imports.ImportErrors as refused:
            problems = refused.problems
            form.add_error("file", str(refused))
            form.ask_to_confirm(refused.may_be_confirmed)
        except personal_data.LooksPersonal as refused:
            form.object_to(refused)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            message = ngettext("%(count)d case is added.", "%(count)d cases are added.", len(cases))
            messages.success(request, message % {"count": len(cases)})
            return redirect("cases:sample", inspection.pk)
    return render(
        request,
        "cases/import.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, request.user, "sample"),
            "form": form,
            "areas": inspection.framework.areas.all(),
            "problems": problems[:MOST_PROBLEMS],
            "more_problems": max(0, len(problems) - MOST_PROBLEMS),
            "columns": imports.columns_for(route),
        },
    )


def template(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The file to fill in, as CSV or as an Excel workbook."""
    inspection = get_inspection(request, pk)
    if kind not in TYPES:
        raise Http404
    columns = imports.columns_for(sampling.may_add(inspection, request.user))
    content = (
        imports.csv_template(columns)
        if kind == "csv"
        else imports.xlsx_template(inspection.framework.areas.all(), columns)
    )
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="cases-template.{kind}"'
    return response
