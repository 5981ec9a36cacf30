"""Thematic reports: the list, choosing inspections, the page with its data, and the PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.errors import Conflict, NotAllowed
from cases.personal_data import LooksPersonal
from config import numbers, spreadsheets
from inspections.models import Inspection
from inspections.presentation import date_range
from reports import markdown, thematic, thematic_reports, thematic_tables
from reports.forms_thematic import ThematicFilter, ThematicForm
from reports.models import ThematicReport
from reports.thematic import NotComparable
from reports.thematic_reports import NothingToAddUp
from reports.views import person

PER_PAGE = 50
MOST_LISTED = (
    200  # inspections to tick beside those that are ticked; whoever wants others narrows the list
)


def get_report(request: HttpRequest, pk: int) -> ThematicReport:
    """Return the thematic report if the person who asks may read it; 404 otherwise."""
    visible = ThematicReport.objects.visible_to(person(request))
    return get_object_or_404(visible.select_related("comparison", "created_by"), pk=pk)


@require_safe
def thematic_list(request: HttpRequest) -> HttpResponse:
    """Every thematic report, newest first; for the inspectorate."""
    user = person(request)
    if user.is_force:
        raise Http404
    found = (
        ThematicReport.objects.visible_to(user)
        .select_related("created_by", "comparison")
        .annotate(number=Count("inspections"))
        .order_by("-created_at", "-pk")  # counting drops the usual order
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_make": thematic_reports.may_make(user)}
    return render(request, "reports/thematic_list.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Choose inspections for a new thematic report."""
    if person(request).is_force:
        raise Http404
    if not thematic_reports.may_make(person(request)):
        raise PermissionDenied
    return _form_page(request, None)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a thematic report; the inspections that it has come first."""
    report = get_report(request, pk)
    if not thematic_reports.may_change(report, person(request)):
        raise PermissionDenied
    return _form_page(request, report)


def _form_page(request: HttpRequest, report: ThematicReport | None) -> HttpResponse:
    choosable = thematic_reports.choosable(person(request))
    narrowed = ThematicFilter(request.GET, choosable=choosable)
    chosen = list(report.inspections.values_list("pk", flat=True)) if report else []
    matching = narrowed.narrow(choosable)
    form = _form(request, report)
    if request.method == "POST":
        ticked = _ticked(request)
        wanted = matching if "everything" in request.POST else choosable.filter(pk__in=ticked)
        if form.is_valid() and (saved := _save(request, form, report, list(wanted))):
            messages.success(request, _("Saved."))
            return redirect("reports:thematic", saved.pk)
        chosen = ticked
    context = {
        "report": report,
        "form": form,
        "filter": narrowed,
        "inspections": _listed(choosable, matching, chosen),
        "number": matching.count(),
        "most": MOST_LISTED,
        "ticked": set(chosen),
        "date_range": date_range,
    }
    return render(request, "reports/thematic_form.html", context)


def _form(request: HttpRequest, report: ThematicReport | None) -> ThematicForm:
    if request.method == "POST":
        return ThematicForm(request.POST)
    if report is None:
        return ThematicForm()
    names = ("title", "introduction", "comparison", "version")
    return ThematicForm(initial={name: getattr(report, name) for name in names})


def _ticked(request: HttpRequest) -> list[int]:
    return numbers.wholes(request.POST.getlist("inspection"))[: thematic.MOST_INSPECTIONS + 1]


def _listed(choosable: Any, matching: Any, chosen: list[int]) -> list[Inspection]:
    """Return all that is chosen already, then as much of what matches the filter as is listed, newest first."""
    order = ("-fieldwork_start", "-pk")
    first = choosable.filter(pk__in=chosen).select_related("force", "framework").order_by(*order)
    others = matching.exclude(pk__in=chosen).select_related("force", "framework").order_by(*order)
    return [*first, *others[:MOST_LISTED]]


def _save(
    request: HttpRequest,
    form: ThematicForm,
    report: ThematicReport | None,
    inspections: list[Inspection],
) -> ThematicReport | None:
    """Save what was typed; None if something speaks against it, which the form then says."""
    typed = form.cleaned_data
    given: dict[str, Any] = {
        "title": typed["title"],
        "introduction": typed["introduction"],
        "comparison": typed["comparison"],
        "inspections": inspections,
        "by": person(request),
        "personal_data_reason": typed["confirmed_reason"],
    }
    try:
        if report is None:
            return thematic_reports.make(**given)
        return thematic_reports.change(report, version=typed["version"] or 0, **given)
    except NotAllowed as error:
        raise PermissionDenied from error
    except LooksPersonal as refused:
        form.object_to(refused)
    except NotComparable as error:
        form.add_error("comparison", str(error))
    except (NothingToAddUp, Conflict) as error:
        form.add_error(None, str(error))
    return None


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One thematic report to read, with its tables as files and its PDFs."""
    report, user = get_report(request, pk), person(request)
    document = thematic.gather(report)
    context = {
        "report": report,
        "document": document,
        "parts": thematic_tables.parts(document),
        "caveats": thematic_tables.caveats(document),
        "sheets": thematic_tables.sheets(document),
        "markdown": markdown.render,
        "builds": report.builds.visible_to(user).defer("pdf")[:5],
        "may_change": thematic_reports.may_change(report, user),
    }
    return render(request, "reports/thematic.html", context)


@require_safe
def table(request: HttpRequest, pk: int, key: str, kind: str) -> HttpResponseBase:
    """One table of a thematic report as CSV file or Excel workbook."""
    report = get_report(request, pk)
    sheet = thematic_tables.sheets(thematic.gather(report)).get(key)
    if sheet is None:
        raise Http404
    name = slugify(f"{report.title} {key}")
    return spreadsheets.response(kind, name, sheet.title, sheet.head, sheet.rows)


@require_safe
def data(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """All tables as a workbook, or the whole report as JSON."""
    report = get_report(request, pk)
    document = thematic.gather(report)
    if kind == spreadsheets.XLSX:
        content, of_type = thematic_tables.as_workbook(document), spreadsheets.XLSX_TYPE
    else:
        content, of_type = thematic_tables.as_json(document), "application/json"
    answer = HttpResponse(content, content_type=of_type)
    name = slugify(report.title) or "thematic"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
