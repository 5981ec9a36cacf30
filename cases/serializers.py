"""Cases, audits and figures as the API shows them, and cases and audits as it takes them in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases import grading, sampling, uploads
from cases.models import Audit, CaseFile
from inspections.models import Theme

MAX_VERSION = 2_147_483_647


class AuditSerializer(serializers.ModelSerializer[Audit]):
    case: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    grade: Any = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    findings = serializers.SerializerMethodField(help_text="Texts by the code of their theme.")

    class Meta:
        model = Audit
        fields = [
            *("id", "case", "side", "status", "grade", "reason", "findings", "version"),
            *("updated_at", "submitted_at"),
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_findings(self, audit: Audit) -> dict[str, str]:
        return {finding.theme.code: finding.text for finding in audit.findings.all()}


class CaseSerializer(serializers.ModelSerializer[CaseFile]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    area: Any = serializers.SlugRelatedField("code", read_only=True)
    audits = AuditSerializer(
        many=True, read_only=True, help_text="Those that the person may read at this time."
    )

    class Meta:
        model = CaseFile
        fields = [
            *("id", "inspection", "reference", "area", "route", "summary", "opened_on"),
            *("selection_reason", "added_at", "excluded_at", "excluded_reason", "audits"),
        ]
        read_only_fields = fields


class PersonalDataConfirmation(serializers.Serializer[Any]):
    not_personal_data = serializers.BooleanField(
        default=False,
        help_text="Say true if texts were refused as personal data and hold none (rule 9).",
    )


class NewCaseFields(serializers.Serializer[Any]):
    """One case that comes into an inspection, by the route that is open to the person at this stage."""

    reference = serializers.CharField(
        max_length=sampling.REFERENCE_LENGTH,
        help_text="Names nobody. Letters, digits, spaces and . / _ -, at least one digit.",
    )
    area = serializers.CharField(
        max_length=200, help_text="Code of an area of the inspection’s framework."
    )
    summary = serializers.CharField(
        max_length=sampling.SUMMARY_LENGTH, allow_blank=True, default=""
    )
    opened_on = serializers.DateField(allow_null=True, default=None)
    selection_reason = serializers.CharField(
        max_length=sampling.REASON_LENGTH,
        allow_blank=True,
        default="",
        help_text="Why inspectors selected it; empty in a force’s sample.",
    )


class NewCaseSerializer(NewCaseFields, PersonalDataConfirmation):
    pass


class NewCasesSerializer(PersonalDataConfirmation):
    """Many cases; one that is wrong keeps all of them out, and the answer says what is wrong with which."""

    cases = NewCaseFields(many=True, allow_empty=False, max_length=uploads.MAX_ROWS)


class AddedCasesSerializer(serializers.Serializer[Any]):
    class Added(serializers.ModelSerializer[CaseFile]):
        class Meta:
            model = CaseFile
            fields = ["id", "reference"]
            read_only_fields = fields
            ref_name = "AddedCase"

    cases = Added(many=True, read_only=True)


class AuditDraftSerializer(PersonalDataConfirmation):
    """All of a draft: what is null or empty here is null or empty afterwards, save findings left out."""

    version = serializers.IntegerField(
        min_value=0,
        max_value=MAX_VERSION,
        help_text="The version that was read; 0 if there was no audit yet.",
    )
    grade = serializers.CharField(
        max_length=50, allow_null=True, help_text="Code of a grade of the framework’s scale."
    )
    reason = serializers.CharField(max_length=grading.REASON_LENGTH, allow_blank=True)
    findings = serializers.DictField(
        child=serializers.CharField(max_length=grading.FINDING_LENGTH, allow_blank=True),
        required=False,
        help_text="Texts by theme code; a theme left out keeps its text.",
    )

    def validate_findings(self, findings: dict[str, str]) -> dict[str, str]:
        known = Theme.objects.filter(framework=self.context["case"].framework_id)
        unknown = set(findings) - set(known.values_list("code", flat=True))
        if unknown:
            raise serializers.ValidationError(
                {code: ["The framework has no theme with this code."] for code in sorted(unknown)}
            )
        return findings


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1, max_value=MAX_VERSION, help_text="The version that was read."
    )


class ConflictSerializer(serializers.Serializer[Any]):
    """Somebody was faster: what stands now, and what was sent, so that nothing is lost."""

    detail = serializers.CharField(read_only=True)
    current = AuditSerializer(read_only=True)
    yours = serializers.JSONField(read_only=True)


class GradeOfScaleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    letter = serializers.CharField(read_only=True)


class FigureRowSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    counts = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text="In the order of `grades`."
    )
    total = serializers.IntegerField(read_only=True)


class SampleRowSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    quota = serializers.IntegerField(read_only=True)
    self_assessed = serializers.IntegerField(read_only=True)
    selected = serializers.IntegerField(read_only=True)
    examined = serializers.IntegerField(read_only=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """What was counted of one inspection, as far as the person may see it now."""

    cases = serializers.IntegerField(read_only=True)
    graded = serializers.IntegerField(read_only=True)
    not_graded = serializers.IntegerField(read_only=True)
    shows_inspectorate = serializers.BooleanField(read_only=True)
    grades = GradeOfScaleSerializer(many=True, read_only=True)
    headline = FigureRowSerializer(read_only=True)
    by_route = FigureRowSerializer(many=True, read_only=True)
    by_area = FigureRowSerializer(many=True, read_only=True)
    matrix = FigureRowSerializer(
        many=True,
        read_only=True,
        help_text="A row for each grade of the force, a column for each of the inspectorate.",
    )
    compared = serializers.IntegerField(read_only=True)
    same = serializers.IntegerField(read_only=True)
    force_sample = FigureRowSerializer(read_only=True)
    sample = SampleRowSerializer(many=True, read_only=True)
