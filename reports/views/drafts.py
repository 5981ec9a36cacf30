"""The draft: its outline, a section of it, a preview."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import confirmed, figures
from cases.personal_data import LooksPersonal
from inspections.models import Inspection, Stage
from inspections.navigation import subnav
from reports import builds, consistency, guards, markdown, pdf, sections
from reports.compilation import compile_document
from reports.forms import SectionForm
from reports.models import Publication, ReportBuild
from reports.sections import Entry, SectionRefused, StaleSection
from reports.views import get_drafted, get_inspection, person


@require_safe
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the draft is, what still stands between it and publication, and what can be done with it."""
    inspection, user = get_inspection(request, pk), person(request)
    reads_draft = sections.may_read(inspection, user)
    if not reads_draft and not inspection.is_published:
        raise Http404
    publications = Publication.objects.visible_to(user).filter(inspection=inspection)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "reads_draft": reads_draft,
        "publications": list(publications.defer("document", "pdf")),
    }
    if reads_draft:
        context |= _draft(inspection, request)
    return render(request, "reports/outline.html", context)


def _draft(inspection: Inspection, request: HttpRequest) -> dict[str, object]:
    user = person(request)
    entries = sections.outline(inspection)
    drafts = ReportBuild.objects.visible_to(user).filter(
        inspection=inspection, publication__isnull=True
    )
    open_for_changes = user.is_inspectorate and not inspection.is_published
    return {
        "outline_rows": [
            (entry, sections.section_url(inspection, entry.place)) for entry in entries
        ],
        "obstacles": guards.obstacles(inspection, entries) if open_for_changes else [],
        "contradictions": consistency.contradictions(entries, figures.for_report(inspection))
        if open_for_changes
        else [],
        "open_for_changes": open_for_changes,
        "confirmed": confirmed.to_read(inspection, user) if open_for_changes else None,
        "may_edit": sections.may_edit(inspection, user),
        "may_build": builds.may_request(inspection, user),
        "may_publish": user.is_manager and inspection.stage == Stage.FACTUAL_ACCURACY,
        "build": drafts.defer("pdf").first(),
    }


def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Read one section of the draft; for its writers, write it, with a preview and what came in between."""
    inspection, user = get_drafted(request, pk), person(request)
    place = sections.place_of(inspection, key)
    if place is None:
        raise Http404
    entry = sections.entry(inspection, place)
    if request.method != "POST":
        return _section_page(request, inspection, entry, SectionForm.of(entry))
    if not sections.may_edit(inspection, user):
        raise PermissionDenied
    form = SectionForm(request.POST, entry=entry)
    if not form.is_valid() or "preview" in request.POST:
        return _section_page(request, inspection, entry, form, preview="preview" in request.POST)
    return _save(request, inspection, entry, form)


def _save(
    request: HttpRequest, inspection: Inspection, entry: Entry, form: SectionForm
) -> HttpResponse:
    wanted = form.cleaned_data
    try:
        sections.save_section(
            inspection,
            entry.place,
            body=wanted["body"],
            version=wanted["version"],
            by=person(request),
            leave_out=wanted.get("leave_out", False),
            personal_data_reason=wanted["confirmed_reason"],
        )
    except StaleSection as stale:
        mine = SectionForm(
            initial={"version": stale.current.version, "body": wanted["body"]}, entry=entry
        )
        return _section_page(
            request, inspection, entry, mine, theirs=Entry(entry.place, stale.current), status=409
        )
    except LooksPersonal as refused:
        form.object_to(refused)
        return _section_page(request, inspection, entry, form)
    except SectionRefused as refused:
        form.add_error("body", str(refused))
        return _section_page(request, inspection, entry, form)
    messages.success(request, _("“%(section)s” has been saved.") % {"section": entry.place.title})
    return redirect("reports:outline", inspection.pk)


def _section_page(
    request: HttpRequest,
    inspection: Inspection,
    entry: Entry,
    form: SectionForm,
    *,
    preview: bool = False,
    theirs: Entry | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    recommended = inspection.recommendations.filter(theme=entry.place.theme).order_by("number")
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "entry": entry,
        "theirs": theirs,
        "form": form,
        "may_edit": sections.may_edit(inspection, user),
        "preview": form["body"].value() if preview else None,
        "markdown": markdown.render,
        "recommendations": list(recommended) if entry.place.theme else [],
    }
    return render(request, "reports/section.html", context, status=status)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole draft as a page, as it stands now."""
    inspection = get_drafted(request, pk)
    document = compile_document(inspection, figures.for_report(inspection))
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, person(request), "report"),
        "document": document,
        **pdf.parts(document),
    }
    return render(request, "reports/preview.html", context)
