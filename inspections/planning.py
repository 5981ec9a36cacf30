"""A new inspection, and who works on it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Force, User
from inspections import team
from inspections.models import Framework, Inspection, InspectionKind, Stage, TeamMember


class NotAllowed(Exception):
    """This person may not plan an inspection, or may not change this team."""


class CannotJoin(Exception):
    """This person cannot be on the team, or not as a lead; the message says why."""


class LastLead(Exception):
    """Somebody must lead: the last lead of an inspection cannot leave its team."""


def may_plan(user: User) -> bool:
    """Whether `user` may plan inspections: lead inspectors and managers."""
    return user.is_lead_inspector or user.is_manager


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
    return member


def remove_from_team(inspection: Inspection, user: User, *, by: User) -> None:
    """Take a person off the team. Raises NotAllowed, or LastLead if nobody would lead any more."""
    if not may_change_team(inspection, by):
        raise NotAllowed
    with transaction.atomic():
        _lock(inspection)
        _keep_a_lead(inspection, user)
        TeamMember.objects.filter(inspection=inspection, user=user).delete()


def _lock(inspection: Inspection) -> None:
    """Let one person at a time change the team, so that two leads cannot remove each other."""
    Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)


def _keep_a_lead(inspection: Inspection, user: User) -> None:
    leads = TeamMember.objects.filter(inspection=inspection, is_lead=True)
    if leads.filter(user=user).exists() and not leads.exclude(user=user).exists():
        raise LastLead
