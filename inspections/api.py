"""The API's edge for frameworks, inspections and deadlines."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api import VisibleViewSet
from inspections import dates
from inspections.deadline_groups import DUE_SOON, GROUPS, condition
from inspections.models import (
    Deadline,
    DeadlineKind,
    DeadlineQuerySet,
    Framework,
    Inspection,
    InspectionKind,
    Party,
    Stage,
)
from inspections.serializers import DeadlineSerializer, FrameworkSerializer, InspectionSerializer


class FrameworkViewSet(ReadOnlyModelViewSet[Framework]):
    """Methodologies: scales, areas, themes, timescales. They are no secret, so everybody who signs in sees all."""

    lookup_value_converter = "int"
    queryset = Framework.objects.prefetch_related(
        *("grades", "areas__indicators", "themes", "timescales", "follow_up_rules", "glossary")
    )
    serializer_class = FrameworkSerializer
    filterset_fields = ["code", "version"]


class InspectionFilter(filters.FilterSet):
    force = filters.NumberFilter(field_name="force_id")
    framework = filters.NumberFilter(field_name="framework_id")
    kind = filters.ChoiceFilter(choices=InspectionKind.choices)
    stage = filters.MultipleChoiceFilter(choices=Stage.choices)


class InspectionViewSet(VisibleViewSet):
    """Inspections that the person may know of."""

    queryset = Inspection.objects.select_related("force", "framework")
    serializer_class = InspectionSerializer
    filterset_class = InspectionFilter


class DeadlineFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    force = filters.NumberFilter(field_name="inspection__force_id")
    kind = filters.ChoiceFilter(choices=DeadlineKind.choices)
    responsible = filters.ChoiceFilter(choices=Party.choices)
    owner = filters.NumberFilter(field_name="owner_id")
    group = filters.ChoiceFilter(
        choices=[(name, name) for name in (*GROUPS, "due_soon", "met")],
        method="in_group",
        help_text="Open ones that are overdue, due until Sunday, then within 30 days of today, or later; "
        "“due_soon” is the two between, “met” those that were met.",
    )

    def in_group(self, queryset: DeadlineQuerySet, name: str, value: str) -> DeadlineQuerySet:
        if value == "met":
            return queryset.filter(met_on__isnull=False)
        now = dates.now()
        wanted = Q()
        for group in DUE_SOON if value == "due_soon" else (value,):
            wanted |= condition(group, now.date(), now)
        return queryset.filter(wanted)


class DeadlineViewSet(VisibleViewSet):
    """Dates (Europe/London) that somebody must meet, the earliest first."""

    queryset: Any = Deadline.objects.select_related("inspection", "owner").prefetch_related(
        "extensions__asked_by", "extensions__decided_by"
    )
    serializer_class = DeadlineSerializer
    filterset_class = DeadlineFilter
