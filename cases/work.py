"""What waits for a person because of cases (settings.WORK_PROVIDERS)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import Urgency, WorkItem
from cases import grading
from cases.models import Audit, CaseFile, Route
from inspections.models import Area, Inspection, InspectionQuerySet, Side, Stage, TeamMember

MOST = 20  # inspections; nobody works on more at a time


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return the inspections in which `user` has cases to put in or to grade, in one query.

    The force's assessors see theirs with its deadline; inspectors see those of their teams, fieldwork by its last day.
    """
    if user.is_force:
        if not (user.is_force_assessor or user.is_force_lead):
            return []
        waiting = Inspection.objects.visible_to(user).filter(stage=Stage.SELF_ASSESSMENT)
        items = [
            item for found in _counted(waiting, Side.FORCE) for item in _self_assessment(found)
        ]
    elif user.is_inspector:
        mine = TeamMember.objects.filter(user=user).values("inspection")
        waiting = Inspection.objects.visible_to(user).filter(
            pk__in=mine, stage__in=grading.STAGES_OF_INSPECTORATE
        )
        items = [
            item for found in _counted(waiting, Side.INSPECTORATE) for item in _fieldwork(found)
        ]
    else:
        return []
    return items


def _counted(inspections: InspectionQuerySet, side: Side) -> list[Inspection]:
    """Annotate how many cases `side` has to grade (`cases_total`) and has graded (`cases_done`)."""
    submitted = Audit.objects.submitted().filter(case=OuterRef("pk"), side=side)
    cases = CaseFile.objects.counted().filter(inspection=OuterRef("pk")).order_by()
    if side == Side.FORCE:
        cases = cases.filter(route=Route.SELF_ASSESSED)
    in_inspection = cases.values("inspection")
    return list(
        inspections.select_related("force")
        .annotate(
            sample_quota=Area.objects.filter(framework=OuterRef("framework"))
            .order_by()
            .values("framework")
            .annotate(n=Sum("sample_quota"))
            .values("n"),
            cases_total=in_inspection.annotate(n=Count("pk")).values("n"),
            cases_done=in_inspection.annotate(n=Count("pk", filter=Q(Exists(submitted)))).values(
                "n"
            ),
        )
        .order_by("fieldwork_end", "pk")[:MOST]
    )


def _self_assessment(inspection: Inspection) -> list[WorkItem]:
    """What the sample still lacks, and what of it is to be graded."""
    done, total = _progress(inspection)
    quota = inspection.sample_quota or 0  # type: ignore[attr-defined]
    titles = []
    if total < quota:
        titles.append(
            _("Put in the sample: %(there)d of %(quota)d cases are there")
            % {"there": total, "quota": quota}
        )
    if total > done:
        titles.append(
            ngettext(
                "Grade %(count)d case of the sample",
                "Grade %(count)d cases of the sample",
                total - done,
            )
            % {"count": total - done}
        )
    return [
        WorkItem(
            title,
            reverse("cases:sample", args=[inspection.pk]),
            detail=str(inspection),
            due_on=inspection.self_assessment_due,
            urgency=Urgency.WAITING,
        )
        for title in titles
    ]


def _fieldwork(inspection: Inspection) -> list[WorkItem]:
    done, total = _progress(inspection)
    if done == total:
        return []
    title = ngettext(
        "Grade %(count)d case",
        "Grade %(count)d cases",
        total - done,
    ) % {"count": total - done}
    return [
        WorkItem(
            title,
            reverse("cases:list", args=[inspection.pk]),
            detail=_("%(inspection)s, %(done)d of %(total)d graded")
            % {"inspection": inspection, "done": done, "total": total},
            due_on=inspection.fieldwork_end,
            urgency=Urgency.WAITING,
        )
    ]


def _progress(inspection: Inspection) -> tuple[int, int]:
    done, total = inspection.cases_done, inspection.cases_total  # type: ignore[attr-defined]
    return done or 0, total or 0
