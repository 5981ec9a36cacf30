"""Urgent referrals: raise one from a case, acknowledge and answer it, and all of an inspection."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from cases import navigation, personal_data, reading_record, referrals
from cases.models import CaseFile, UrgentReferral
from cases.referral_forms import AnswerForm, ReferralForm
from cases.views import get_case
from inspections import dates, team
from inspections.models import Inspection
from inspections.navigation import subnav

PER_PAGE = 50


def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Refer a case to the force at once. Whatever is refused, what was typed stays on the page."""
    case, user = get_case(request, pk), request.user
    if not team.works_on(case.inspection, user):
        raise PermissionDenied
    if request.method != "POST":
        if not referrals.may_raise(case, user):
            raise PermissionDenied
        return _render_form(request, case, ReferralForm())
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return _render_form(request, case, form)
    wanted = form.cleaned_data
    try:
        referral = referrals.raise_(
            case,
            concern=wanted["concern"],
            must_act=wanted["must_act"],
            by=user,
            personal_data_reason=wanted.get("confirmed_reason", ""),
        )
    except personal_data.LooksPersonal as refused:
        form.object_to(refused)
        return _render_form(request, case, form)
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        return _render_form(request, case, form, status=403)
    messages.success(request, _("The case is referred. Mail to the force is on its way."))
    return redirect(referral)


def _render_form(
    request: HttpRequest, case: CaseFile, form: ReferralForm, status: int = 200
) -> HttpResponse:
    inspection = case.inspection
    context = {
        **_around(request, inspection),
        "case": case,
        "form": form,
        "framework": inspection.framework,
        "force_can_answer": referrals.force_can_answer(inspection),
        "open_referrals": UrgentReferral.objects.visible_to(request.user).open().filter(case=case),
    }
    return render(request, "cases/refer.html", context, status=status)


def referral(request: HttpRequest, pk: int) -> HttpResponse:
    """One referral. The force's lead acknowledges and answers it here, whether or not they may open the case."""
    found = get_object_or_404(
        UrgentReferral.objects.visible_to(request.user)
        .with_words_for(request.user)
        .select_related(
            *("case__area", "case__inspection__force", "case__inspection__framework"),
            *("raised_by", "acknowledged_by", "answered_by"),
        ),
        pk=pk,
    )
    if request.method == "POST":
        if not referrals.may_answer(found, request.user):
            raise PermissionDenied
        if request.POST.get("action") == "acknowledge":
            return _acknowledge(request, found)
        return _answer(request, found)
    reading_record.opened(found.case_id, by=request.user)
    form = AnswerForm() if _waits_for(found, request) else None
    return _render_referral(request, found, form)


def _waits_for(found: UrgentReferral, request: HttpRequest) -> bool:
    return found.answered_at is None and referrals.may_answer(found, request.user)


def _acknowledge(request: HttpRequest, found: UrgentReferral) -> HttpResponse:
    try:
        referrals.acknowledge(found, by=request.user)
    except referrals.AlreadyDone as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The referral is acknowledged. Now say what you do about it."))
    return redirect(found)


def _answer(request: HttpRequest, found: UrgentReferral) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _render_referral(request, found, form)
    try:
        referrals.answer(
            found,
            form.cleaned_data["answer"],
            by=request.user,
            personal_data_reason=form.cleaned_data.get("confirmed_reason", ""),
        )
    except personal_data.LooksPersonal as refused:
        form.object_to(refused)
        return _render_referral(request, found, form)
    except referrals.AlreadyDone as refused:
        context = {"problem": str(refused), "unsent": form.cleaned_data["answer"]}
        return _render_referral(request, refused.referral, None, 409, **context)
    messages.success(request, _("Your answer is sent."))
    return redirect(found)


def _render_referral(
    request: HttpRequest,
    found: UrgentReferral,
    form: AnswerForm | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        **_around(request, found.case.inspection),
        "referral": found,
        "case": found.case,
        "may_open_case": CaseFile.objects.visible_to(request.user)
        .filter(pk=found.case_id)
        .exists(),
        "words_hidden": getattr(found, "words_hidden", False),
        "form": form,
        "problem": "",
        "unsent": "",
        **more,
    }
    return render(request, "cases/referral.html", context, status=status)


def referral_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The urgent referrals of an inspection: open ones first, by what is due next; then the latest answered."""
    inspection = get_object_or_404(
        Inspection.objects.with_urgent_referrals_visible_to(request.user).select_related(
            "force", "framework"
        ),
        pk=pk,
    )
    due_next = Case(
        When(acknowledged_at__isnull=True, then=F("acknowledge_by")), default=F("answer_by")
    )
    found = (
        UrgentReferral.objects.visible_to(request.user)
        .filter(case__inspection=inspection)
        .select_related("case__area")
        .order_by(F("answered_at").desc(nulls_first=True), due_next, "pk")
    )
    context = {
        **_around(request, inspection),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "framework": inspection.framework,
    }
    return render(request, "cases/referrals.html", context)


def _around(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    now = dates.now()
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, request.user, "cases"),
        "sections": navigation.sections(inspection, request.user, "cases", "referrals"),
        "now": now,
        "today": now.date(),
    }
