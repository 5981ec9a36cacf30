"""The police and crime commissioner's comments on a report (Police Act 1996 s.55)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections import dates, deadlines, free_text, news
from inspections.models import Deadline, DeadlineKind, Inspection, NewsKind, Party
from recommendations.models import CommissionerComment


class NotPublished(DomainError):
    """There is no report yet to comment on."""


class StaleComments(Conflict):
    """Somebody of the office sent comments since the page was opened; `current` is theirs (rule 5)."""

    def __init__(self, current: CommissionerComment) -> None:
        super().__init__(gettext("Somebody else has sent comments in the meantime."))
        self.current = current


def may_comment(inspection: Inspection, user: User) -> bool:
    """Whether `user` writes for the commissioner of this force, and there is a report to comment on."""
    return _speaks_for_commissioner(inspection, user) and inspection.is_published


def comment(
    inspection: Inspection,
    text: str,
    *,
    seen: int,
    by: User,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> CommissionerComment:
    """Send the commissioner's comments, which meets their deadline; both sides read them, nobody changes them.

    `seen` is the key of the last comments that the sender has read, 0 if there were none. `at` is for what was sent in
    the past (aware). Raises StaleComments, NotPublished, NotAllowed, TextRefused (rule 9).
    """
    moment = at or dates.now()
    with transaction.atomic():
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if not _speaks_for_commissioner(locked, by):
            raise NotAllowed(
                gettext("Only who works for the commissioner of this force comments for them.")
            )
        if not locked.is_published:
            raise NotPublished(gettext("The report has not been published."))
        last = locked.commissioner_comments.select_related("by").first()
        if last is not None and last.pk != seen:
            raise StaleComments(last)
        free_text.check(
            {"text": text},
            inspection=locked,
            place=f"commissioner {locked.pk}",
            by=by,
            reason=personal_data_reason,
        )
        comments = CommissionerComment.objects.create(
            inspection=locked, text=text.strip(), by=by, at=moment
        )
        for deadline in Deadline.objects.open().filter(
            inspection=locked, kind=DeadlineKind.PCC_COMMENTS
        ):
            deadlines.meet(deadline, by=by, on=timezone.localdate(moment))
        for party in (Party.FORCE, Party.INSPECTORATE):
            news.tell(
                locked,
                party,
                NewsKind.PCC_COMMENTED,
                label=gettext("Comments of the police and crime commissioner"),
                by=by,
            )
    return comments


def _speaks_for_commissioner(inspection: Inspection, user: User) -> bool:
    return user.works_for_commissioner and user.force_id == inspection.force_id
