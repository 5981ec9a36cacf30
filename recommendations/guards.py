"""What recommendations say against a move of their inspection."""

from __future__ import annotations

from django.utils.translation import ngettext

from inspections.models import Inspection
from recommendations.models import ProgressStatus


def guard(inspection: Inspection, transition_code: str) -> list[str]:
    """Return why `transition_code` may not happen yet: nothing closes while a recommendation is not complete.

    Those with a date are spoken for by their deadlines; here are the ones without.
    """
    if transition_code != "close":
        return []
    numbers = list(
        inspection.recommendations.filter(deadline__isnull=True)
        .exclude(progress_status=ProgressStatus.COMPLETE)
        .order_by("number")
        .values_list("number", flat=True)
    )
    if not numbers:
        return []
    return [
        ngettext(
            "The force has not reported recommendation %(numbers)s complete.",
            "The force has not reported recommendations %(numbers)s complete.",
            len(numbers),
        )
        % {"numbers": ", ".join(map(str, numbers))}
    ]
