"""The API's edge for the making of PDFs: asked for, watched, cancelled, downloaded."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api import VisibleViewSet
from accounts.errors import Conflict
from inspections.models import Inspection
from reports import builds, sections
from reports.api import PDFRenderer
from reports.models import BuildStatus, ReportBuild


class BuildFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    status = filters.ChoiceFilter(choices=BuildStatus.choices)


class BuildSerializer(serializers.ModelSerializer[ReportBuild]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    publication: Any = serializers.PrimaryKeyRelatedField(
        read_only=True,
        allow_null=True,
        help_text="The publication that gets the PDF; null for a draft.",
    )
    step = serializers.IntegerField(
        read_only=True, help_text="Which of the steps goes on, from 1; 0 until a worker begins."
    )
    steps = serializers.SerializerMethodField(help_text="The steps by name, in order.")
    pages = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="Pages of the PDF; while it is laid out, those that are there so far.",
    )
    pdf = serializers.SerializerMethodField(
        help_text="Where the draft is; null until it is made, and for publications."
    )

    class Meta:
        model = ReportBuild
        fields = [
            *("id", "inspection", "publication", "status", "step", "steps", "pages"),
            *("requested_at", "started_at", "finished_at", "attempts", "error", "sha256", "pdf"),
        ]
        read_only_fields = fields

    def get_steps(self, build: ReportBuild) -> list[str]:
        return [str(name) for name in builds.STEPS]

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_pdf(self, build: ReportBuild) -> str | None:
        if not build.sha256:
            return None
        return reverse("api-builds-pdf", args=[build.pk], request=self.context.get("request"))


class OneBuildSerializer(BuildSerializer):
    """One build, held against the draft as it is now; in a list that would compile every draft of it."""

    of_earlier_draft = serializers.SerializerMethodField(
        help_text=(
            "Whether what the report says, or what prints it, has changed since this draft was begun; null while it "
            "waits, without a PDF, for publications, and once there is no draft any more."
        )
    )

    class Meta(BuildSerializer.Meta):
        fields = [*BuildSerializer.Meta.fields, "of_earlier_draft"]
        read_only_fields = fields

    def get_of_earlier_draft(self, build: ReportBuild) -> bool | None:
        return builds.is_of_earlier_draft(build)


class BuildViewSet(VisibleViewSet):
    """The making of reports' PDFs, the latest first: how far each is, and how it ended."""

    queryset = ReportBuild.objects.select_related("inspection").defer("pdf")
    serializer_class = BuildSerializer
    filterset_class = BuildFilter

    def get_serializer_class(self) -> type[BuildSerializer]:
        return BuildSerializer if self.action == "list" else OneBuildSerializer

    @extend_schema(summary="Stop the making of a draft", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        build = self.get_object()
        if not builds.cancel(build, by=request.user):
            raise Conflict(_("It has ended already."))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="The draft PDF", responses={(200, "application/pdf"): OpenApiTypes.BINARY}
    )
    @action(detail=True, renderer_classes=[JSONRenderer, PDFRenderer])
    def pdf(self, request: Request, pk: int) -> HttpResponse:
        build = self.get_object()
        if not build.sha256:
            raise NotFound(_("The PDF is not ready yet."))
        return HttpResponse(
            bytes(build.pdf),
            content_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="draft.pdf"'},
        )


class NewBuildView(GenericAPIView[ReportBuild]):
    serializer_class = OneBuildSerializer

    @extend_schema(
        summary="Ask for a PDF of the draft; if nothing has changed since one, or one is under way, it is that one",
        description="One under way may be of an earlier draft, see `of_earlier_draft`: ask again once it is done.",
        request=None,
        responses={202: OneBuildSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        inspection = get_object_or_404(Inspection.objects.visible_to(request.user), pk=pk)
        if not sections.may_read(inspection, request.user):
            raise NotFound
        build = builds.request_build(inspection, by=request.user)
        return Response(self.get_serializer(build).data, status=status.HTTP_202_ACCEPTED)
