"""Reading the recommendations of one inspection, and reporting progress on one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from cases.personal_data import LooksPersonal
from inspections import dates, team
from inspections.deadlines import SOON_DAYS
from inspections.models import Inspection
from inspections.navigation import subnav
from inspections.views import get_inspection
from recommendations import drafting, progress, publication, timeline
from recommendations.forms import ProgressForm
from recommendations.models import Recommendation


def inspection_recommendations(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """The recommendations of one inspection, by theme; a draft to work on for its team."""
    inspection = get_inspection(request, inspection_pk)
    if not _may_read_draft(inspection, request):
        raise Http404
    found = (
        Recommendation.objects.visible_to(request.user)
        .filter(inspection=inspection)
        .select_related("theme", "timescale", "deadline")
        .prefetch_related("points")
        .order_by("theme__order", "number")
    )
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "recommendations"),
        "recommendations": list(found),
        "may_draft": drafting.may_draft(inspection, request.user),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/inspection.html", context)


def _may_read_draft(inspection: Inspection, request: HttpRequest) -> bool:
    if inspection.is_published:
        return True
    if request.user.is_force and not inspection.force_sees_findings:
        return False
    return team.reads_content(inspection, request.user)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One recommendation: what it says, how it stands, what has happened, and the force's form for progress."""
    recommendation = get_object_or_404(
        Recommendation.objects.visible_to(request.user)
        .select_related(
            "inspection__force", "inspection__framework", "theme", "timescale", "deadline"
        )
        .prefetch_related("points"),
        pk=pk,
    )
    may_report = progress.may_report(recommendation, request.user)
    form = ProgressForm(request.POST or None, initial={"status": recommendation.progress_status})
    if request.method == "POST":
        if not may_report:
            raise PermissionDenied
        if form.is_valid():
            answer = _report(request, recommendation, form)
            if answer:
                return answer
    context = {
        "recommendation": recommendation,
        "inspection": recommendation.inspection,
        "subnav": subnav(recommendation.inspection, request.user, "recommendations"),
        "how_dated": publication.how_dated(recommendation),
        "entries": timeline.entries(recommendation),
        "may_report": may_report,
        "may_draft": drafting.may_draft(recommendation.inspection, request.user),
        "form": form,
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/detail.html", context)


def _report(
    request: HttpRequest, recommendation: Recommendation, form: ProgressForm
) -> HttpResponse | None:
    """Report what the form says; None if the form has to be shown again with what looks like personal data."""
    typed = form.cleaned_data
    try:
        progress.report(
            recommendation,
            status=typed["status"],
            note=typed["note"],
            by=request.user,
            personal_data_reason=typed["confirmed_reason"],
        )
    except LooksPersonal as refused:
        form.object_to(refused)
        return None
    except NotAllowed as error:
        raise PermissionDenied from error
    except progress.NotOpen as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Progress saved."))
    return redirect(recommendation)
