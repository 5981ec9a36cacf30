"""The API's edge for what a force and its commissioner send after publication: plans, updates, comments."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from accounts.api import VisibleViewSet
from recommendations.models import (
    CommissionerComment,
    ImmediateUpdate,
    PlanComment,
    PlanDecision,
    PlanVersion,
)


class ByInspection(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    force = filters.NumberFilter(field_name="inspection__force_id")


class PlanFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="plan__inspection_id")
    force = filters.NumberFilter(field_name="plan__inspection__force_id")
    decision = filters.ChoiceFilter(
        choices=[*PlanDecision.choices, ("none", "none")],
        method="of_decision",
        help_text="How the inspectorate answered; “none” are those that wait.",
    )

    def of_decision(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(decision="" if value == "none" else value)


class PlanCommentSerializer(serializers.ModelSerializer[PlanComment]):
    recommendation: Any = serializers.IntegerField(source="recommendation.number", read_only=True)

    class Meta:
        model = PlanComment
        fields = ["recommendation", "text"]
        read_only_fields = fields


class PlannedActionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField(help_text="“4.2” is the second action for recommendation 4.")
    text = serializers.CharField()
    owner = serializers.CharField(help_text="A person of the force, by name; empty if a partner.")
    partner = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    points: Any = serializers.ListField(
        child=serializers.IntegerField(), help_text="The points that it answers, by their order."
    )


class PlannedAnswerSerializer(serializers.Serializer[Any]):
    recommendation = serializers.IntegerField(help_text="Its number.")
    actions = PlannedActionSerializer(many=True)
    gap: Any = inline_serializer(
        "PlanGap",
        {
            "reason": serializers.CharField(),
            "points": serializers.ListField(child=serializers.IntegerField()),
        },
        allow_null=True,
        help_text="Why nothing is planned, and about which points.",
    )


class PlanVersionSerializer(serializers.ModelSerializer[PlanVersion]):
    inspection: Any = serializers.IntegerField(source="plan.inspection_id", read_only=True)
    comments = PlanCommentSerializer(many=True, read_only=True)
    content: Any = serializers.SerializerMethodField()
    decision = serializers.ChoiceField(
        ["", *PlanDecision.values], read_only=True, help_text="Empty until it is answered."
    )

    class Meta:
        model = PlanVersion
        fields = [
            *("id", "inspection", "number", "submitted_at", "note", "content"),
            *("decision", "answer", "decided_at", "comments"),
        ]
        read_only_fields = fields

    @extend_schema_field(PlannedAnswerSerializer(many=True))
    def get_content(self, version: PlanVersion) -> Any:
        return version.content


class PlanVersionViewSet(VisibleViewSet):
    """Versions of action plans as they were submitted, with the inspectorate's answers. No draft is among them."""

    queryset: Any = PlanVersion.objects.select_related("plan").prefetch_related(
        "comments__recommendation"
    )
    serializer_class = PlanVersionSerializer
    filterset_class = PlanFilter


class ImmediateUpdateSerializer(serializers.ModelSerializer[ImmediateUpdate]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    accounts: Any = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        help_text="What was done, by number of recommendation.",
    )

    class Meta:
        model = ImmediateUpdate
        fields = ["id", "inspection", "accounts", "note", "at"]
        read_only_fields = fields


class ImmediateUpdateViewSet(VisibleViewSet):
    """Accounts of what was to be done immediately, as forces sent them; a later one adds to the first."""

    queryset = ImmediateUpdate.objects.all()
    serializer_class = ImmediateUpdateSerializer
    filterset_class = ByInspection


class CommissionerCommentSerializer(serializers.ModelSerializer[CommissionerComment]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)

    class Meta:
        model = CommissionerComment
        fields = ["id", "inspection", "text", "at"]
        read_only_fields = fields


class CommissionerCommentViewSet(VisibleViewSet):
    """Comments of police and crime commissioners on reports (Police Act 1996 s.55)."""

    queryset = CommissionerComment.objects.all()
    serializer_class = CommissionerCommentSerializer
    filterset_class = ByInspection
