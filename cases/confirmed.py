"""What people said is not personal data although it looks so, and drafts of audits in which nobody has said it yet.

The lead reads both before the report is published (rule 9).
"""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from cases.content import Contents
from cases.models import Audit, AuditStatus, ConfirmedFragment
from cases.personal_data import Suspicion, suspicions
from cases.text_places import title_of
from inspections import free_text, methodology
from inspections.models import Inspection, Side

MOST_DRAFTS = 200  # read for the list, the ones saved last


class Confirmed(NamedTuple):
    """One fragment that somebody confirmed, with the title and the address of the place where it stands."""

    fragment: ConfirmedFragment
    title: str
    url: str


class ToRead(NamedTuple):
    """What to read before publication, in a sentence, and the page on which it is listed."""

    text: str
    url: str


class OpenDraft(NamedTuple):
    """The draft of an audit that holds what looks like personal data, which can't be submitted like that."""

    audit: Audit
    title: str
    found: list[Suspicion]


def confirmed(inspection: Inspection, user: User) -> list[Confirmed]:
    """Return what was confirmed in texts of `inspection` that `user` may read, by place.

    What stands in an audit that `user` may not read yet is left out (rule 3), and what was removed with its place.
    """
    rows = list(
        ConfirmedFragment.objects.filter(inspection=inspection).select_related("confirmed_by")
    )
    places = free_text.titles(inspection, {row.place for row in rows}, user) if rows else {}
    return sorted(
        (Confirmed(row, *places[row.place]) for row in rows if row.place in places),
        key=lambda each: (each.title, each.fragment.pk),
    )


def open_drafts(inspection: Inspection, user: User) -> list[OpenDraft]:
    """Return the inspectorate's drafts whose texts look personal in a place that nobody has confirmed."""
    drafts = (
        Audit.objects.visible_to(user)
        .filter(case__inspection=inspection, side=Side.INSPECTORATE, status=AuditStatus.DRAFT)
        .filter(case__excluded_at__isnull=True)
        .select_related("case", "reader", "updated_by")
        .prefetch_related("answers", "findings")
        .order_by("-updated_at")[:MOST_DRAFTS]
    )
    known = set(
        ConfirmedFragment.objects.filter(inspection=inspection).values_list(
            "place", "kind", "fragment"
        )
    )
    parts = methodology.of(inspection.framework)
    found = []
    for audit in drafts:
        place = f"audit {audit.pk}"
        unresolved = [
            each
            for _name, text in Contents.of(audit, parts).texts()
            for each in suspicions(text)
            if (place, each.kind.value, each.found) not in known
        ]
        if unresolved:
            found.append(OpenDraft(audit, title_of(audit), unresolved))
    return sorted(found, key=lambda each: each.title)


def to_read(inspection: Inspection, user: User) -> ToRead | None:
    """Return what to tell whoever prepares the publication; None if nothing was confirmed."""
    count = len(confirmed(inspection, user))
    if not count:
        return None
    text = ngettext(
        "%(count)d text was confirmed as not personal data: look at it before publication.",
        "%(count)d texts were confirmed as not personal data: look at them before publication.",
        count,
    )
    return ToRead(text % {"count": count}, reverse("cases:confirmed", args=[inspection.pk]))
