"""What people call recommendations and progress where texts that were confirmed are listed (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from inspections.free_text import numbers
from inspections.models import Inspection
from recommendations.models import Recommendation


def describe(
    inspection: Inspection, names: Iterable[str], user: User
) -> dict[str, tuple[str, str]]:
    """Return title and address of each place in `names` that belongs to a recommendation open to `user`."""
    titles = {
        "recommendation": _("Recommendation %(number)d"),
        "progress": _("Progress with recommendation %(number)d"),
        "judgement": _("Judgement of recommendation %(number)d"),
        "questions": _("Questions about recommendation %(number)d"),
        "remark": _("Discussion of recommendation %(number)d"),
    }
    # What one side keeps to itself is nothing to the other.
    own = "note of the force" if user.is_force else "note of the inspectorate"
    titles[own] = _("Notes on recommendation %(number)d")
    asked = set(names)
    wanted = set().union(*(numbers(asked, kind) for kind in titles))
    if not wanted:
        return {}
    own_or_earlier = [inspection.pk, inspection.parent_id]  # a review judges what is older
    found = Recommendation.objects.visible_to(user).filter(
        pk__in=wanted, inspection__in=own_or_earlier
    )
    return {
        f"{kind} {each.pk}": (title % {"number": each.number}, each.get_absolute_url())
        for each in found
        for kind, title in titles.items()
        if f"{kind} {each.pk}" in asked
    }
