"""What a force said of the draft of its report, and what it was answered, in the weeks before publication."""

from __future__ import annotations

import datetime

import pgtrigger

from accounts.models import User
from demo import source
from demo.casework import at
from inspections.models import Inspection
from reports import accuracy
from reports.models import AccuracyComment, AccuracyReply


def check(
    inspection: Inspection,
    key: str,
    *,
    sent: datetime.date,
    published_on: datetime.date,
    force_lead: User,
    lead: User,
) -> None:
    """Let the force comment on the draft half-way to publication and reply, and the lead answer, on plausible days."""
    known = source.load("accuracy").get(key)
    if known is None:
        return
    days = (published_on - sent).days
    said_on, answered_on = (sent + datetime.timedelta(days * part // 4) for part in (2, 3))
    for number, part in enumerate(known["comments"]):
        said = accuracy.comment(
            inspection, section_key=part["section"], passage="", text=part["text"], by=force_lead
        )
        accuracy.answer(said, decision=part["decision"], text=part["answer"], seen=None, by=lead)
        AccuracyComment.objects.filter(pk=said.pk).update(
            at=at(said_on, number), answered_at=at(answered_on, number)
        )
        with pgtrigger.ignore("reports.AccuracyCommentEvent:append_only"):
            AccuracyComment.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
                pgh_obj_id=said.pk
            ).update(pgh_created_at=at(answered_on, number))
    reply = accuracy.reply(inspection, note=known["reply"], by=force_lead)
    AccuracyReply.objects.filter(pk=reply.pk).update(at=at(said_on, len(known["comments"])))
