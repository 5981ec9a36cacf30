"""Submitting an action plan, reading and comparing what was submitted, and answering it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.errors import DomainError, TextRefused
from inspections import team
from inspections.models import Inspection
from recommendations import plan_check, plan_compare, plan_versions, plans
from recommendations.models import PlanVersion
from recommendations.plan_forms import DecisionForm, SubmitForm
from recommendations.progress import REPORTING_STAGES
from recommendations.views.plans import get_published, page, parts_of, plan_of

DRAFT = "draft"  # how the address of a comparison names what was not submitted yet


def submit(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """Say what still stands between the draft and its submission, then submit it."""
    inspection = get_published(request, inspection_pk)
    if not team.leads_force(inspection, request.user):
        raise PermissionDenied
    plan = plan_of(inspection)
    if plan is None:
        messages.info(request, _("There is nothing to submit yet."))
        return redirect("recommendations:plan", inspection.pk)
    form = SubmitForm(request.POST or None, initial={"version": plan.version})
    if request.method == "POST" and form.is_valid():
        try:
            submitted = plan_versions.submit(
                plan,
                version=form.cleaned_data["version"] or 0,
                note=form.cleaned_data["note"],
                by=request.user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except TextRefused as refused:
            form.object_to(refused)
            return _submit_page(request, inspection, form)
        except plan_versions.StalePlan:
            messages.warning(
                request,
                _(
                    "Somebody changed the plan in the meantime. Look at it as it is now, then submit it."
                ),
            )
            typed = request.POST.copy()
            typed["version"] = str(plan.version)
            return _submit_page(request, inspection, SubmitForm(typed), status=409)
        except DomainError as error:
            if _sent_already(error, plan.versions.first(), request, form):
                return redirect("recommendations:plan", inspection.pk)
            messages.error(request, str(error))
            return _submit_page(request, inspection, form, status=409)
        messages.success(
            request,
            _("Version %(number)d of the action plan submitted.") % {"number": submitted.number},
        )
        return redirect("recommendations:plan", inspection.pk)
    return _submit_page(request, inspection, form)


def version(request: HttpRequest, inspection_pk: int, number: int) -> HttpResponse:
    """One version as it was submitted; the inspection's team accepts or returns it here."""
    inspection = get_published(request, inspection_pk)
    found = _version(request, inspection, number)
    decides = plan_versions.may_decide(inspection, request.user)
    form = DecisionForm(request.POST or None, version=found) if decides else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                return _decide(request, found, form)
            except TextRefused as refused:
                form.object_to(refused)
            except plan_versions.NothingSaid as error:
                form.add_error("answer", str(error))
            except DomainError as error:
                messages.error(request, str(error))
                found, status = _version(request, inspection, number), 409
    last = found.plan.versions.exclude(decision="").filter(number__lt=number).first()
    context = {
        **page(request, inspection),
        "version": found,
        "parts": parts_of(found),
        "before": last,
        "form": form,
        "asks": form is not None
        and (status == 409 or not found.decision and inspection.stage in REPORTING_STAGES),
    }
    return render(request, "recommendations/plan_version.html", context, status=status)


def compare(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """Two versions beside each other: `?from=1&to=2`, or to the draft, for who may read it; else the last two."""
    inspection = get_published(request, inspection_pk)
    versions = list(
        PlanVersion.objects.visible_to(request.user)
        .filter(plan__inspection=inspection)
        .order_by("number")
    )
    if not versions:
        raise Http404
    reads_draft = plans.reads_draft(inspection, request.user)
    choices = [(str(each.number), str(each)) for each in versions]
    if reads_draft:
        choices.append((DRAFT, _("the draft")))
    if len(choices) < 2:
        raise Http404
    names = [value for value, _text in choices]
    first = request.GET.get("from", names[-2])
    second = request.GET.get("to", names[-1])
    if first not in names or second not in names:
        raise Http404
    contents = {str(each.number): each.content for each in versions}
    if DRAFT in (first, second):
        contents[DRAFT] = plan_versions.content(plan_check.answers(inspection))
    changes = plan_compare.compare(
        plan_compare.with_dates(contents[first]), plan_compare.with_dates(contents[second])
    )
    context = {
        **page(request, inspection),
        "choices": choices,
        "first": first,
        "second": second,
        "names": dict(choices),
        "changes": [change for change in changes if change.changed],
        "same": sum(1 for change in changes if not change.changed),
        "labels": _labels(),
    }
    return render(request, "recommendations/plan_compare.html", context)


def _decide(request: HttpRequest, version: PlanVersion, form: DecisionForm) -> HttpResponse:
    returns = request.POST.get("decision") == "return"
    verb = plan_versions.return_ if returns else plan_versions.accept
    verb(
        version,
        by=request.user,
        answer=form.cleaned_data["answer"],
        comments=form.comments(),
        personal_data_reason=form.cleaned_data["confirmed_reason"],
    )
    messages.success(
        request,
        (_("Version %(number)d returned.") if returns else _("Version %(number)d accepted."))
        % {"number": version.number},
    )
    return redirect("recommendations:plan", version.plan.inspection_id)


def _version(request: HttpRequest, inspection: Inspection, number: int) -> PlanVersion:
    found = get_object_or_404(
        PlanVersion.objects.visible_to(request.user)
        .select_related("plan", "submitted_by", "decided_by")
        .prefetch_related("comments__recommendation"),
        plan__inspection=inspection,
        number=number,
    )
    found.plan.inspection = inspection
    return found


def _submit_page(
    request: HttpRequest, inspection: Inspection, form: SubmitForm, *, status: int = 200
) -> HttpResponse:
    answers = plan_check.answers(inspection)
    context = {
        **page(request, inspection),
        "form": form,
        "answers": answers,
        "missing": [sentence for answer in answers for sentence in answer.missing],
        "notes": [sentence for answer in answers for sentence in answer.notes],
        "actions": sum(len(answer.actions) for answer in answers),
    }
    return render(request, "recommendations/plan_submit.html", context, status=status)


def _sent_already(
    error: DomainError, last: PlanVersion | None, request: HttpRequest, form: SubmitForm
) -> bool:
    """Whether the same button was pressed twice: what waits is one's own, with the same note."""
    return (
        isinstance(error, plan_versions.Undecided)
        and last is not None
        and last.submitted_by_id == request.user.pk
        and last.note == form.cleaned_data["note"].replace("\r\n", "\n").strip()
    )


def _labels() -> dict[str, Any]:
    return {
        "text": _("What will be done"),
        "owner": _("Owner"),
        "partner": _("Partner"),
        "starts_on": _("Start"),
        "due_on": _("Due date"),
        "points": _("Points"),
    }
