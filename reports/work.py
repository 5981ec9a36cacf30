"""What about reports waits for a person."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.work import Urgency, WorkItem
from reports import checking_work, writing_work
from reports.models import Publication

NEW_DAYS = 14  # for so long a publication is news


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return drafts to write, reports to publish and reports to read, for the person they wait for (four queries)."""
    items: list[WorkItem] = []
    if user.is_inspector:
        items += writing_work.drafts(user) + checking_work.to_answer_and_approve(user)
    if user.is_manager:
        items += checking_work.to_publish(user)
    if user.is_manager or user.is_force:
        items += _news(user, today)
    return items


def _news(user: User, today: dt.date) -> list[WorkItem]:
    new = (
        Publication.objects.visible_to(user)
        .filter(published_on__gt=today - dt.timedelta(days=NEW_DAYS), published_on__lte=today)
        .exclude(sha256="")
        .select_related("inspection__force")
        .only("published_on", "inspection", *_NAMES)
        .order_by(F("published_on").desc())
    )
    return [
        WorkItem(
            title=_("Read the report: %(inspection)s") % {"inspection": publication.inspection},
            url=reverse("reports:publication", args=[publication.pk]),
            detail=_("Published; the PDF is ready"),
            urgency=Urgency.LATER,
        )
        for publication in new
    ]


_NAMES = [f"inspection__{name}" for name in ("force", "kind", "fieldwork_start", "force__name")]
