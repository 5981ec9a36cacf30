"""Publications as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from reports.models import Publication


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    force = serializers.IntegerField(source="inspection.force_id", read_only=True)
    published_on_assumed = serializers.BooleanField(
        source="inspection.published_on_assumed", read_only=True
    )
    pdf = serializers.SerializerMethodField(
        help_text="Where the PDF is; null until a worker has made it."
    )

    class Meta:
        model = Publication
        fields = [
            *("id", "inspection", "force", "number", "published_on", "published_on_assumed"),
            *("pages", "sha256", "pdf"),
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_pdf(self, publication: Publication) -> str | None:
        if not publication.sha256:
            return None
        return reverse(
            "api-publications-pdf", args=[publication.pk], request=self.context["request"]
        )
