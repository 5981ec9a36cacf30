"""What has to be told, put into the outbox: one digest a person a day, planned from the deadlines (rule 8)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import DateField, F, Max
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from accounts.models import Role
from inspections.models import REFERRAL_KINDS, Deadline, Party, Stage
from reminders.models import Digest, DigestKind, DigestStatus, Reminder, ReminderPolicy
from reminders.occasions import Occasion, Policy, latest

# Deadlines exist from the self-assessment on; of a closed inspection nothing more is expected.
SILENT_STAGES = [Stage.PLANNED.value, Stage.CLOSED.value]


class Duty(NamedTuple):
    """That one person has to see to one open deadline, due on this date."""

    user_id: int
    deadline_id: int
    due_on: dt.date


def current_policy() -> Policy:
    """Return the policy that administrators have set, or the usual one."""
    row = ReminderPolicy.objects.filter(kind="").first() or ReminderPolicy()
    return Policy(tuple(row.days_before), row.on_the_day, row.overdue_every_days)


def duties(*, due_until: dt.date, user_id: int | None = None) -> list[Duty]:
    """Return who has to see to which open deadline due by `due_until`, of one person or of all.

    The force's deadlines are its active leads', the inspectorate's those of the inspection's active leads. Urgent
    referrals, which `reminders.urgent` tells of at once, are not among them. Two queries.
    """
    deadlines = (
        Deadline.objects.open()
        .filter(due_on__lte=due_until)
        .exclude(inspection__stage__in=SILENT_STAGES)
        .exclude(kind__in=REFERRAL_KINDS)
    )
    leads_of_force = deadlines.filter(
        responsible=Party.FORCE,
        inspection__force__people__is_active=True,
        inspection__force__people__roles__contains=[Role.FORCE_LEAD.value],
    ).annotate(person=F("inspection__force__people"))
    leads_of_inspection = deadlines.filter(
        responsible=Party.INSPECTORATE,
        inspection__team__is_lead=True,
        inspection__team__user__is_active=True,
        inspection__team__user__roles__contains=[Role.LEAD_INSPECTOR.value],
    ).annotate(person=F("inspection__team__user"))
    found: list[Duty] = []
    for queryset in (leads_of_force, leads_of_inspection):
        if user_id is not None:
            queryset = queryset.filter(person=user_id)
        found += [Duty(*row) for row in queryset.values_list("person", "pk", "due_on")]
    return found


def plan(today: dt.date) -> int:
    """Put into the outbox what people have to be told by `today` (Europe/London); return to how many people.

    A person is told of a deadline unless that has happened since its latest occasion, so what a scheduler that was down
    has missed is made up for, once. Running it again, or twice at a time, adds nothing. Five queries while there is
    nothing new; one short transaction for each person else.
    """
    policy = current_policy()
    to_tell = _to_tell(today, policy)
    if not to_tell:
        return 0
    open_digests, busy = _digests_of(list(to_tell), today)
    planned = 0
    for user_id, occasions in to_tell.items():
        if user_id not in busy:
            planned += _enter(user_id, occasions, today, open_digests.get(user_id))
    return planned


def _to_tell(today: dt.date, policy: Policy) -> dict[int, list[tuple[Duty, Occasion]]]:
    told = _last_told(today, policy)
    found: dict[int, list[tuple[Duty, Occasion]]] = defaultdict(list)
    for duty in duties(due_until=today + dt.timedelta(days=policy.horizon_days)):
        occasion = latest(duty.due_on, today, policy)
        if occasion is None:
            continue
        last = told.get(duty)
        if last is None or last < occasion.day:
            found[duty.user_id].append((duty, occasion))
    return found


def _last_told(today: dt.date, policy: Policy) -> dict[Duty, dt.date]:
    """Return on which day each person was last told of each date of each open deadline, as far as it matters now."""
    longest_silence = dt.timedelta(days=policy.horizon_days + policy.overdue_every_days)
    told_on = Greatest(
        F("digest__day"),
        Coalesce(TruncDate("digest__sent_at"), F("digest__day")),
        output_field=DateField(),
    )
    rows = (
        Reminder.objects.filter(
            deadline__in=Deadline.objects.open(),
            deadline__due_on=F("due_on"),
            digest__kind=DigestKind.DAILY,
            digest__day__gte=today - longest_silence,
        )
        .values_list("user_id", "deadline_id", "due_on")
        .annotate(last=Max(told_on))
    )
    return {Duty(*duty): last for *duty, last in rows}


def _digests_of(user_ids: list[int], today: dt.date) -> tuple[dict[int, int], set[int]]:
    """Return whose digest can still take more lines, and who gets no other mail today.

    No lines are added once a mail server may have the message. Whoever had a mail today, or has one that a server has
    not accepted yet, is told of the rest with the next.
    """
    takes_more: dict[int, int] = {}
    busy: set[int] = set()
    rows = Digest.objects.filter(user__in=user_ids, kind=DigestKind.DAILY)
    recent = rows.filter(day__gte=today) | rows.filter(status=DigestStatus.QUEUED)
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    recent |= rows.filter(sent_at__gte=midnight)
    for digest in recent:
        untouched = digest.attempts == 0
        if untouched and digest.status in (DigestStatus.QUEUED, DigestStatus.CANCELLED):
            takes_more[digest.user_id] = digest.pk
        else:
            busy.add(digest.user_id)
    return takes_more, busy


def _enter(
    user_id: int, occasions: list[tuple[Duty, Occasion]], today: dt.date, open_digest: int | None
) -> int:
    """Write one person's reminders into the open digest or a new one; return 1, or 0 if somebody else was first."""
    with transaction.atomic():
        digest_id = _reopen(open_digest) if open_digest else _create(user_id, today)
        if digest_id is None:
            return 0
        Reminder.objects.bulk_create(
            [
                Reminder(
                    user_id=user_id,
                    deadline_id=duty.deadline_id,
                    due_on=duty.due_on,
                    occasion=occasion.code,
                    digest_id=digest_id,
                )
                for duty, occasion in occasions
            ],
            ignore_conflicts=True,
        )
        if not Reminder.objects.filter(digest=digest_id).exists():
            transaction.set_rollback(True)
            return 0
    return 1


def _reopen(digest_id: int) -> int | None:
    """Lock a digest that nobody has tried to send; None if somebody has since."""
    waiting = Digest.objects.filter(
        pk=digest_id, attempts=0, status__in=[DigestStatus.QUEUED, DigestStatus.CANCELLED]
    )
    return digest_id if waiting.update(status=DigestStatus.QUEUED) else None


def _create(user_id: int, today: dt.date) -> int | None:
    """Create the person's digest of the day; None if there is one by now."""
    message_id = message_id_of(user_id, today.isoformat())
    Digest.objects.bulk_create(
        [Digest(user_id=user_id, day=today, message_id=message_id)], ignore_conflicts=True
    )
    return (
        Digest.objects.select_for_update()
        .filter(
            user=user_id,
            day=today,
            kind=DigestKind.DAILY,
            status=DigestStatus.QUEUED,
            attempts=0,
        )
        .values_list("pk", flat=True)
        .first()
    )


def message_id_of(user_id: int, what: str) -> str:
    """Return the Message-ID of a person's mail about `what` (a day): the same each time, and on this site only."""
    identity = f"{settings.BASE_URL}|{user_id}|{what}"
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{domain}>"
