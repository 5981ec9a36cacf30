"""Draft PDFs: asked for, watched while they are made, downloaded."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotAllowed
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import builds, navigation
from reports.models import BuildStatus, Job, ReportBuild
from reports.views import get_drafted, person

RELOAD_SECONDS = 2


@require_POST
def build(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a worker for a draft PDF, and show how far it is."""
    inspection = get_drafted(request, pk)
    try:
        made = builds.request_build(inspection, by=person(request))
    except NotAllowed as error:
        raise PermissionDenied from error
    return redirect("reports:build_status", inspection.pk, made.pk)


def _get_build(request: HttpRequest, inspection: Inspection, build_pk: int) -> ReportBuild:
    drafts = ReportBuild.objects.visible_to(person(request)).filter(publication__isnull=True)
    found = get_object_or_404(drafts.defer("pdf"), inspection=inspection, pk=build_pk)
    found.inspection = inspection  # which has its force and framework at hand
    return found


@require_safe
def status(request: HttpRequest, pk: int, build_pk: int) -> HttpResponse:
    """How far a draft PDF is; the page reloads itself until there is an end to it."""
    inspection, user = get_drafted(request, pk), person(request)
    made = _get_build(request, inspection, build_pk)
    context: dict[str, object] = {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, ""),
        "may_build": builds.may_request(inspection, user),
        "size": ReportBuild.objects.filter(pk=made.pk).aggregate(size=Sum(Length("pdf")))["size"]
        or 0,
        "of_earlier_draft": builds.is_of_earlier_draft(made),
        **build_progress(made),
    }
    return reloading(render(request, "reports/build.html", context), active=context["active"])


@require_POST
def cancel(request: HttpRequest, pk: int, build_pk: int) -> HttpResponse:
    """Stop the making of a draft PDF; if it has ended meanwhile, its page says how."""
    inspection = get_drafted(request, pk)
    made = _get_build(request, inspection, build_pk)
    try:
        builds.cancel(made, by=person(request))
    except NotAllowed as error:
        raise PermissionDenied from error
    return redirect("reports:build_status", inspection.pk, made.pk)


@require_safe
def draft_pdf(request: HttpRequest, pk: int, build_pk: int) -> HttpResponse:
    """Download a draft PDF."""
    inspection = get_drafted(request, pk)
    made = get_object_or_404(
        ReportBuild.objects.visible_to(person(request)).filter(publication__isnull=True),
        inspection=inspection,
        pk=build_pk,
        status=BuildStatus.DONE,
    )
    assert made.pdf is not None
    return attachment(bytes(made.pdf), f"{slugify(str(inspection))}-draft.pdf", made.sha256)


def build_progress(made: Job | None, names: Sequence[object] = builds.STEPS) -> dict[str, object]:
    """Return what the pages that wait for a PDF show of its build, whose steps are called `names`."""
    active = made is not None and made.status in {BuildStatus.QUEUED, BuildStatus.RUNNING}
    steps = [
        {
            "name": name,
            "state": _state(made, number),
            "date": None,
            "detail": None,
        }
        for number, name in enumerate(names, start=1)
    ]
    return {
        "build": made,
        "active": active,
        "steps": steps,
        "step_name": names[made.step - 1] if made and made.step else "",
    }


def reloading(response: HttpResponse, *, active: object) -> HttpResponse:
    """Let the page load itself again while something is going on, without any script."""
    if active:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response


def _state(made: Job | None, number: int) -> str:
    if made is None or made.status == BuildStatus.QUEUED:
        return "todo"
    if made.status == BuildStatus.DONE or number < made.step:
        return "done"
    return "current" if number == made.step else "todo"


def attachment(content: bytes, name: str, sha256: str) -> HttpResponse:
    """Return a PDF to download: never shown inside a page of ours, never kept by a cache that others use."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{sha256}"'
    return response
