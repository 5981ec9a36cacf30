"""The mail itself: what a digest says, as plain text and as HTML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from inspections.models import Deadline, DeadlineQuerySet, News
from reminders import urgent_words
from reminders.models import Digest, DigestKind, Reason, Reminder

# A mail that names more of one sort is read by nobody; the rest is counted in it, and stands in Assay.
MOST_NAMED = 100


@dataclass(frozen=True)
class Line:
    """One deadline, or one thing that happened, as the mail speaks of it; `why` is empty if the footer says it."""

    what: str
    inspection: str
    when: str
    url: str
    moved: str = ""
    why: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class Group:
    """What is overdue, due today, due later, what happened: in the order of dates, and how many more there are."""

    heading: str
    lines: list[Line]
    more: int = 0


def compose(digest: Digest, today: dt.date) -> EmailMultiAlternatives:
    """Return the message of `digest` about all that it holds, worded as of `today` (Europe/London)."""
    if digest.kind == DigestKind.URGENT:
        return _compose_urgent(digest)
    deadlines = (
        Deadline.objects.filter(reminders__digest=digest)
        .select_related("inspection__force")
        .order_by("due_on", "pk")
        .distinct()
    )
    news = (
        News.objects.filter(reminders__digest=digest)
        .select_related("inspection__force")
        .order_by("at", "pk")
    )
    with translation.override(settings.LANGUAGE_CODE):
        words = _Words(digest, today)
        groups = [*words.of_deadlines(deadlines), *words.of_news(news)]
        context = {
            "person": digest.user,
            "groups": groups,
            "count": deadlines.count(),
            "news": news.count(),
            "overdue": deadlines.overdue(today).count(),
            "overdue_in_all": Deadline.objects.visible_to(digest.user).overdue(today).count(),
            "all_deadlines": f"{settings.BASE_URL}{reverse('deadlines:list')}",
        }
        return _message(digest, "digest", context)


def _compose_urgent(digest: Digest) -> EmailMultiAlternatives:
    reminder = digest.reminders.select_related("deadline__inspection__force").get()
    with translation.override(settings.LANGUAGE_CODE):
        return _message(digest, "urgent", urgent_words.words(reminder, digest.user))


def _message(digest: Digest, template: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Render the three parts of `template` for the person whose `digest` it is."""
    subject, text, html = (
        render_to_string(f"reminders/{template}{part}", context, using="jinja2")
        for part in ("_subject.txt", ".txt", ".html")
    )
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        to=[digest.user.email],
        headers={
            "Message-ID": digest.message_id,
            "Auto-Submitted": "auto-generated",  # so that holiday replies stay away
        },
    )
    message.attach_alternative(html, "text/html")
    return message


class _Words:
    """What one digest says, in words."""

    def __init__(self, digest: Digest, today: dt.date) -> None:
        self.digest = digest
        self.today = today

    def of_deadlines(self, deadlines: DeadlineQuerySet) -> list[Group]:
        """Return the groups of dates that have something to say."""
        groups = [
            (gettext("Overdue"), deadlines.filter(due_on__lt=self.today)),
            (gettext("Due today"), deadlines.filter(due_on=self.today)),
            (gettext("Due soon"), deadlines.filter(due_on__gt=self.today)),
        ]
        return [found for heading, part in groups if (found := self._group(heading, part))]

    def of_news(self, news: QuerySet[News]) -> list[Group]:
        """Return the group of what happened, if anything did."""
        named = list(news[:MOST_NAMED])
        why = self._why(Reminder.objects.filter(news__in=[each.pk for each in named]), "news_id")
        lines = [
            Line(
                what=str(each),
                inspection=str(each.inspection),
                when=_words(timezone.localdate(each.at)),
                url=f"{settings.BASE_URL}{each.get_absolute_url()}",
                why=why.get(each.pk, ""),
            )
            for each in named
        ]
        return [Group(gettext("What happened"), lines, news.count() - len(lines))] if lines else []

    def _group(self, heading: str, deadlines: DeadlineQuerySet) -> Group | None:
        named = list(deadlines[:MOST_NAMED])
        if not named:
            return None
        about = Reminder.objects.filter(deadline__in=[each.pk for each in named])
        why = self._why(about, "deadline_id")
        lines = [self._line(each, why.get(each.pk, "")) for each in named]
        return Group(heading, lines, deadlines.count() - len(lines))

    def _why(self, about: QuerySet[Reminder], of: str) -> dict[int, str]:
        """Return why the person is told, by primary key, where it is not their own duty."""
        rows = (
            about.filter(digest=self.digest)
            .select_related("instead_of")
            .order_by("-pk")  # of two occasions in one mail, the first says why
        )
        return {getattr(row, of): _why(row) for row in rows}

    def _line(self, deadline: Deadline, why: str) -> Line:
        moved = ""
        if deadline.due_on != deadline.first_due_on:
            moved = gettext("First due on %(date)s.") % {"date": _words(deadline.first_due_on)}
        return Line(
            what=deadline.label,
            inspection=str(deadline.inspection),
            when=_when(deadline.due_on, (deadline.due_on - self.today).days),
            url=f"{settings.BASE_URL}{deadline.get_absolute_url()}",
            moved=moved,
            why=why,
            assumed=deadline.inspection.published_on_assumed,
        )


def _why(reminder: Reminder) -> str:
    match reminder.reason:
        case Reason.OWNER:
            return gettext("You see to it.")
        case Reason.ESCALATION:
            return gettext("You are told because it has been overdue for long.")
        case Reason.STAND_IN if reminder.instead_of:
            names = {"name": reminder.instead_of.name}
            return gettext("You are told instead of %(name)s, who is away.") % names
    return ""


def _when(due_on: dt.date, days: int) -> str:
    words = {"date": _words(due_on), "count": abs(days)}
    if days == 0:
        return gettext("Due today, %(date)s.") % words
    if days > 0:
        sentence = ngettext("Due tomorrow, %(date)s.", "Due in %(count)d days, on %(date)s.", days)
    else:
        sentence = ngettext(
            "%(count)d day overdue: it was due on %(date)s.",
            "%(count)d days overdue: it was due on %(date)s.",
            -days,
        )
    return sentence % words


def _words(day: dt.date) -> str:
    return date_format(day, "j F Y")
