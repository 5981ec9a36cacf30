"""Frameworks, inspections and deadlines as the API shows them."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ForceNameSerializer
from inspections.free_text import REASON_LENGTH
from inspections.models import (
    Area,
    Deadline,
    Extension,
    ExtensionDecision,
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
from inspections.provenance import how_it_came_about


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
        fields = ["code", "kind", "label", "responsible", "unit", "amount", "timescale_codes"]
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
            *("published_on", "published_on_assumed", "published_month_only", "counts_from"),
        ]
        read_only_fields = fields


class PersonalDataConfirmation(serializers.Serializer[Any]):
    not_personal_data_because = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=REASON_LENGTH,
        help_text="Why texts that were refused as personal data hold none (rule 9). It is listed for the lead.",
    )


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    deadline: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    asked_by = serializers.CharField(source="asked_by.name", read_only=True)
    decision = serializers.ChoiceField(
        ["", *ExtensionDecision.values], read_only=True, help_text="Empty until it is answered."
    )
    decided_by = serializers.CharField(
        source="decided_by.name", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Extension
        fields = [
            *("id", "deadline", "from_on", "wanted_on", "reason", "asked_by", "asked_at"),
            *("decision", "agreed_on", "answer", "decided_by", "decided_at"),
        ]
        read_only_fields = fields


class NewExtensionSerializer(PersonalDataConfirmation):
    wanted_on = serializers.DateField(help_text="Later than the present date.")
    reason = serializers.CharField(max_length=2000)


class AgreementToExtensionSerializer(PersonalDataConfirmation):
    agreed_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="`wanted_on` unless given."
    )
    answer = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RefusalOfExtensionSerializer(PersonalDataConfirmation):
    answer = serializers.CharField(max_length=2000, help_text="Why.")


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    force = serializers.IntegerField(source="inspection.force_id", read_only=True)
    owner = serializers.CharField(
        source="owner.name", read_only=True, allow_null=True, default=None
    )
    unit = serializers.CharField(
        read_only=True, help_text="days, weeks or months; empty if it was not counted."
    )
    came_about = serializers.SerializerMethodField(
        help_text="How the date came about, as pages say it."
    )
    extensions = ExtensionSerializer(
        many=True, read_only=True, help_text="What was asked for, newest first."
    )

    class Meta:
        model = Deadline
        fields = [
            *("id", "inspection", "force", "kind", "subject_id", "label", "responsible", "owner"),
            *("due_on", "due_at", "first_due_on", "basis", "counts_from", "unit", "amount"),
            *("came_about", "met_on", "met_note", "lapsed_on", "moved_on", "extensions"),
        ]
        read_only_fields = fields
        extra_kwargs = {
            "subject_id": {
                "help_text": "The recommendation or urgent referral, if the deadline is one’s."
            },
            "due_at": {"help_text": "The moment, if it is counted in hours."},
            "first_due_on": {"help_text": "The date before any extension."},
            "counts_from": {"help_text": "The day that it counts from, if it was counted."},
            "lapsed_on": {
                "help_text": "Since when nothing more is wanted, although it was not met."
            },
        }

    def get_came_about(self, deadline: Deadline) -> str:
        return how_it_came_about(deadline)
