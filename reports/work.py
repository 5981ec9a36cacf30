"""What about reports waits for a person."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import Urgency, WorkItem
from inspections.models import Inspection, Stage, TeamMember
from reports import checking_work
from reports.models import Publication, SectionKind

NEW_DAYS = 14  # for so long a publication is news
SECTIONS_BESIDE_THEMES = len(SectionKind) - 1


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return drafts to write, reports to publish and reports to read, for the person they wait for (four queries)."""
    items: list[WorkItem] = []
    if user.is_inspector:
        items += _drafts(user) + checking_work.to_answer_and_approve(user)
    if user.is_manager:
        items += checking_work.to_publish(user)
    if user.is_manager or user.is_force:
        items += _news(user, today)
    return items


def _drafts(user: User) -> list[WorkItem]:
    teams = TeamMember.objects.filter(user=user).values("inspection")
    drafts = (
        Inspection.objects.filter(pk__in=teams, stage=Stage.DRAFTING)
        .select_related("force")
        .annotate(
            missing=SECTIONS_BESIDE_THEMES
            + Count("framework__themes", distinct=True)
            - Count("report_sections", distinct=True)
        )
    )
    return [
        WorkItem(
            title=_("Write the report: %(inspection)s") % {"inspection": draft},
            url=reverse("reports:outline", args=[draft.pk]),
            detail=ngettext(
                "%(count)d section has no text yet", "%(count)d sections have no text yet", missing
            )
            % {"count": missing}
            if (missing := getattr(draft, "missing", 0))
            else _("Every section has a text"),
        )
        for draft in drafts
    ]


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
