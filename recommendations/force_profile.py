"""What a force's page says of its recommendations (settings.FORCE_PROFILE)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Force, User
from inspections import dates
from inspections.models import Deadline, Inspection
from recommendations import lists
from recommendations.models import ProgressStatus


def tables(force: Force, user: User) -> list[dict[str, Any]]:
    """Return how many of the published recommendations of `force` are open, by inspection (two queries)."""
    late = Deadline.objects.overdue(dates.today())
    is_open = Q(settled_on__isnull=True)
    counted = list(
        lists.published(user)
        .filter(inspection__force=force)
        .order_by()
        .values_list("inspection")
        .annotate(
            made=Count("pk"),
            open=Count("pk", filter=is_open),
            overdue=Count("pk", filter=Q(deadline__in=late)),
            ready=Count("pk", filter=is_open & Q(progress_status=ProgressStatus.COMPLETE)),
        )
        .order_by("-inspection__fieldwork_start", "-inspection")
    )
    if not counted:
        return []
    inspections = {
        each.pk: each
        for each in Inspection.objects.filter(pk__in=[pk for pk, *_rest in counted]).select_related(
            "force"
        )
    }
    rows = [
        [
            {"text": inspections[pk], "href": reverse("recommendations:inspection", args=[pk])},
            *numbers,
        ]
        for pk, *numbers in counted
    ]
    sums = [sum(column) for column in zip(*(numbers for _pk, *numbers in counted), strict=True)]
    head = [_("Made"), _("Open"), _("Of these overdue"), _("Ready for closure")]
    return [
        {
            "title": _("Recommendations"),
            "head": [_("Inspection"), *({"text": text, "numeric": True} for text in head)],
            "rows": rows,
            "totals": [_("Total"), *sums] if len(rows) > 1 else None,
        }
    ]
