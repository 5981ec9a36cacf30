"""A person's deadlines for their own calendar program, at a secret address that they can revoke.

Nothing that anybody wrote is in it: of each deadline its kind, the force and the way to its page, which asks for
sign-in. Urgent referrals are left out: they are counted in hours, and a calendar should not say that there is one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, vText
from icalendar.parser import Contentline

from accounts.errors import Conflict
from accounts.models import User
from config.clock import now
from inspections.models import REFERRAL_KINDS, Deadline, DeadlineKind, DeadlineQuerySet, TeamMember
from reminders.models import CalendarFeed

MOST_FEEDS = 10  # of one person
MOST_EVENTS = 10_000
LOOKS_BACK = dt.timedelta(days=365)  # what has been overdue for longer is a matter of the list
REREAD_EVERY = dt.timedelta(hours=12)  # what the file asks of calendar programs
LONGEST_LINE = 75  # bytes, RFC 5545
NOTED_EVERY = dt.timedelta(hours=1)  # how fine `last_read_at` is


class TooManyFeeds(Conflict):
    """The person has as many addresses as they can have; one has to be revoked first."""


class Entry(NamedTuple):
    """What the file says about one deadline; `stamp` is when it last changed."""

    pk: int
    kind: str
    force: str
    due_on: dt.date
    stamp: dt.datetime


def open_feed(user: User, *, name: str) -> str:
    """Make another secret address for `user`, used at `name`, and return its secret, which is not kept.

    Raises TooManyFeeds.
    """
    if user.calendar_feeds.filter(revoked_at__isnull=True).count() >= MOST_FEEDS:
        raise TooManyFeeds(_("Revoke one of your addresses first."))
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=user, name=name, digest=_digest(secret))
    return secret


def revoke(feed: CalendarFeed) -> None:
    """Let the address of `feed` lead nowhere from now on. Revoked before, it stays so since then."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now())


def of_secret(secret: str) -> CalendarFeed | None:
    """Return the feed that this secret opens; None if it is unknown or revoked, or its person may not sign in."""
    return (
        CalendarFeed.objects.filter(
            digest=_digest(secret), revoked_at__isnull=True, user__is_active=True
        )
        .select_related("user")
        .first()
    )


def note_reading(feed: CalendarFeed) -> None:
    """Remember, to the hour, that a calendar program has read `feed`."""
    moment = now()
    CalendarFeed.objects.filter(
        Q(last_read_at__isnull=True) | Q(last_read_at__lt=moment - NOTED_EVERY), pk=feed.pk
    ).update(last_read_at=moment)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def theirs(user: User) -> DeadlineQuerySet:
    """Return the deadlines that belong in the calendar of `user`.

    Of a force, all of the force's inspections; managers see all; other inspectors those of their teams, and what is
    in their name.
    """
    visible = Deadline.objects.visible_to(user).exclude(kind__in=REFERRAL_KINDS)
    if user.is_force or user.is_manager:
        return visible
    teams = TeamMember.objects.filter(user=user)
    return visible.filter(Q(inspection__in=teams.values("inspection")) | Q(owner=user))


def entries(user: User, today: dt.date) -> list[Entry]:
    """Return the open deadlines of `user` from a year ago on, at most MOST_EVENTS, in one query."""
    # A whole day ends with the next, which the last day of all does not have.
    days = (today - LOOKS_BACK, dt.date.max - dt.timedelta(days=1))
    found = theirs(user).open().filter(due_on__range=days).order_by("due_on", "pk")
    rows = found.values_list(
        "pk", "kind", "inspection__force__name", "due_on", "moved_on", "inspection__created_at"
    )
    return [
        Entry(pk, kind, force, due_on, _midnight(moved_on) if moved_on else created_at)
        for pk, kind, force, due_on, moved_on, created_at in rows[:MOST_EVENTS]
    ]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def etag(found: Iterable[Entry]) -> str:
    """Return a quoted tag that is another one as soon as the file would be another one."""
    digest = hashlib.sha256(settings.BASE_URL.encode())
    for entry in found:
        digest.update(repr(tuple(entry)).encode())
    return f'"{digest.hexdigest()[:32]}"'


def write(found: Iterable[Entry]) -> bytes:
    """Return `found` as an iCalendar file (RFC 5545): an event of the whole day each, whose UID never changes.

    icalendar writes the frame and the texts. The events are put together here: it would take seconds for thousands.
    """
    frame = Calendar()
    frame.add("prodid", "-//Assay//Deadlines//EN")
    frame.add("version", "2.0")
    frame.add("method", "PUBLISH")
    frame.add("x-wr-calname", _("Assay deadlines"))
    frame.add("refresh-interval", REREAD_EVERY, parameters={"VALUE": "DURATION"})
    frame.add("x-published-ttl", f"PT{REREAD_EVERY // dt.timedelta(hours=1)}H")
    before, _end, after = frame.to_ical().rpartition(b"END:VCALENDAR")
    words = _Words()
    return before + b"".join(words.event(entry) for entry in found) + b"END:VCALENDAR" + after


class _Words:
    """The parts of events that many have in common, written once."""

    def __init__(self) -> None:
        self.kinds = {kind.value: str(kind.label) for kind in DeadlineKind}
        self.summaries: dict[tuple[str, str], str] = {}
        path, _zero, self.after = reverse("deadlines:detail", args=[0]).rpartition("0")
        self.before = settings.BASE_URL + path
        self.host = urlsplit(settings.BASE_URL).hostname

    def event(self, entry: Entry) -> bytes:
        address = f"{self.before}{entry.pk}{self.after}"
        stamp = entry.stamp.astimezone(dt.UTC)
        lines = [
            "BEGIN:VEVENT",
            f"UID:deadline-{entry.pk}@{self.host}",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{entry.due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.due_on + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{self.summary(entry.kind, entry.force)}",
            f"DESCRIPTION:{address}",  # Outlook shows no URL
            f"URL:{address}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
        return b"".join(_folded(line) + b"\r\n" for line in lines)

    def summary(self, kind: str, force: str) -> str:
        """“Recommendation: Gwent Police”, with what has a meaning in the file escaped."""
        if (kind, force) not in self.summaries:
            text = _("%(what)s: %(force)s") % {"what": self.kinds[kind], "force": force}
            self.summaries[kind, force] = vText(text).to_ical().decode()
        return self.summaries[kind, force]


def _folded(line: str) -> bytes:
    """Return `line` as bytes, of which no line of the file has more than 75."""
    plain = line.encode()
    return plain if len(plain) <= LONGEST_LINE else bytes(Contentline(line).to_ical())
