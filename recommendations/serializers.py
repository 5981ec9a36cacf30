"""Recommendations as the API shows them."""

from typing import Any

from rest_framework import serializers

from inspections.serializers import ThemeSerializer, TimescaleSerializer
from recommendations.models import ProgressUpdate, Recommendation


class ProgressUpdateSerializer(serializers.ModelSerializer[ProgressUpdate]):
    class Meta:
        model = ProgressUpdate
        fields = ["status", "note", "at"]
        read_only_fields = fields


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    theme = ThemeSerializer(read_only=True)
    timescale = TimescaleSerializer(read_only=True)
    points: Any = serializers.SlugRelatedField("text", many=True, read_only=True)
    deadline: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    due_on = serializers.DateField(
        source="deadline.due_on",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Null before publication, or if its timescale has no date.",
    )
    progress = ProgressUpdateSerializer(many=True, read_only=True)

    class Meta:
        model = Recommendation
        fields = [
            *("id", "inspection", "number", "theme", "timescale", "stem", "points"),
            *("deadline", "due_on", "progress_status", "progress"),
        ]
        read_only_fields = fields
