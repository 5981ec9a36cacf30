"""What every answer of the API has in common: pages of lists, and refusals in plain sentences.

Errors always look alike: `detail` is a sentence for a person; `errors`, if given, says which values are wrong.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler as framework_handler

from accounts.errors import Conflict, DomainError, NotAllowed


class Pagination(PageNumberPagination):
    """50 rows a page, as on the pages; `page_size` asks for another number, up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a verb or the framework raised into an answer; None (a 500) for what nobody foresaw.

    What a verb refuses is 403 (this person may not), 409 (somebody was faster) or 400 (not in this state); the
    sentence is the verb's own.
    """
    if isinstance(error, RequestDataTooBig):
        too_large = {"detail": _("The request is too large.")}
        return Response(too_large, status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    if isinstance(error, DomainError):
        return Response({"detail": str(error)}, status=_status_of(error))
    response = framework_handler(error, context)
    if response is not None and isinstance(error, ValidationError):
        response.data = {"detail": _("Some values are missing or wrong."), "errors": response.data}
    return response


@csrf_exempt
@login_not_required
def not_found(request: HttpRequest) -> JsonResponse:
    """Answer an address of the API that leads nowhere, in JSON like the others."""
    return JsonResponse({"detail": _("There is nothing at this address.")}, status=404)


def _status_of(error: DomainError) -> int:
    if isinstance(error, NotAllowed):
        return status.HTTP_403_FORBIDDEN
    if isinstance(error, Conflict):
        return status.HTTP_409_CONFLICT
    return status.HTTP_400_BAD_REQUEST
