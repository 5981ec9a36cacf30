"""Recommendations whose wording is like a text, nearest first, found by the trigrams that both have.

An index (`recommendation_nearest_stem`) hands out neighbours in order, so that it costs the same whether ten or ten
thousand are alike: the nearest NEAREST of all recommendations are looked at, and of these what the person may read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import TrigramDistance, TrigramSimilarity
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from accounts.models import User
from inspections.models import Inspection
from recommendations import lists
from recommendations.models import Recommendation, RecommendationQuerySet

NEAREST = 200
FARTHEST = 0.75  # share of trigrams that only one of two texts has; beyond it nobody sees what they have in common
MOST_SHOWN = 10
LONGEST = 4000  # characters of a text that are compared


@dataclass(frozen=True)
class Alike:
    """A recommendation and how like its wording is, in whole per cent of shared trigrams."""

    recommendation: Recommendation
    likeness: int


def alike(
    text: str,
    among: RecommendationQuerySet,
    *,
    points: Sequence[str] = (),
    most: int = MOST_SHOWN,
) -> list[Alike]:
    """Return those of `among` whose stems are most like `text`, nearest first; two queries of bounded size.

    With `points` under the text, those of others count as much as their stems: many a stem only says “should make sure
    that”. That is a third query.
    """
    text = " ".join(text.split())[:LONGEST]
    if not text:
        return []
    distances = dict(
        Recommendation.objects.annotate(distance=TrigramDistance("stem", text))
        .order_by("distance")
        .values_list("pk", "distance")[:NEAREST]
    )
    near = [pk for pk, distance in distances.items() if distance <= FARTHEST]
    if points:
        for pk, share in _shares_of_all_words(near, " ".join([text, *points])[:LONGEST]).items():
            distances[pk] = (distances[pk] + 1 - share) / 2
    found = lists.for_rows(among.filter(pk__in=near)).prefetch_related("points")
    nearest = sorted(found, key=lambda each: (distances[each.pk], each.pk))[:most]
    return [Alike(each, round(100 * (1 - distances[each.pk]))) for each in nearest]


def _shares_of_all_words(keys: Sequence[int], text: str) -> dict[int, float]:
    """Return how much of `text` the stem and the points of those that have points share with it, from 0 to 1."""
    words = Concat(
        F("stem"), Value(" "), StringAgg("points__text", Value(" ")), output_field=TextField()
    )
    found = Recommendation.objects.filter(pk__in=keys, points__isnull=False).annotate(words=words)
    return dict(
        found.annotate(share=TrigramSimilarity("words", text)).values_list("pk", "share").order_by()
    )


def earlier_ones(text: str, inspection: Inspection, user: User) -> list[Alike]:
    """Return published recommendations like `text` that whoever writes one for `inspection` may take up.

    The same words are offered once, from the newest report that has them.
    """
    among = lists.published(user).exclude(inspection=inspection)
    offered: dict[tuple[str, ...], Alike] = {}
    for each in alike(text, among, most=NEAREST):
        words = (
            each.recommendation.stem,
            *(point.text for point in each.recommendation.points.all()),
        )
        there = offered.get(words)
        if there is None or _published(each) > _published(there):
            offered[words] = each
    return list(offered.values())[:MOST_SHOWN]


def _published(each: Alike) -> str:
    return str(each.recommendation.inspection.published_on)
