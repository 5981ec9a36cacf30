"""A new inspection, and who works on it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import Force, Role, User
from config import hooks
from inspections import team
from inspections.deadlines import set_deadline
from inspections.models import (
    DeadlineKind,
    Framework,
    Inspection,
    InspectionKind,
    Stage,
    TeamMember,
)


class CannotJoin(DomainError):
    """This person cannot be on the team, or not as a lead; the message says why."""


class LastLead(DomainError):
    """Somebody must lead: the last lead of an inspection cannot leave its team."""


DATES = ("self_assessment_due", "fieldwork_start", "fieldwork_end")
Dates = dict[str, dt.date | None]


class DatesChanged(Conflict):
    """Somebody else has changed the dates since this person read them; `inspection` has them as they are now."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__()
        self.inspection = inspection


def inspectors() -> models.QuerySet[User]:
    """People who may be on a team: active inspectors and lead inspectors."""
    roles = [Role.INSPECTOR.value, Role.LEAD_INSPECTOR.value]
    return User.objects.filter(is_active=True, roles__overlap=roles)


def may_plan(user: User) -> bool:
    """Whether `user` may plan inspections: lead inspectors and managers."""
    return user.is_lead_inspector or user.is_manager


def suggestions(parent: Inspection) -> dict[str, object]:
    """Return what a form proposes for an inspection that looks back at `parent`; a person may choose otherwise.

    Its own framework if that is for reviews, else the newest that is; fieldwork is to begin by the day of the revisit.
    """
    kind = InspectionKind.POST_INSPECTION_REVIEW.value
    framework = parent.framework
    if kind not in framework.kinds:
        newest = Framework.objects.filter(kinds__contains=[kind]).order_by("-version", "-pk")
        framework = newest.first() or framework
    found: dict[str, object] = {"parent": parent, "kind": kind, "framework": framework}
    revisit = parent.deadlines.open().filter(kind=DeadlineKind.REVISIT).first()
    if revisit is not None:
        found["fieldwork_start"] = revisit.due_on
    return found


def plan(
    *,
    force: Force,
    framework: Framework,
    kind: InspectionKind | str,
    fieldwork_start: dt.date,
    fieldwork_end: dt.date,
    self_assessment_due: dt.date | None = None,
    parent: Inspection | None = None,
    by: User,
) -> Inspection:
    """Plan an inspection; a lead inspector who plans one leads it.

    Raises NotAllowed, or Django's ValidationError (by field) if the parts do not go together.
    """
    if not may_plan(by):
        raise NotAllowed
    inspection = Inspection(
        force=force,
        framework=framework,
        kind=kind,
        fieldwork_start=fieldwork_start,
        fieldwork_end=fieldwork_end,
        self_assessment_due=self_assessment_due,
        parent=parent,
        created_by=by,
    )
    _check_parts_fit(inspection)
    inspection.full_clean()
    with transaction.atomic():
        inspection.save()
        if by.is_lead_inspector:
            TeamMember.objects.create(inspection=inspection, user=by, is_lead=True)
    return inspection


def _check_parts_fit(inspection: Inspection) -> None:
    errors: dict[str, str] = {}
    had_deadline = (
        inspection.pk and inspection.deadlines.filter(kind=DeadlineKind.SELF_ASSESSMENT).exists()
    )
    if had_deadline and not inspection.self_assessment_due:
        errors["self_assessment_due"] = _("The force has this date already; enter another one")
    if inspection.kind not in inspection.framework.kinds:
        errors["kind"] = _("This framework is not for this kind of inspection")
    if inspection.parent and inspection.parent.force_id != inspection.force_id:
        errors["parent"] = _("The earlier inspection must be one of the same force")
    if inspection.fieldwork_end < inspection.fieldwork_start:
        errors["fieldwork_end"] = _("Fieldwork must not end before it starts")
    due = inspection.self_assessment_due
    if due and due > inspection.fieldwork_start:
        errors["self_assessment_due"] = _(
            "The self-assessment must be due before fieldwork starts, or on that day"
        )
    if errors:
        raise ValidationError(errors)


def may_change_dates(inspection: Inspection, user: User) -> bool:
    """Whether `user` may move the dates: the inspection's leads and managers, until fieldwork is over."""
    before_drafting = Stage(inspection.stage).position < Stage.DRAFTING.position
    return before_drafting and team.directs(inspection, user)


def change_dates(inspection: Inspection, *, seen: Dates, to: Dates, by: User) -> Inspection:
    """Move the dates `to` others, and the self-assessment's deadline with them.

    `seen` are the dates that the person had before them: DatesChanged if they are others by now (rule 5). Raises
    NotAllowed, or ValidationError by field.
    """
    with transaction.atomic():
        locked = (
            Inspection.objects.select_for_update(of=("self",))
            .select_related("force", "framework")
            .get(pk=inspection.pk)
        )
        if not may_change_dates(locked, by):
            raise NotAllowed
        if any(getattr(locked, name) != seen[name] for name in DATES):
            raise DatesChanged(locked)
        for name in DATES:
            setattr(locked, name, to[name])
        _check_parts_fit(locked)
        locked.save(update_fields=DATES)
        deadline = locked.deadlines.filter(kind=DeadlineKind.SELF_ASSESSMENT).first()
        if deadline and locked.self_assessment_due:
            set_deadline(
                locked,
                DeadlineKind.SELF_ASSESSMENT,
                label=deadline.label,
                responsible=deadline.responsible,
                due_on=locked.self_assessment_due,
            )
    return locked


def may_change_team(inspection: Inspection, user: User) -> bool:
    """Whether `user` may add and remove team members: the inspection's leads and managers, until it is closed."""
    return inspection.stage != Stage.CLOSED and team.directs(inspection, user)


def add_to_team(
    inspection: Inspection, user: User, *, is_lead: bool = False, by: User
) -> TeamMember:
    """Put an inspector on the team, or change whether they lead. Raises NotAllowed, CannotJoin or LastLead."""
    if not may_change_team(inspection, by):
        raise NotAllowed
    if not (user.is_inspector and user.is_active):
        raise CannotJoin(_("%(name)s is not an inspector.") % {"name": user.name})
    if is_lead and not user.is_lead_inspector:
        raise CannotJoin(
            _("%(name)s does not have the role of lead inspector.") % {"name": user.name}
        )
    with transaction.atomic():
        _lock(inspection)
        if not is_lead:
            _keep_a_lead(inspection, user)
        member, _created = TeamMember.objects.update_or_create(
            inspection=inspection, user=user, defaults={"is_lead": is_lead}
        )
    team.forget(inspection)
    return member


def remove_from_team(inspection: Inspection, user: User, *, by: User) -> None:
    """Take a person off the team; what was assigned to them is nobody's (settings.TEAM_LEAVERS).

    Raises NotAllowed, or LastLead if nobody would lead any more.
    """
    if not may_change_team(inspection, by):
        raise NotAllowed
    with transaction.atomic():
        _lock(inspection)
        _keep_a_lead(inspection, user)
        TeamMember.objects.filter(inspection=inspection, user=user).delete()
        for left_team in hooks.load(*settings.TEAM_LEAVERS):
            left_team(inspection, user, by)
    team.forget(inspection)


def _lock(inspection: Inspection) -> None:
    """Let one person at a time change the team, so that two leads cannot remove each other."""
    Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)


def _keep_a_lead(inspection: Inspection, user: User) -> None:
    leads = TeamMember.objects.filter(inspection=inspection, is_lead=True)
    if leads.filter(user=user).exists() and not leads.exclude(user=user).exists():
        raise LastLead
