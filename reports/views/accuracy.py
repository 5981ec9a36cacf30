"""The factual accuracy check: the force reads the draft, comments and replies; the team answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Conflict, NotAllowed
from cases.personal_data import LooksPersonal
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import accuracy, accuracy_record, drafted, navigation, pdf
from reports.forms_checking import AnswerForm, CommentForm, ReplyForm
from reports.models import AccuracyComment, AccuracyRecord, BuildStatus
from reports.views import get_drafted, get_inspection, person, reads_draft
from reports.views.pdfs import attachment, build_progress, reloading


def _context(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    user = person(request)
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, "accuracy"),
        "read_at": reads_draft(request, inspection),
        "may_comment": accuracy.may_comment(inspection, user),
    }


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft with the force's comments on it: for the force to read and comment on, for the team to answer."""
    inspection, user = get_drafted(request, pk), person(request)
    comments = (
        AccuracyComment.objects.visible_to(user)
        .filter(inspection=inspection)
        .select_related("by", "answered_by")
    )
    context = _context(request, inspection)
    if user.is_force:
        document = drafted.document(inspection)
        context |= {"document": document, **pdf.parts(document)}
    titles = {
        chapter.id: chapter.title for chapter in pdf.parts(drafted.document(inspection))["chapters"]
    }
    context |= {
        "comments": [(each, titles.get(each.section_key, each.section_key)) for each in comments],
        "replies": []
        if user.works_for_commissioner
        else list(inspection.accuracy_replies.select_related("by")),
        "awaited": accuracy.awaited(inspection),
        "may_answer": accuracy.may_answer(inspection, user),
        "record": AccuracyRecord.objects.visible_to(user)
        .filter(inspection=inspection)
        .defer("pdf")
        .first(),
    }
    return render(request, "reports/accuracy.html", context)


def comment(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One section of the draft, and the form in which the force's lead comments on a passage of it."""
    inspection, user = get_drafted(request, pk), person(request)
    if not accuracy.may_comment(inspection, user):
        raise PermissionDenied
    document = drafted.document(inspection)
    parts = pdf.parts(document)
    chapter = next((each for each in parts["chapters"] if each.id == key), None)
    if chapter is None:
        raise Http404
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accuracy.comment(
                inspection,
                section_key=key,
                passage=form.cleaned_data["passage"],
                text=form.cleaned_data["text"],
                by=user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except NotAllowed as error:
            raise PermissionDenied from error
        except LooksPersonal as refused:
            form.object_to(refused)
        except accuracy.CommentRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Your comment has been saved."))
            return redirect("reports:accuracy", inspection.pk)
    context = _context(request, inspection) | parts
    context |= {
        "document": document,
        "chapter": chapter,
        "form": form,
        "longest": accuracy.LONGEST_PASSAGE,
    }
    return render(request, "reports/accuracy_comment.html", context)


def _comment_of(request: HttpRequest, inspection: Inspection, pk: int) -> AccuracyComment:
    visible = AccuracyComment.objects.visible_to(person(request)).filter(inspection=inspection)
    return get_object_or_404(
        visible.select_related("by", "answered_by", "inspection__force", "inspection__framework"),
        pk=pk,
    )


@require_POST
def withdraw(request: HttpRequest, pk: int, said_pk: int) -> HttpResponse:
    """Take a comment back."""
    inspection = get_drafted(request, pk)
    try:
        accuracy.withdraw(_comment_of(request, inspection, said_pk), by=person(request))
        messages.success(request, _("Your comment has been taken back."))
    except NotAllowed as error:
        raise PermissionDenied from error
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect("reports:accuracy", inspection.pk)


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the force has checked the draft: a page that says what follows, then doing it."""
    inspection, user = get_drafted(request, pk), person(request)
    if not accuracy.may_comment(inspection, user):
        raise PermissionDenied
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accuracy.reply(
                inspection,
                note=form.cleaned_data["note"],
                by=user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except NotAllowed as error:
            raise PermissionDenied from error
        except LooksPersonal as refused:
            form.object_to(refused)
        else:
            messages.success(request, _("The inspectorate has your reply."))
            return redirect("reports:accuracy", inspection.pk)
    count = AccuracyComment.objects.filter(
        inspection=inspection, withdrawn_at=None, round=accuracy.round_of(inspection)
    ).count()
    context = _context(request, inspection) | {"form": form, "count": count}
    return render(request, "reports/accuracy_reply.html", context)


def answer(request: HttpRequest, pk: int, said_pk: int) -> HttpResponse:
    """Accept one comment of the force, or say why not."""
    inspection, user = get_drafted(request, pk), person(request)
    said = _comment_of(request, inspection, said_pk)
    if not accuracy.may_answer(inspection, user) or said.withdrawn_at is not None:
        raise PermissionDenied
    seen = said.answered_at.isoformat() if said.answered_at else ""
    initial = {"seen": seen, "decision": said.decision, "answer": said.answer}
    form = AnswerForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            accuracy.answer(
                said,
                decision=form.cleaned_data["decision"],
                text=form.cleaned_data["answer"],
                seen=form.cleaned_data["seen"],
                by=user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except NotAllowed as error:
            raise PermissionDenied from error
        except LooksPersonal as refused:
            form.object_to(refused)
        except accuracy.CommentRefused as refused:
            form.add_error(refused.field, str(refused))
        except Conflict as error:
            # Theirs is shown beside what was typed, which goes on from it.
            form.add_error(None, str(error))
            typed = request.POST.copy()
            typed["seen"] = seen
            form.data = typed
            status = 409
        else:
            messages.success(request, _("Your answer has been saved."))
            return redirect("reports:accuracy", inspection.pk)
    draft = accuracy.passages(inspection)
    context = _context(request, inspection) | {
        "form": form,
        "said": said,
        "title": draft.title(said.section_key),
        "still_there": not said.passage or draft.hold(said.section_key, said.passage),
        "has_section": any(each.section and each.id == said.section_key for each in draft.chapters),
    }
    return render(request, "reports/accuracy_answer.html", context, status=status)


@require_POST
def ask_for_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a worker for the record of the check, and show how far it is."""
    inspection = get_inspection(request, pk)
    try:
        row = accuracy_record.request(inspection, by=person(request))
    except NotAllowed as error:
        raise PermissionDenied from error
    return redirect("reports:accuracy_record", inspection.pk, row.pk)


def _get_record(request: HttpRequest, pk: int, record_pk: int) -> AccuracyRecord:
    inspection = get_inspection(request, pk)
    if not accuracy_record.may_request(inspection, person(request)):
        raise Http404
    rows = AccuracyRecord.objects.visible_to(person(request)).select_related("inspection__force")
    return get_object_or_404(rows, inspection=inspection, pk=record_pk)


@require_safe
def record(request: HttpRequest, pk: int, record_pk: int) -> HttpResponse:
    """How far the record is; the page reloads itself until there is an end to it, and then has it to download."""
    row = _get_record(request, pk, record_pk)
    context = {
        "inspection": row.inspection,
        "subnav": subnav(row.inspection, person(request), "report"),
        "sections": navigation.sections(row.inspection, person(request), "accuracy"),
        "row": row,
        **build_progress(row, accuracy_record.STEPS),
    }
    page = render(request, "reports/accuracy_record.html", context)
    return reloading(page, active=context["active"])


@require_safe
def download_record(request: HttpRequest, pk: int, record_pk: int) -> HttpResponse:
    """Download the record."""
    row = _get_record(request, pk, record_pk)
    if row.status != BuildStatus.DONE or row.pdf is None:
        raise Http404
    name = slugify(f"{row.inspection} factual accuracy")
    return attachment(bytes(row.pdf), f"{name}.pdf", row.sha256)
