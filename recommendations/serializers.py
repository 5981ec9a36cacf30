"""Recommendations as the API shows them."""

import datetime as dt
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from inspections.serializers import ThemeSerializer, TimescaleSerializer
from recommendations.models import Evidence, Outcome, ProgressUpdate, Recommendation
from recommendations.timeline import Entry, EntryKind


class ProgressUpdateSerializer(serializers.ModelSerializer[ProgressUpdate]):
    point = serializers.IntegerField(
        source="point.order",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Which point it is about, if one.",
    )
    action: Any = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="Which action it is about, if one."
    )

    class Meta:
        model = ProgressUpdate
        fields = ["status", "note", "at", "point", "action"]
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
    outcome = serializers.ChoiceField(
        ["", *Outcome.values], read_only=True, help_text="Empty until it is judged."
    )
    progress = ProgressUpdateSerializer(many=True, read_only=True)

    class Meta:
        model = Recommendation
        fields = [
            *("id", "inspection", "number", "theme", "timescale", "stem", "points"),
            *("deadline", "due_on", "progress_status", "outcome", "settled_on", "progress"),
        ]
        read_only_fields = fields


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    points = serializers.SlugRelatedField("order", many=True, read_only=True)  # type: ignore[var-annotated]
    uploaded_by: Any = serializers.CharField(source="uploaded_by.name", read_only=True)

    class Meta:
        model = Evidence
        fields = [
            *("id", "name", "media_type", "size", "sha256", "description", "points"),
            *("uploaded_by", "uploaded_at"),
        ]
        read_only_fields = fields


class EntrySerializer(serializers.Serializer[Entry]):
    """One event of a recommendation's timeline."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in EntryKind])
    title = serializers.CharField()
    at = serializers.SerializerMethodField(
        help_text="A moment with its offset, or a date where no time is known."
    )
    by = serializers.CharField(help_text="A name, or nothing.")
    about = serializers.CharField(help_text="What part of the recommendation it is about, if one.")
    text = serializers.CharField()
    private = serializers.BooleanField(help_text="Whether only your side reads it.")
    evidence = EvidenceSerializer(many=True)

    def get_at(self, entry: Entry) -> str:
        """The moment in London's time, as everywhere in the API."""
        if isinstance(entry.at, dt.datetime):
            return timezone.localtime(entry.at).isoformat()
        return entry.at.isoformat()
