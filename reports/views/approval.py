"""Approval by a lead, and what a manager makes of it: published now, at a chosen minute, or not."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from inspections import dates, stages
from inspections.models import Inspection, Stage
from inspections.navigation import subnav
from reports import approval, approved, corrections, drafted, guards, navigation, publication
from reports.forms import PublishForm
from reports.forms_checking import ScheduleForm
from reports.models import Approval
from reports.views import get_drafted, person

MINUTE = "j F Y, H:i"


def approval_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where approval stands, what is in its way, and who did what; a POST approves or takes an approval back."""
    inspection, user = get_drafted(request, pk), person(request)
    if user.is_force:
        raise Http404
    refused: list[str] = []
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                standing = approved.standing(inspection)
                if standing is None:
                    raise Conflict(_("This approval does not stand any more."))
                approval.withdraw(standing, by=user)
                messages.success(request, _("The approval has been taken back."))
            else:
                approval.approve(inspection, by=user)
                messages.success(
                    request, _("You have approved the report. A manager publishes it.")
                )
            return redirect("reports:approval", inspection.pk)
        except NotAllowed as error:
            raise PermissionDenied from error
        except stages.NotYet as error:
            refused = error.reasons
        except Conflict as error:
            refused = [str(error)]
    return _approval_page(request, inspection, refused)


@drafted.compiled_once()
def _approval_page(
    request: HttpRequest, inspection: Inspection, refused: list[str]
) -> HttpResponse:
    user = person(request)
    standing = approved.standing(inspection)
    prepared = drafted.is_being_prepared(inspection)
    obstacles = guards.before_approval(inspection) if prepared else []
    known = {each.text for each in obstacles}
    reasons = approval.reasons_against_approval(inspection) if prepared else []
    document = drafted.document(inspection) if prepared else None
    correction = drafted.open_correction(inspection)
    latest = drafted.last_version(inspection) if inspection.is_published else None
    context = {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, "approval"),
        "prepared": prepared,
        "standing": standing,
        "holds": bool(standing and document and approved.holds(standing, document)),
        "obstacles": obstacles,
        "reasons": [reason for reason in refused or reasons if reason not in known],
        "doubts": guards.doubts(inspection, user) if document else [],
        "may_approve": approval.may_approve(inspection, user) and prepared,
        "may_decide": approval.may_decide(inspection, user) and prepared,
        "may_withdraw": approval.may_approve(inspection, user) or user.is_manager,
        "history": Approval.objects.visible_to(user)
        .filter(inspection=inspection)
        .select_related("lead", "manager", "withdrawn_by", "publication"),
        "correction": correction,
        "changes": corrections.changes(inspection, latest, document)
        if correction and latest and document
        else [],
        "may_open_correction": corrections.may_open(inspection, user),
        "latest": latest,
    }
    status = 409 if refused else 200
    return render(request, "reports/approval.html", context, status=status)


def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing will do, and to how many; then do it, at once or at the minute that was chosen."""
    inspection, user = get_drafted(request, pk), person(request)
    if not user.is_manager:
        raise PermissionDenied
    if inspection.is_published and drafted.open_correction(inspection) is None:
        return redirect("reports:outline", inspection.pk)
    later = "later" in request.POST
    form = _form(inspection, request.POST if request.method == "POST" and not later else None)
    schedule = ScheduleForm(request.POST if later else None)
    if request.method != "POST" or not (schedule if later else form).is_valid():
        return _confirm(request, inspection, form, schedule)
    try:
        if later:
            return _schedule(request, inspection, schedule)
        return _publish(request, inspection, form)
    except NotAllowed as error:
        return _confirm(request, inspection, form, schedule, [str(error)])
    except stages.NotYet as not_yet:
        inspection.refresh_from_db()
        return _confirm(request, inspection, form, schedule, not_yet.reasons)
    except approval.MinuteRefused as refused:
        schedule.add_error("publish_time", str(refused))
        return _confirm(request, inspection, form, schedule)


def _publish(request: HttpRequest, inspection: Inspection, form: PublishForm) -> HttpResponse:
    user = person(request)
    if inspection.is_published:
        made = publication.publish_correction(inspection, by=user)
    else:
        made = publication.publish(
            inspection,
            by=user,
            published_on=form.cleaned_data["published_on"],
            month_only=form.cleaned_data["month_only"],
        )
    messages.success(
        request,
        _("%(inspection)s has been published. The PDF is being made.") % {"inspection": inspection},
    )
    return redirect("reports:publication", made.pk)


def _schedule(request: HttpRequest, inspection: Inspection, form: ScheduleForm) -> HttpResponse:
    at = form.cleaned_data["at"]
    approval.schedule(inspection, at=at, by=person(request))
    text = _("%(inspection)s will be published on %(moment)s.")
    messages.success(request, text % {"inspection": inspection, "moment": date_format(at, MINUTE)})
    return redirect("reports:approval", inspection.pk)


def _form(inspection: Inspection, data: QueryDict | None = None) -> PublishForm:
    # Fieldwork may have begun before the day that was planned for it; today is always possible.
    return PublishForm(data, not_before=min(inspection.fieldwork_start, dates.today()))


@drafted.compiled_once()
def _confirm(
    request: HttpRequest,
    inspection: Inspection,
    form: PublishForm,
    schedule: ScheduleForm,
    reasons: list[str] | None = None,
) -> HttpResponse:
    obstacles = guards.obstacles(inspection)
    known = {obstacle.text for obstacle in obstacles}
    if reasons is None:
        reasons = _reasons(inspection)
        if not approval.may_decide(inspection, person(request)):
            reasons.append(
                _("You approved this report as its lead. Another person has to publish it.")
            )
    document = drafted.document(inspection)
    context = {
        "inspection": inspection,
        "form": form,
        "schedule": schedule,
        "subnav": subnav(inspection, person(request), "report"),
        "sections": navigation.sections(inspection, person(request), "approval"),
        "standing": approved.standing(inspection),
        "obstacles": obstacles,
        "reasons": [reason for reason in reasons if reason not in known],
        "doubts": guards.doubts(inspection, person(request)),
        "document": document,
    }
    status = 200 if request.method != "POST" else 400 if form.errors or schedule.errors else 409
    return render(request, "reports/publish.html", context, status=status)


def _reasons(inspection: Inspection) -> list[str]:
    if inspection.is_published:
        return []
    move = stages.TRANSITIONS["publish"]
    reasons = stages.reasons_against(inspection, move)
    if inspection.stage not in move.from_stages:
        text = _(
            "This inspection is at the stage “%(stage)s”; a report is published after the %(needed)s."
        )
        stage, needed = Stage(inspection.stage).label, str(Stage.FACTUAL_ACCURACY.label).lower()
        reasons.insert(0, text % {"stage": stage, "needed": needed})
    return reasons
