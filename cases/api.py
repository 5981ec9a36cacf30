"""The API's edge for cases, audits and figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django_filters as filters
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VisibleViewSet
from accounts.models import User
from cases import figures, grading, imports, reading_record, sampling
from cases.content import NewFinding, UnfitContent
from cases.models import Audit, AuditQuerySet, AuditStatus, CaseFile, CaseFileQuerySet, Route
from cases.personal_data import LooksPersonal, sentence
from cases.serializers import (
    AddedCasesSerializer,
    AuditDraftSerializer,
    AuditSerializer,
    CaseSerializer,
    ConflictSerializer,
    FiguresSerializer,
    NewCaseSerializer,
    NewCasesSerializer,
    SubmissionSerializer,
)
from inspections import methodology
from inspections.models import Inspection, Side

FIELD_OF_COLUMN = {column: field for field, column in imports.FIELD_COLUMNS.items()}


class CaseFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="inspection_id")
    area = filters.CharFilter(field_name="area__code")
    route = filters.ChoiceFilter(choices=Route.choices)
    reference = filters.CharFilter(lookup_expr="iexact")
    excluded = filters.BooleanFilter(method="is_excluded")

    def is_excluded(self, queryset: CaseFileQuerySet, name: str, value: bool) -> CaseFileQuerySet:
        return queryset.filter(excluded_at__isnull=not value)


class CaseMaterialViewSet(VisibleViewSet):
    """What holds case material: who is given it, one by one or in pages, is on record (rule 11)."""

    case_field = "pk"

    def get_object(self) -> Any:
        found = super().get_object()
        reading_record.opened(getattr(found, self.case_field), by=self.request.user)
        return found

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset) or []
        cases = [getattr(row, self.case_field) for row in page]
        reading_record.opened(*cases, by=self.request.user)
        return page


class CaseViewSet(CaseMaterialViewSet):
    """Case files with the audits that the person may read (rule 3), and the audit of the person's own side."""

    queryset: Any = CaseFile.objects.select_related("area").order_by("inspection_id", "reference")
    serializer_class = CaseSerializer
    filterset_class = CaseFilter

    def get_queryset(self) -> CaseFileQuerySet:
        return (
            super()
            .get_queryset()
            .prefetch_related(Prefetch("audits", readable_audits(self.request.user)))
        )

    @extend_schema(summary="The audit of this case by the person’s own side")
    @action(detail=True, serializer_class=AuditSerializer, pagination_class=None)
    def audit(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self._own_audit(_case(request, pk))).data)

    @extend_schema(
        summary="Save the draft of that audit",
        request=AuditDraftSerializer,
        responses={200: AuditSerializer, 409: ConflictSerializer},
    )
    @audit.mapping.put
    def save_audit(self, request: Request, pk: int) -> Response:
        case = _case(request, pk)
        sent = AuditDraftSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        try:
            with sentences_at_their_fields():
                audit = grading.save(
                    case,
                    side=grading.side_of(request.user),
                    by=request.user,
                    version=values["version"],
                    grade=_grade(case, values["grade"]),
                    reason=values["reason"],
                    **_parts(values),
                )
        except grading.StaleAudit as stale:
            return _conflict(stale, values)
        return Response(_shown(audit))

    @extend_schema(
        summary="Submit that audit: its grade counts from now on",
        request=SubmissionSerializer,
        responses={200: AuditSerializer, 409: ConflictSerializer},
    )
    @action(detail=True, methods=["post"], url_path="audit/submit")
    def submit_audit(self, request: Request, pk: int) -> Response:
        audit = self._own_audit(_case(request, pk))
        sent = SubmissionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            with sentences_at_their_fields():
                audit = grading.submit(
                    audit,
                    by=request.user,
                    version=sent.validated_data["version"],
                    personal_data_reason=sent.validated_data["not_personal_data_because"],
                )
        except grading.StaleAudit as stale:
            return _conflict(stale, sent.validated_data)
        return Response(_shown(audit))

    def _own_audit(self, case: CaseFile) -> Audit:
        audit = grading.own_audit(case, self.request.user)
        if audit is None:
            raise NotFound(_("Nobody has begun this audit yet."))
        return audit


class AuditFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="case__inspection_id")
    case = filters.NumberFilter(field_name="case_id")
    side = filters.ChoiceFilter(choices=Side.choices)
    status = filters.ChoiceFilter(choices=AuditStatus.choices)
    grade = filters.CharFilter(method="is_graded")

    def is_graded(self, queryset: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        """By the grade given; for a force, which knows only what was settled, the inspectorate's by the final one."""
        if self.request.user.is_inspectorate:
            return queryset.filter(grade__code=value)
        ours = Q(side=Side.INSPECTORATE, final_grade__code=value)
        return queryset.filter(ours | Q(side=Side.FORCE, grade__code=value))


class AuditViewSet(CaseMaterialViewSet):
    """Audits that the person may read: the other side's only when rule 3 lets them."""

    case_field = "case_id"
    queryset: Any = Audit.objects.all()
    serializer_class = AuditSerializer
    filterset_class = AuditFilter

    def get_queryset(self) -> AuditQuerySet:
        return readable_audits(self.request.user)


class NewCaseView(GenericAPIView[CaseFile]):
    serializer_class = NewCaseSerializer

    @extend_schema(summary="Add a case to an inspection", responses={201: CaseSerializer})
    def post(self, request: Request, pk: int) -> Response:
        inspection = _inspection(request, pk)
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        area = sampling.areas_by_name(inspection.framework.areas.all()).get(
            values["area"].casefold()
        )
        if area is None:
            raise ValidationError({"area": [_("The framework has no area with this code.")]})
        with sentences_at_their_fields():
            case = sampling.add_case(
                inspection,
                reference=values["reference"],
                area=area,
                summary=values["summary"],
                opened_on=values["opened_on"],
                selection_reason=values["selection_reason"],
                personal_data_reason=values["not_personal_data_because"],
                by=request.user,
            )
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)


class NewCasesView(GenericAPIView[CaseFile]):
    serializer_class = NewCasesSerializer

    @extend_schema(
        summary="Add many cases to an inspection, all or none",
        responses={201: AddedCasesSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        inspection = _inspection(request, pk)
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        rows = [
            (number, {imports.FIELD_COLUMNS[name]: _as_text(case[name]) for name in case})
            for number, case in enumerate(sent.validated_data["cases"], start=1)
        ]
        try:
            added = imports.import_rows(
                inspection,
                rows,
                personal_data_reason=sent.validated_data["not_personal_data_because"],
                by=request.user,
            )
        except imports.ImportErrors as refused:
            return _refused_rows(refused)
        return Response(AddedCasesSerializer({"cases": added}).data, status.HTTP_201_CREATED)


class FiguresView(GenericAPIView[Inspection]):
    serializer_class = FiguresSerializer

    @extend_schema(summary="The figures of an inspection")
    def get(self, request: Request, pk: int) -> Response:
        counted = figures.for_inspection(_inspection(request, pk), request.user)
        return Response(self.get_serializer(counted).data)


def readable_audits(user: User) -> AuditQuerySet:
    """Audits that `user` may read, with their grade and findings, for AuditSerializer."""
    return (
        Audit.objects.visible_to(user)
        .select_related("grade", "final_grade")
        .prefetch_related("answers__indicator", "findings__theme")
        .order_by("case_id", "side", "pk")
    )


@contextmanager
def sentences_at_their_fields() -> Iterator[None]:
    """Turn refusals that name a field into errors of that field."""
    try:
        yield
    except sampling.CaseRefused as refused:
        raise ValidationError({refused.field or "detail": [str(refused)]}) from refused
    except UnfitContent as unfit:
        raise ValidationError({name: [text] for name, text in unfit.fields.items()}) from unfit
    except LooksPersonal as refused:
        raise ValidationError(
            {name: [sentence(found)] for name, found in refused.fields.items()}
        ) from refused


def _inspection(request: Request, pk: int) -> Inspection:
    """The inspection, for whoever may read its case material; 404 for the others."""
    readable = Inspection.objects.with_content_visible_to(request.user)
    return get_object_or_404(readable.select_related("framework"), pk=pk)


def _case(request: Request, pk: int) -> CaseFile:
    visible = CaseFile.objects.visible_to(request.user)
    case = get_object_or_404(visible.select_related("inspection__framework"), pk=pk)
    reading_record.opened(case, by=request.user)
    return case


def _grade(case: CaseFile, code: str | None) -> Any:
    if code is None:
        return None
    grade = methodology.of(case.inspection.framework).grade(code)
    if grade is None:
        raise ValidationError({"grade": [_("The framework has no grade with this code.")]})
    return grade


def _parts(values: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an audit that were sent, as `grading.save` takes them."""
    parts: dict[str, Any] = {
        name: values[name] for name in ("timeline", "people", "facts") if name in values
    }
    if "answers" in values:
        parts["answers"] = {
            each["indicator"]: (each["answer"], each["note"]) for each in values["answers"]
        }
    if "findings" in values:
        parts["findings"] = [
            NewFinding(each["key"], each["theme"], each["kind"], each["text"], each["indicators"])
            for each in values["findings"]
        ]
    return parts


def _refused_rows(refused: imports.ImportErrors) -> Response:
    problems = [
        {
            "row": problem.row,
            "field": FIELD_OF_COLUMN.get(problem.column, ""),
            "detail": problem.sentence,
        }
        for problem in refused.problems
    ]
    answer = {"detail": _("No case was added."), "errors": {"cases": problems}}
    return Response(answer, status=status.HTTP_400_BAD_REQUEST)


def _shown(audit: Audit) -> Any:
    prefetch_related_objects([audit], "answers__indicator", "findings__theme")
    return AuditSerializer(audit).data


def _conflict(stale: grading.StaleAudit, sent: dict[str, Any]) -> Response:
    prefetch_related_objects([stale.current], "answers__indicator", "findings__theme")
    answer = {"detail": str(stale), "current": stale.current, "yours": sent}
    return Response(ConflictSerializer(answer).data, status=status.HTTP_409_CONFLICT)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
