"""What was published, and publishing it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from reports import builds, pdf, public
from reports.document import Document
from reports.forms import PublicationFilter
from reports.models import Publication, PublicationQuerySet
from reports.views import person
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
        "newer": _light(user)
        .filter(inspection=publication.inspection_id, number__gt=publication.number)
        .order_by("-number")
        .first(),
        "may_retry": user.is_manager,
        "downloads": public.downloads(publication),
        "public_address": public.address(publication),
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
