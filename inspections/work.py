"""What waits for a person because of inspections, their stages and their deadlines."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Force, Role, User
from accounts.work import Urgency, WorkItem
from inspections import dates, stages, start
from inspections.deadlines import SOON_DAYS
from inspections.models import (
    REFERRAL_KINDS,
    Deadline,
    DeadlineKind,
    DeadlineQuerySet,
    Framework,
    Inspection,
    Party,
    Stage,
    TeamMember,
)
from inspections.presentation import deadline_page

MOST = 20  # deadlines, or inspections, that are listed one by one


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return what waits for `user`: deadlines they answer for, stages that they can end, the administration."""
    items = _deadlines(user, answered_for(user), today)
    if user.is_lead_inspector:
        items += _stages(user, today)
    if user.is_force and not user.is_force_lead:
        items += _overdue(user, today)
    if user.is_manager:
        items += _overdue(user, today) + _without_lead()
    if user.is_administrator:
        items += _administration()
    return items


def answered_for(user: User) -> DeadlineQuerySet:
    """Return the deadlines that `user` answers for: by role, and what is in their name.

    Those about cases are left out, because they are on the list already: the self-assessment with how far it is,
    referrals with their hours.
    """
    theirs = Q(owner=user)
    if user.is_force_lead:
        theirs |= Q(responsible=Party.FORCE)
    if user.works_for_commissioner:
        theirs |= Q(responsible=Party.COMMISSIONER)
    if user.is_lead_inspector:
        led = TeamMember.objects.filter(user=user, is_lead=True).values("inspection")
        theirs |= Q(responsible=Party.INSPECTORATE, inspection__in=led)
    of_cases = [DeadlineKind.SELF_ASSESSMENT, *REFERRAL_KINDS]
    return Deadline.objects.visible_to(user).filter(theirs).exclude(kind__in=of_cases)


def _deadlines(user: User, deadlines: DeadlineQuerySet, today: dt.date) -> list[WorkItem]:
    """Those of `deadlines` that are overdue or due within 30 days, one by one; the rest as one line."""
    soon = today + dt.timedelta(days=SOON_DAYS)
    due = (
        deadlines.open()
        .filter(due_on__lte=soon)
        .select_related("inspection__force")
        .order_by("due_on", "pk")
    )
    found = list(due[: MOST + 1])
    items = [
        WorkItem(
            deadline.label,
            deadline_page(deadline, user, content=True),
            str(deadline.inspection),
            deadline.due_on,
        )
        for deadline in found[:MOST]
    ]
    if len(found) > MOST:
        items.append(
            WorkItem(
                _("More deadlines"),
                reverse("deadlines:list"),
                _("Only the first %(count)d are listed here.") % {"count": MOST},
                urgency=Urgency.LATER,
            )
        )
    return items


def _stages(user: User, today: dt.date) -> list[WorkItem]:
    """Stages that the lead `user` can end, as far as the calendar says; the inspection's page knows the rest."""
    led = (
        Inspection.objects.filter(team__user=user, team__is_lead=True)
        .exclude(stage=Stage.CLOSED)
        .select_related("force")
        .annotate(
            has_open_deadlines=Exists(stages.keeping_open().filter(inspection=OuterRef("pk")))
        )
        .order_by("fieldwork_start", "pk")
    )
    items = [_stage_item(inspection, today) for inspection in led[: MOST * 5]]
    return [item for item in items if item][:MOST]


def _stage_item(inspection: Inspection, today: dt.date) -> WorkItem | None:
    where = inspection.get_absolute_url()
    if start.needs_confirmation(inspection):
        return WorkItem(
            _("Confirm from which day the timescales count"),
            reverse("inspections:start", args=[inspection.pk]),
            str(inspection),
            urgency=Urgency.SOON,
        )
    match inspection.stage:
        case Stage.PLANNED:
            first = inspection.self_assessment_due or inspection.fieldwork_start
            near = first <= dates.add(today, "weeks", 4)
            return WorkItem(
                _("Prepare the inspection"),
                where,
                _("%(inspection)s: planned") % {"inspection": inspection},
                urgency=Urgency.WAITING if near else Urgency.LATER,
            )
        case Stage.SELF_ASSESSMENT if inspection.fieldwork_start <= today:
            return WorkItem(
                _("Begin fieldwork"), where, str(inspection), inspection.fieldwork_start
            )
        case Stage.FIELDWORK if inspection.fieldwork_end < today:
            return WorkItem(
                _("End fieldwork and begin drafting"), where, str(inspection), urgency=Urgency.SOON
            )
        case Stage.PUBLISHED:
            return WorkItem(_("Begin follow-up"), where, str(inspection))
        case Stage.FOLLOW_UP if not inspection.has_open_deadlines:  # type: ignore[attr-defined]
            return WorkItem(
                _("Close the inspection, or see what it lacks"),
                where,
                _("%(inspection)s: every deadline is met") % {"inspection": inspection},
                urgency=Urgency.LATER,
            )
    return None


def _overdue(user: User, today: dt.date) -> list[WorkItem]:
    """What is overdue, counted, for those who watch and do not answer for it: managers, and people of a force."""
    titles = {
        Party.INSPECTORATE: _("Overdue deadlines of the inspectorate"),
        Party.FORCE: _("Overdue deadlines of your force")
        if user.is_force
        else _("Overdue deadlines of forces"),
        Party.COMMISSIONER: _("Overdue comments of your police and crime commissioner")
        if user.is_force
        else _("Overdue comments of police and crime commissioners"),
    }
    late = Deadline.objects.visible_to(user).overdue(today)
    counts = dict(late.order_by().values_list("responsible").annotate(Count("pk")))
    items = []
    for side, title in titles.items():
        if count := counts.get(side.value):
            url = f"{reverse('deadlines:list')}?group=overdue&responsible={side.value}"
            detail = ngettext("%(count)d deadline", "%(count)d deadlines", count) % {"count": count}
            items.append(WorkItem(title, url, detail, urgency=Urgency.OVERDUE))
    return items


def _without_lead() -> list[WorkItem]:
    """Inspections that nobody leads, for managers."""
    leads = TeamMember.objects.filter(inspection=OuterRef("pk"), is_lead=True)
    unled = (
        Inspection.objects.exclude(stage=Stage.CLOSED)
        .filter(~Exists(leads))
        .select_related("force")
    )
    return [
        WorkItem(
            _("Name a lead inspector"),
            reverse("inspections:people", args=[inspection.pk]),
            str(inspection),
        )
        for inspection in unled[:MOST]
    ]


def _administration() -> list[WorkItem]:
    """For administrators: forces for which nobody answers, people who never came, a missing methodology."""
    items = []
    if not Framework.objects.exists():
        items.append(
            WorkItem(
                _("Load a framework"),
                reverse("admin:inspections_framework_changelist"),
                _("Nobody can plan an inspection before that."),
                urgency=Urgency.SOON,
            )
        )
    answering = User.objects.filter(
        force=OuterRef("pk"), is_active=True, roles__contains=[Role.FORCE_LEAD.value]
    )
    inspected = Inspection.objects.filter(force=OuterRef("pk"))
    without_lead = Force.objects.filter(Exists(inspected), ~Exists(answering))
    if without_lead:
        items.append(
            WorkItem(
                _("Add a force lead"),
                reverse("admin:accounts_user_add"),
                _("Nobody answers for %(forces)s.") % {"forces": _and_more(list(without_lead))},
            )
        )
    absent = User.objects.filter(is_active=True, last_login__isnull=True).count()
    if absent:
        items.append(
            WorkItem(
                _("People who have never signed in"),
                f"{reverse('admin:accounts_user_changelist')}?last_login__isempty=1",
                ngettext("%(count)d person", "%(count)d people", absent) % {"count": absent},
                urgency=Urgency.LATER,
            )
        )
    return items


def _and_more(forces: list[Force], shown: int = 3) -> str:
    names = ", ".join(force.name for force in forces[:shown])
    more = len(forces) - shown
    if more <= 0:
        return names
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": names,
        "count": more,
    }
