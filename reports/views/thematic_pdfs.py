"""The PDFs of thematic reports: asked for, watched while they are made, cancelled, downloaded."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotAllowed
from reports import thematic_builds
from reports.models import BuildStatus, ThematicBuild
from reports.views import person
from reports.views.pdfs import attachment, build_progress, reloading
from reports.views.thematic import get_report


@require_POST
def build(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a worker for the PDF of a thematic report as of today, and show how far it is."""
    report = get_report(request, pk)
    try:
        made = thematic_builds.request(report, by=person(request))
    except NotAllowed as error:
        raise PermissionDenied from error
    return redirect("reports:thematic_build", report.pk, made.pk)


def _get(request: HttpRequest, pk: int, made_pk: int) -> ThematicBuild:
    visible = ThematicBuild.objects.visible_to(person(request)).filter(report=pk)
    return get_object_or_404(visible.select_related("report").defer("pdf"), pk=made_pk)


@require_safe
def status(request: HttpRequest, pk: int, made_pk: int) -> HttpResponse:
    """How far a PDF is; the page reloads itself until there is an end to it."""
    made = _get(request, pk, made_pk)
    size = ThematicBuild.objects.filter(pk=made.pk).aggregate(size=Sum(Length("pdf")))["size"]
    context = {
        "report": made.report,
        "size": size or 0,
        **build_progress(made, thematic_builds.STEPS),
    }
    page = render(request, "reports/thematic_build.html", context)
    return reloading(page, active=context["active"])


@require_POST
def cancel(request: HttpRequest, pk: int, made_pk: int) -> HttpResponse:
    """Stop the making of a PDF; if it has ended meanwhile, its page says how."""
    made = _get(request, pk, made_pk)
    try:
        thematic_builds.cancel(made, by=person(request))
    except NotAllowed as error:
        raise PermissionDenied from error
    return redirect("reports:thematic_build", made.report_id, made.pk)


@require_safe
def download(request: HttpRequest, pk: int, made_pk: int) -> HttpResponse:
    """Download the PDF of a thematic report."""
    visible = ThematicBuild.objects.visible_to(person(request)).filter(report=pk)
    made = get_object_or_404(visible.select_related("report"), pk=made_pk, status=BuildStatus.DONE)
    assert made.pdf is not None
    assert made.finished_at is not None
    name = slugify(f"{made.report.title} {made.finished_at:%Y-%m-%d}")
    return attachment(bytes(made.pdf), f"{name}.pdf", made.sha256)
