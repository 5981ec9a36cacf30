"""The force's account of what was to be done immediately, due some weeks after publication (rule 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections import dates, deadlines, free_text, news, team
from inspections.models import (
    Deadline,
    DeadlineKind,
    Inspection,
    NewsKind,
    Party,
    TimeUnit,
)
from recommendations.models import ImmediateUpdate, Recommendation, RecommendationQuerySet
from recommendations.plan_check import codes_of_update
from recommendations.progress import REPORTING_STAGES


class NotReporting(DomainError):
    """Updates are sent from publication until the inspection is closed."""


class IncompleteUpdate(DomainError):
    """The first update accounts for every recommendation that was immediate; `numbers` are those it does not."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(gettext("Say what was done about each recommendation."))
        self.numbers = numbers


class StaleUpdate(Conflict):
    """Somebody sent an update since the page was opened; `current` is theirs (rule 5)."""

    def __init__(self, current: ImmediateUpdate) -> None:
        super().__init__(gettext("Somebody else has sent an update in the meantime."))
        self.current = current


def may_send(inspection: Inspection, user: User) -> bool:
    """Whether `user` may send an update now: a lead of the force, from publication until closure."""
    return team.leads_force(inspection, user) and inspection.stage in REPORTING_STAGES


def recommendations(inspection: Inspection) -> RecommendationQuerySet:
    """Return those of which the framework wants an update; where it has no such rule, those due on publication."""
    codes = codes_of_update(inspection)
    wanted = (
        Q(timescale__code__in=codes)
        if codes
        else Q(timescale__amount=0) & ~Q(timescale__unit=TimeUnit.NONE)
    )
    return Recommendation.objects.filter(wanted, inspection=inspection).order_by("number")


def send(
    inspection: Inspection,
    accounts: Mapping[int, str],
    *,
    seen: int,
    by: User,
    note: str = "",
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> ImmediateUpdate:
    """Send what was done, by number of recommendation, which meets the deadline; it stays as it was sent.

    `seen` is the key of the last update that the sender has read, 0 if there was none. A later update adds to the
    first and may be about some recommendations only. `at` is for what was sent in the past (aware). Raises
    IncompleteUpdate, StaleUpdate, NotAllowed, NotReporting, TextRefused (rule 9).
    """
    moment = at or dates.now()
    with transaction.atomic():
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        _check(locked, by)
        last = locked.immediate_updates.select_related("by").first()
        if last is not None and last.pk != seen:
            raise StaleUpdate(last)
        numbers = list(recommendations(locked).values_list("number", flat=True))
        said = {n: text for n in numbers if (text := accounts.get(n, "").strip())}
        if not said or (last is None and len(said) < len(numbers)):
            raise IncompleteUpdate([number for number in numbers if number not in said])
        free_text.check(
            {"note": note, **{f"account-{number}": text for number, text in said.items()}},
            inspection=locked,
            place=f"update {locked.pk}",
            by=by,
            reason=personal_data_reason,
        )
        update = ImmediateUpdate.objects.create(
            inspection=locked,
            accounts={str(number): text for number, text in said.items()},
            note=note.strip(),
            by=by,
            at=moment,
        )
        for deadline in Deadline.objects.open().filter(inspection=locked, kind=DeadlineKind.UPDATE):
            deadlines.meet(deadline, by=by, on=timezone.localdate(moment))
        news.tell(
            locked,
            Party.INSPECTORATE,
            NewsKind.UPDATE_SENT,
            label=gettext("Update on what was immediate"),
            by=by,
        )
    return update


def _check(inspection: Inspection, by: User) -> None:
    if not team.leads_force(inspection, by):
        raise NotAllowed(gettext("Only the force’s lead sends its update."))
    if inspection.stage not in REPORTING_STAGES:
        raise NotReporting(
            gettext("Updates are sent from publication until the inspection is closed.")
        )
