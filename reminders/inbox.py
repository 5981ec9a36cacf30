"""What a person was told, as Assay itself shows it: titles, lines, and what is still unread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import Urgency, WorkItem
from config.clock import now
from inspections.models import Deadline, Inspection
from inspections.presentation import deadline_page
from reminders.models import Digest, DigestKind, DigestQuerySet, DigestStatus, Reason, Reminder


@dataclass(frozen=True)
class Line:
    """One thing that a message speaks of; `deadline` is None for news."""

    what: str
    href: str
    inspection: str
    why: str
    due_on: dt.date | None = None
    deadline: Deadline | None = None


@dataclass(frozen=True)
class Group:
    """Lines under one heading, in the order in which they were told."""

    heading: str
    lines: list[Line]


def unread_count(user: User) -> int:
    """How many messages `user` has still to read; the header of every page asks. One query."""
    return Digest.objects.unread_by(user).count()


def with_counts(digests: DigestQuerySet) -> DigestQuerySet:
    """Return `digests` with how much each is about, for `title` and `abouts`."""
    of_deadlines = Q(reminders__due_on__isnull=False)
    return digests.annotate(
        overdue=Count("reminders", filter=of_deadlines & Q(reminders__due_on__lt=F("day"))),
        due_today=Count("reminders", filter=of_deadlines & Q(reminders__due_on=F("day"))),
        due_later=Count("reminders", filter=of_deadlines & Q(reminders__due_on__gt=F("day"))),
        news=Count("reminders", filter=Q(reminders__news__isnull=False)),
        total=Count("reminders"),
        first=Subquery(
            Reminder.objects.filter(digest=OuterRef("pk"))
            .order_by(F("due_on").asc(nulls_last=True), "pk")
            .values("pk")[:1]
        ),
    )


def title(digest: Digest) -> str:
    """“2 overdue, 1 due soon, 1 piece of news”, of a digest `with_counts`; what an urgent one is about stays inside."""
    if digest.kind == DigestKind.URGENT:
        return _("An urgent referral")
    counts = {name: getattr(digest, name) for name in ("overdue", "due_today", "due_later", "news")}
    parts = [
        ngettext("%(count)d overdue", "%(count)d overdue", counts["overdue"]),
        ngettext("%(count)d due today", "%(count)d due today", counts["due_today"]),
        ngettext("%(count)d due soon", "%(count)d due soon", counts["due_later"]),
        ngettext("%(count)d piece of news", "%(count)d pieces of news", counts["news"]),
    ]
    said = [
        words % {"count": count}
        for words, count in zip(parts, counts.values(), strict=True)
        if count
    ]
    return ", ".join(said) or _("What this was about is gone")


def abouts(digests: Sequence[Digest], user: User) -> dict[int, str]:
    """Return by primary key what each of `digests` (`with_counts`) is about: its first thing, and how many more.

    One is missing if `user` may not read the words of the first thing any more. Four queries for all of them.
    """
    firsts = Reminder.objects.filter(pk__in=[digest.first for digest in digests])  # type: ignore[attr-defined]
    reminders = list(
        firsts.select_related(
            "deadline__inspection__force", "news__inspection__force", "instead_of"
        )
    )
    readable = Readable(reminders, user)
    words = {
        each.digest_id: readable.line(each).what for each in reminders if readable.is_readable(each)
    }
    found = {}
    for digest in digests:
        if digest.pk not in words or digest.kind == DigestKind.URGENT:
            continue
        more = digest.total - 1  # type: ignore[attr-defined]
        sentence = (
            ngettext("%(what)s (and %(count)d more)", "%(what)s (and %(count)d more)", more)
            if more
            else "%(what)s"
        )
        found[digest.pk] = sentence % {"what": words[digest.pk], "count": more}
    return found


def mark_as_read(digest: Digest) -> bool:
    """Note that its reader has opened it; False if they had before."""
    return bool(Digest.objects.filter(pk=digest.pk, read_at__isnull=True).update(read_at=now()))


def mark_all_as_read(user: User) -> int:
    """Note that `user` wants to see nothing of what they were told up to now; return how many messages that were."""
    return Digest.objects.visible_to(user).filter(read_at__isnull=True).update(read_at=now())


def groups(digest: Digest, user: User) -> tuple[list[Group], int]:
    """Return what `digest` says, as of the day it was for, and how many of its lines `user` may no longer read.

    Somebody who has left a team, say, still has the message, but not the words of it. Four queries.
    """
    reminders = list(
        digest.reminders.select_related(
            "deadline__inspection__force", "news__inspection__force", "instead_of"
        ).order_by("due_on", "pk")
    )
    readable = Readable(reminders, user)
    found: dict[str, list[Line]] = {
        _("Overdue"): [],
        _("Due today"): [],
        _("Due soon"): [],
        _("What happened"): [],
    }
    overdue, today, later, happened = found.values()
    hidden = 0
    for reminder in reminders:
        if not readable.is_readable(reminder):
            hidden += 1
        elif reminder.due_on is None:
            happened.append(readable.line(reminder))
        elif reminder.due_on == digest.day:
            today.append(readable.line(reminder))
        else:
            (overdue if reminder.due_on < digest.day else later).append(readable.line(reminder))
    return [Group(heading, lines) for heading, lines in found.items() if lines], hidden


class Readable:
    """What `user` may know of the things that some reminders are about; three queries for all of them."""

    def __init__(self, reminders: Iterable[Reminder], user: User) -> None:
        reminders = list(reminders)
        self.user = user
        deadlines = {each.deadline_id for each in reminders if each.deadline_id is not None}
        inspections = {
            about.inspection_id for each in reminders if (about := each.deadline or each.news)
        }
        self.deadlines = set(
            Deadline.objects.visible_to(user).filter(pk__in=deadlines).values_list("pk", flat=True)
        )
        known = Inspection.objects.filter(pk__in=inspections)
        self.inspections = set(known.visible_to(user).values_list("pk", flat=True))
        self.content = set(known.with_content_visible_to(user).values_list("pk", flat=True))

    def is_readable(self, reminder: Reminder) -> bool:
        """Whether the words of it are for `user`."""
        if reminder.deadline_id is not None:
            return reminder.deadline_id in self.deadlines
        return reminder.news is not None and reminder.news.inspection_id in self.inspections

    def line(self, reminder: Reminder) -> Line:
        """Return it in words; only of what is readable."""
        why = _why_you(reminder)
        if reminder.deadline is not None:
            deadline = reminder.deadline
            page = deadline_page(deadline, self.user, deadline.inspection_id in self.content)
            where = str(deadline.inspection)
            return Line(deadline.label, page, where, why, reminder.due_on, deadline)
        assert reminder.news is not None
        news = reminder.news
        return Line(str(news), news.get_absolute_url(), str(news.inspection), why)


def _why_you(reminder: Reminder) -> str:
    """The same as `why_told`, said to the person themselves."""
    if reminder.reason == Reason.DUTY:
        return _("you answer for it")
    if reminder.reason == Reason.OWNER:
        return _("you see to it")
    if reminder.reason == Reason.STAND_IN and reminder.instead_of is not None:
        return _("you stand in for %(name)s") % {"name": reminder.instead_of.name}
    return why_told(reminder)


def why_told(reminder: Reminder) -> str:
    """Why the person was told, in words that name whoever they stood in for."""
    if reminder.reason == Reason.STAND_IN and reminder.instead_of is not None:
        return _("stands in for %(name)s") % {"name": reminder.instead_of.name}
    return str(Reason(reminder.reason).label)


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return what waits for `user` because of messages: to read them; for administrators, what could not be sent."""
    items = []
    if count := unread_count(user):
        detail = ngettext("%(count)d unread message", "%(count)d unread messages", count)
        items.append(
            WorkItem(
                _("Read your messages"),
                reverse("messages:list"),
                detail % {"count": count},
                urgency=Urgency.LATER,
            )
        )
    if user.is_administrator:
        failed = Digest.objects.filter(status=DigestStatus.FAILED).count()
        if failed:
            detail = ngettext("%(count)d mail given up", "%(count)d mails given up", failed)
            items.append(
                WorkItem(
                    _("Mails that could not be sent"),
                    reverse("messages:outbox"),
                    detail % {"count": failed},
                    urgency=Urgency.SOON,
                )
            )
    return items
