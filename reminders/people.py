"""Who is told of what: those who answer for it, who sees to it, to whom it climbs, and who stands in for them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Self

from django.utils import timezone

from accounts.models import Role, User
from inspections.models import (
    REFERRAL_KINDS,
    Deadline,
    DeadlineQuerySet,
    News,
    NewsKind,
    Party,
    Stage,
    TeamMember,
)
from reminders import streams
from reminders.models import ClimbsTo, Preference, Reason
from reminders.occasions import Policy

# Deadlines exist from the self-assessment on; of a closed inspection nothing more is expected.
SILENT_STAGES = [Stage.PLANNED.value, Stage.CLOSED.value]


def spoken_of() -> DeadlineQuerySet:
    """Return the deadlines of which daily messages speak: open ones; urgent referrals have messages of their own."""
    return (
        Deadline.objects.open()
        .exclude(inspection__stage__in=SILENT_STAGES)
        .exclude(kind__in=REFERRAL_KINDS)
    )


class Subject(NamedTuple):
    """What of a deadline says who is told of it, and when."""

    deadline_id: int
    kind: str
    responsible: str
    due_on: dt.date
    moved_on: dt.date | None
    owner_id: int | None
    inspection_id: int
    force_id: int
    nation: str

    @classmethod
    def of(cls, deadlines: DeadlineQuerySet, *, at_once: int) -> Iterable[Self]:
        """Yield what one query finds, `at_once` rows held at a time."""
        found = deadlines.values_list(
            *("pk", "kind", "responsible", "due_on", "moved_on", "owner_id"),
            *("inspection_id", "inspection__force_id", "inspection__force__nation"),
        )
        return map(cls._make, streams.rows(found, at_once=at_once))


class _Person(NamedTuple):
    force_id: int | None
    joined_on: dt.date


class Leave(NamedTuple):
    """Since when somebody is away, and who is told instead."""

    since: dt.date
    stand_in: int


class People:
    """The active people of all forces and of the inspectorate by what they answer for; three queries, few columns."""

    def __init__(self, today: dt.date) -> None:
        self._active: dict[int, _Person] = {}
        self._leads_of_force: dict[int, set[int]] = defaultdict(set)
        self._of_commissioner: dict[int, set[int]] = defaultdict(set)
        self._leads_of_inspection: dict[int, set[int]] = defaultdict(set)
        self._managers: set[int] = set()
        self._read_active()
        self._leave = self._read_leave(today)

    def _read_active(self) -> None:
        lead_inspectors = set()
        for pk, force_id, roles, of_commissioner, joined in User.objects.filter(
            is_active=True
        ).values_list("pk", "force_id", "roles", "works_for_commissioner", "date_joined"):
            self._active[pk] = _Person(force_id, timezone.localdate(joined))
            if Role.MANAGER.value in roles:
                self._managers.add(pk)
            if Role.LEAD_INSPECTOR.value in roles:
                lead_inspectors.add(pk)
            if force_id is not None and Role.FORCE_LEAD.value in roles:
                self._leads_of_force[force_id].add(pk)
            if force_id is not None and of_commissioner:
                self._of_commissioner[force_id].add(pk)
        for inspection_id, user_id in TeamMember.objects.filter(is_lead=True).values_list(
            "inspection_id", "user_id"
        ):
            if user_id in lead_inspectors:
                self._leads_of_inspection[inspection_id].add(user_id)

    def _read_leave(self, today: dt.date) -> dict[int, Leave]:
        rows = Preference.objects.filter(
            away_from__lte=today, away_until__gte=today, stand_in__isnull=False
        ).values_list("user_id", "away_from", "stand_in_id")
        away = {
            user_id: Leave(since, stand_in)
            for user_id, since, stand_in in rows
            if since is not None and stand_in is not None
        }
        return {
            user_id: leave
            for user_id, leave in away.items()
            # Somebody who is away, too, would leave nobody to hear of it.
            if leave.stand_in not in away and self.may_stand_in(leave.stand_in, user_id)
        }

    def may_stand_in(self, stand_in: int, person: int) -> bool:
        """Whether what concerns `person` may be told to `stand_in`: active, and on the same side."""
        one, other = self._active.get(stand_in), self._active.get(person)
        return one is not None and other is not None and one.force_id == other.force_id

    def leave_of(self, user_id: int) -> Leave | None:
        """Return since when a person is away today, with somebody who can be told instead."""
        return self._leave.get(user_id)

    def joined_by(self, user_id: int, day: dt.date) -> bool:
        """Whether the person had an account on `day`: what happened before is no news to them."""
        return self._active[user_id].joined_on <= day

    def of_party(self, party: str, *, force_id: int, inspection_id: int) -> set[int]:
        """Return who answers for what `party` has to do; for the inspectorate the managers if the team has no lead."""
        match Party(party):
            case Party.FORCE:
                return self._leads_of_force.get(force_id, set())
            case Party.COMMISSIONER:
                return self._of_commissioner.get(force_id, set())
        return self._leads_of_inspection.get(inspection_id) or self._managers

    def concerned(self, subject: Subject, policy: Policy, today: dt.date) -> dict[int, Reason]:
        """Return who is told of a deadline by `today`, and why; the nearest of several reasons."""
        found = dict.fromkeys(
            self.of_party(
                subject.responsible, force_id=subject.force_id, inspection_id=subject.inspection_id
            ),
            Reason.DUTY,
        )
        if subject.owner_id is not None:
            owner = self._active.get(subject.owner_id)
            if owner is not None and owner.force_id in (None, subject.force_id):
                found.setdefault(subject.owner_id, Reason.OWNER)
        days_late = (today - subject.due_on).days
        for to, after_days in policy.climbs:
            if days_late >= after_days:
                for user_id in self._upstairs(to, subject.inspection_id):
                    found.setdefault(user_id, Reason.ESCALATION)
        return found

    def climbs_after(self, user_id: int, subject: Subject, policy: Policy) -> int:
        """Return from how many days overdue on the policy brings a deadline before somebody."""
        return min(
            after_days
            for to, after_days in policy.climbs
            if user_id in self._upstairs(to, subject.inspection_id)
        )

    def _upstairs(self, to: str, inspection_id: int) -> set[int]:
        if to == ClimbsTo.MANAGERS:
            return self._managers
        return self._leads_of_inspection.get(inspection_id, set())

    def told_of_news(self, news: News) -> set[int]:
        """Return who has to hear of `news` (with its inspection): its party, but not who did it or joined later.

        Nobody answers their own wish for more time: if the only lead has one, it is for the managers.
        """
        party = self.of_party(
            news.party, force_id=news.inspection.force_id, inspection_id=news.inspection_id
        )
        if news.kind == NewsKind.EXTENSION_ASKED and party == {news.by_id}:
            party = self._managers
        day = timezone.localdate(news.at)
        return {pk for pk in party if pk != news.by_id and self.joined_by(pk, day)}
