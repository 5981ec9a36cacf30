"""The page of a section of the draft: read, written by hand or by itself while somebody types, or in conflict.


A script that saves by itself asks for JSON and always gets JSON, never a page to sign in on.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from cases.personal_data import LooksPersonal
from config import numbers
from config.jinja import format_time
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import (
    accuracy,
    authorship,
    drafted,
    earlier_report,
    loose_references,
    navigation,
    pdf,
    picker,
    section_comments,
    section_versions,
    sections,
)
from reports.forms_writing import CommentForm, SectionForm
from reports.models import SectionComment, SectionStatus
from reports.sections import Entry, SectionRefused, StaleSection
from reports.views import get_drafted, get_place, person, reads_draft


@login_not_required  # so that a script is told 401 instead of being sent to the page for signing in
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Read one section of the draft; for its writers, write it, beside a preview."""
    if not request.user.is_authenticated:
        if _wants_json(request):
            return JsonResponse({"detail": _("You are signed out.")}, status=401)
        return redirect_to_login(request.get_full_path())
    try:
        inspection = get_drafted(request, pk)
        entry = sections.entry(inspection, get_place(inspection, key))
        if request.method == "POST":
            return _take(request, inspection, entry)
    except (PermissionDenied, Http404) as refused:
        if not _wants_json(request):
            raise
        return _refused(refused)
    return _section_page(request, inspection, entry, _shown(request, inspection, entry))


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _refused(refused: Exception) -> JsonResponse:
    if isinstance(refused, Http404):
        return JsonResponse({"detail": _("There is no such section.")}, status=404)
    return JsonResponse({"detail": str(refused)}, status=403)


def _shown(request: HttpRequest, inspection: Inspection, entry: Entry) -> SectionForm:
    """Return the form with what is saved, or with an older version of it, to be saved anew."""
    typed = request.GET.get("version", "")
    if not typed or not sections.may_edit(inspection, person(request)):
        return SectionForm.of(entry)
    number = numbers.whole(typed)
    texts = None if number is None else section_versions.texts(inspection, entry.place, number)
    if texts is None:
        raise Http404
    return SectionForm.of(entry, texts)


# -- What was sent -------------------------------------------------------------------------------------------------


def _take(request: HttpRequest, inspection: Inspection, entry: Entry) -> HttpResponse:
    if not sections.may_edit(inspection, person(request)):
        raise PermissionDenied(
            _("The team writes the report while the inspection is being drafted.")
        )
    form = SectionForm(request.POST, entry=entry)
    if not form.is_valid():
        if _wants_json(request):
            return JsonResponse({"errors": form.errors}, status=400)
        return _section_page(request, inspection, entry, form)
    if "preview" in request.POST:
        return _section_page(request, inspection, entry, form)
    return _save(request, inspection, entry, form)


def _save(
    request: HttpRequest, inspection: Inspection, entry: Entry, form: SectionForm
) -> HttpResponse:
    wanted, user = form.cleaned_data, person(request)
    try:
        saved = sections.save_section(
            inspection,
            entry.place,
            **{part.value: wanted[part.value] for part in entry.place.parts},
            version=wanted["version"],
            by=user,
            leave_out=wanted.get("leave_out", False),
            personal_data_reason=wanted["confirmed_reason"],
        )
    except StaleSection as stale:
        return _conflict(request, inspection, form, Entry(entry.place, stale.current))
    except LooksPersonal as refused:
        form.object_to(refused)
    except SectionRefused as refused:
        form.add_error(entry.place.parts[-1].value, str(refused))
    else:
        if _wants_json(request):
            at = format_time(timezone.localtime(saved.updated_at))
            return JsonResponse({"version": saved.version, "saved_at": at, "warnings": {}})
        return _go_on(request, inspection, Entry(entry.place, saved))
    if _wants_json(request):
        return JsonResponse({"errors": form.errors}, status=400)
    return _section_page(request, inspection, entry, form)


def _go_on(request: HttpRequest, inspection: Inspection, entry: Entry) -> HttpResponse:
    """Say what was saved, and how far the section is, if the button said so, too."""
    status = request.POST.get("status", "")
    if status in SectionStatus.values:
        try:
            authorship.set_status(
                inspection,
                entry.place,
                SectionStatus(status),
                version=entry.version,
                by=person(request),
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except (StaleSection, authorship.NothingToRead) as refused:
            messages.error(request, str(refused))
            return redirect(sections.section_url(inspection, entry.place))
    messages.success(request, _("“%(section)s” has been saved.") % {"section": entry.place.title})
    loose = loose_references.find_in(inspection, entry)
    if (
        loose
    ):  # what the text says is safe; what it refers to is to be mended before anybody publishes it
        for each in loose:
            messages.warning(request, each.why)
        return redirect(sections.section_url(inspection, entry.place))
    return redirect("reports:outline", inspection.pk)


def _conflict(
    request: HttpRequest, inspection: Inspection, form: SectionForm, theirs: Entry
) -> HttpResponse:
    if _wants_json(request):
        saved = theirs.section
        name = saved.updated_by.name if saved and saved.updated_by else ""
        return JsonResponse({"by": name, "version": theirs.version}, status=409)
    typed = {part: form.cleaned_data[part.value] for part in theirs.place.parts}
    mine = SectionForm.of(theirs, typed)
    return _section_page(request, inspection, theirs, mine, is_disputed=True, status=409)


# -- Pages ---------------------------------------------------------------------------------------------------------


def _section_page(
    request: HttpRequest,
    inspection: Inspection,
    entry: Entry,
    form: SectionForm,
    *,
    is_disputed: bool = False,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    document = drafted.document(inspection)
    may_edit = sections.may_edit(inspection, user)
    ours = section_comments.may_comment(inspection, user)
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, ""),
        "read_at": reads_draft(request, inspection),
        "entry": entry,
        "around": _around(inspection, entry, with_comments=ours),
        "form": form,
        "may_edit": may_edit,
        "is_disputed": is_disputed,
        "is_unsaved": may_edit and form.texts != entry.texts,
        "compared": _compared(entry, form) if is_disputed else [],
        "texts": form.texts if may_edit else entry.texts,
        "document": document,
        **pdf.parts(document, base=reverse("reports:preview", args=[inspection.pk])),
        "picker": picker.groups(document) if may_edit else [],
        "marks_loose": may_edit,
        "may_remark": accuracy.may_comment(inspection, user),
        "recommendations": _recommendations(inspection, entry),
        "earlier": earlier_report.about(inspection, entry.place) if may_edit else None,
        "reads_versions": ours,
        "comments": _open_comments(inspection, entry) if ours else [],
        "comment_form": CommentForm() if ours else None,
        "statuses": authorship.next_statuses(inspection, entry, user),
        "may_assign": authorship.may_assign(inspection, user),
    }
    return render(request, "reports/section.html", context, status=status)


def _around(inspection: Inspection, entry: Entry, *, with_comments: bool) -> dict[str, Any]:
    """Return the outline beside the text: every section with its address and comments, and the ones next to this."""
    entries = sections.outline(inspection)
    counts = section_comments.open_counts(inspection) if with_comments else {}
    rows = [
        {
            "entry": each,
            "href": sections.section_url(inspection, each.place),
            "comments": counts.get(each.place.key, 0),
            "here": each.place.key == entry.place.key,
        }
        for each in entries
    ]
    at = next(number for number, row in enumerate(rows) if row["here"])
    return {
        "rows": rows,
        "before": rows[at - 1] if at else None,
        "after": rows[at + 1] if at + 1 < len(rows) else None,
    }


def _compared(entry: Entry, form: SectionForm) -> list[section_versions.Compared]:
    found = section_versions.compare(entry.texts, form.texts)
    return [each for each in found if each.differs]


def _recommendations(inspection: Inspection, entry: Entry) -> list[Any]:
    if not entry.place.theme:
        return []
    return list(inspection.recommendations.filter(theme=entry.place.theme).order_by("number"))


def _open_comments(inspection: Inspection, entry: Entry) -> list[SectionComment]:
    return list(
        inspection.section_comments.filter(
            section_key=entry.place.key, settled_at__isnull=True
        ).select_related("by")
    )


@require_POST
def section_preview(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What a section would look like with the texts that are sent; nothing is saved. For a script, as JSON."""
    inspection = get_drafted(request, pk)
    if not sections.may_edit(inspection, person(request)):
        raise PermissionDenied
    entry = sections.entry(inspection, get_place(inspection, key))
    form = SectionForm(request.POST, entry=entry)
    document = drafted.document(inspection)
    html = render_to_string(
        "reports/section_preview.jinja",
        {
            "texts": form.texts,
            "document": document,
            "marks_loose": True,
            **pdf.parts(document, base=reverse("reports:preview", args=[inspection.pk])),
        },
        request=request,
    )
    return JsonResponse({"html": html})
