"""The mail itself: what a digest says, as plain text and as HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from inspections.models import Deadline
from reminders import urgent_words
from reminders.models import Digest, DigestKind


@dataclass(frozen=True)
class Line:
    """One deadline as the mail speaks of it."""

    what: str
    inspection: str
    when: str
    moved: str
    assumed: bool
    url: str


@dataclass(frozen=True)
class Group:
    """What is overdue, what is due today, what is due later; each in the order of its dates."""

    heading: str
    lines: list[Line]


def compose(digest: Digest, reminder_ids: Sequence[int], today: dt.date) -> EmailMultiAlternatives:
    """Return the message of `digest` about those of its reminders, worded as of `today` (Europe/London)."""
    if digest.kind == DigestKind.URGENT:
        return _compose_urgent(digest, reminder_ids)
    deadlines = (
        Deadline.objects.filter(reminders__in=reminder_ids)
        .select_related("inspection__force")
        .order_by("due_on", "pk")
        .distinct()
    )
    with translation.override(settings.LANGUAGE_CODE):
        groups = _groups(deadlines, today)
        context = {
            "person": digest.user,
            "groups": groups,
            "count": sum(len(group.lines) for group in groups),
            "overdue": sum(deadline.due_on < today for deadline in deadlines),
            "all_deadlines": f"{settings.BASE_URL}{reverse('deadlines:list')}",
        }
        return _message(digest, "digest", context)


def _compose_urgent(digest: Digest, reminder_ids: Sequence[int]) -> EmailMultiAlternatives:
    reminder = (
        digest.reminders.filter(pk__in=reminder_ids)
        .select_related("deadline__inspection__force")
        .get()
    )
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


def _groups(deadlines: Iterable[Deadline], today: dt.date) -> list[Group]:
    sorted_out: dict[str, list[Line]] = {"overdue": [], "today": [], "later": []}
    for deadline in deadlines:
        days = (deadline.due_on - today).days
        key = "later" if days > 0 else "overdue" if days < 0 else "today"
        sorted_out[key].append(_line(deadline, days))
    headings = {
        "overdue": gettext("Overdue"),
        "today": gettext("Due today"),
        "later": gettext("Due soon"),
    }
    return [Group(headings[key], lines) for key, lines in sorted_out.items() if lines]


def _line(deadline: Deadline, days: int) -> Line:
    moved = ""
    if deadline.due_on != deadline.first_due_on:
        moved = gettext("First due on %(date)s.") % {"date": _words(deadline.first_due_on)}
    return Line(
        what=deadline.label,
        inspection=str(deadline.inspection),
        when=_when(deadline.due_on, days),
        moved=moved,
        assumed=deadline.inspection.published_on_assumed,
        url=f"{settings.BASE_URL}{deadline.get_absolute_url()}",
    )


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
