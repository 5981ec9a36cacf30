"""Writing the recommendations of a draft report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from cases.personal_data import LooksPersonal
from config import numbers
from inspections import team
from inspections.models import Inspection, Stage
from inspections.navigation import subnav
from inspections.views import get_inspection
from recommendations import drafting, lists, wording
from recommendations.forms import DraftForm, draft_initial
from recommendations.models import Recommendation
from recommendations.views.differences import Difference, differing


def add(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """A new recommendation; “save and add another” comes back here."""
    inspection = get_inspection(request, inspection_pk)
    _must_draft(request, inspection)
    form = DraftForm(request.POST or None, inspection=inspection)
    if _asks_for_wording(request):
        return _wording_page(request, inspection, None)
    if request.method == "POST" and form.is_valid():
        try:
            added = drafting.add(inspection, by=request.user, **_content(form))
        except LooksPersonal as refused:
            form.object_to(refused)
            return _draft_page(request, inspection, form, None)
        except DomainError as error:
            return _refused(request, inspection, form, error)
        messages.success(request, _("Recommendation %(number)d added.") % {"number": added.number})
        if request.POST.get("then") == "another":
            return redirect("recommendations:add", inspection.pk)
        return redirect("recommendations:inspection", inspection.pk)
    return _draft_page(request, inspection, form, None)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft recommendation; who saves second sees both texts and loses neither (rule 5)."""
    if request.method == "POST" and not Recommendation.objects.filter(pk=pk).exists():
        return _removed_page(request, _inspection_of_removed(request, pk))
    recommendation = _get_draft(request, pk)
    inspection = recommendation.inspection
    form = DraftForm(
        request.POST or None, inspection=inspection, initial=draft_initial(recommendation)
    )
    if _asks_for_wording(request):
        return _wording_page(request, inspection, recommendation)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            saved = drafting.edit(
                recommendation, version=version, by=request.user, **_content(form)
            )
        except LooksPersonal as refused:
            form.object_to(refused)
            return _draft_page(request, inspection, form, recommendation)
        except drafting.StaleRecommendation as error:
            return _conflict_page(request, inspection, form, error.current)
        except DomainError as error:
            return _refused(request, inspection, form, error)
        messages.success(request, _("Recommendation %(number)d saved.") % {"number": saved.number})
        return redirect("recommendations:inspection", inspection.pk)
    return _draft_page(request, inspection, form, recommendation)


def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a draft recommendation is removed, then remove it."""
    recommendation = _get_draft(request, pk)
    inspection = recommendation.inspection
    if request.method == "POST":
        version = numbers.whole(request.POST.get("version", "")) or 0
        try:
            drafting.remove(recommendation, version=version, by=request.user)
        except drafting.StaleRecommendation:
            messages.warning(
                request,
                _("Somebody changed this recommendation in the meantime. It was not removed."),
            )
            return redirect("recommendations:remove", pk)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("recommendations:inspection", inspection.pk)
        messages.success(
            request,
            _("Recommendation %(number)d removed.") % {"number": recommendation.number},
        )
        return redirect("recommendations:inspection", inspection.pk)
    context = {
        "recommendation": recommendation,
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "recommendations"),
        "after": inspection.recommendations.filter(number__gt=recommendation.number).count(),
    }
    return render(request, "recommendations/remove.html", context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a recommendation up or down by one place within its theme."""
    recommendation = _get_draft(request, pk)
    try:
        drafting.move(recommendation, up=request.POST.get("to") == "up", by=request.user)
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("recommendations:inspection", recommendation.inspection_id)


def _get_draft(request: HttpRequest, pk: int) -> Recommendation:
    recommendation = get_object_or_404(
        Recommendation.objects.visible_to(request.user)
        .select_related("inspection__force", "inspection__framework", "theme", "timescale")
        .prefetch_related("points"),
        pk=pk,
    )
    _must_draft(request, recommendation.inspection)
    return recommendation


def _must_draft(request: HttpRequest, inspection: Inspection) -> None:
    """Refuse who is not on the team; what was typed before the stage moved on is not thrown away with a 403."""
    if not team.works_on(inspection, request.user):
        raise PermissionDenied
    if request.method != "POST" and inspection.stage != Stage.DRAFTING:
        raise PermissionDenied


def _content(form: DraftForm) -> dict[str, Any]:
    parts = {name: form.cleaned_data[name] for name in ("theme", "timescale", "stem", "points")}
    return {**parts, "personal_data_reason": form.cleaned_data["confirmed_reason"]}


def _draft_page(
    request: HttpRequest,
    inspection: Inspection,
    form: DraftForm,
    recommendation: Recommendation | None,
    *,
    differences: list[Difference] | None = None,
    alike: list[wording.Alike] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "recommendations"),
        "recommendation": recommendation,
        "form": form,
        "differences": differences or [],
        "alike": alike,
    }
    return render(request, "recommendations/draft.html", context, status=status)


def _asks_for_wording(request: HttpRequest) -> bool:
    return request.POST.get("then") == "like" or "take" in request.POST


def _wording_page(
    request: HttpRequest, inspection: Inspection, recommendation: Recommendation | None
) -> HttpResponse:
    """Offer earlier recommendations like what is typed, or put the one that was taken into the form; saves nothing."""
    names = ("theme", "stem", "points", "timescale", "version")
    typed = {name: request.POST.get(name, "") for name in names}
    key = request.POST.get("take", "")
    if (number := numbers.whole(key)) is not None:
        taken = lists.published(request.user).filter(pk=number).first()
        if taken:
            typed["stem"] = taken.stem
            typed["points"] = "\n".join(point.text for point in taken.points.all())
    form = DraftForm(initial=typed, inspection=inspection)
    alike = wording.earlier_ones(typed["stem"], inspection, request.user)
    return _draft_page(request, inspection, form, recommendation, alike=alike)


def _refused(
    request: HttpRequest, inspection: Inspection, form: DraftForm, error: DomainError
) -> HttpResponse:
    """Say why it was not saved, with what was typed still on the page to copy."""
    messages.error(request, str(error))
    return _draft_page(request, inspection, form, None, status=409)


def _conflict_page(
    request: HttpRequest, inspection: Inspection, form: DraftForm, current: Recommendation | None
) -> HttpResponse:
    """Show both versions, with one's own still in the form; saving again then replaces theirs knowingly."""
    if current is None:
        return _removed_page(request, inspection)
    differences = _differences(form, current)
    if not differences:  # the same button pressed twice, or the same words by both
        messages.success(
            request, _("Recommendation %(number)d saved.") % {"number": current.number}
        )
        return redirect("recommendations:inspection", inspection.pk)
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    again = DraftForm(typed, inspection=inspection)
    return _draft_page(request, inspection, again, current, differences=differences, status=409)


def _inspection_of_removed(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection of a recommendation that is gone, from its history; 404 for who may not draft there."""
    history = Recommendation.pgh_event_model.objects  # type: ignore[attr-defined]
    event = history.filter(pgh_obj_id=pk).order_by("-pgh_id").first()
    if event is None:
        raise Http404
    inspection = get_inspection(request, event.inspection_id)
    if not drafting.may_draft(inspection, request.user):
        raise Http404
    return inspection


def _removed_page(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The recommendation is gone: keep what was typed, as a new one to add."""
    messages.warning(
        request,
        _("Somebody removed this recommendation in the meantime. Save to add it again."),
    )
    form = DraftForm(request.POST, inspection=inspection)
    return _draft_page(request, inspection, form, None, status=409)


def _differences(form: DraftForm, current: Recommendation) -> list[Difference]:
    yours = form.cleaned_data
    points = [point.text for point in current.points.all()]
    return differing(
        [
            (form.fields["theme"].label, current.theme.label, yours["theme"].label),
            (form.fields["stem"].label, current.stem, yours["stem"].strip()),
            (form.fields["points"].label, "\n".join(points), "\n".join(yours["points"])),
            (form.fields["timescale"].label, current.timescale.label, yours["timescale"].label),
        ]
    )
