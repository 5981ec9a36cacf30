"""The action plan of an inspection, as the force writes it together and as everybody else reads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed, TextRefused
from config import numbers
from inspections import dates, provenance
from inspections.deadlines import SOON_DAYS
from inspections.models import Deadline, DeadlineKind, Inspection
from inspections.navigation import subnav
from inspections.views import get_inspection
from recommendations import plan_check, plan_compare, plan_versions, plans
from recommendations.models import (
    Action,
    ActionPlan,
    PlanDecision,
    PlanGap,
    PlanVersion,
    Recommendation,
)
from recommendations.navigation import sections
from recommendations.plan_forms import ActionForm, GapForm, action_initial, gap_initial
from recommendations.views.differences import Difference, differing


def plan(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """The plan: its draft for the force, the last version that was submitted for everybody else."""
    inspection = get_published(request, inspection_pk)
    versions = list(
        PlanVersion.objects.visible_to(request.user)
        .filter(plan__inspection=inspection)
        .select_related("submitted_by", "decided_by")
        .prefetch_related("comments__recommendation")
    )
    last = versions[0] if versions else None
    context = {
        **page(request, inspection),
        **deadline_of(inspection, DeadlineKind.ACTION_PLAN),
        "versions": versions,
        "last": last,
        "comments": {each.recommendation.number: each.text for each in last.comments.all()}
        if last
        else {},
    }
    if plans.reads_draft(inspection, request.user):
        return render(
            request, "recommendations/plan.html", {**context, **_draft(request, inspection, last)}
        )
    context |= {
        "parts": parts_of(last) if last else [],
        "may_decide": plan_versions.may_decide(inspection, request.user),
    }
    return render(request, "recommendations/plan_submitted.html", context)


def add(request: HttpRequest, inspection_pk: int, recommendation_pk: int) -> HttpResponse:
    """A new action for one recommendation; “save and add another” comes back here."""
    inspection = get_published(request, inspection_pk)
    recommendation = _recommendation(inspection, recommendation_pk)
    _must_write(request, inspection)
    form = ActionForm(request.POST or None, recommendation=recommendation)
    if request.method == "POST" and form.is_valid():
        try:
            action = plans.add(
                recommendation,
                form.content(),
                by=request.user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except TextRefused as refused:
            form.object_to(refused)
            return _action_page(request, recommendation, form, None)
        except DomainError as error:
            return _refused(request, recommendation, form, None, error)
        messages.success(request, _("Action %(number)s added.") % {"number": action.number})
        if request.POST.get("then") == "another":
            return redirect("recommendations:plan_action_add", inspection.pk, recommendation.pk)
        return _to_plan(recommendation)
    return _action_page(request, recommendation, form, None)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an action; who saves second sees both and loses neither (rule 5)."""
    action = _action(request, pk)
    recommendation = action.recommendation
    form = ActionForm(
        request.POST or None, recommendation=recommendation, initial=action_initial(action)
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = plans.edit(
                action,
                form.content(),
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except TextRefused as refused:
            form.object_to(refused)
            return _action_page(request, recommendation, form, action)
        except plans.StaleAction as stale:
            return _conflict(request, recommendation, form, stale.current)
        except DomainError as error:
            return _refused(request, recommendation, form, action, error)
        messages.success(request, _("Action %(number)s saved.") % {"number": saved.number})
        return _to_plan(recommendation)
    if request.method != "POST" and action.removed_at is not None:
        messages.info(
            request, _("Action %(number)s was taken out of the plan.") % {"number": action.number}
        )
        return _to_plan(recommendation)
    return _action_page(request, recommendation, form, action)


def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before an action is taken out of the plan, then take it out; the plan's page offers to put it back."""
    action = _action(request, pk)
    recommendation = action.recommendation
    if request.method == "POST":
        version = numbers.whole(request.POST.get("version", "")) or 0
        try:
            plans.remove(action, version=version, by=request.user)
        except plans.StaleAction as stale:
            if stale.current is not None:
                messages.warning(
                    request,
                    _("Somebody changed this action in the meantime. It was not taken out."),
                )
                return redirect("recommendations:plan_action_remove", pk)
            messages.success(request, _("The action is taken out already."))
            return _to_plan(recommendation)
        except DomainError as error:
            messages.error(request, str(error))
            return _to_plan(recommendation)
        messages.success(
            request,
            _("Action %(number)s taken out. You can put it back below.")
            % {"number": action.number},
        )
        return _to_plan(recommendation)
    context = {
        **page(request, recommendation.inspection),
        "action": action,
        "recommendation": recommendation,
    }
    return render(request, "recommendations/plan_remove.html", context)


@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an action into the plan again."""
    action = _action(request, pk)
    try:
        plans.put_back(action, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Action %(number)s is in the plan again.") % {"number": action.number}
        )
    return _to_plan(action.recommendation)


def explain(request: HttpRequest, inspection_pk: int, recommendation_pk: int) -> HttpResponse:
    """Say why nothing is planned about a recommendation, or about some of its points."""
    inspection = get_published(request, inspection_pk)
    recommendation = _recommendation(inspection, recommendation_pk)
    _must_write(request, inspection)
    gap = PlanGap.objects.filter(recommendation=recommendation).first()
    form = GapForm(request.POST or None, recommendation=recommendation, initial=gap_initial(gap))
    if request.method == "POST" and form.is_valid():
        try:
            plans.explain(
                recommendation,
                reason=form.cleaned_data["reason"],
                points=form.chosen(),
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except TextRefused as refused:
            form.object_to(refused)
            return _gap_page(request, recommendation, form)
        except plans.StaleGap as stale:
            return _gap_conflict(request, recommendation, form, stale.current)
        except NotAllowed as error:
            raise PermissionDenied from error
        except DomainError as error:
            messages.error(request, str(error))
            return _gap_page(request, recommendation, form, status=409)
        messages.success(request, _("Saved."))
        return _to_plan(recommendation)
    return _gap_page(request, recommendation, form)


def get_published(request: HttpRequest, pk: int) -> Inspection:
    """Return an inspection that may be followed up; 404 before publication."""
    inspection = get_inspection(request, pk)
    if not inspection.is_published:
        raise Http404
    return inspection


def page(request: HttpRequest, inspection: Inspection, part: str = "plan") -> dict[str, Any]:
    """Return what every page of this part of an inspection needs; `part` names its address."""
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "follow_up"),
        "sections": sections(inspection, request.user, part),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }


def deadline_of(inspection: Inspection, kind: DeadlineKind) -> dict[str, Any]:
    """Return the `deadline` of this kind and `how_dated`, None and “” if the framework wants none."""
    found = Deadline.objects.filter(inspection=inspection, kind=kind).first()
    if found is None:
        return {"deadline": None, "how_dated": ""}
    found.inspection = inspection
    return {"deadline": found, "how_dated": provenance.how_it_came_about(found)}


def parts_of(version: PlanVersion) -> list[dict[str, Any]]:
    """Return what `version` says, recommendation by recommendation, with these and the comments on them.

    Actions have their dates as dates, and beside what was submitted where they stand now.
    """
    recommendations = {
        each.number: each
        for each in Recommendation.objects.filter(inspection=version.plan.inspection_id)
        .select_related("timescale", "deadline")
        .prefetch_related("points")
    }
    said = {part["recommendation"]: part for part in plan_compare.with_dates(version.content)}
    comments = {each.recommendation.number: each.text for each in version.comments.all()}
    now = {
        action.pk: action
        for action in Action.objects.filter(plan=version.plan_id).select_related("deadline")
    }
    return [
        {
            "recommendation": recommendations[number],
            "actions": [
                {**action, "now": now.get(action["id"])}
                for action in said.get(number, {}).get("actions", [])
            ],
            "gap": said.get(number, {}).get("gap"),
            "comment": comments.get(number, ""),
        }
        for number in sorted(recommendations)
    ]


def _draft(
    request: HttpRequest, inspection: Inspection, last: PlanVersion | None
) -> dict[str, Any]:
    answers = plan_check.answers(inspection)
    content = plan_versions.content(answers)
    waits = last is not None and not last.decision
    changed = bool(content) if last is None else content != last.content
    accepted = last is not None and last.decision == PlanDecision.ACCEPTED
    return {
        "answers": answers,
        "missing": [sentence for answer in answers for sentence in answer.missing],
        "notes": [sentence for answer in answers for sentence in answer.notes],
        "changed": changed,
        "may_draft": plans.may_draft(inspection, request.user),
        "may_submit": plan_versions.may_submit(inspection, request.user)
        and not waits
        and (changed or not accepted),
    }


def _recommendation(inspection: Inspection, pk: int) -> Recommendation:
    found = get_object_or_404(
        Recommendation.objects.select_related("timescale", "deadline").prefetch_related("points"),
        pk=pk,
        inspection=inspection,
    )
    found.inspection = inspection
    return found


def _action(request: HttpRequest, pk: int) -> Action:
    action = get_object_or_404(
        Action.objects.visible_to(request.user)
        .select_related("recommendation__inspection__force", "owner")
        .prefetch_related("points", "recommendation__points"),
        pk=pk,
    )
    _must_write(request, action.recommendation.inspection)
    return action


def _must_write(request: HttpRequest, inspection: Inspection) -> None:
    """Refuse who does not write plans; what was typed before the closure is not thrown away with a 403."""
    if not plans.works_on_plan(inspection, request.user):
        raise PermissionDenied
    if request.method != "POST" and not plans.may_draft(inspection, request.user):
        raise PermissionDenied


def _to_plan(recommendation: Recommendation) -> HttpResponse:
    response = redirect("recommendations:plan", recommendation.inspection_id)
    response["Location"] += f"#recommendation-{recommendation.number}"
    return response


def _action_page(
    request: HttpRequest,
    recommendation: Recommendation,
    form: ActionForm,
    action: Action | None,
    *,
    differences: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **page(request, recommendation.inspection),
        "recommendation": recommendation,
        "form": form,
        "action": action,
        "differences": differences or [],
    }
    return render(request, "recommendations/plan_action.html", context, status=status)


def _refused(
    request: HttpRequest,
    recommendation: Recommendation,
    form: ActionForm,
    action: Action | None,
    error: DomainError,
) -> HttpResponse:
    """Say why it was not saved, with what was typed still on the page."""
    messages.error(request, str(error))
    return _action_page(request, recommendation, form, action, status=409)


def _conflict(
    request: HttpRequest,
    recommendation: Recommendation,
    form: ActionForm,
    current: Action | None,
) -> HttpResponse:
    """Show both versions, with one's own still in the form; saving again then replaces theirs knowingly."""
    if current is None:
        messages.warning(
            request,
            _(
                "Somebody took this action out of the plan in the meantime. Save to add yours as a new one."
            ),
        )
        return _action_page(request, recommendation, form, None, status=409)
    yours = form.content()
    differences = differing(
        [
            (form.fields["text"].label, current.text, yours.text),
            (_("Points"), _orders(current.points.all()), _orders(yours.points)),
            (
                form.fields["owner"].label,
                current.owner.name if current.owner else "",
                yours.owner.name if yours.owner else "",
            ),
            (form.fields["partner"].label, current.partner, yours.partner),
            (form.fields["starts_on"].label, _day(current.starts_on), _day(yours.starts_on)),
            (form.fields["due_on"].label, _day(current.due_on), _day(yours.due_on)),
        ]
    )
    if not differences:  # the same button pressed twice, or the same words by both
        messages.success(request, _("Action %(number)s saved.") % {"number": current.number})
        return _to_plan(recommendation)
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    again = ActionForm(typed, recommendation=recommendation)
    return _action_page(
        request, recommendation, again, current, differences=differences, status=409
    )


def _gap_page(
    request: HttpRequest,
    recommendation: Recommendation,
    form: GapForm,
    *,
    current: PlanGap | None = None,
    differences: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **page(request, recommendation.inspection),
        "recommendation": recommendation,
        "form": form,
        "current": current,
        "differences": differences or [],
    }
    return render(request, "recommendations/plan_gap.html", context, status=status)


def _gap_conflict(
    request: HttpRequest, recommendation: Recommendation, form: GapForm, current: PlanGap
) -> HttpResponse:
    differences = differing(
        [
            (form.fields["reason"].label, current.reason, form.cleaned_data["reason"]),
            (_("Points"), _orders(current.points.all()), _orders(form.chosen())),
        ]
    )
    if not differences:
        messages.success(request, _("Saved."))
        return _to_plan(recommendation)
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    again = GapForm(typed, recommendation=recommendation)
    return _gap_page(
        request, recommendation, again, current=current, differences=differences, status=409
    )


def _orders(points: Any) -> str:
    return ", ".join(str(order) for order in sorted(point.order for point in points))


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""


def plan_of(inspection: Inspection) -> ActionPlan | None:
    """Return the plan of `inspection`, None before anybody wrote in it."""
    return ActionPlan.objects.filter(inspection=inspection).first()
