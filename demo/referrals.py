"""The demo's urgent referrals: raised, acknowledged and answered through the verbs, some hours before the loading."""

from __future__ import annotations

import datetime

from accounts.models import User
from cases import referrals
from demo.casework import LONDON
from demo.source import InspectionFacts
from inspections import dates
from inspections.models import Inspection


def write_referrals(
    inspection: Inspection, facts: InspectionFacts, people: dict[str, User], today: datetime.date
) -> None:
    """Refer the cases that `facts` names, as of this moment, or of the afternoon of `today` if that is another day."""
    now = dates.now()
    if now.date() != today:
        now = datetime.datetime.combine(today, datetime.time(15), tzinfo=LONDON)
    force_lead = people[facts.force_lead]
    for one in facts.referrals:
        raised_at = now.astimezone(datetime.UTC) - datetime.timedelta(hours=one.raised_hours_ago)
        referral = referrals.raise_(
            inspection.cases.get(reference=one.case),
            concern=one.concern,
            must_act=one.must_act,
            by=people[one.by],
            at=raised_at,
        )
        if one.acknowledged_after_hours is not None:
            at = raised_at + datetime.timedelta(hours=one.acknowledged_after_hours)
            referrals.acknowledge(referral, by=force_lead, at=at)
        if one.answered_after_hours is not None:
            at = raised_at + datetime.timedelta(hours=one.answered_after_hours)
            referrals.answer(referral, one.answer, by=force_lead, at=at)
