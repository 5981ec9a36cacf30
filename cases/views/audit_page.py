"""The page on which one side's audit of a case is written: saved by hand or by itself, submitted, or in conflict.

A script that saves by itself asks for JSON and always gets JSON, never a page to sign in on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from cases import (
    audit_rows,
    content,
    grading,
    navigation,
    personal_data,
    queue,
    reading_record,
    referrals,
)
from cases.audit_form import ADDING, AuditForm
from cases.content import Contents, UnfitContent
from cases.models import Audit, CaseFile
from cases.presentation import Difference, differences
from config.jinja import format_time
from inspections import methodology, team
from inspections.methodology import Methodology
from inspections.navigation import subnav

SUBMIT, RESOLVE = "submit", "resolve"
GO_ON = {"next", "save_next"}
CHOOSE = "choose-"


class Answer(NamedTuple):
    """What happened to what was sent: for a script as JSON, for a person as a page."""

    request: HttpRequest
    case: CaseFile
    form: AuditForm
    parts: Methodology


@login_not_required  # so that a script is told 401 instead of being sent to the page for signing in
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one side's audit of a case, or one's own further reading: save it as a draft, or submit it."""
    if not request.user.is_authenticated:
        if _wants_json(request):
            return JsonResponse({"detail": _("You are signed out.")}, status=401)
        return redirect_to_login(request.get_full_path())
    try:
        case = _case(request.user, pk, saving=request.method == "POST")
        if request.method == "POST":
            return _take(request, case)
    except (PermissionDenied, Http404) as refused:
        if not _wants_json(request):
            raise
        return _refused(refused)
    own = grading.own_audit(case, request.user)
    if grading.may_grade(case, request.user) is None or (own and own.is_submitted):
        return redirect(case)
    reading_record.opened(case, by=request.user)
    parts = methodology.of(case.inspection.framework)
    form = AuditForm(case, parts, **_saved(own, parts))
    if own:
        own.case = case
        place = personal_data.Place.of_audit(own)
        form.warn(personal_data.unresolved(dict(form.contents.texts()), place))
    return _render(request, case, form, own)


def _refused(refused: Exception) -> JsonResponse:
    if isinstance(refused, Http404):
        return JsonResponse({"detail": _("There is no such case.")}, status=404)
    detail = str(refused) or _("You cannot grade this case at this stage.")
    return JsonResponse({"detail": detail}, status=403)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _case(user: User, pk: int, *, saving: bool) -> CaseFile:
    """Return the case if `user` may open it, with all that the page shows or that saving needs to know; one query."""
    cases = CaseFile.objects.visible_to(user).select_related("inspection__framework")
    if saving:
        cases = audit_rows.with_standing(cases, grading.side_of(user), user)
    else:
        cases = cases.select_related("area", "inspection__force")
    case = cases.filter(pk=pk).first()
    if case is None:
        raise Http404
    if saving:
        team.know(case.inspection, user, case.place_in_team)  # type: ignore[attr-defined]
    return case


def _saved(own: Audit | None, parts: Methodology) -> dict[str, Any]:
    if own is None:
        return {}
    return {"contents": _contents(own, parts), "version": own.version}


def _contents(own: Audit, parts: Methodology) -> Contents:
    prefetch_related_objects([own], "answers", "findings")
    return Contents.of(own, parts)


# -- What was sent -------------------------------------------------------------------------------------------------


def _take(request: HttpRequest, case: CaseFile) -> HttpResponse:
    parts = methodology.of(case.inspection.framework)
    form = AuditForm(case, parts, request.POST)
    action = request.POST.get("action", "")
    if action in ADDING:
        if grading.may_grade(case, request.user) is None:
            raise PermissionDenied
        form.add_row(ADDING[action])
        return _render(request, case, form, None)
    if not form.is_valid():
        if grading.may_grade(case, request.user) is None:  # the verb would ask, but is not reached
            raise PermissionDenied
        if _wants_json(request):
            return JsonResponse({"errors": form.all_errors}, status=400)
        return _render(request, case, form, None)
    return _save(Answer(request, case, form, parts), action)


def _save(sent: Answer, action: str) -> HttpResponse:
    form, case, user = sent.form, sent.case, sent.request.user
    contents, version = form.contents, form.cleaned_data["version"]
    if action == RESOLVE:
        current = grading.own_audit(case, user)
        if current is None:
            raise PermissionDenied
        theirs = _contents(current, sent.parts)
        chosen = _chosen(sent, theirs)
        if chosen is None:
            return _conflict(sent, current, unanswered=True)
        contents = content.merged(theirs, contents, chosen)
    try:
        recorded = grading.record(
            case,
            contents,
            by=user,
            version=version,
            submitting=action == SUBMIT,
            personal_data_reason=form.cleaned_data.get("confirmed_reason", ""),
        )
    except grading.StaleAudit as stale:
        return _conflict(sent, stale.current)
    except (NotAllowed, UnfitContent) as refused:
        raise PermissionDenied(str(refused)) from refused
    if _wants_json(sent.request):
        return _saved_answer(sent, recorded)
    if recorded.refused:
        return _not_submitted(sent, recorded)
    return _go_on(sent, action)


def _chosen(sent: Answer, theirs: Contents) -> set[str] | None:
    """Return the parts of which the person took the other version; None if a choice is missing."""
    choices = {
        name: sent.request.POST.get(f"{CHOOSE}{name}", "")
        for name in content.differing(theirs, sent.form.contents)
    }
    if not set(choices.values()) <= {"theirs", "mine"}:
        return None
    return {name for name, choice in choices.items() if choice == "theirs"}


def _saved_answer(sent: Answer, recorded: grading.Recorded) -> HttpResponse:
    """Tell a script that all is saved, and what of it looks like personal data."""
    place = personal_data.Place.of_audit(Audit(pk=recorded.pk, case=sent.case))
    found = personal_data.unresolved(dict(sent.form.contents.texts()), place)
    answer = {
        "version": recorded.version,
        "saved_at": format_time(recorded.at),
        "warnings": {
            sent.form.text_field_of(name): [
                {"what": str(each.what), "fragment": each.found} for each in those
            ]
            for name, those in found.items()
        },
    }
    return JsonResponse(answer)


def _not_submitted(sent: Answer, recorded: grading.Recorded) -> HttpResponse:
    """Show what stands in the way of the submission; the draft is saved."""
    form, refused = sent.form, recorded.refused
    form.put("version", str(recorded.version))
    if isinstance(refused, grading.NotReady):
        form.show_problems({name: [sentence] for name, sentence in refused.problems.items()})
    elif refused is not None:
        form.object_to(refused)
    return _render(sent.request, sent.case, form, None, saved_at=recorded.at)


def _go_on(sent: Answer, action: str) -> HttpResponse:
    request, case = sent.request, sent.case
    if action == SUBMIT:
        messages.success(
            request, _("The audit of %(case)s is submitted.") % {"case": case.reference}
        )
        return redirect(case)
    messages.success(request, _("The draft of %(case)s is saved.") % {"case": case.reference})
    if action in GO_ON:
        following = queue.next_case(case.inspection, request.user, after=case.reference)
        if following:
            return redirect("cases:audit", following.pk)
        messages.info(request, _("There is no other case for you to grade now."))
    return redirect("cases:audit", case.pk)


# -- Pages ---------------------------------------------------------------------------------------------------------


def _render(
    request: HttpRequest,
    case: CaseFile,
    form: AuditForm,
    own: Audit | None,
    *,
    saved_at: Any = None,
) -> HttpResponse:
    context = {
        **_around(request, case),
        "form": form,
        "audit": own,
        "saved_at": own.updated_at if own else saved_at,
        "progress": queue.standing(case.inspection, grading.side_of(request.user), request.user),
        "next_case": queue.next_case(case.inspection, request.user, after=case.reference),
    }
    return render(request, "cases/audit.html", context)


def _conflict(sent: Answer, current: Audit, *, unanswered: bool = False) -> HttpResponse:
    """Show both versions of what differs, to choose from. All that the person typed goes along in hidden fields."""
    request, case, form = sent.request, sent.case, sent.form
    current.case = case
    found = differences(_contents(current, sent.parts), form.contents, sent.parts, case.area_id)
    if _wants_json(request):
        return JsonResponse(_conflict_as_json(current, found, form), status=409)
    context = {
        **_around(request, case),
        "audit": current,
        "differences": found,
        "chosen": {each.name: request.POST.get(CHOOSE + each.name) or each.likely for each in found},
        "unanswered": unanswered,
        "sent": _as_sent(request.POST),
        "may_reopen": grading.may_reopen(current, request.user),
    }  # fmt: skip
    return render(request, "cases/conflict.html", context, status=409)


def _conflict_as_json(current: Audit, found: list[Difference], form: AuditForm) -> dict[str, Any]:
    return {
        "version": current.version,
        "by": current.updated_by.name if current.updated_by else "",
        "submitted": current.is_submitted,
        "differences": [
            {
                "field": form.text_field_of(each.name),
                "label": each.label,
                "theirs": each.theirs,
                "mine": each.mine,
            }
            for each in found
        ],
    }


def _as_sent(data: QueryDict) -> list[tuple[str, str]]:
    """Return the fields of the form as they were sent, without what the page of the conflict says itself."""
    aside = {"csrfmiddlewaretoken", "version", "action"}
    return [
        (name, value)
        for name, values in data.lists()
        if name not in aside and not name.startswith(CHOOSE)
        for value in values
    ]


def _around(request: HttpRequest, case: CaseFile) -> dict[str, Any]:
    """Return what stands around the form: the inspection's navigation and the case."""
    inspection, user = case.inspection, request.user
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "cases"),
        "sections": navigation.sections(inspection, user, "cases", ""),
        "case": case,
        "may_refer": referrals.may_raise(case, user),
    }
