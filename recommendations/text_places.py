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
    wanted = numbers(names, "recommendation") | numbers(names, "progress")
    if not wanted:
        return {}
    found = Recommendation.objects.visible_to(user).filter(pk__in=wanted, inspection=inspection)
    titles = {
        "recommendation": _("Recommendation %(number)d"),
        "progress": _("Progress with recommendation %(number)d"),
    }
    return {
        f"{kind} {each.pk}": (title % {"number": each.number}, each.get_absolute_url())
        for each in found
        for kind, title in titles.items()
    }
