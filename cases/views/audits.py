"""One case: its audits to read, its exclusion, the reopening of an audit."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import User
from cases import grading, history, personal_data, queue, reading_record, referrals, sampling
from cases.forms import ExcludeForm, ReopenForm
from cases.models import Audit, CaseFile, Reading, Route, UrgentReferral
from cases.presentation import comparison, heading, state_tag
from cases.views import get_case, readable_audits
from cases.views.readings import may as may_about_readings
from config import hooks
from inspections import team
from inspections.models import Side
from inspections.navigation import subnav


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A case with what each side says of it, as far as the person may read that, and its past."""
    case, user = get_case(request, pk), request.user
    audits = readable_audits(case, user)
    own = _own(audits, user)
    inspection = case.inspection
    reading_record.opened(case, by=user)
    return render(
        request,
        "cases/detail.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "case": case,
            "audits": audits,
            "headings": [heading(audit) for audit in audits],
            "comparison": comparison(audits),
            "state": state_tag(case, own),
            "own": own,
            "other_is_hidden": _other_is_hidden(case, audits, user),
            "may_grade": grading.may_grade(case, user) and not (own and own.is_submitted),
            "may_reopen": own is not None and grading.may_reopen(own, user),
            "may_exclude": sampling.may_exclude(inspection, user),
            "may_know_readers": team.directs(inspection, user),
            "readings": may_about_readings(case, audits, user),
            "may_refer": referrals.may_raise(case, user),
            "referrals": UrgentReferral.objects.visible_to(user).filter(case=case).order_by("pk"),
            "links": [
                link for links in hooks.load(*settings.CASE_LINKS) for link in links(case, user)
            ],
            "next_case": queue.next_case(inspection, user, after=case.reference),
            "progress": queue.progress(inspection, grading.side_of(user), user),
            "history": [h._asdict() for h in history.happenings(case, audits, user)],
        },
    )


def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the person's own side's submitted audit a draft again, with a reason."""
    case = get_case(request, pk)
    own = _own(readable_audits(case, request.user), request.user)
    if own is None or not grading.may_reopen(own, request.user):
        raise PermissionDenied
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            grading.reopen(
                own,
                by=request.user,
                reason=form.cleaned_data["reason"],
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except personal_data.LooksPersonal as refused:
            form.object_to(refused)
        except (NotAllowed, grading.StaleAudit) as refused:
            raise PermissionDenied from refused
        else:
            messages.success(request, _("The audit is a draft again."))
            return redirect("cases:audit", case.pk)
    return render(
        request,
        "cases/reopen.html",
        {
            "inspection": case.inspection,
            "subnav": subnav(case.inspection, request.user, "cases"),
            "case": case,
            "form": form,
            "audit": own,
        },
    )


def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a case out of every figure, with a reason."""
    case = get_case(request, pk)
    if not sampling.may_exclude(case.inspection, request.user):
        raise PermissionDenied
    if case.excluded_at:
        return redirect(case)
    form = ExcludeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sampling.exclude(
                case,
                reason=form.cleaned_data["reason"],
                personal_data_reason=form.cleaned_data["confirmed_reason"],
                by=request.user,
            )
        except personal_data.LooksPersonal as refused:
            form.object_to(refused)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            messages.success(
                request, _("Case %(reference)s is excluded.") % {"reference": case.reference}
            )
            return redirect(case)
    return render(
        request,
        "cases/exclude.html",
        {
            "inspection": case.inspection,
            "subnav": subnav(case.inspection, request.user, "cases"),
            "case": case,
            "form": form,
        },
    )


@require_POST
def include(request: HttpRequest, pk: int) -> HttpResponse:
    """Count an excluded case again."""
    case = get_case(request, pk)
    try:
        sampling.include(case, by=request.user)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    messages.success(request, _("Case %(reference)s counts again.") % {"reference": case.reference})
    return redirect(case)


def _own(audits: list[Audit], user: User) -> Audit | None:
    """The further reading that `user` was asked for, else their side's own audit: see `grading.own_audit`."""
    side = grading.side_of(user)
    reading = next((audit for audit in audits if audit.reader_id == user.pk), None)
    return reading or next(
        (audit for audit in audits if audit.side == side and audit.reading == Reading.MAIN), None
    )


def _other_is_hidden(case: CaseFile, audits: list[Audit], user: User) -> bool:
    """Whether there may be an audit of the other side that `user` cannot read yet, whether or not there is one."""
    if user.is_force:
        return not case.inspection.force_sees_findings
    ours = [a for a in audits if a.side == Side.INSPECTORATE and a.reading == Reading.MAIN]
    submitted_once = any(audit.first_submitted_at for audit in ours)
    return case.route == Route.SELF_ASSESSED and not submitted_once
