"""The API's edge for urgent referrals: read them, raise one, acknowledge and answer it."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VisibleViewSet
from accounts.models import User
from cases import referrals
from cases.api import sentences_at_their_fields
from cases.models import CaseFile, UrgentReferral, UrgentReferralQuerySet
from inspections.serializers import PersonalDataConfirmation

WORDS = ["concern", "must_act", "answer"]


class ReferralSerializer(serializers.ModelSerializer[UrgentReferral]):
    """The words are null for whoever was asked to read the case blind and has not submitted yet."""

    inspection = serializers.IntegerField(source="case.inspection_id", read_only=True)
    reference = serializers.CharField(source="case.reference", read_only=True)
    area = serializers.CharField(source="case.area.code", read_only=True)
    case: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    concern = serializers.CharField(read_only=True, allow_null=True, help_text="What is feared.")
    must_act = serializers.CharField(read_only=True, allow_null=True)
    answer = serializers.CharField(
        read_only=True, allow_null=True, help_text="What the force did; empty until it answers."
    )

    class Meta:
        model = UrgentReferral
        fields = [
            *("id", "inspection", "case", "reference", "area", "concern", "must_act"),
            *("raised_at", "acknowledge_by", "answer_by"),
            *("acknowledged_at", "answered_at", "answer"),
        ]
        read_only_fields = fields

    def to_representation(self, instance: UrgentReferral) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if instance.words_hidden:  # type: ignore[attr-defined]
            shown |= dict.fromkeys(WORDS)
        return shown


class NewReferralSerializer(PersonalDataConfirmation):
    concern = serializers.CharField(max_length=referrals.CONCERN_LENGTH)
    must_act = serializers.CharField(max_length=referrals.MUST_ACT_LENGTH)


class ReferralAnswerSerializer(PersonalDataConfirmation):
    answer = serializers.CharField(max_length=referrals.ANSWER_LENGTH)


class ReferralFilter(filters.FilterSet):
    inspection = filters.NumberFilter(field_name="case__inspection_id")
    case = filters.NumberFilter(field_name="case_id")
    open = filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull")


def readable_referrals(user: User) -> UrgentReferralQuerySet:
    """Referrals that `user` may know of, with what ReferralSerializer shows."""
    return (
        UrgentReferral.objects.visible_to(user)
        .with_words_for(user)
        .select_related("case__area", "case__inspection")
    )


class ReferralViewSet(VisibleViewSet):
    """Urgent referrals that the person may know of, the one whose answer is due first at the top."""

    queryset: Any = UrgentReferral.objects.all()
    serializer_class = ReferralSerializer
    filterset_class = ReferralFilter

    def get_queryset(self) -> UrgentReferralQuerySet:
        return readable_referrals(self.request.user)

    @extend_schema(summary="Acknowledge it for the force", request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: int) -> Response:
        done = referrals.acknowledge(self.get_object(), by=request.user)
        return self._shown(done)

    @extend_schema(summary="Say what the force did", request=ReferralAnswerSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        referral = self.get_object()
        sent = ReferralAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with sentences_at_their_fields():
            done = referrals.answer(
                referral,
                sent.validated_data["answer"],
                by=request.user,
                personal_data_reason=sent.validated_data["not_personal_data_because"],
            )
        return self._shown(done)

    def _shown(self, referral: UrgentReferral) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=referral.pk)).data)


class NewReferralView(GenericAPIView[CaseFile]):
    serializer_class = NewReferralSerializer

    @extend_schema(summary="Refer a case to the force at once", responses={201: ReferralSerializer})
    def post(self, request: Request, pk: int) -> Response:
        case = get_object_or_404(
            CaseFile.objects.visible_to(request.user).select_related("inspection"), pk=pk
        )
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with sentences_at_their_fields():
            referral = referrals.raise_(
                case,
                concern=sent.validated_data["concern"],
                must_act=sent.validated_data["must_act"],
                by=request.user,
                personal_data_reason=sent.validated_data["not_personal_data_because"],
            )
        shown = readable_referrals(request.user).get(pk=referral.pk)
        return Response(ReferralSerializer(shown).data, status=status.HTTP_201_CREATED)
