"""What was published, and publishing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from inspections import dates, stages
from inspections.models import Inspection, Stage
from inspections.navigation import subnav
from reports import builds, guards, pdf
from reports.compilation import compile_document
from reports.document import Document
from reports.forms import PublicationFilter, PublishForm
from reports.models import Publication, PublicationQuerySet
from reports.publication import publish
from reports.views import get_drafted, person
from reports.views.pdfs import attachment, build_progress, reloading

PER_PAGE = 50


def _light(user: User) -> PublicationQuerySet:
    """Publications that `user` may read, without what makes them heavy."""
    return (
        Publication.objects.visible_to(user)
        .defer("pdf", "document")
        .select_related("inspection__force", "published_by")
    )


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """Published reports, newest first."""
    user = person(request)
    form = PublicationFilter(request.GET, user=user)
    found = _light(user)
    if form.is_valid():
        if form.cleaned_data.get("force"):
            found = found.filter(inspection__force=form.cleaned_data["force"])
        if form.cleaned_data["year"]:
            found = found.filter(published_on__year=form.cleaned_data["year"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/list.html", {"form": form, "page": page})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One published report to read, with its PDF and the hash that proves it."""
    user = person(request)
    publication = get_object_or_404(
        Publication.objects.visible_to(user)
        .defer("pdf")
        .select_related("inspection__force", "inspection__framework", "published_by"),
        pk=pk,
    )
    document = Document.from_json(publication.document)
    context = {
        "publication": publication,
        "inspection": publication.inspection,
        "document": document,
        "may_retry": user.is_manager,
        **pdf.parts(document),
    }
    if not publication.sha256:
        context |= build_progress(publication.builds.defer("pdf").first())
    page = render(request, "reports/publication.html", context)
    return reloading(page, active=context.get("active"))


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Download a published PDF, the same bytes every time."""
    publication = get_object_or_404(
        Publication.objects.visible_to(person(request))
        .defer("document")
        .select_related("inspection__force"),
        pk=pk,
    )
    if publication.pdf is None:
        raise Http404
    name = f"{slugify(str(publication.inspection))}.pdf"
    return attachment(bytes(publication.pdf), name, publication.sha256)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again for a published PDF whose making failed."""
    user = person(request)
    publication = get_object_or_404(_light(user), pk=pk)
    if not user.is_manager:
        raise PermissionDenied
    if not publication.sha256:
        builds.request_final(publication, by=user)
    return redirect("reports:publication", publication.pk)


def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing will do, and to how many; then do it."""
    inspection, user = get_drafted(request, pk), person(request)
    if not user.is_manager:
        raise PermissionDenied
    if inspection.is_published:
        return redirect("reports:outline", inspection.pk)
    if request.method != "POST":
        return _confirm(request, inspection, _form(inspection))
    form = _form(inspection, request.POST)
    if not form.is_valid():
        return _confirm(request, inspection, form)
    try:
        publication = publish(
            inspection,
            by=user,
            published_on=form.cleaned_data["published_on"],
            month_only=form.cleaned_data["month_only"],
        )
    except stages.NotYet as not_yet:
        inspection.refresh_from_db()
        return _confirm(request, inspection, form, not_yet.reasons)
    messages.success(
        request,
        _("%(inspection)s has been published. The PDF is being made.") % {"inspection": inspection},
    )
    return redirect("reports:publication", publication.pk)


def _form(inspection: Inspection, data: QueryDict | None = None) -> PublishForm:
    # Fieldwork may have begun before the day that was planned for it; today is always possible.
    return PublishForm(data, not_before=min(inspection.fieldwork_start, dates.today()))


def _confirm(
    request: HttpRequest,
    inspection: Inspection,
    form: PublishForm,
    reasons: list[str] | None = None,
) -> HttpResponse:
    from cases import figures

    obstacles = guards.obstacles(inspection)
    known = {obstacle.text for obstacle in obstacles}
    if reasons is None:
        move = stages.TRANSITIONS["publish"]
        reasons = stages.reasons_against(inspection, move)
        if inspection.stage not in move.from_stages:
            reasons.insert(
                0,
                _(
                    "This inspection is at the stage “%(stage)s”; a report is published after the %(needed)s."
                )
                % {
                    "stage": Stage(inspection.stage).label,
                    "needed": str(Stage.FACTUAL_ACCURACY.label).lower(),
                },
            )
    counted = figures.for_report(inspection)
    context = {
        "inspection": inspection,
        "form": form,
        "subnav": subnav(inspection, person(request), "report"),
        "obstacles": obstacles,
        "reasons": [reason for reason in reasons if reason not in known],
        "doubts": guards.doubts(inspection, counted, person(request)),
        "document": compile_document(inspection, counted),
    }
    status = 200 if request.method != "POST" else 400 if form.errors else 409
    return render(request, "reports/publish.html", context, status=status)
