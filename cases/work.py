"""What waits for a person because of cases (settings.WORK_PROVIDERS)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import Urgency, WorkItem
from cases import grading, queue
from cases.models import Audit, CaseFile, Route, UrgentReferral
from inspections import dates, team
from inspections.models import Area, Inspection, InspectionQuerySet, Side, Stage, TeamMember

MOST = 20  # inspections; nobody works on more at a time


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return the urgent referrals that wait, and the inspections in which `user` has cases to put in or to grade.

    The force's assessors see theirs with its deadline; inspectors see those of their teams, fieldwork by its last day.
    Two queries at most.
    """
    items = _referrals(user)
    if user.is_force:
        if not (user.is_force_assessor or user.is_force_lead):
            return []
        waiting = Inspection.objects.visible_to(user).filter(
            stage=Stage.SELF_ASSESSMENT, handed_in_at=None
        )
        for found in _counted(waiting, Side.FORCE, user):
            items += _self_assessment(found)
    elif user.is_inspector:
        mine = TeamMember.objects.filter(user=user).values("inspection")
        waiting = Inspection.objects.visible_to(user).filter(
            pk__in=mine, stage__in=grading.STAGES_OF_INSPECTORATE
        )
        for found in _counted(waiting, Side.INSPECTORATE, user):
            items += _fieldwork(found)
    return items


def _referrals(user: User) -> list[WorkItem]:
    """Urgent referrals that nobody has answered, for whoever must see to them, with the moment of the next step.

    The force's leads and assessors see all of theirs; managers and whoever leads or raised it see what is late,
    managers also what reaches nobody.
    """
    if user.is_force and not (user.is_force_lead or user.is_force_assessor):
        return []
    now = dates.now()
    found = UrgentReferral.objects.visible_to(user).open()
    if not user.is_force:
        late = Q(acknowledged_at__isnull=True, acknowledge_by__lt=now) | Q(answer_by__lt=now)
        led = TeamMember.objects.filter(user=user, is_lead=True).values("inspection")
        answering = team.force_leads().filter(force=OuterRef("case__inspection__force"))
        theirs = late & (Q(case__inspection__in=led) | Q(raised_by=user))
        found = found.filter(late | ~Q(Exists(answering)) if user.is_manager else theirs)
    rows = found.select_related("case__inspection__force").order_by("answer_by", "pk")
    return [_referral(referral, user) for referral in rows[:MOST]]


def _referral(referral: UrgentReferral, user: User) -> WorkItem:
    names = {"case": referral.case.reference, "force": referral.case.inspection.force}
    acknowledged = referral.acknowledged_at is not None
    if user.is_force_lead:
        title = (
            _("Answer the urgent referral of case %(case)s")
            if acknowledged
            else _("Acknowledge the urgent referral of case %(case)s")
        )
    elif user.is_force:
        title = _("A lead of your force must answer the urgent referral of case %(case)s")
    else:
        title = _("%(force)s has not answered the urgent referral of case %(case)s")
    return WorkItem(
        title % names,
        referral.get_absolute_url(),
        detail=str(referral.case.inspection),
        urgency=Urgency.URGENT,
        due_at=referral.answer_by if acknowledged else referral.acknowledge_by,
    )


def _counted(inspections: InspectionQuerySet, side: Side, user: User) -> list[Inspection]:
    """Annotate how many cases `side` has to grade (`cases_total`) and has graded (`cases_done`).

    And how many wait for `user`: assigned to them, or for their further reading (`cases_mine`).
    """
    submitted = Audit.objects.main().submitted().filter(case=OuterRef("pk"), side=side)
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
            cases_mine=in_inspection.annotate(n=Count("pk", filter=queue.waits_for(user))).values(
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
    if not titles and total:
        titles.append(_("Hand in the self-assessment"))
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
    mine = inspection.cases_mine or 0  # type: ignore[attr-defined]
    if done == total and not mine:
        return []
    address = reverse("cases:list", args=[inspection.pk])
    if mine:
        address += "?assigned=me"
        title = ngettext(
            "Grade %(count)d case that is assigned to you",
            "Grade %(count)d cases that are assigned to you",
            mine,
        ) % {"count": mine}
    else:
        title = ngettext(
            "Grade %(count)d case",
            "Grade %(count)d cases",
            total - done,
        ) % {"count": total - done}
    return [
        WorkItem(
            title,
            address,
            detail=_("%(inspection)s, %(done)d of %(total)d graded")
            % {"inspection": inspection, "done": done, "total": total},
            due_on=inspection.fieldwork_end,
            urgency=Urgency.WAITING,
        )
    ]


def _progress(inspection: Inspection) -> tuple[int, int]:
    done, total = inspection.cases_done, inspection.cases_total  # type: ignore[attr-defined]
    return done or 0, total or 0
