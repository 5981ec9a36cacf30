"""The force hands in its self-assessment: its sample and its grades; the lead may return it with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import guards, personal_data
from cases.sampling import locked
from inspections import dates, deadlines, team
from inspections.models import DeadlineKind, Inspection, Stage

REASON_LENGTH = 1000


class NotComplete(DomainError):
    """The self-assessment lacks something; `missing` says what, in plain sentences."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = missing


class AlreadyHandedIn(Conflict):
    """Somebody of the force has handed it in before."""


class NotHandedIn(Conflict):
    """There is nothing to return: it is not handed in, or has been returned already."""


class NeedsReason(DomainError):
    """A self-assessment is returned only with a reason."""


def may_hand_in(inspection: Inspection, user: User) -> bool:
    """Whether `user` may hand in the self-assessment now, whatever it still lacks: the force's leads and assessors."""
    return inspection.force_self_assesses and team.works_for_force(inspection, user)


def hand_in(inspection: Inspection, *, by: User) -> Inspection:
    """Say for the force that its sample is complete and graded; it can change neither from then on.

    The deadline of the self-assessment is met. Raises NotAllowed, AlreadyHandedIn, or NotComplete with what is missing.
    """
    with transaction.atomic():
        inspection = locked(inspection)
        if inspection.stage == Stage.SELF_ASSESSMENT and inspection.handed_in_at:
            raise AlreadyHandedIn(_("The self-assessment has been handed in already."))
        if not may_hand_in(inspection, by):
            raise NotAllowed(_("You cannot hand in this self-assessment."))
        missing = guards.missing_from_sample(inspection)
        if missing:
            raise NotComplete(missing)
        inspection.handed_in_at, inspection.handed_in_by = dates.now(), by
        inspection.returned_at, inspection.returned_by = None, None
        inspection.returned_reason = ""
        _save(inspection)
        for deadline in inspection.deadlines.filter(kind=DeadlineKind.SELF_ASSESSMENT):
            note = _("The force handed in its self-assessment.")
            deadlines.meet(deadline, by=by, note=note)
    return inspection


def may_return(inspection: Inspection, user: User) -> bool:
    """Whether `user` may return what was handed in: the inspection's lead, until fieldwork begins."""
    handed_in = inspection.stage == Stage.SELF_ASSESSMENT and inspection.handed_in_at is not None
    return handed_in and team.leads(inspection, user)


def return_to_force(
    inspection: Inspection, *, reason: str, personal_data_reason: str = "", by: User
) -> Inspection:
    """Let the force change its sample and its grades again; it reads the reason. Its deadline is open once more.

    Raises NotAllowed, NotHandedIn, NeedsReason or LooksPersonal (rule 9).
    """
    if not reason.strip():
        raise NeedsReason(_("Enter why the self-assessment is returned"))
    with transaction.atomic():
        inspection = locked(inspection)
        if not team.leads(inspection, by) or inspection.stage != Stage.SELF_ASSESSMENT:
            raise NotAllowed(_("Only the lead of the inspection may return it, before fieldwork."))
        if not may_return(inspection, by):
            raise NotHandedIn(_("The self-assessment is not handed in."))
        place = personal_data.Place(inspection, "sample")
        personal_data.check({"reason": reason}, place=place, by=by, reason=personal_data_reason)
        inspection.handed_in_at, inspection.handed_in_by = None, None
        inspection.returned_at, inspection.returned_by = dates.now(), by
        inspection.returned_reason = reason.strip()
        _save(inspection)
        for deadline in inspection.deadlines.filter(kind=DeadlineKind.SELF_ASSESSMENT):
            deadlines.reopen(deadline, by=by)
    return inspection


def _save(inspection: Inspection) -> None:
    inspection.save(
        update_fields=[
            *("handed_in_at", "handed_in_by"),
            *("returned_at", "returned_by", "returned_reason"),
        ]
    )
