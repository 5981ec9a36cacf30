"""The API's edge for cases, audits and figures."""

from __future__ import annotations

from typing import Any, cast

import django_filters as filters
from django.db.models import Prefetch

from accounts.api import VisibleViewSet
from accounts.models import User
from cases.models import Audit, AuditQuerySet, AuditStatus, CaseFile, CaseFileQuerySet, Route
from cases.serializers import AuditSerializer, CaseSerializer
from inspections.models import Side


class CaseFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    area = filters.CharFilter(field_name="area__code")
    route = filters.ChoiceFilter(choices=Route.choices)
    reference = filters.CharFilter(lookup_expr="iexact")
    excluded = filters.BooleanFilter(method="is_excluded")

    def is_excluded(self, queryset: CaseFileQuerySet, name: str, value: bool) -> CaseFileQuerySet:
        return queryset.filter(excluded_at__isnull=not value)


class CaseViewSet(VisibleViewSet):
    """Case files with the audits that the person may read (rule 3)."""

    queryset: Any = CaseFile.objects.select_related("area").order_by("inspection", "reference")
    serializer_class = CaseSerializer
    filterset_class = CaseFilter

    def get_queryset(self) -> CaseFileQuerySet:
        return (
            super()
            .get_queryset()
            .prefetch_related(Prefetch("audits", readable_audits(cast(User, self.request.user))))
        )


def readable_audits(user: User) -> AuditQuerySet:
    """Audits that `user` may read, with their grade and findings, for AuditSerializer."""
    return (
        Audit.objects.visible_to(user)
        .select_related("grade")
        .prefetch_related("findings__theme")
        .order_by("case", "side")
    )


class AuditFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="case__inspection_id")
    case = filters.NumberFilter(field_name="case_id")
    side = filters.ChoiceFilter(choices=Side.choices)
    status = filters.ChoiceFilter(choices=AuditStatus.choices)
    grade = filters.CharFilter(field_name="grade__code")


class AuditViewSet(VisibleViewSet):
    """Audits that the person may read: the other side's only when rule 3 lets them."""

    queryset: Any = Audit.objects.all()
    serializer_class = AuditSerializer
    filterset_class = AuditFilter

    def get_queryset(self) -> AuditQuerySet:
        return readable_audits(cast(User, self.request.user))
