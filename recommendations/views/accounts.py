"""What the force says was done immediately, and what the police and crime commissioner says to the report."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import DomainError, TextRefused
from inspections import team
from inspections.models import DeadlineKind, Inspection
from recommendations import commissioner, immediate
from recommendations.models import CommissionerComment, ImmediateUpdate, Recommendation
from recommendations.plan_forms import CommentsForm, UpdateForm
from recommendations.views.differences import plain
from recommendations.views.plans import deadline_of, get_published, page


def update(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """The updates on what was to be done immediately; the force's lead sends one here."""
    inspection = get_published(request, inspection_pk)
    recommendations = list(
        immediate.recommendations(inspection).prefetch_related("points").select_related("deadline")
    )
    updates = _updates(request, inspection)
    if request.method == "POST":
        if not team.leads_force(inspection, request.user) or not recommendations:
            raise PermissionDenied
        return _send(request, inspection, recommendations, updates)
    form = None
    if recommendations and immediate.may_send(inspection, request.user):
        form = _update_form(recommendations, updates)
    return _update_page(request, inspection, recommendations, updates, form)


def _send(
    request: HttpRequest,
    inspection: Inspection,
    recommendations: list[Recommendation],
    updates: list[ImmediateUpdate],
) -> HttpResponse:
    form = UpdateForm(
        request.POST,
        recommendations=recommendations,
        first=not request.POST.get("seen", "0").strip("0"),
    )
    status = 200
    if form.is_valid():
        try:
            immediate.send(
                inspection,
                form.accounts(),
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"] or 0,
                by=request.user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
            messages.success(request, _("Update sent."))
            return redirect("recommendations:update", inspection.pk)
        except TextRefused as refused:
            form.object_to(refused)
        except immediate.StaleUpdate as stale:
            said = {str(n): plain(text) for n, text in form.accounts().items() if text.strip()}
            theirs = {n: plain(text) for n, text in stale.current.accounts.items()}
            if theirs == said and stale.current.by_id == request.user.pk:  # sent twice
                messages.success(request, _("Update sent."))
                return redirect("recommendations:update", inspection.pk)
            messages.warning(
                request,
                _(
                    "%(name)s has sent an update in the meantime; it stands below. Yours is not sent yet."
                )
                % {"name": stale.current.by.name},
            )
            typed = request.POST.copy()
            typed["seen"] = str(stale.current.pk)
            form = UpdateForm(typed, recommendations=recommendations, first=False)
            updates, status = _updates(request, inspection), 409
        except DomainError as error:
            messages.error(request, str(error))
            status = 409
    return _update_page(request, inspection, recommendations, updates, form, status=status)


def _update_form(
    recommendations: list[Recommendation], updates: list[ImmediateUpdate]
) -> UpdateForm:
    seen = updates[0].pk if updates else 0
    return UpdateForm(recommendations=recommendations, first=not updates, initial={"seen": seen})


def _updates(request: HttpRequest, inspection: Inspection) -> list[ImmediateUpdate]:
    found = ImmediateUpdate.objects.visible_to(request.user).filter(inspection=inspection)
    return list(found.select_related("by"))


def _update_page(
    request: HttpRequest,
    inspection: Inspection,
    recommendations: list[Recommendation],
    updates: list[ImmediateUpdate],
    form: UpdateForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **page(request, inspection, "update"),
        **deadline_of(inspection, DeadlineKind.UPDATE),
        "recommendations": recommendations,
        "updates": updates,
        "form": form,
    }
    return render(request, "recommendations/update.html", context, status=status)


def pcc_comments(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """The commissioner's comments; who works for the commissioner of this force sends them here."""
    inspection = get_published(request, inspection_pk)
    speaks = commissioner.may_comment(inspection, request.user)
    comments = _comments(request, inspection)
    form = CommentsForm(request.POST or None, initial={"seen": comments[0].pk if comments else 0})
    status = 200
    if request.method == "POST":
        if not speaks:
            raise PermissionDenied
        if form.is_valid():
            try:
                commissioner.comment(
                    inspection,
                    form.cleaned_data["text"],
                    seen=form.cleaned_data["seen"] or 0,
                    by=request.user,
                    personal_data_reason=form.cleaned_data["confirmed_reason"],
                )
                messages.success(request, _("Comments sent."))
                return redirect("recommendations:pcc_comments", inspection.pk)
            except TextRefused as refused:
                form.object_to(refused)
            except commissioner.StaleComments as stale:
                if plain(stale.current.text) == plain(form.cleaned_data["text"]):  # sent twice
                    messages.success(request, _("Comments sent."))
                    return redirect("recommendations:pcc_comments", inspection.pk)
                messages.warning(
                    request,
                    _(
                        "%(name)s has sent comments in the meantime; they stand below. Yours are not sent yet."
                    )
                    % {"name": stale.current.by.name},
                )
                typed = request.POST.copy()
                typed["seen"] = str(stale.current.pk)
                form, status = CommentsForm(typed), 409
                comments = _comments(request, inspection)
            except DomainError as error:
                messages.error(request, str(error))
                status = 409
    context = {
        **page(request, inspection, "pcc_comments"),
        **deadline_of(inspection, DeadlineKind.PCC_COMMENTS),
        "comments": comments,
        "form": form if speaks else None,
    }
    return render(request, "recommendations/pcc_comments.html", context, status=status)


def _comments(request: HttpRequest, inspection: Inspection) -> list[CommissionerComment]:
    found = CommissionerComment.objects.visible_to(request.user).filter(inspection=inspection)
    return list(found.select_related("by"))
