"""Approval by two people: a lead of the inspection, then a manager, who is somebody else; at once, or for later."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from config.clock import now
from inspections import stages, team
from inspections.models import Inspection
from reports import approved, drafted, guards
from reports.document import Document
from reports.models import Approval

LONDON = zoneinfo.ZoneInfo(settings.TIME_ZONE)


class MinuteRefused(DomainError):
    """A report cannot be published at that minute."""


def may_approve(inspection: Inspection, user: User) -> bool:
    """Whether `user` may approve the report as a lead of its inspection."""
    return team.leads(inspection, user)


def may_decide(inspection: Inspection, user: User) -> bool:
    """Whether `user` may publish what a lead has approved: any manager but the one who approved it as its lead."""
    approval = approved.standing(inspection)
    return user.is_manager and (approval is None or approval.lead_id != user.pk)


def approve(inspection: Inspection, *, by: User) -> Approval:
    """A lead approves the report as it stands now; whatever changes after that has to be approved again.

    Raises NotAllowed, and NotYet with the reasons while anything but approval stands in the way of publication.
    """
    with transaction.atomic():
        locked = _lock(inspection)
        if not may_approve(locked, by):
            raise NotAllowed(_("Only a lead of the inspection approves its report."))
        reasons = reasons_against_approval(locked)
        if reasons:
            raise stages.NotYet(reasons)
        digest = drafted.digest(drafted.document(locked))
        earlier = approved.standing(locked)
        if earlier is not None:
            if earlier.digest == digest and not earlier.refused:
                return earlier
            _withdraw(earlier, by)
        return Approval.objects.create(inspection=locked, digest=digest, lead=by)


def reasons_against_approval(inspection: Inspection) -> list[str]:
    """Return what stands in the way of publication besides approval itself."""
    if not drafted.is_being_prepared(inspection):
        return [_("A report is approved once its draft is with the force for the factual check.")]
    if inspection.is_published:
        return [each.text for each in guards.before_approval(inspection)]
    theirs = {each.text for each in guards.of_approval(inspection)}
    reasons = stages.reasons_against(inspection, stages.TRANSITIONS["publish"])
    return [reason for reason in reasons if reason not in theirs]


def schedule(inspection: Inspection, *, at: dt.datetime, by: User) -> Approval:
    """A manager decides that the approved report is published at a minute to come; `reports.due` does it then.

    Raises NotAllowed, NotYet without a lead's approval of the report as it stands, MinuteRefused.
    """
    with transaction.atomic():
        locked = _lock(inspection)
        if at <= now():
            raise MinuteRefused(_("The minute of publication must be in the future."))
        reasons = reasons_against_approval(locked) or approved.reasons_against(locked)
        if by.is_manager and reasons:
            raise stages.NotYet(reasons)
        approval = take(locked, by=by)
        approval.publish_at = at
        approval.save(update_fields=["publish_at"])
    return approval


def take(inspection: Inspection, *, by: User) -> Approval:
    """A manager agrees with the lead's approval, in the transaction of what follows from that.

    Raises NotAllowed unless `by` is a manager and another person than the lead, NotYet without an approval.
    """
    if not by.is_manager:
        raise NotAllowed(_("A manager publishes the report."))
    approval = (
        Approval.objects.standing()
        .select_for_update(of=("self",))
        .filter(inspection=inspection)
        .first()
    )
    if approval is None:
        raise stages.NotYet(approved.reasons_against(inspection))
    if approval.lead_id == by.pk:
        raise NotAllowed(
            _("You approved this report as its lead. Another person has to publish it.")
        )
    approval.manager, approval.manager_at = by, now()
    approval.publish_at, approval.refused = None, ""
    approval.save(update_fields=["manager", "manager_at", "publish_at", "refused"])
    return approval


def withdraw(approval: Approval, *, by: User) -> None:
    """Take an approval back, and with it the minute at which the report would have been published.

    Raises NotAllowed for people who could not have given it, Conflict if it was used or taken back before.
    """
    with transaction.atomic():
        locked = _lock(approval.inspection)
        if not (may_approve(locked, by) or by.is_manager):
            raise NotAllowed(_("Only leads of the inspection and managers take an approval back."))
        current = approved.standing(locked)
        if current is None or current.pk != approval.pk:
            raise Conflict(_("This approval does not stand any more."))
        _withdraw(current, by)


def follow(inspection: Inspection, transition: str, by: User) -> None:
    """A draft that goes back to be changed is approved by nobody (settings.STAGE_FOLLOWERS)."""
    if transition == "return_to_drafting" and (approval := approved.standing(inspection)):
        _withdraw(approval, by)


def confirm(approval: Approval, published: Document) -> None:
    """Raise NotYet unless `published` says what was approved, to the letter; whoever calls undoes the rest."""
    if not approved.holds(approval, published):
        raise stages.NotYet([_("The report has changed since it was approved.")])


def minute(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the moment of a minute on the clocks of Europe/London.

    Raises MinuteRefused for one that the clocks leave out in spring, or show twice in autumn.
    """
    first = dt.datetime.combine(day, time.replace(second=0, microsecond=0), LONDON)
    again = first.replace(fold=1)
    if first.utcoffset() == again.utcoffset():
        return first
    if first.astimezone(dt.UTC).astimezone(LONDON).time() != first.time():
        raise MinuteRefused(
            _("The clocks go forward that night, and leave this minute out. Choose another one.")
        )
    raise MinuteRefused(
        _("The clocks go back that night, so this minute comes twice. Choose another one.")
    )


def _withdraw(approval: Approval, by: User) -> None:
    approval.withdrawn_by, approval.withdrawn_at = by, now()
    approval.save(update_fields=["withdrawn_by", "withdrawn_at"])


def _lock(inspection: Inspection) -> Inspection:
    return (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("force", "framework")
        .get(pk=inspection.pk)
    )
