"""The page of one recommendation: how it stands, what has happened, and the next thing that this person may do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from cases.personal_data import LooksPersonal
from inspections import dates, extensions
from inspections.deadlines import SOON_DAYS
from inspections.navigation import subnav
from recommendations import drafting, judging, progress, publication, remarks, timeline
from recommendations.evidence import FilesRefused
from recommendations.models import Action, Evidence, Recommendation
from recommendations.owed import owed
from recommendations.progress_forms import ProgressForm, RemarkForm, accepted_endings


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One recommendation; posted to, a word on its progress."""
    recommendation = get_recommendation(request, pk)
    form = _progress_form(request, recommendation)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            answer = _report(request, recommendation, form)
            if answer:
                return answer
    return _page(request, recommendation, form, _remark_form(request, recommendation))


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """A contribution to the discussion of a recommendation, or a note for one's own side."""
    recommendation = get_recommendation(request, pk)
    form = _remark_form(request, recommendation, request.POST)
    if form is None:
        raise PermissionDenied
    if form.is_valid():
        typed = form.cleaned_data
        try:
            remarks.write(
                recommendation,
                text=typed["text"],
                private=typed["audience"] == "own",
                by=request.user,
                personal_data_reason=typed["confirmed_reason"],
            )
        except LooksPersonal as refused:
            form.object_to(refused)
        except NotAllowed as error:
            raise PermissionDenied from error
        except remarks.NotOpen as error:
            messages.error(request, str(error))
            return redirect(recommendation)
        else:
            messages.success(request, _("Your text stands in the timeline."))
            return redirect(recommendation)
    return _page(request, recommendation, _progress_form(request, recommendation, None), form)


def get_recommendation(request: HttpRequest, pk: int) -> Recommendation:
    """Return the recommendation that the person may read, with what its page shows; else 404."""
    found: Recommendation = get_object_or_404(
        Recommendation.objects.visible_to(request.user)
        .select_related(
            "inspection__force",
            "inspection__framework",
            "theme",
            "timescale",
            "deadline",
            "continued_by__inspection__force",
        )
        .prefetch_related("points"),
        pk=pk,
    )
    if found.deadline is not None:
        found.deadline.inspection = found.inspection  # the same, and at hand
    return found


def _progress_form(
    request: HttpRequest, recommendation: Recommendation, data: Any = True
) -> ProgressForm | None:
    """Return the form, filled with what was posted (unless `data` is None); None for who reports nothing."""
    user = request.user
    if not user.is_force or not progress.is_open(recommendation):
        return None
    whole = progress.may_report(recommendation, user)
    actions = [
        action
        for action in Action.objects.visible_to(user)
        .standing()
        .filter(recommendation=recommendation)
        if progress.may_report_on(action, recommendation, user)
    ]
    if not whole and not actions:
        return None
    posted = request.method == "POST" and data is not None
    return ProgressForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        recommendation=recommendation,
        actions=actions,
        whole=whole,
        initial={
            # A link from the plan says which action it is about.
            "about": request.GET.get("about", ""),
            **({"status": recommendation.progress_status} if whole else {}),
        },
    )


def _remark_form(
    request: HttpRequest, recommendation: Recommendation, data: Any = None
) -> RemarkForm | None:
    if not remarks.may_write(recommendation, request.user):
        return None
    return RemarkForm(data, of_force=request.user.is_force)


def _report(
    request: HttpRequest, recommendation: Recommendation, form: ProgressForm
) -> HttpResponse | None:
    """Report what the form says; None if the form has to be shown again with what is to be mended."""
    typed = form.cleaned_data
    shared = {
        "by": request.user,
        "proof": form.proof,
        "personal_data_reason": typed["confirmed_reason"],
    }
    try:
        if form.asks_for_closure:
            progress.ask_for_closure(
                recommendation,
                summary=typed["note"],
                although_unproved=typed.get("although_unproved", False),
                **shared,
            )
        else:
            progress.report(
                recommendation,
                status=typed["status"],
                note=typed["note"],
                about=form.subject,
                **shared,
            )
    except LooksPersonal as refused:
        form.object_to(refused)
        return None
    except FilesRefused as refused:
        form.object_to_files(refused)
        return None
    except progress.LacksEvidence as lacking:
        form.object_to_lack(lacking)
        return None
    except NotAllowed as error:
        raise PermissionDenied from error
    except progress.NotOpen as error:
        messages.error(request, str(error))
    else:
        _thank(request, form)
    return redirect(recommendation)


def _thank(request: HttpRequest, form: ProgressForm) -> None:
    files = len(form.cleaned_data["files"])
    said = (
        _("The inspectorate is asked to close this recommendation.")
        if form.asks_for_closure
        else _("Progress saved.")
    )
    if files:
        said += " " + ngettext("%(num)d file kept.", "%(num)d files kept.", files) % {"num": files}
    messages.success(request, said)


def _page(
    request: HttpRequest,
    recommendation: Recommendation,
    form: ProgressForm | None,
    remark_form: RemarkForm | None,
) -> HttpResponse:
    inspection, deadline, user = recommendation.inspection, recommendation.deadline, request.user
    waiting = extensions.waiting(deadline) if deadline is not None else None
    published = inspection.is_published
    evidence = (
        Evidence.objects.visible_to(user)
        .filter(recommendation=recommendation)
        .values_list("points", flat=True)
    )
    proved = set(evidence) if published else set()
    context = {
        "recommendation": recommendation,
        "inspection": inspection,
        "subnav": subnav(inspection, user, "recommendations"),
        "how_dated": publication.how_dated(recommendation),
        "owed": owed(recommendation, waiting) if published else [],
        "entries": timeline.entries(recommendation, user),
        "points": [
            {"text": point.text, "proved": point.pk in proved}
            for point in recommendation.points.all()
        ],
        "has_evidence": bool(proved),
        "reads_evidence": published
        and (user.is_force or bool(proved) or judging.acts_for(inspection, user)),
        "may_draft": drafting.may_draft(inspection, user),
        "may_judge": judging.may_judge(recommendation, user),
        "may_ask_for_time": deadline is not None
        and deadline.met_on is None
        and deadline.lapsed_on is None
        and waiting is None
        and extensions.may_ask(deadline, user),
        "form": form,
        "endings": accepted_endings(),
        "remark_form": remark_form,
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/detail.html", context)
