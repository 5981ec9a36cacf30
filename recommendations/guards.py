"""What recommendations say against a move of their inspection."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import ngettext

from inspections.models import Inspection
from recommendations import reviewing
from recommendations.models import Recommendation, RecommendationQuerySet

# A review says to the force what it makes of each earlier recommendation, so it has to know before the draft goes out.
JUDGED_BEFORE = ["send_for_factual_accuracy", "publish"]


def guard(inspection: Inspection, transition_code: str) -> list[str]:
    """Return why `transition_code` may not happen yet.

    Nothing closes before every recommendation has its final judgement (domain, “The life of an inspection”), and no
    review is sent or published before it has judged what it looks back at.
    """
    if transition_code == "close":
        return _without_final_judgement(inspection)
    if transition_code in JUDGED_BEFORE and inspection.parent_id is not None:
        return reviewing.missing(inspection)
    return []


def unsettled_in(inspections: Collection[Inspection]) -> RecommendationQuerySet:
    """Recommendations that keep any of `inspections` from being closed: not judged, or judged and still owed."""
    return Recommendation.objects.filter(inspection__in=inspections, settled_on__isnull=True)


def _without_final_judgement(inspection: Inspection) -> list[str]:
    waiting = list(unsettled_in([inspection]).order_by("number").values_list("number", "outcome"))
    unjudged = [number for number, outcome in waiting if not outcome]
    owed = [number for number, outcome in waiting if outcome]
    reasons = []
    if unjudged:
        reasons.append(
            ngettext(
                "Recommendation %(numbers)s has not been judged.",
                "Recommendations %(numbers)s have not been judged.",
                len(unjudged),
            )
            % {"numbers": ", ".join(map(str, unjudged))}
        )
    if owed:
        reasons.append(
            ngettext(
                "Recommendation %(numbers)s is not implemented yet, and no later one has taken its place.",
                "Recommendations %(numbers)s are not implemented yet, and no later ones have taken their place.",
                len(owed),
            )
            % {"numbers": ", ".join(map(str, owed))}
        )
    return reasons
