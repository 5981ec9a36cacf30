"""What inspectors made of recommendations: in the follow-up itself, and in a review that looks back."""

from __future__ import annotations

from accounts.models import User
from demo.casework import at
from demo.source import InspectionFacts, RecommendationFacts
from inspections.models import Inspection
from recommendations import judging, reviewing
from recommendations.models import Recommendation


def judge(recommendation: Recommendation, facts: RecommendationFacts, lead: User) -> None:
    """Judge `recommendation` on the day given, if the facts say how."""
    if facts.judged is None:
        return
    judging.judge(
        recommendation,
        outcome=facts.judged.outcome,
        finding=facts.judged.finding,
        by=lead,
        at=at(facts.judged.on, recommendation.number),
    )


def look_back(
    review: Inspection, facts: InspectionFacts, own: list[Recommendation], lead: User
) -> None:
    """Judge in `review` what the earlier inspection recommended, and tie to each the cases of the areas given."""
    for each in facts.earlier:
        recommendation = Recommendation.objects.get(
            inspection=review.parent_id, number=each.recommendation
        )
        cases = review.cases.filter(area__code__in=each.areas)
        reviewing.tie_cases(review, recommendation, list(cases), by=lead)
        judging.judge(
            recommendation,
            outcome=each.judged.outcome,
            finding=each.judged.finding,
            by=lead,
            made_in=review,
            continued_by=own[each.continued_by - 1] if each.continued_by else None,
            at=at(each.judged.on, recommendation.number),
        )
