"""A review or re-inspection: each earlier recommendation taken up again, and grades then and now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from cases.models import CaseFile
from cases.personal_data import LooksPersonal
from inspections import dates
from inspections.deadlines import SOON_DAYS
from inspections.models import Inspection
from inspections.navigation import subnav
from inspections.views import get_inspection
from recommendations import judging, publication, reviewing, then_and_now
from recommendations.judging_forms import EarlierForm, Next, TiedCasesForm, initial_of
from recommendations.models import Judgement, Recommendation
from recommendations.navigation import sections
from recommendations.views.judging import read_again, what_the_force_gave

MOST_OFFERED = 300  # cases to tick; a review reads fewer


def overview(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """Every recommendation of the earlier inspection, and what this review makes of it."""
    review = _get_review(request, inspection_pk)
    rows = reviewing.earlier(review, request.user)
    may_judge = judging.may_judge_in(review, request.user)
    unjudged = [one for one in rows if one.judgement is None]
    context = {
        **_frame(request, review, "review"),
        "rows": rows,
        "judged": len(rows) - len(unjudged),
        "may_judge": may_judge,
        "next_one": unjudged[0].recommendation if may_judge and unjudged else None,
        "parent": _parent(request, review),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/review.html", context)


def one(request: HttpRequest, inspection_pk: int, recommendation_pk: int) -> HttpResponse:
    """One earlier recommendation: the force's evidence, the cases looked at because of it, and the judgement."""
    review = _get_review(request, inspection_pk)
    recommendation = get_object_or_404(
        Recommendation.objects.visible_to(request.user)
        .filter(inspection=review.parent_id)
        .select_related("inspection__force", "theme", "timescale", "deadline")
        .prefetch_related("points"),
        pk=recommendation_pk,
    )
    may_judge = judging.may_judge_in(review, request.user)
    tied = reviewing.cases_of(review, recommendation, request.user)
    last = (
        Judgement.objects.visible_to(request.user)
        .filter(recommendation=recommendation, made_in=review)
        .select_related("by", "continued_by")
        .first()
    )
    form = tie_form = None
    status = 200
    if request.method == "POST" and not judging.acts_for(review, request.user):
        raise PermissionDenied
    if may_judge or request.method == "POST":
        ties = request.method == "POST" and request.POST.get("action") == "tie"
        judges = request.method == "POST" and not ties
        offered = _offered(review, tied, request)
        tie_form = TiedCasesForm(
            request.POST if ties else None, offered=offered, initial={"cases": tied}
        )
        form = EarlierForm(
            request.POST if judges else None,
            review=review,
            recommendation=recommendation,
            may_continue=reviewing.may_continue(review, request.user),
            initial={
                **initial_of(last),
                "seen": judging.standing(recommendation, made_in=review),
            },
        )
        answer = None
        if ties and tie_form.is_valid():
            answer = _tie(request, review, recommendation, tie_form)
        elif judges and form.is_valid():
            answer = _judge(request, review, recommendation, form)
            status = 409
        if answer:
            return answer
    gave = what_the_force_gave(recommendation, request)
    # This review's own judgement stands at the end of the page.
    gave["judgements"] = [each for each in gave["judgements"] if each.made_in_id != review.pk]
    context = {
        **_frame(request, review, "review"),
        "recommendation": recommendation,
        "how_dated": publication.how_dated(recommendation),
        "asked": judging.request_of(recommendation),
        "last": last,
        "tied": tied,
        "form": form if may_judge or request.method == "POST" else None,
        "tie_form": tie_form,
        "drafting": reviewing.may_continue(review, request.user),
        "today": dates.today(),
        "soon_days": SOON_DAYS,
        **gave,
    }
    return render(request, "recommendations/review_one.html", context, status=status)


def _tie(
    request: HttpRequest, review: Inspection, recommendation: Recommendation, form: TiedCasesForm
) -> HttpResponse | None:
    try:
        reviewing.tie_cases(
            review, recommendation, list(form.cleaned_data["cases"]), by=request.user
        )
    except NotAllowed as error:
        raise PermissionDenied from error
    except DomainError as error:
        messages.error(request, str(error))
        return None
    messages.success(request, _("The cases are saved."))
    return redirect("recommendations:review_one", review.pk, recommendation.pk)


def _judge(
    request: HttpRequest, review: Inspection, recommendation: Recommendation, form: EarlierForm
) -> HttpResponse | None:
    """Judge as the form says; None if it has to be shown again."""
    typed = form.cleaned_data
    then = typed["then"]
    try:
        reviewing.judge(
            recommendation,
            review,
            outcome=typed["outcome"],
            finding=typed["finding"],
            by=request.user,
            successor=typed["successor"] if then == Next.REPLACE else None,
            carry_to=(typed["theme"], typed["timescale"]) if then == Next.CARRY else None,
            seen=typed["seen"],
            personal_data_reason=typed["confirmed_reason"],
        )
    except LooksPersonal as refused:
        form.object_to(refused)
        return None
    except NotAllowed as error:
        raise PermissionDenied from error
    except Conflict as error:
        current = Recommendation.objects.get(pk=recommendation.pk)
        read_again(form, judging.standing(current, made_in=review))
        messages.warning(request, str(error))
        return None
    except DomainError as error:
        messages.error(request, str(error))
        return None
    messages.success(
        request,
        _("Recommendation %(number)d is judged. It takes effect when this report is published.")
        % {"number": recommendation.number},
    )
    return redirect("recommendations:review", review.pk)


def then_and_now_page(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """The grades of the earlier inspection and of this one, by area, side by side."""
    review = _get_review(request, inspection_pk)
    parent = _parent(request, review)
    found = then_and_now.compare(parent, review, request.user) if parent else None
    context = {
        **_frame(request, review, "then_and_now"),
        "parent": parent,
        "compared": found,
    }
    return render(request, "recommendations/then_and_now.html", context)


def _get_review(request: HttpRequest, pk: int) -> Inspection:
    review = get_inspection(request, pk)
    if not reviewing.may_read(review, request.user):
        raise Http404
    return review


def _parent(request: HttpRequest, review: Inspection) -> Inspection | None:
    return (
        Inspection.objects.visible_to(request.user)
        .filter(reviews=review)
        .select_related("force", "framework")
        .first()
    )


def _frame(request: HttpRequest, review: Inspection, active: str) -> dict[str, Any]:
    return {
        "inspection": review,
        "subnav": subnav(review, request.user, "follow_up"),
        "sections": sections(review, request.user, active),
        "not_begun": judging.not_begun(review),
    }


def _offered(review: Inspection, tied: list[CaseFile], request: HttpRequest) -> list[CaseFile]:
    """Return the cases to tick: those that are tied, then the others by area."""
    others = (
        CaseFile.objects.visible_to(request.user)
        .counted()
        .filter(inspection=review)
        .exclude(pk__in=[case.pk for case in tied])
        .select_related("area")
        .order_by("area__order", "reference")
    )
    return tied + list(others[: max(0, MOST_OFFERED - len(tied))])
