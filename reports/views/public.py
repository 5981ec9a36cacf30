"""Published reports for everybody: without sign-in and cookies, the same for each reader, for caches to keep."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.safestring import mark_safe
from django.views.decorators.http import conditional_page, require_safe

from inspections.presentation import date_range
from inspections.provenance import publication_doubt, publication_line
from reports import copies, public
from reports.document import Document
from reports.forms_public import PublicFilter
from reports.models import FileKind, Publication

PER_PAGE = 20
# A correction is seen after that many seconds at the latest; what has a version in its address never changes.
SOON, FOR_EVER = "public, max-age=300", "public, max-age=31536000, immutable"


@login_not_required
@require_safe
@conditional_page
def report_list(request: HttpRequest) -> HttpResponse:
    """Every published report, newest first, in its last version."""
    form = PublicFilter(request.GET)
    found = (
        Publication.objects.public()
        .last_versions()
        .defer("pdf", "document")
        .annotate(pdf_size=Length("pdf"))
        .select_related("inspection__force")
    )
    if form.is_valid():
        found = _narrowed(found, form.cleaned_data)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_Row(each) for each in page]
    answer = render(request, "public/list.html", {"form": form, "page": page, "rows": rows})
    answer["Cache-Control"] = SOON
    return answer


@dataclasses.dataclass(frozen=True)
class _Row:
    """One report of the list; its publication knows how long its PDF is (`pdf_size`, in bytes)."""

    publication: Any

    @property
    def slug(self) -> str:
        return public.slug(self.publication.inspection)

    @property
    def kilobytes(self) -> int:
        return public.kilobytes(self.publication.pdf_size or 0)

    @property
    def published(self) -> str:
        """When it was published, and what is not known about that."""
        inspection = self.publication.inspection
        unsure = inspection.published_month_only
        line = publication_line(self.publication.published_on, month_only=unsure)
        doubt = publication_doubt(assumed=inspection.published_on_assumed, month_only=unsure)
        return f"{line}. {doubt}" if doubt else line


def _narrowed(found: Any, chosen: dict[str, Any]) -> Any:
    if chosen["words"]:
        found = found.saying(chosen["words"])
    if chosen["force"]:
        found = found.filter(inspection__force=chosen["force"])
    if chosen["year"]:
        found = found.filter(published_on__year=chosen["year"])
    if chosen["kind"]:
        found = found.filter(inspection__kind=chosen["kind"])
    return found


@login_not_required
@require_safe
@conditional_page
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report in its last version."""
    versions = _versions(slug)
    canonical = public.slug(versions[0].inspection)
    if slug != canonical:
        return _moved("public:report", canonical)
    return _page(request, versions[0], versions)


@login_not_required
@require_safe
@conditional_page
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version of a report; an earlier one says where the last is."""
    versions = _versions(slug)
    canonical = public.slug(versions[0].inspection)
    found = _of(versions, number)
    if slug != canonical:
        return _moved("public:version", canonical, number)
    return _page(request, found, versions)


@login_not_required
@require_safe
def latest_file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A file of the last version."""
    return _file(request, _versions(slug)[0], name, SOON)


@login_not_required
@require_safe
def file(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """A file of one version, the same bytes for ever."""
    return _file(request, _of(_versions(slug), number), name, FOR_EVER)


def _versions(slug: str) -> list[Publication]:
    """Return every version of the report that `slug` names, the last first, without what makes them heavy."""
    found = list(
        Publication.objects.public()
        .filter(inspection=public.number_in(slug) or 0)
        .select_related("inspection__force", "correction")
        .defer("pdf", "document")
        .order_by("-number")
    )
    if not found:
        raise Http404
    return found


def _moved(*address: Any) -> HttpResponse:
    """Lead to where the report stands now; not for ever: a force may take its old name again."""
    answer = redirect(*address, permanent=True)
    answer["Cache-Control"] = SOON
    return answer


def _of(versions: list[Publication], number: int) -> Publication:
    for each in versions:
        if each.number == number:
            return each
    raise Http404


def _page(
    request: HttpRequest, publication: Publication, versions: list[Publication]
) -> HttpResponse:
    document = Document.from_json(publication.document)
    frozen = publication.files.filter(kind=FileKind.HTML).first()
    with translation.override(document.language):
        body = bytes(frozen.content).decode() if frozen else copies.web_page(document)
        context = {
            "document": document,
            "publication": publication,
            "fieldwork": date_range(document.fieldwork_start, document.fieldwork_end),
            "slug": public.slug(publication.inspection),
            "versions": versions,
            "latest": versions[0],
            "downloads": public.downloads(publication),
            "body": mark_safe(body),  # noqa: S308 - what our own template made of the document
        }
        answer = render(request, "public/report.html", context)
    answer["Cache-Control"] = SOON
    return answer


def _file(request: HttpRequest, publication: Publication, name: str, cache: str) -> HttpResponse:
    sha256, content_type = _described(publication, name)
    published_at = publication.published_at.timestamp()
    etag = quote_etag(sha256)
    answer = get_conditional_response(request, etag=etag, last_modified=int(published_at))
    if answer is None:
        answer = HttpResponse(_content(publication, name), content_type=content_type)
        shown = "inline" if name == public.PDF_NAME else "attachment"
        called = f"{public.slug(publication.inspection)}-v{publication.number}-{name}"
        answer["Content-Disposition"] = f'{shown}; filename="{called}"'
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(published_at)
    answer["Cache-Control"] = cache
    # Anybody's program may read what is public.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _described(publication: Publication, name: str) -> tuple[str, str]:
    """Return the hash and the media type of a file; 404 for one that is not made, or that there never is."""
    if name == public.PDF_NAME:
        sha256: str | None = publication.sha256
        content_type = public.PDF_TYPE
    else:
        kind = _kind(name)
        content_type = copies.FORMATS[kind].content_type
        sha256 = publication.files.filter(kind=kind).values_list("sha256", flat=True).first()
    if not sha256:
        raise Http404
    return sha256, content_type


def _content(publication: Publication, name: str) -> bytes:
    if name == public.PDF_NAME:
        return bytes(publication.pdf or b"")
    return bytes(publication.files.get(kind=_kind(name)).content)


def _kind(name: str) -> FileKind:
    for kind, form in copies.FORMATS.items():
        if form.name == name:
            return kind
    raise Http404
