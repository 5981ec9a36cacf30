"""The API's edge for what the cases of an inspection say together: the tally of indicators, and agreement."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases import agreement, figures, tally
from cases.serializers import GradeOfScaleSerializer
from inspections.models import Inspection


class CountsSerializer(serializers.Serializer[Any]):
    """Cases by answer. `applicable` is the sum of the first four; `total` all cases with a submitted audit."""

    met = serializers.IntegerField(read_only=True)
    partly = serializers.IntegerField(read_only=True)
    not_met = serializers.IntegerField(read_only=True)
    not_recorded = serializers.IntegerField(read_only=True)
    not_applicable = serializers.IntegerField(read_only=True)
    unanswered = serializers.IntegerField(read_only=True)
    applicable = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)


class IndicatorTallySerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    counts = CountsSerializer(read_only=True)
    sentence = serializers.CharField(read_only=True, help_text="The counts in words.")


class AreaTallySerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    audits = serializers.IntegerField(read_only=True)
    indicators = serializers.SerializerMethodField()

    @extend_schema_field(IndicatorTallySerializer(many=True))
    def get_indicators(self, area: tally.AreaTally) -> Any:
        rows = [
            {
                "code": row.code,
                "text": row.text,
                "counts": row.counts,
                "sentence": tally.sentence(area.label, row.text, row.counts),
            }
            for row in area.rows
        ]
        return IndicatorTallySerializer(rows, many=True).data


class TallySerializer(serializers.Serializer[Any]):
    """How often each indicator was met, as far as the person may see it now."""

    side = serializers.CharField(
        read_only=True, help_text="Whose audits are counted: inspectorate or force."
    )
    audits = serializers.IntegerField(read_only=True)
    areas = AreaTallySerializer(many=True, read_only=True)


class KappaSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(read_only=True)
    low = serializers.FloatField(read_only=True)
    high = serializers.FloatField(read_only=True)
    standard_error = serializers.FloatField(read_only=True)


class AgreementRowSerializer(serializers.Serializer[Any]):
    """Agreement over one set of cases; `share` and `kappa` are null where too few cases or one grade say nothing."""

    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    matrix = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        read_only=True,
        help_text="A row for each grade of the force, a column for each of the inspectorate.",
    )
    compared = serializers.IntegerField(read_only=True)
    same = serializers.IntegerField(read_only=True)
    force_higher = serializers.IntegerField(read_only=True)
    force_lower = serializers.IntegerField(read_only=True)
    share = serializers.FloatField(read_only=True, allow_null=True)
    kappa = KappaSerializer(
        read_only=True,
        allow_null=True,
        help_text="Weighted (linear) kappa with its 95% confidence interval.",
    )


class AgreementSerializer(serializers.Serializer[Any]):
    """How far force and inspectorate agree, over all compared cases and by area."""

    grades = GradeOfScaleSerializer(many=True, read_only=True)
    overall = AgreementRowSerializer(read_only=True)
    areas = AgreementRowSerializer(many=True, read_only=True)


class TallyView(GenericAPIView[Inspection]):
    serializer_class = TallySerializer

    @extend_schema(summary="How often the indicators of an inspection were met")
    def get(self, request: Request, pk: int) -> Response:
        counted = tally.for_inspection(_inspection(request, pk), request.user)
        return Response(self.get_serializer(counted).data)


class AgreementView(GenericAPIView[Inspection]):
    serializer_class = AgreementSerializer

    @extend_schema(summary="How far force and inspectorate agree about the same cases")
    def get(self, request: Request, pk: int) -> Response:
        inspection = _inspection(request, pk)
        if request.user.is_force and not inspection.force_sees_findings:
            raise Http404
        counted = figures.for_inspection(inspection, request.user)
        answer = {
            "grades": counted.grades,
            "overall": agreement.overall(counted),
            "areas": agreement.by_area(counted),
        }
        return Response(self.get_serializer(answer).data)


def _inspection(request: Request, pk: int) -> Inspection:
    """The inspection, for whoever may read its case material; 404 for the others."""
    readable = Inspection.objects.with_content_visible_to(request.user)
    return get_object_or_404(readable.select_related("framework"), pk=pk)
