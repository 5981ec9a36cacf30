"""What of a digest still holds when it leaves: what was met, moved or is no longer this person's is taken out."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from inspections import dates
from inspections.models import News
from reminders import urgent
from reminders.due import ROWS_AT_ONCE, Situation
from reminders.models import Digest, DigestKind, Reason, Reminder
from reminders.people import Subject, spoken_of


@dataclass
class Holding:
    """Which reminders of a digest (primary keys) hold and which do not, and what that means for the mail."""

    holds: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    # Overdue, or urgent: mailed however somebody wants to be told.
    cannot_be_silenced: bool = False
    # Every line is about a force in whose nation it is a day on which its policy says nothing.
    is_quiet: bool = False


def of(digest: Digest) -> Holding:
    """Say what of `digest` holds now. A fixed number of queries, however long it is."""
    if digest.kind == DigestKind.URGENT:
        return _urgent(digest)
    return _daily(digest)


def _urgent(digest: Digest) -> Holding:
    notices = urgent.notices(dates.now())
    found = Holding(cannot_be_silenced=True)
    for reminder in digest.reminders.all():
        assert reminder.deadline_id and reminder.due_on
        notice = urgent.Notice(
            reminder.user_id,
            reminder.deadline_id,
            reminder.due_on,
            urgent.Occasion(reminder.occasion),
        )
        (found.holds if notice in notices else found.dropped).append(reminder.pk)
    return found


def _daily(digest: Digest) -> Holding:
    situation = Situation(dates.today())
    about = spoken_of().filter(reminders__digest=digest).distinct()
    subjects = {each.deadline_id: each for each in Subject.of(about, at_once=ROWS_AT_ONCE)}
    news = {
        each.pk: each
        for each in News.objects.filter(reminders__digest=digest).select_related(
            "inspection__force"
        )
    }
    found = Holding(is_quiet=True)
    for reminder in digest.reminders.iterator(chunk_size=ROWS_AT_ONCE):
        if reminder.news_id is not None:
            each = news[reminder.news_id]
            holds = _may_hear(reminder, situation.people.told_of_news(each), situation)
            quiet = situation.is_quiet(situation.policies.usual, each.inspection.force.nation)
        else:
            subject = subjects.get(reminder.deadline_id or 0)
            holds = subject is not None and _stands(reminder, subject, situation)
            quiet = subject is not None and situation.is_quiet(
                situation.policies.of(subject.kind), subject.nation
            )
            if holds and subject is not None and subject.due_on < situation.today:
                found.cannot_be_silenced = True
        if not holds:
            found.dropped.append(reminder.pk)
            continue
        found.holds.append(reminder.pk)
        found.is_quiet = found.is_quiet and quiet
    return found


def _stands(reminder: Reminder, subject: Subject, situation: Situation) -> bool:
    if subject.due_on != reminder.due_on:
        return False
    return _may_hear(reminder, situation.concerned(subject), situation)


def _may_hear(reminder: Reminder, concerned: Container[int], situation: Situation) -> bool:
    """Whether the person, or the one for whom they stand in, is still among those concerned."""
    if reminder.user_id in concerned:
        return True
    return (
        reminder.reason == Reason.STAND_IN
        and reminder.instead_of_id is not None
        and reminder.instead_of_id in concerned
        and situation.people.may_stand_in(reminder.user_id, reminder.instead_of_id)
    )
