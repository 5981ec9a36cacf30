"""The API's edge for more time: read what was asked for, ask, agree, refuse, take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django_filters as filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VisibleViewSet
from accounts.errors import TextRefused
from inspections import extensions
from inspections.models import Deadline, Extension, ExtensionDecision, ExtensionQuerySet
from inspections.serializers import (
    AgreementToExtensionSerializer,
    ExtensionSerializer,
    NewExtensionSerializer,
    RefusalOfExtensionSerializer,
)


@contextmanager
def errors_at_their_fields(day: str, text: str) -> Iterator[None]:
    """Turn refusals about the new date and about the text into errors of the fields that hold them."""
    try:
        yield
    except TextRefused as refused:
        raise ValidationError({text: [refused.about(text)]}) from refused
    except extensions.UnusableDate as error:
        raise ValidationError({day: [str(error)]}) from error
    except extensions.NoReason as error:
        raise ValidationError({text: [str(error)]}) from error


class ExtensionFilter(filters.FilterSet):
    deadline = filters.NumberFilter(field_name="deadline_id")
    inspection = filters.NumberFilter(field_name="deadline__inspection_id")
    decision = filters.ChoiceFilter(choices=ExtensionDecision.choices)
    waiting = filters.BooleanFilter(
        method="that_wait", help_text="Only those that wait for an answer; false for the others."
    )

    def that_wait(self, queryset: ExtensionQuerySet, name: str, value: bool) -> ExtensionQuerySet:
        waiting = Extension.objects.undecided().values("pk")
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)


class ExtensionViewSet(VisibleViewSet):
    """Wishes for more time, the latest first, with what was answered."""

    queryset: Any = Extension.objects.select_related("asked_by", "decided_by")
    serializer_class = ExtensionSerializer
    filterset_class = ExtensionFilter

    @extend_schema(summary="Agree, and move the deadline", request=AgreementToExtensionSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: int) -> Response:
        extension, sent = self.get_object(), AgreementToExtensionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with errors_at_their_fields("agreed_on", "answer"):
            extensions.agree(
                extension,
                agreed_on=sent.validated_data["agreed_on"],
                answer=sent.validated_data["answer"],
                by=request.user,
                personal_data_reason=sent.validated_data["not_personal_data_because"],
            )
        return self._shown(extension)

    @extend_schema(summary="Refuse; the date stays", request=RefusalOfExtensionSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: int) -> Response:
        extension, sent = self.get_object(), RefusalOfExtensionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with errors_at_their_fields("agreed_on", "answer"):
            extensions.refuse(
                extension,
                answer=sent.validated_data["answer"],
                by=request.user,
                personal_data_reason=sent.validated_data["not_personal_data_because"],
            )
        return self._shown(extension)

    @extend_schema(summary="Take the wish back", request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        extension = self.get_object()
        extensions.withdraw(extension, by=request.user)
        return self._shown(extension)

    def _shown(self, extension: Extension) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=extension.pk)).data)


class NewExtensionView(GenericAPIView[Deadline]):
    serializer_class = NewExtensionSerializer

    @extend_schema(summary="Ask for more time", responses={201: ExtensionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        deadline = get_object_or_404(
            Deadline.objects.visible_to(request.user).select_related("inspection"), pk=pk
        )
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with errors_at_their_fields("wanted_on", "reason"):
            extension = extensions.ask(
                deadline,
                wanted_on=sent.validated_data["wanted_on"],
                reason=sent.validated_data["reason"],
                by=request.user,
                personal_data_reason=sent.validated_data["not_personal_data_because"],
            )
        return Response(ExtensionSerializer(extension).data, status=status.HTTP_201_CREATED)
