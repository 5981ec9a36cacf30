"""What has to be told at once: urgent referrals, by the moments of their deadlines and not by days (rule 8).

| occasion | when | to whom |
| --- | --- | --- |
| raised | while nobody has answered | the force's leads; if there is none who can sign in, the managers |
| overdue | its acknowledgement or its answer is late | the same, the managers, the inspection's leads |
| acknowledged, answered | the force did so | the inspection's leads |

Everything follows from the deadlines, so whatever a worker missed is found the next time that one looks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, User
from inspections import team
from inspections.models import REFERRAL_KINDS, Deadline, DeadlineKind, Inspection, TeamMember
from reminders.models import Digest, DigestKind, DigestStatus, Reminder
from reminders.outbox import message_id_of
from reminders.people import SILENT_STAGES

# So long an acknowledgement or answer is news; who joins later hears of open referrals only.
NEWS_DAYS = 14


class Occasion(StrEnum):
    """What brings a mail about."""

    RAISED = "raised"
    OVERDUE = "overdue"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"


class Notice(NamedTuple):
    """That one person has to be told of one deadline of a referral, on one occasion; `due_on` is the deadline's day."""

    user_id: int
    deadline_id: int
    due_on: dt.date
    occasion: Occasion


class _Referral(NamedTuple):
    """The two deadlines of one referral."""

    acknowledgement: Deadline
    answer: Deadline


def notices(now: dt.datetime) -> set[Notice]:
    """Return everything that has to have been told by `now`. Four queries, one if there is no referral.

    Of each referral a person is told the latest only: who was not reached before it became overdue hears that it is.
    """
    referrals = _referrals(now)
    if not referrals:
        return set()
    people = _People([each.answer.inspection for each in referrals])
    return {notice for each in referrals for notice in _of(each, people, now)}


def plan(now: dt.datetime) -> int:
    """Put into the outbox what people have to be told at once; return how many mails that are.

    Running it again, or twice at a time, adds nothing: each mail has its Message-ID, each reminder its occasion.
    """
    wanted = notices(now)
    if not wanted:
        return 0
    told = {
        Notice(user_id, deadline_id, due_on, Occasion(occasion))
        for user_id, deadline_id, due_on, occasion in Reminder.objects.filter(
            digest__kind=DigestKind.URGENT,
            deadline__in={notice.deadline_id for notice in wanted},
        ).values_list("user_id", "deadline_id", "due_on", "occasion")
        if due_on is not None
    }
    return sum(_enter(notice, now) for notice in sorted(wanted - told))


def _referrals(now: dt.datetime) -> list[_Referral]:
    """Return the referrals that are open or were acknowledged or answered a short while ago."""
    since = timezone.localdate(now) - dt.timedelta(days=NEWS_DAYS)
    rows = (
        Deadline.objects.filter(kind__in=REFERRAL_KINDS, lapsed_on__isnull=True)
        .filter(Q(met_on__isnull=True) | Q(met_on__gte=since))
        .exclude(inspection__stage__in=SILENT_STAGES)
        .select_related("inspection")
    )
    found: dict[int | None, dict[str, Deadline]] = defaultdict(dict)
    for deadline in rows:
        found[deadline.subject_id][deadline.kind] = deadline
    return [
        _Referral(parts.get(DeadlineKind.REFERRAL_ACKNOWLEDGEMENT, answer), answer)
        for parts in found.values()
        if (answer := parts.get(DeadlineKind.REFERRAL_ANSWER))
    ]


def _of(referral: _Referral, people: _People, now: dt.datetime) -> Iterator[Notice]:
    inspection = referral.answer.inspection
    leads = people.leads_of_inspection[inspection.pk]
    if referral.answer.met_on is not None:
        yield from _notices(referral.answer, Occasion.ANSWERED, leads)
        return
    if referral.acknowledgement.met_on is not None:
        yield from _notices(referral.acknowledgement, Occasion.ACKNOWLEDGED, leads)
    of_force = people.leads_of_force[inspection.force_id]
    late = _latest_late(referral, now)
    if late is not None:
        yield from _notices(late, Occasion.OVERDUE, of_force | people.managers | leads)
    else:
        yield from _notices(referral.answer, Occasion.RAISED, of_force or people.managers)


def _latest_late(referral: _Referral, now: dt.datetime) -> Deadline | None:
    today = timezone.localdate(now)
    late = [each for each in referral if each.met_on is None and each.is_over(today, now)]
    return late[-1] if late else None


def _notices(deadline: Deadline, occasion: Occasion, users: set[int]) -> Iterator[Notice]:
    for user_id in users:
        yield Notice(user_id, deadline.pk, deadline.due_on, occasion)


class _People:
    """Who is told of referrals in these inspections: active people, by their place, in three queries."""

    def __init__(self, inspections: list[Inspection]) -> None:
        active = User.objects.filter(is_active=True)
        self.leads_of_force: dict[int, set[int]] = defaultdict(set)
        for force_id, pk in (
            team.force_leads()
            .filter(force__in={inspection.force_id for inspection in inspections})
            .values_list("force_id", "pk")
        ):
            self.leads_of_force[force_id].add(pk)  # type: ignore[index]
        self.leads_of_inspection: dict[int, set[int]] = defaultdict(set)
        for inspection_id, pk in TeamMember.objects.filter(
            inspection__in={inspection.pk for inspection in inspections},
            is_lead=True,
            user__is_active=True,
            user__roles__contains=[Role.LEAD_INSPECTOR.value],
        ).values_list("inspection_id", "user_id"):
            self.leads_of_inspection[inspection_id].add(pk)
        self.managers = set(
            active.filter(roles__contains=[Role.MANAGER.value]).values_list("pk", flat=True)
        )


def _enter(notice: Notice, now: dt.datetime) -> int:
    """Write one mail and what it is about into the outbox; return 1, or 0 if somebody else was first."""
    about = f"{notice.deadline_id}|{notice.due_on.isoformat()}|{notice.occasion}"
    message_id = message_id_of(notice.user_id, about)
    with transaction.atomic():
        Digest.objects.bulk_create(
            [
                Digest(
                    user_id=notice.user_id,
                    kind=DigestKind.URGENT,
                    day=timezone.localdate(now),
                    message_id=message_id,
                )
            ],
            ignore_conflicts=True,
        )
        digest = Digest.objects.select_for_update().get(message_id=message_id)
        if digest.reminders.exists():
            return 0
        Reminder.objects.create(digest=digest, **notice._asdict())
        if digest.status != DigestStatus.QUEUED:  # cancelled for a while, and now it holds again
            digest.status = DigestStatus.QUEUED
            digest.save(update_fields=["status"])
    return 1
