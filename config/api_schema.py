"""How the API describes itself in its OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class BearerScheme(KnoxTokenScheme):
    target_class = "accounts.tokens.BearerAuthentication"
    name = "bearerToken"


class ErrorSerializer(serializers.Serializer[Any]):
    """A refusal: one sentence and, where values were wrong, which ones and why."""

    detail = serializers.CharField()
    errors = serializers.JSONField(required=False)


class Schema(AutoSchema):
    """Adds to every operation of the OpenAPI document the refusals that it can answer with."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code, meaning in self._refusals().items():
            answer = OpenApiResponse(ErrorSerializer, description=meaning)
            bodies.setdefault(code, self._get_response_for_code(answer, code))
        return bodies

    def _refusals(self) -> dict[str, str]:
        refusals = {
            "401": "No valid token, or its person may no longer sign in.",
            "404": "No such thing, or not for this person to see.",
        }
        if self.method != "GET":
            refusals |= {
                "400": "Something in the request is missing or wrong, or it is too early or too late for it.",
                "403": "This person may see it but not do this.",
                "409": "Somebody else was faster, or it has ended.",
                "413": "The request is too large.",
                "415": "The request is not JSON.",
            }
        elif self._is_list_view():
            refusals["400"] = "A filter has a value that it cannot have."
        return refusals
