"""What the demo knows of dates: when a draft was sent and answered, and from which day an old report counts."""

from __future__ import annotations

import datetime

import pgtrigger

from accounts.models import User
from demo.casework import at
from demo.source import InspectionFacts
from inspections import deadlines, start
from inspections.models import Deadline, DeadlineBasis, DeadlineKind, Inspection
from reports.models import Approval

PLAUSIBLE_DAY = "The report prints no day; this one is plausible."
REPLIED = "The force replied in writing."


def count_reply(inspection: Inspection, *, sent: datetime.date) -> Deadline:
    """Count the time for the force's reply from the day on which the draft was sent."""
    reply = inspection.deadlines.get(kind=DeadlineKind.FACTUAL_ACCURACY)
    counted = deadlines.count(
        inspection,
        DeadlineKind.FACTUAL_ACCURACY,
        label=reply.label,
        responsible=reply.responsible,
        counts_from=sent,
        unit=reply.unit,
        amount=reply.amount or 0,
        basis=DeadlineBasis.DRAFT_SENT,
    )
    inspection.deadlines.filter(pk=counted.pk).update(moved_on=None)
    return counted


def reply_in_time(
    inspection: Inspection, *, sent: datetime.date, published_on: datetime.date, by: User
) -> None:
    """Let the force reply in the time that it has from the day on which the draft was sent."""
    reply = count_reply(inspection, sent=sent)
    deadlines.meet(reply, by=by, note=REPLIED, on=min(reply.due_on, published_on))


def approved_before(inspection: Inspection, published_on: datetime.date) -> None:
    """Say of the approval that has just been used that it was given when the report was published."""
    moment = at(published_on, inspection.pk)
    Approval.objects.filter(inspection=inspection).update(
        lead_at=moment - datetime.timedelta(days=1), manager_at=moment
    )


def confirm_start(
    inspection: Inspection, facts: InspectionFacts, *, by: User, today: datetime.date
) -> None:
    """Count timescales from a date that the report does not print, as its lead would have confirmed it then."""
    assert facts.published_on
    inspection.refresh_from_db()
    if not start.needs_confirmation(inspection):
        return
    start.confirm(inspection, day=facts.published_on, by=by, reason=PLAUSIBLE_DAY)
    with pgtrigger.ignore("inspections.InspectionEvent:append_only"):
        Inspection.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id=inspection.pk, counts_from__isnull=False
        ).update(pgh_created_at=at(facts.published_on, inspection.pk))
    # What a commissioner said of a report that was published years ago is not known.
    for comments in inspection.deadlines.filter(kind=DeadlineKind.PCC_COMMENTS, due_on__lt=today):
        deadlines.lapse(comments, on=comments.due_on)
