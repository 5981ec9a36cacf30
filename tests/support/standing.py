"""Recommendations as they stand after a judgement or an extension, without the verbs that lead there."""

from __future__ import annotations

import datetime as dt

from accounts.models import Role
from inspections import dates
from inspections.models import Deadline, Extension, ExtensionDecision
from recommendations.models import Outcome, Recommendation
from tests.support.factories import make_user


def settle(
    recommendation: Recommendation, on: dt.date, outcome: Outcome = Outcome.IMPLEMENTED
) -> None:
    """Nothing more is owed since that day; what was implemented was met, and what was given up has lapsed."""
    Recommendation.objects.filter(pk=recommendation.pk).update(outcome=outcome, settled_on=on)
    open_one = Deadline.objects.open().filter(recommendation=recommendation)
    if outcome == Outcome.IMPLEMENTED:
        open_one.update(met_on=on)
    else:
        open_one.update(lapsed_on=on)


def extend(recommendation: Recommendation, until: dt.date, *, agreed: bool = True) -> None:
    """The force has asked for more time, and was given it unless the answer is still to come."""
    deadline = recommendation.deadline
    assert deadline
    answer = (
        {
            "decision": ExtensionDecision.AGREED,
            "agreed_on": until,
            "decided_by": make_user(Role.LEAD_INSPECTOR),
            "decided_at": dates.now(),
        }
        if agreed
        else {}
    )
    Extension.objects.create(
        deadline=deadline,
        from_on=deadline.due_on,
        wanted_on=until,
        reason="The new system comes later.",
        asked_by=make_user(Role.FORCE_LEAD, force=deadline.inspection.force),
        **answer,
    )
    if agreed:
        Deadline.objects.filter(pk=deadline.pk).update(due_on=until)
