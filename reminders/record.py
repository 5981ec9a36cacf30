"""The record of every message: to whom, when, about what, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, User
from config.spreadsheets import Cell
from inspections.models import Deadline, DeadlineKind
from reminders.inbox import Readable, why_told
from reminders.models import Digest, DigestStatus, Reminder, ReminderQuerySet

IN_ONE_PIECE = 500
RECORD_ROLES = [Role.MANAGER, Role.ADMINISTRATOR, Role.LEAD_INSPECTOR, Role.FORCE_LEAD]


@dataclass(frozen=True)
class Entry:
    """One line of the record; `href` is empty where the asker may not open what it was about."""

    person: str
    what: str
    href: str
    inspection: str
    occasion: str
    why: str
    due_on: dt.date | None
    digest: Digest

    @property
    def state(self) -> str:
        """Whether it reached them, and how."""
        if self.digest.status == DigestStatus.SENT and not self.digest.by_mail:
            return _("Told in Assay")
        return str(DigestStatus(self.digest.status).label)


def concerns(user: User) -> bool:
    """Whether more than their own messages is the business of `user`."""
    return user.has_role(*RECORD_ROLES)


def entries(reminders: Sequence[Reminder], user: User) -> list[Entry]:
    """Return `reminders` in words, as far as `user` may read them; what they may not is named by its kind only.

    Give the reminders of one page, loaded by `load`. Three queries.
    """
    readable = Readable(reminders, user)
    found = []
    for reminder in reminders:
        line = readable.line(reminder) if readable.is_readable(reminder) else None
        found.append(
            Entry(
                person=reminder.user.name,
                what=line.what if line else _kind(reminder),
                href=line.href if line else "",
                inspection=line.inspection if line else "",
                occasion=occasion_in_words(reminder),
                why=why_told(reminder),
                due_on=reminder.due_on,
                digest=reminder.digest,
            )
        )
    return found


def load(reminders: ReminderQuerySet) -> ReminderQuerySet:
    """Return `reminders` with all that `entries` needs of them."""
    return reminders.select_related(
        "user",
        "digest",
        "deadline__inspection__force",
        "news__inspection__force",
        "instead_of",
    )


def _kind(reminder: Reminder) -> str:
    if reminder.deadline is not None:
        return str(DeadlineKind(reminder.deadline.kind).label)
    return str(_("News"))


def occasion_in_words(reminder: Reminder) -> str:
    """Return what brought it about: “7 days before”, “14 days overdue”, “The date moved”."""
    name, _colon, number = reminder.occasion.partition(":")
    days = int(number) if number.isdecimal() else 0
    if name == "before" and days:
        return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}
    if name == "overdue" and days:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}
    words = {
        "on_the_day": _("On the day"),
        "moved": _("The date moved"),
        "news": _("News"),
        "raised": _("Raised"),
        "overdue": _("Overdue"),
        "acknowledged": _("Acknowledged"),
        "answered": _("Answered"),
    }
    return str(words.get(name, name))


def head() -> list[str]:
    """The columns of the record as a file."""
    return [
        _("Message"),
        _("Day"),
        _("Sent"),
        _("To"),
        _("Address"),
        _("About"),
        _("Inspection"),
        _("Occasion"),
        _("Why"),
        _("State"),
    ]


def rows(reminders: ReminderQuerySet, user: User) -> Iterator[list[Cell]]:
    """Yield the record as a file has it, a few hundred lines in memory at a time."""
    ordered = load(reminders).iterator(chunk_size=IN_ONE_PIECE)
    while piece := list(islice(ordered, IN_ONE_PIECE)):
        for reminder, entry in zip(piece, entries(piece, user), strict=True):
            yield [
                reminder.digest_id,
                entry.digest.day,
                entry.digest.sent_at,
                entry.person,
                reminder.user.email,
                entry.what,
                entry.inspection,
                entry.occasion,
                entry.why,
                entry.state,
            ]


def narrow(
    reminders: ReminderQuerySet,
    *,
    person: str = "",
    force: object | None = None,
    kind: str = "",
    status: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> ReminderQuerySet:
    """Return those of `reminders` that all of these fit; days are those that one was told on, the last one included."""
    if person:
        reminders = reminders.filter(
            Q(user__name__icontains=person) | Q(user__email__icontains=person)
        )
    if force is not None:
        reminders = reminders.filter(
            Q(deadline__inspection__force=force) | Q(news__inspection__force=force)
        )
    if kind == "news":
        reminders = reminders.filter(news__isnull=False)
    elif kind:
        reminders = reminders.filter(deadline__kind=kind)
    if status:
        reminders = reminders.filter(digest__status=status)
    if since:
        reminders = reminders.filter(digest__day__gte=since)
    if until:
        reminders = reminders.filter(digest__day__lte=until)
    return reminders


def of_deadline(deadline: Deadline, user: User) -> ReminderQuerySet:
    """Return who was told of `deadline`, newest first, as far as it is the business of `user`."""
    return Reminder.objects.visible_to(user).filter(deadline=deadline).order_by("-pk")
