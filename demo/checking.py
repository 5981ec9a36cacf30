"""What a force said of the draft of its report, and what it was answered, in the weeks before publication."""

from __future__ import annotations

import datetime
from typing import Any

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
        said = _say(inspection, part, by=force_lead, moment=at(said_on, number))
        _answer(said, part, by=lead, moment=at(answered_on, number))
    reply = accuracy.reply(inspection, note=known["reply"], by=force_lead)
    AccuracyReply.objects.filter(pk=reply.pk).update(at=at(said_on, len(known["comments"])))


def under_way(
    inspection: Inspection, key: str, *, today: datetime.date, force_lead: User, lead: User
) -> None:
    """Let the force comment on the draft, and the lead answer some of it, so many days from `today` as the file says.

    The force has not replied yet, so its time goes on.
    """
    for number, part in enumerate(source.load("accuracy")[key]["comments"]):
        said_on = today + datetime.timedelta(part["date"])
        said = _say(inspection, part, by=force_lead, moment=at(said_on, number))
        if "decision" in part:
            answered_on = today + datetime.timedelta(part["answered"])
            _answer(said, part, by=lead, moment=at(answered_on, number))


def _say(
    inspection: Inspection, part: dict[str, Any], *, by: User, moment: datetime.datetime
) -> AccuracyComment:
    said = accuracy.comment(
        inspection,
        section_key=part["section"],
        passage=part.get("passage", ""),
        text=part["text"],
        by=by,
    )
    AccuracyComment.objects.filter(pk=said.pk).update(at=moment)
    return said


def _answer(
    said: AccuracyComment, part: dict[str, Any], *, by: User, moment: datetime.datetime
) -> None:
    accuracy.answer(said, decision=part["decision"], text=part["answer"], seen=None, by=by)
    AccuracyComment.objects.filter(pk=said.pk).update(answered_at=moment)
    with pgtrigger.ignore("reports.AccuracyCommentEvent:append_only"):
        AccuracyComment.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id=said.pk
        ).update(pgh_created_at=moment)
