"""The draft: its outline, a section of it, a preview."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotAllowed
from cases import confirmed
from config import numbers
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import (
    authorship,
    builds,
    drafted,
    guards,
    navigation,
    ordering,
    pdf,
    section_comments,
    sections,
)
from reports.models import Publication, ReportBuild
from reports.views import get_drafted, get_inspection, person, reads_draft


@require_safe
@drafted.compiled_once()
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the draft is, what still stands between it and publication, and what can be done with it."""
    inspection, user = get_inspection(request, pk), person(request)
    may_read = sections.may_read(inspection, user)
    if not may_read and not inspection.is_published:
        raise Http404
    publications = Publication.objects.visible_to(user).filter(inspection=inspection)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, "outline"),
        "reads_draft": may_read,
        "publications": list(publications.defer("document", "pdf")),
    }
    if may_read:
        context |= _draft(inspection, request)
    return render(request, "reports/outline.html", context)


def _draft(inspection: Inspection, request: HttpRequest) -> dict[str, object]:
    user = person(request)
    entries = sections.outline(inspection)
    drafts = ReportBuild.objects.visible_to(user).filter(
        inspection=inspection, publication__isnull=True
    )
    build = drafts.defer("pdf").first()
    if build is not None:
        build.inspection = inspection  # the same object: nothing is read again to compare them
    is_draft = not inspection.is_published or sections.is_open(inspection)
    open_for_changes = user.is_inspectorate and is_draft
    return {
        "outline_rows": [
            (entry, sections.section_url(inspection, entry.place)) for entry in entries
        ],
        "moves": ordering.moves([entry.place for entry in entries]),
        "order_version": ordering.version(inspection),
        "comments": section_comments.open_counts(inspection) if user.is_inspectorate else {},
        "may_assign": authorship.may_assign(inspection, user),
        "obstacles": guards.obstacles(inspection, entries) if open_for_changes else [],
        "open_for_changes": open_for_changes,
        "confirmed": confirmed.to_read(inspection, user) if open_for_changes else None,
        "may_edit": sections.may_edit(inspection, user),
        "may_build": builds.may_request(inspection, user),
        "may_publish": user.is_manager and drafted.is_being_prepared(inspection),
        "build": build,
        "of_earlier_draft": build is not None and builds.is_of_earlier_draft(build),
    }


@require_POST
def reorder(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one section past its neighbour."""
    inspection = get_drafted(request, pk)
    place = sections.place_of(inspection, request.POST.get("section", ""))
    read = numbers.whole(request.POST.get("version", ""))
    if place is None or read is None:
        raise Http404
    up = request.POST.get("to") == "up"
    try:
        ordering.move(inspection, place, up=up, version=read, by=person(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except (ordering.StaleOrder, ordering.Unmovable) as refused:
        messages.error(request, str(refused))
    else:
        words = _("“%(section)s” has moved up.") if up else _("“%(section)s” has moved down.")
        messages.success(request, words % {"section": place.title})
    return redirect(reverse("reports:outline", args=[inspection.pk]) + "#sections")


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole draft as a page, as it stands now."""
    inspection = get_drafted(request, pk)
    document = drafted.document(inspection)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, person(request), "report"),
        "sections": navigation.sections(inspection, person(request), "preview"),
        "read_at": reads_draft(request, inspection),
        "document": document,
        **pdf.parts(document),
    }
    return render(request, "reports/preview.html", context)
