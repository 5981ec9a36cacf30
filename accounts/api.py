"""The API's edge for people and forces, and what the other apps' read-only edges are made of."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.generics import RetrieveAPIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.models import Force, User
from accounts.serializers import ForceSerializer, MeSerializer


class VisibleViewSet(ReadOnlyModelViewSet[Any]):
    """A list, and its objects one by one, of what `visible_to` lets the person see; the rest is 404."""

    lookup_value_converter = "int"

    def get_queryset(self) -> Any:
        return cast(Any, super().get_queryset()).visible_to(self.request.user)


class ForceViewSet(VisibleViewSet):
    """Forces with the facts that reports give about them; a force person sees their own."""

    queryset = Force.objects.prefetch_related("local_authorities", "policing_areas")
    serializer_class = ForceSerializer
    filterset_fields = ["nation", "code"]


class MeView(RetrieveAPIView[User]):
    serializer_class = MeSerializer

    @extend_schema(summary="The person whose token this is")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)

    def get_object(self) -> User:
        return User.objects.select_related("force").get(pk=self.request.user.pk)
