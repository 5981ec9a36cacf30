"""What people have to be told by today: found in one pass over open deadlines and recent news, written nowhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from django.db.models import DateField, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from inspections.models import REFERRAL_KINDS, News
from reminders import streams
from reminders.models import DigestKind, Reason, Reminder
from reminders.occasions import Occasion, Policy, climbed, later, latest, moved
from reminders.people import People, Subject, spoken_of
from reminders.policies import Policies
from reminders.working_days import is_working_day, next_working_day

# So long what happened is made up for if nobody looked: news, and that a date moved. What is due is, always.
MEMORY_DAYS = 90
ROWS_AT_ONCE = 2000
NEWS = "news"


class Line(NamedTuple):
    """What one person has to be told: of a deadline and its date, or of a piece of news."""

    deadline_id: int | None
    due_on: dt.date | None
    news_id: int | None
    occasion: str
    reason: Reason
    instead_of_id: int | None


class Situation:
    """The policies and people of a day; five queries, however much there is to tell."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.policies = Policies()
        self.people = People(today)

    def concerned(self, subject: Subject) -> dict[int, Reason]:
        """Return who is told of a deadline today, and why."""
        return self.people.concerned(subject, self.policies.of(subject.kind), self.today)

    def is_quiet(self, policy: Policy, nation: str) -> bool:
        """Whether nothing is said today of what happens in a force of `nation`."""
        return policy.working_days_only and not is_working_day(self.today, nation)

    @property
    def remembers_since(self) -> dt.date:
        """From which day on it matters who was told what."""
        days = max(MEMORY_DAYS, self.policies.longest_silence_days)
        return self.today - dt.timedelta(days=days)

    def recent_news(self) -> QuerySet[News]:
        """Return what happened lately enough to be told."""
        midnight = dt.datetime.combine(self.remembers_since, dt.time.min)
        return News.objects.filter(at__gte=timezone.make_aware(midnight))


def lines(today: dt.date) -> dict[int, list[Line]]:
    """Return by person what they have to be told by `today` (Europe/London) and have not been told yet.

    Of a deadline that is the latest occasion only, so what a scheduler that was down has missed is made up for, once.
    Nine queries whatever there is; deadlines and what was told of them are read side by side, a part at a time.
    """
    situation = Situation(today)
    found: dict[int, list[Line]] = defaultdict(list)
    told_of = _Told(situation)
    horizon = today + dt.timedelta(days=situation.policies.horizon_days)
    spoken = spoken_of().filter(Q(due_on__lte=horizon) | Q(moved_on__gte=situation.remembers_since))
    for subject in Subject.of(spoken.order_by("pk"), at_once=ROWS_AT_ONCE):
        for user_id, line in _of_deadline(subject, told_of.of(subject.deadline_id), situation):
            found[user_id].append(line)
    for user_id, line in _of_news(situation):
        found[user_id].append(line)
    return found


class _Told:
    """When each person was last told of the present date of each open deadline, in the order of the deadlines."""

    def __init__(self, situation: Situation) -> None:
        told_on = Greatest(
            F("digest__day"),
            Coalesce(TruncDate("digest__sent_at"), F("digest__day")),
            output_field=DateField(),
        )
        rows = (
            Reminder.objects.filter(
                deadline__due_on=F("due_on"),
                deadline__met_on__isnull=True,
                deadline__lapsed_on__isnull=True,
                digest__kind=DigestKind.DAILY,
                digest__day__gte=situation.remembers_since,
            )
            .exclude(deadline__kind__in=REFERRAL_KINDS)
            .values_list("deadline_id", "user_id")
            .annotate(last=Max(told_on))
            .order_by("deadline_id")
        )
        self._groups = groupby(streams.rows(rows, at_once=ROWS_AT_ONCE), key=itemgetter(0))
        self._current: tuple[int, dict[int, dt.date]] | None = (0, {})

    def of(self, deadline_id: int) -> dict[int, dt.date]:
        """Return the days by person. Ask in the order of primary keys only: what was passed is forgotten."""
        while self._current is not None and self._current[0] < deadline_id:
            key, rows = next(self._groups, (None, ()))
            self._current = None if key is None else (key, {row[1]: row[2] for row in rows})
        if self._current is None or self._current[0] != deadline_id:
            return {}
        return self._current[1]


def _of_deadline(
    subject: Subject, told: dict[int, dt.date], situation: Situation
) -> Iterator[tuple[int, Line]]:
    policy = situation.policies.of(subject.kind)
    if situation.is_quiet(policy, subject.nation):
        return
    own: dict[int, Line] = {}
    stand_ins: dict[int, Line] = {}
    for user_id, reason in situation.concerned(subject).items():
        occasion = _occasion(user_id, reason, subject, situation)
        if occasion is None:
            continue
        is_new = _before(told.get(user_id), occasion)
        leave = situation.people.leave_of(user_id)
        if is_new and (leave is None or occasion.is_overdue):
            own[user_id] = _line(subject, occasion, reason)
        if leave is None:
            continue
        day = occasion.day
        if policy.working_days_only:
            day = next_working_day(day, subject.nation)
        falls_in = is_new or day >= leave.since
        if falls_in and _before(told.get(leave.stand_in), occasion):
            stand_ins[leave.stand_in] = _line(subject, occasion, Reason.STAND_IN, user_id)
    yield from {**stand_ins, **own}.items()


def _occasion(
    user_id: int, reason: Reason, subject: Subject, situation: Situation
) -> Occasion | None:
    policy, today = situation.policies.of(subject.kind), situation.today
    if reason == Reason.ESCALATION:
        after_days = situation.people.climbs_after(user_id, subject, policy)
        return climbed(subject.due_on, today, after_days, policy)
    regular = latest(subject.due_on, today, policy)
    if (
        subject.moved_on is None
        or subject.moved_on < situation.remembers_since
        or not situation.people.joined_by(user_id, subject.moved_on)
    ):
        return regular
    return later(regular, moved(subject.moved_on, today))


def _before(told_on: dt.date | None, occasion: Occasion) -> bool:
    return told_on is None or told_on < occasion.day


def _line(
    subject: Subject, occasion: Occasion, reason: Reason, instead_of: int | None = None
) -> Line:
    return Line(
        subject.deadline_id, subject.due_on, None, intern(occasion.code), reason, instead_of
    )


def _of_news(situation: Situation) -> Iterator[tuple[int, Line]]:
    """Yield who has still to hear what the other side has done; two queries."""
    news = situation.recent_news().select_related("inspection__force").order_by("pk")
    told = set(
        Reminder.objects.filter(news__in=situation.recent_news()).values_list("user_id", "news_id")
    )
    for each in news.iterator(chunk_size=ROWS_AT_ONCE):
        if situation.is_quiet(situation.policies.usual, each.inspection.force.nation):
            continue
        found: dict[int, Line] = {}
        for user_id in situation.people.told_of_news(each):
            leave = situation.people.leave_of(user_id)
            if leave is None:
                found[user_id] = Line(None, None, each.pk, NEWS, Reason.NEWS, None)
            elif (user_id, each.pk) not in told and leave.stand_in != each.by_id:
                line = Line(None, None, each.pk, NEWS, Reason.STAND_IN, user_id)
                found.setdefault(leave.stand_in, line)
        yield from (pair for pair in found.items() if (pair[0], each.pk) not in told)
