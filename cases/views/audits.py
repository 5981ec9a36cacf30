"""One case: its audit being written, both audits to read, its exclusion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import User
from cases import grading, history, personal_data, queue, sampling
from cases.forms import AuditForm, ExcludeForm, ReopenForm
from cases.models import Audit, CaseFile, Route
from cases.presentation import comparison, differences, side_name, state_tag
from cases.views import get_case, readable_audits
from inspections.models import Side
from inspections.navigation import subnav


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A case with what each side says of it, as far as the person may read that, and its past."""
    case, user = get_case(request, pk), request.user
    audits = readable_audits(case, user)
    own = _own(audits, user)
    inspection = case.inspection
    return render(
        request,
        "cases/detail.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "case": case,
            "audits": audits,
            "headings": [side_name(audit.side) for audit in audits],
            "comparison": comparison(audits, list(inspection.framework.themes.all())),
            "state": state_tag(case, own),
            "own": own,
            "other_is_hidden": _other_is_hidden(case, audits, user),
            "may_grade": grading.may_grade(case, user) and not (own and own.is_submitted),
            "may_reopen": own is not None and grading.may_reopen(own, user),
            "may_exclude": sampling.may_exclude(inspection, user),
            "next_case": queue.next_case(inspection, user, after=case.reference),
            "progress": queue.progress(inspection, grading.side_of(user), user),
            "history": [h._asdict() for h in history.happenings(case, audits, user)],
        },
    )


def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one side's audit of a case: save it as a draft, or submit it."""
    case = get_case(request, pk)
    if request.method == "POST":
        return _save(request, case)
    own = _own(readable_audits(case, request.user), request.user)
    if grading.may_grade(case, request.user) is None or (own and own.is_submitted):
        return redirect(case)
    return _render_form(request, case, _form(case, own), own)


def _save(request: HttpRequest, case: CaseFile) -> HttpResponse:
    submitting = request.POST.get("action") == "submit"
    form = _form(case, None, request.POST, submitting=submitting)
    if not form.is_valid():
        if grading.may_grade(case, request.user) is None:  # the verb would ask, but is not reached
            raise PermissionDenied
        return _render_form(request, case, form, None)
    try:
        _write(case, form, request.user, submitting=submitting)
    except grading.StaleAudit as stale:
        return _render_conflict(request, case, form, stale.current)
    except personal_data.LooksPersonal as refused:
        form.object_to(refused)
        return _render_form(request, case, form, None)
    except grading.NotReady as refused:
        for name in refused.missing:
            form.add_error(name, str(form.required_messages[name]))
        return _render_form(request, case, form, None)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    if submitting:
        messages.success(
            request, _("The audit of %(case)s is submitted.") % {"case": case.reference}
        )
        return redirect(case)
    messages.success(request, _("The draft of %(case)s is saved.") % {"case": case.reference})
    return redirect("cases:audit", case.pk)


def _write(case: CaseFile, form: AuditForm, user: User, *, submitting: bool) -> Audit:
    wanted = form.cleaned_data

    def save() -> Audit:
        return grading.save(
            case,
            side=grading.side_of(user),
            by=user,
            version=wanted["version"],
            grade=form.chosen_grade,
            reason=wanted["reason"],
            findings=form.findings,
            personal_data_confirmed=wanted["confirmed"],
        )

    if not submitting:
        return save()
    with transaction.atomic():
        saved = save()
        return grading.submit(saved, by=user, version=saved.version)


def _form(
    case: CaseFile, audit: Audit | None, data: Any = None, *, submitting: bool = False
) -> AuditForm:
    framework = case.inspection.framework
    initial: dict[str, Any] = {}
    if audit:
        initial = {
            "version": audit.version,
            "grade": audit.grade.code if audit.grade else "",
            "reason": audit.reason,
        }
        texts = {finding.theme_id: finding.text for finding in audit.findings.all()}
        for theme in framework.themes.all():
            initial[f"finding-{theme.code}"] = texts.get(theme.pk, "")
    return AuditForm(
        data,
        initial=initial,
        grades=list(framework.grades.all()),
        themes=list(framework.themes.all()),
        submitting=submitting,
    )


def _render_form(
    request: HttpRequest, case: CaseFile, form: AuditForm, audit: Audit | None
) -> HttpResponse:
    return render(
        request, "cases/audit.html", {**_around(request, case), "form": form, "audit": audit}
    )


def _render_conflict(
    request: HttpRequest, case: CaseFile, form: AuditForm, current: Audit
) -> HttpResponse:
    """Show both texts of what differs. The form keeps the person's own words and now holds the current version."""
    form.data = {**request.POST.dict(), "version": str(current.version)}
    context = {
        **_around(request, case),
        "form": form,
        "audit": current,
        "differences": differences(current, form),
        "may_reopen": grading.may_reopen(current, request.user),
    }
    return render(request, "cases/conflict.html", context, status=409)


def _around(request: HttpRequest, case: CaseFile) -> dict[str, Any]:
    """Return what stands around the form: the case, what to look for, how far the person's side is."""
    user, inspection = request.user, case.inspection
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "cases"),
        "case": case,
        "indicators": case.area.indicators.all(),
        "progress": queue.progress(inspection, grading.side_of(user), user),
        "next_case": queue.next_case(inspection, user, after=case.reference),
    }


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
                personal_data_confirmed=form.cleaned_data["confirmed"],
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
                personal_data_confirmed=form.cleaned_data["confirmed"],
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
    return next((audit for audit in audits if audit.side == grading.side_of(user)), None)


def _other_is_hidden(case: CaseFile, audits: list[Audit], user: User) -> bool:
    """Whether there may be an audit of the other side that `user` cannot read yet, whether or not there is one."""
    if len(audits) > 1:
        return False
    if user.is_force:
        return not case.inspection.force_sees_findings
    submitted = any(audit.side == Side.INSPECTORATE and audit.is_submitted for audit in audits)
    return case.route == Route.SELF_ASSESSED and not submitted
