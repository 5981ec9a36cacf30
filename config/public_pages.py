"""Pages for everybody: without sign-in, without cookies, the same for each reader, so that any cache may keep them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SAME_FOR_ALL = {"cookie", "accept-language"}  # what no answer here depends on


class WithoutCookies:
    """Middleware that knows nobody below `settings.PUBLIC_PREFIX`: cookies neither come in there nor go out.

    Nor does the language that a browser prefers: reports are in the language in which they were written.
    It stands outside those for sessions, so that what they make of a request without cookies holds for every reader.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"/{settings.PUBLIC_PREFIX}"):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.META.pop("HTTP_AUTHORIZATION", None)
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        response = self.get_response(request)
        response.cookies.clear()
        vary = [name.strip() for name in response.get("Vary", "").split(",")]
        kept = [name for name in vary if name and name.lower() not in SAME_FOR_ALL]
        if kept:
            response["Vary"] = ", ".join(kept)
        elif "Vary" in response:
            del response["Vary"]
        return response
