"""The API's edge for published reports."""

from __future__ import annotations

import django_filters as filters
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.api import VisibleViewSet
from reports.models import Publication
from reports.serializers import PublicationSerializer


class PublicationFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    force = filters.NumberFilter(field_name="inspection__force_id")


class PDFRenderer(JSONRenderer):
    """Lets a client ask for application/pdf; what goes through it is a refusal, so JSON all the same."""

    media_type = "application/pdf"
    format = "pdf"


class PublicationViewSet(VisibleViewSet):
    """What was published: never changed since, as the SHA-256 of its PDF proves."""

    queryset = Publication.objects.select_related("inspection").defer("document", "pdf")
    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter

    @extend_schema(
        summary="The published PDF",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    @action(detail=True, renderer_classes=[JSONRenderer, PDFRenderer])
    def pdf(self, request: Request, pk: int) -> HttpResponse:
        publication = self.get_object()
        if not publication.sha256:
            raise NotFound(_("The PDF is not ready yet."))
        return HttpResponse(
            bytes(publication.pdf),
            content_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="report.pdf"'},
        )
