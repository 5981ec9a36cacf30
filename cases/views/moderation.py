"""Moderation: the queue of cases whose audits differ, and the page on which a lead settles one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from cases import grading, moderation, navigation, personal_data, reading_record, readings
from cases.models import Audit, CaseFile, Reading
from cases.presentation import comparison, heading
from cases.reading_forms import QueueFilter, SettleForm
from cases.views import get_case, get_inspection, readable_audits
from inspections import methodology, team
from inspections.models import Side
from inspections.navigation import subnav

PER_PAGE = 50
MOST_UNDER_WAY = 50


def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases whose audits differ, the largest difference first, and the readings that are still owed."""
    inspection, user = get_inspection(request, pk), request.user
    if user.is_force:
        raise Http404
    form = QueueFilter(request.GET)
    form.is_valid()  # a choice that makes no sense is left aside
    wanted = form.cleaned_data
    found = moderation.queue(
        inspection, user, kind=wanted.get("kind", ""), state=wanted.get("state", "")
    )
    page = Paginator(moderation.with_readings(found), PER_PAGE).get_page(request.GET.get("page"))
    scale = methodology.of(inspection.framework)
    owed = readings.under_way(inspection).select_related("case", "reader")
    return render(
        request,
        "cases/moderation.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "sections": navigation.sections(inspection, user, "cases", "moderation"),
            "form": form,
            "is_filtered": form.has_changed(),
            "counts": moderation.counts(inspection, user),
            "page": page,
            "grades": {grade.pk: grade for grade in scale.grades},
            "settles": team.leads(inspection, user)
            and inspection.stage in grading.STAGES_OF_INSPECTORATE,
            "owed": owed[:MOST_UNDER_WAY],
            "asks": readings.may_ask(inspection, user),
        },
    )


def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Every audit of a case side by side, every grade it ever had, and the form that settles the final one."""
    case, user = get_case(request, pk), request.user
    if not (grading.side_of(user) == Side.INSPECTORATE and team.leads(case.inspection, user)):
        raise PermissionDenied
    if not moderation.may_settle(case, user):
        messages.info(
            request,
            _("You can settle this grade once you have submitted your own reading of the case.")
            if Audit.objects.unfinished_readings_of(user).filter(case=case).exists()
            else _("The grade of this case cannot be settled at this stage."),
        )
        return redirect(case)
    reading_record.opened(case, by=user)
    audits = readable_audits(case, user)
    main = _main(audits)
    if main is None or not main.is_submitted:
        messages.info(
            request,
            _(
                "The inspectorate’s audit of this case is not submitted, so there is nothing to settle yet."
            ),
        )
        return redirect(case)
    form = _form(case, main, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _settle(main, form, user)
        except personal_data.LooksPersonal as refused:
            form.object_to(refused)
        except grading.StaleAudit as stale:
            status = 409
            form.data = {**request.POST.dict(), "version": str(stale.current.version)}
            form.add_error(None, _changed(stale.current))
            audits = readable_audits(case, user)
        except moderation.NotSubmitted as refused:
            status = 409
            form.add_error(None, str(refused))
        except NotAllowed as refused:
            raise PermissionDenied from refused
        else:
            messages.success(
                request,
                _("The final grade of %(case)s is settled: %(grade)s.")
                % {"case": case.reference, "grade": form.chosen.label},
            )
            return redirect("cases:moderate", case.pk)
    return render(
        request, "cases/moderate.html", _context(request, case, audits, form), status=status
    )


def _settle(main: Audit, form: SettleForm, user: Any) -> None:
    moderation.settle(
        main,
        form.chosen,
        form.cleaned_data["reason"],
        by=user,
        version=form.cleaned_data["version"],
        personal_data_reason=form.cleaned_data.get("confirmed_reason", ""),
    )


def _changed(current: Audit) -> str:
    return _(
        "%(name)s changed this audit after you opened it. Read below how it stands now. What you wrote is kept: "
        "settle again if it still holds."
    ) % {"name": current.updated_by or _("Somebody")}


def _form(case: CaseFile, main: Audit, data: Any) -> SettleForm:
    grades = list(methodology.of(case.inspection.framework).grades)
    initial: dict[str, Any] = {"version": main.version}
    if main.moderated_at and main.final_grade:
        initial |= {"grade": main.final_grade.code, "reason": main.moderation_reason}
    return SettleForm(data, initial=initial, grades=grades)


def _context(
    request: HttpRequest, case: CaseFile, audits: list[Audit], form: SettleForm
) -> dict[str, Any]:
    user, inspection, main = request.user, case.inspection, _main(audits)
    following = moderation.queue(inspection, user, state=moderation.OPEN).exclude(pk=case.pk)
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "cases"),
        "sections": navigation.sections(inspection, user, "cases", "moderation"),
        "case": case,
        "form": form,
        "main": main,
        "audits": audits,
        "headings": [heading(audit) for audit in audits],
        "comparison": comparison(audits),
        "record": moderation.grades_on_record(case, audits),
        "owed": [a for a in readings.of_case(case) if a.first_submitted_at is None],
        "may_reopen": main is not None and grading.may_reopen(main, user),
        "following": following.first(),
    }


def _main(audits: list[Audit]) -> Audit | None:
    return next(
        (a for a in audits if a.side == Side.INSPECTORATE and a.reading == Reading.MAIN), None
    )
