"""Whatever is typed into a form, a filter or an address: never a 500, and never markup of ours made of it."""

from __future__ import annotations

import pytest

from tests.generated.asking import ask, form_pages, why
from tests.generated.routes import Route, routes
from tests.generated.world import World

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
HOSTILE = {
    "NUL": "a\x00b",
    "markup": SCRIPT,
    "template": "{{ 7*7 }}{% raise %}%(x)s%n{0.__class__}",
    "a megabyte": "x" * 1_000_000,
    "right to left": "\u202egnirts\u202c \u0627\u0644 \U0001f469\u200d\U0001f467 z\u0335\u0337",
    "a huge number": "9" * 400,
    "a number that int() refuses": "9" * 5000,
    "a negative number": "-1",
    "no number": "1e5",
    "a formula": '=HYPERLINK("http://127.0.0.1")',
    "only space": " \t\r\n\u00a0\u200b",
}
FORMS = [route for route in routes() if not route.is_api]


@pytest.mark.parametrize("route", FORMS, ids=str)
def test_every_form_survives_what_is_typed_into_it(route: Route, world: World) -> None:
    for page in form_pages(route, world):
        for name, text in HOSTILE.items():
            for everything in (False, True):
                data = page.form.filled(text, everything=everything)
                response = ask(world, page.who, "post", page.target, data)
                what = f"{page.target} as {page.who} with {name}"
                assert response.status_code < 500, f"{what}: {why(response)}"
                assert_harmless(response, what)


@pytest.mark.parametrize("route", FORMS, ids=str)
def test_every_address_survives_what_is_written_behind_it(route: Route, world: World) -> None:
    for page in form_pages(route, world, "get"):
        for name, text in HOSTILE.items():
            short = text[:5000]
            query = dict.fromkeys([*page.form.kinds, "page", "sort"], short)
            response = ask(world, page.who, "get", page.path, query)
            what = f"{page.path} as {page.who} with {name}"
            assert response.status_code < 500, f"{what}: {why(response)}"
            assert_harmless(response, what)


@pytest.mark.parametrize("route", [route for route in routes() if route.arguments], ids=str)
def test_every_address_survives_numbers_that_are_none(route: Route, world: World) -> None:
    path = next(iter(world.paths(route).values()))
    parts = path.split("/")
    for at, part in enumerate(parts):
        if not part.isdecimal():
            continue
        for number in ("0", "9" * 19, "9" * 5000, "-1", "%00", "x"):
            hostile = "/".join([*parts[:at], number, *parts[at + 1 :]])
            for method in ("get", "post"):
                response = ask(world, "manager", method, hostile)
                assert response.status_code < 500, f"{method} {hostile}: {why(response)}"


def assert_harmless(response, what: str) -> None:
    if response.headers.get("Content-Type", "").startswith("text/html"):
        body = response.content.decode()
        assert "<script>alert" not in body, what
        assert "<img src=x" not in body, what
