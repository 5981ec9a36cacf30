"""The API's edge for recommendations."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VisibleViewSet
from inspections import dates
from inspections.models import Deadline
from recommendations import timeline
from recommendations.models import ProgressStatus, Recommendation, RecommendationQuerySet
from recommendations.serializers import EntrySerializer, RecommendationSerializer


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
    ).prefetch_related("points", "progress__point")
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilter

    @extend_schema(
        summary="What both sides said and did, newest first",
        responses=EntrySerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def timeline(self, request: Request, pk: int) -> Response:
        """Publication, progress with its evidence, discussion, extensions, plans and judgements that you may read."""
        recommendation = get_object_or_404(
            Recommendation.objects.visible_to(request.user).select_related(
                "inspection__force", "deadline"
            ),
            pk=pk,
        )
        found = timeline.entries(recommendation, request.user)
        return Response(EntrySerializer(found, many=True).data)  # type: ignore[arg-type]
