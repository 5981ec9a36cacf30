"""Frameworks, inspections and deadlines as the API shows them."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ForceNameSerializer
from inspections.models import (
    Area,
    Deadline,
    FollowUpRule,
    Framework,
    GlossaryTerm,
    Grade,
    Indicator,
    Inspection,
    InspectionKind,
    Theme,
    Timescale,
)


class GradeSerializer(serializers.ModelSerializer[Grade]):
    rank = serializers.IntegerField(source="order", read_only=True, help_text="1 is the best.")

    class Meta:
        model = Grade
        fields = ["code", "label", "letter", "rank", "colour_role", "description"]
        read_only_fields = fields


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    class Meta:
        model = Indicator
        fields = ["code", "text"]
        read_only_fields = fields


class AreaSerializer(serializers.ModelSerializer[Area]):
    indicators = IndicatorSerializer(many=True, read_only=True)

    class Meta:
        model = Area
        fields = ["code", "label", "sample_quota", "indicators"]
        read_only_fields = fields


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    class Meta:
        model = Theme
        fields = ["code", "label"]
        read_only_fields = fields


class TimescaleSerializer(serializers.ModelSerializer[Timescale]):
    class Meta:
        model = Timescale
        fields = ["code", "label", "unit", "amount"]
        read_only_fields = fields


class FollowUpRuleSerializer(serializers.ModelSerializer[FollowUpRule]):
    timescale_codes = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = FollowUpRule
        fields = ["code", "label", "responsible", "unit", "amount", "timescale_codes"]
        read_only_fields = fields


class GlossaryTermSerializer(serializers.ModelSerializer[GlossaryTerm]):
    class Meta:
        model = GlossaryTerm
        fields = ["term", "definition"]
        read_only_fields = fields


class FrameworkNameSerializer(serializers.ModelSerializer[Framework]):
    class Meta:
        model = Framework
        fields = ["id", "code", "version", "title"]
        read_only_fields = fields


class FrameworkSerializer(serializers.ModelSerializer[Framework]):
    kinds = serializers.ListField(
        child=serializers.ChoiceField(InspectionKind.choices), read_only=True
    )
    grades = GradeSerializer(many=True, read_only=True)
    areas = AreaSerializer(many=True, read_only=True)
    themes = ThemeSerializer(many=True, read_only=True)
    timescales = TimescaleSerializer(many=True, read_only=True)
    follow_up_rules = FollowUpRuleSerializer(many=True, read_only=True)
    glossary = GlossaryTermSerializer(many=True, read_only=True)

    class Meta:
        model = Framework
        fields = [
            *("id", "code", "version", "title", "kinds", "grades", "areas", "themes"),
            *("timescales", "follow_up_rules", "glossary"),
        ]
        read_only_fields = fields


class InspectionSerializer(serializers.ModelSerializer[Inspection]):
    name = serializers.CharField(source="__str__", read_only=True)
    force = ForceNameSerializer(read_only=True)
    framework = FrameworkNameSerializer(read_only=True)
    parent: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = Inspection
        fields = [
            *("id", "name", "force", "framework", "kind", "parent", "stage"),
            *("self_assessment_due", "fieldwork_start", "fieldwork_end"),
            *("published_on", "published_on_assumed"),
        ]
        read_only_fields = fields


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    force = serializers.IntegerField(source="inspection.force_id", read_only=True)

    class Meta:
        model = Deadline
        fields = [
            *("id", "inspection", "force", "kind", "subject_id", "label", "responsible"),
            *("due_on", "due_at", "first_due_on", "met_on", "met_note"),
        ]
        read_only_fields = fields
        extra_kwargs = {
            "subject_id": {
                "help_text": "The recommendation or urgent referral, if the deadline is one’s."
            },
            "due_at": {"help_text": "The moment, if it is counted in hours."},
            "first_due_on": {"help_text": "The date before it was moved."},
        }
