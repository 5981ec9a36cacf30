"""What the demo did in the end: it found the same ask of several forces, and set policies of reminders."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from accounts.models import User
from demo import source
from inspections.models import Inspection, News
from recommendations import asks
from recommendations.models import Recommendation
from reminders.models import ReminderPolicy


def confirm_asks(loaded: Mapping[str, Inspection], *, by: User) -> None:
    """Say which recommendations ask the same; `loaded` are the demo's inspections by key."""
    for ask in source.load("afterwards")["asks"]:
        chosen = Q()
        for key, numbers in ask["recommendations"].items():
            chosen |= Q(inspection=loaded[key], number__in=numbers)
        first, *others = Recommendation.objects.filter(chosen).order_by("pk")
        asks.confirm(first, others, title=ask["title"], by=by)


def set_policies() -> None:
    """Set when reminders of some kinds go out, unless somebody has said so before."""
    for raw in source.load("afterwards")["policies"]:
        escalations = raw.pop("escalations")
        policy, is_new = ReminderPolicy.objects.get_or_create(kind=raw.pop("kind"), defaults=raw)
        if is_new:
            for to, after_days in escalations.items():
                policy.escalations.create(to=to, after_days=after_days)


def forget_news(loaded: Mapping[str, Inspection]) -> None:
    """Let nobody be told of what loading did: all of it happened long ago, and they know it."""
    News.objects.filter(inspection__in=loaded.values()).delete()
