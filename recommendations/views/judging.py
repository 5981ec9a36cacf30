"""What forces have sent, and the judgement of a recommendation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from cases.personal_data import LooksPersonal
from inspections import dates
from inspections.deadlines import SOON_DAYS
from inspections.navigation import subnav
from recommendations import judging, labels, publication, queue
from recommendations.judging_forms import RETURN, JudgeForm, QueueFilter
from recommendations.models import (
    Evidence,
    Judgement,
    ProgressUpdate,
    Recommendation,
    Remark,
)

PER_PAGE = 50
PAGES = {"updates": "recommendations:update", "comments": "recommendations:pcc_comments"}


def queue_page(request: HttpRequest) -> HttpResponse:
    """What forces have sent: first what waits for an answer, then what came in lately; a kind alone page by page."""
    if not queue.may_read(request.user):
        raise PermissionDenied
    form = QueueFilter(request.GET)
    form.is_valid()  # a filter that makes no sense narrows nothing
    kind = form.cleaned_data.get("kind") or ""
    today = dates.today()
    parts = queue.sent(request.user, today, kind=kind, force=form.cleaned_data.get("force"))
    tables = [
        {
            "kind": part.kind,
            "title": queue.KINDS[part.kind],
            "waits": part.waits,
            "page": Paginator(part.rows, PER_PAGE).get_page(
                request.GET.get("page") if kind else None
            ),
        }
        for part in parts
    ]
    context = {
        "form": form,
        "kind": kind,
        "tables": tables,
        "today": today,
        "lately_days": queue.LATELY_DAYS,
        "in_short": labels.in_short,
        "plan_href": lambda version: reverse(
            "recommendations:plan", args=[version.plan.inspection_id]
        ),
        "page_href": lambda kind, sent: reverse(PAGES[kind], args=[sent.inspection_id]),
    }
    return render(request, "recommendations/queue.html", context)


def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge one recommendation, or return it with questions, with all that the force has given beside the form."""
    recommendation = get_object_or_404(
        Recommendation.objects.visible_to(request.user)
        .select_related(
            "inspection__force", "inspection__framework", "theme", "timescale", "deadline"
        )
        .prefetch_related("points"),
        pk=pk,
    )
    inspection = recommendation.inspection
    if not inspection.is_published:
        raise Http404
    if not judging.acts_for(inspection, request.user):
        raise PermissionDenied
    if request.method != "POST" and not judging.may_judge(recommendation, request.user):
        raise PermissionDenied
    asked = judging.request_of(recommendation)
    form = JudgeForm(
        request.POST or None,
        may_return=asked is not None or request.POST.get("decision") == RETURN,
        initial={"seen": judging.standing(recommendation)},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, recommendation, form)
        if answer:
            return answer
        status = 409
    context = {
        "recommendation": recommendation,
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "recommendations"),
        "form": form,
        "asked": asked,
        "how_dated": publication.how_dated(recommendation),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
        **what_the_force_gave(recommendation, request),
    }
    return render(request, "recommendations/judge.html", context, status=status)


def _decide(
    request: HttpRequest, recommendation: Recommendation, form: JudgeForm
) -> HttpResponse | None:
    """Do what the form says; None if it has to be shown again."""
    typed = form.cleaned_data
    words = {
        "by": request.user,
        "seen": typed["seen"],
        "personal_data_reason": typed["confirmed_reason"],
    }
    number = {"number": recommendation.number}
    try:
        if typed["decision"] == RETURN:
            judging.return_with_questions(recommendation, questions=typed["words"], **words)
            done = _("Recommendation %(number)d is returned with your questions.") % number
        else:
            judging.judge(
                recommendation, outcome=typed["decision"], finding=typed["words"], **words
            )
            done = _("Recommendation %(number)d is judged.") % number
    except LooksPersonal as refused:
        form.object_to(refused)
        return None
    except NotAllowed as error:
        raise PermissionDenied from error
    except Conflict as error:
        read_again(form, judging.standing(Recommendation.objects.get(pk=recommendation.pk)))
        messages.warning(request, str(error))
        return None
    except DomainError as error:
        messages.error(request, str(error))
        return None
    messages.success(request, done)
    return redirect(recommendation)


def read_again(form: Any, now: judging.Standing) -> None:
    """Let the page that is shown after a conflict know of what it shows now; what was typed stays."""
    data = form.data.copy()
    data[form.add_prefix("seen")] = form.fields["seen"].prepare_value(now)
    form.data = data


def what_the_force_gave(recommendation: Recommendation, request: HttpRequest) -> dict[str, Any]:
    """Return the force's words, files by point, earlier judgements and questions, for templates/…/given.jinja.

    Six queries, however many there are.
    """
    files = list(
        Evidence.objects.visible_to(request.user)
        .filter(recommendation=recommendation)
        .select_related("uploaded_by")
        .prefetch_related("points")
    )
    updates = list(
        ProgressUpdate.objects.filter(recommendation=recommendation)
        .select_related("by", "point", "action")
        .order_by("-at", "-pk")
    )
    by_point: dict[int, ProgressUpdate] = {}
    for update in updates:
        if update.point_id is not None:
            by_point.setdefault(update.point_id, update)
    points = [
        {
            "point": point,
            "update": by_point.get(point.pk),
            "files": [file for file in files if point in file.points.all()],
        }
        for point in recommendation.points.all()
    ]
    return {
        "points": points,
        "files": files,
        "file_href": lambda file: reverse("recommendations:evidence", args=[file.pk]),
        "updates": updates[:10],
        "judgements": list(
            Judgement.objects.visible_to(request.user)
            .filter(recommendation=recommendation, took_effect_at__isnull=False)
            .select_related("by", "made_in__force", "continued_by")
        ),
        "returned": list(
            Remark.objects.visible_to(request.user)
            .filter(recommendation=recommendation, returns__isnull=False)
            .select_related("by")
        ),
    }
