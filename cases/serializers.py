"""Cases and audits as the API shows them, and as it takes them in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Audit, CaseFile, Route

TEXT = 20_000


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
            *("added_at", "excluded_at", "excluded_reason", "audits"),
        ]
        read_only_fields = fields
