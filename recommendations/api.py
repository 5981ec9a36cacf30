"""The API's edge for recommendations."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q

from accounts.api import VisibleViewSet
from inspections import dates
from inspections.models import Deadline
from recommendations.models import ProgressStatus, Recommendation, RecommendationQuerySet
from recommendations.serializers import RecommendationSerializer


class RecommendationFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    force = filters.NumberFilter(field_name="inspection__force_id")
    theme = filters.CharFilter(field_name="theme__code")
    timescale = filters.CharFilter(field_name="timescale__code")
    progress_status = filters.ChoiceFilter(choices=ProgressStatus.choices)
    overdue = filters.BooleanFilter(method="is_overdue")

    def is_overdue(
        self, queryset: RecommendationQuerySet, name: str, value: bool
    ) -> RecommendationQuerySet:
        late = Q(deadline__in=Deadline.objects.overdue(dates.today()))
        return queryset.filter(late) if value else queryset.exclude(late)


class RecommendationViewSet(VisibleViewSet):
    """Recommendations with their points, deadline and what the force has said about them."""

    queryset = Recommendation.objects.select_related(
        "theme", "timescale", "deadline"
    ).prefetch_related("points", "progress")
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilter
