"""Asking for pages as the people of the world, and finding the forms on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import transaction
from django.http import HttpResponse

from tests.generated.html import Form, Page
from tests.generated.routes import Route
from tests.generated.world import ANONYMOUS, World


class FormPage(NamedTuple):
    """A page with a form, the person who can open it, and its address."""

    who: str
    path: str
    form: Form

    @property
    def target(self) -> str:
        return self.form.action or self.path


def ask(world: World, who: str, method: str, path: str, data: Any = None) -> HttpResponse:
    """Send one request and undo whatever it changed. An error inside becomes a 500, as it would in production."""
    client = world.client(who)
    client.raise_request_exception = False
    with transaction.atomic():
        response = getattr(client, method)(path, data or {})
        transaction.set_rollback(True)
    return response


def why(response: HttpResponse) -> str:
    """What went wrong inside, for the message of a failing test."""
    info = getattr(response, "exc_info", None)
    return repr(info[1])[:500] if info else ""


def is_page(response: HttpResponse) -> bool:
    return response.status_code < 300 and response.headers.get("Content-Type", "").startswith(
        "text/html"
    )


# Between them these see every form; the others see the same ones or none.
WHO_FILLS_IN = ["lead", "inspector", "manager", "administrator", "force_lead", "force_assessor"]
_found: WeakKeyDictionary[World, dict[str, list[FormPage]]] = WeakKeyDictionary()


def form_pages(route: Route, world: World, method: str = "post") -> list[FormPage]:
    """Every form on the page of `route`, once, for the first person who gets it."""
    known = _found.setdefault(world, {})
    if str(route) not in known:
        known[str(route)] = list(_search(route, world))
    return [page for page in known[str(route)] if page.form.method == method]


def _search(route: Route, world: World) -> Iterator[FormPage]:
    seen: set[str] = set()
    for path in world.paths(route).values():
        for who in _who_fills_in(route):
            response = ask(world, who, "get", path)
            if not is_page(response) or b"<form" not in _without_sign_out(response.content):
                continue
            for form in Page(response.content.decode()).forms():
                sort = f"{form.method} {form.action.rstrip('0123456789/')} {sorted(form.kinds)}"
                if "/accounts/logout/" not in form.action and sort not in seen:
                    seen.add(sort)
                    yield FormPage(who, path, form)


def _who_fills_in(route: Route) -> list[str]:
    if route.is_admin:
        return ["administrator"]
    return [ANONYMOUS, "inspector"] if route.is_sign_in else WHO_FILLS_IN


def _without_sign_out(content: bytes) -> bytes:
    """The page without the form that every page has in its header."""
    return content.partition(b"<main")[2]
