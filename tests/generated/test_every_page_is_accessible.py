"""Every page, full, empty and with errors in its form, on a desk and on a phone: nothing that axe objects to.

Pages are made by Django in this process and shown to the browser as they are, so the world of these tests need not be
committed. Django's own administration pages are not ours to mend, so they are left out.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import Route as Request

from accounts.models import Role
from inspections.models import Stage
from tests.generated.asking import ask, form_pages, is_page
from tests.generated.html import Page
from tests.generated.routes import Route, routes
from tests.generated.world import ANONYMOUS, World
from tests.support.factories import make_force, make_inspection, make_user
from tests.support.stack import assert_accessible, watch_page

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = [route for route in routes() if not route.is_api and not route.is_admin]
READERS = ["lead", "manager", "administrator", "outside_inspector", "force_lead", "force_viewer"]


@dataclass
class Screen:
    """A browser's tab that shows answers which were made beforehand."""

    tab: BrowserPage
    problems: list[str]
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def show(self, path: str, response: HttpResponse) -> None:
        self.body = response.content.decode()
        self.headers = {
            name: value for name, value in response.headers.items() if name != "Content-Length"
        }
        self.tab.set_viewport_size(DESK)
        self.tab.goto(SITE + urlsplit(path).path)

    def answer(self, request: Request) -> None:
        path = urlsplit(request.request.url).path
        if request.request.is_navigation_request():
            request.fulfill(status=200, headers=self.headers, body=self.body)
            return
        if not path.startswith("/static/"):
            # What a script of the page sends or asks for by itself: there is nobody here to answer it.
            request.fulfill(status=503)
            return
        found = finders.find(path.removeprefix("/static/"))
        if found is None:
            self.problems.append(f"there is no {path}")
            request.fulfill(status=404)
            return
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        request.fulfill(status=200, content_type=kind, body=Path(found).read_bytes())


@pytest.fixture(scope="module")
def screen(browser: Browser) -> Iterator[Screen]:
    problems: list[str] = []
    context, tab = watch_page(browser, problems)
    screen = Screen(tab, problems)
    context.route("**/*", screen.answer)
    yield screen
    context.close()


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_every_page_is_accessible(route: Route, world: World, screen: Screen) -> None:
    seen: set[frozenset[tuple[str, str, str]]] = set()
    readers = [ANONYMOUS, "lead"] if route.is_sign_in else READERS
    for path in world.paths(route).values():
        for who in readers:
            _look(screen, path, ask(world, who, "get", path), seen)


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_every_page_with_errors_is_accessible(route: Route, world: World, screen: Screen) -> None:
    seen: set[frozenset[tuple[str, str, str]]] = set()
    for form_page in form_pages(route, world):
        sent = form_page.form.empty()
        _look(
            screen, form_page.path, ask(world, form_page.who, "post", form_page.target, sent), seen
        )


@pytest.mark.parametrize("route", [route for route in PAGES if not route.is_sign_in], ids=str)
def test_every_page_with_nothing_to_show_is_accessible(
    route: Route, world: World, screen: Screen
) -> None:
    seen: set[frozenset[tuple[str, str, str]]] = set()
    if not route.arguments:
        newcomer = make_user(Role.FORCE_LEAD, force=make_force("Newcome Police"))
        _look(screen, route.path({}), _client(newcomer).get(route.path({})), seen)
    elif len(route.arguments) == 1 and route.noun_before(route.arguments[0]) == "inspections":
        for stage in (Stage.SELF_ASSESSMENT, Stage.DRAFTING, Stage.PUBLISHED):
            inspection = make_inspection(
                stage, framework=world.framework, lead=world.people["lead"]
            )
            path = route.path({route.arguments[0]: inspection.pk})
            _look(screen, path, ask(world, "lead", "get", path), seen)


def _client(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _look(
    screen: Screen,
    path: str,
    response: HttpResponse,
    seen: set[frozenset[tuple[str, str, str]]],
) -> None:
    """Show a page to axe, unless one that has all of its kinds of elements has been seen; the first in both widths.

    None scrolls sideways on a phone.
    """
    if not is_page(response):
        return
    shape = Page(response.content.decode()).shape()
    if any(shape <= other for other in seen):
        return
    seen.add(shape)
    screen.show(path, response)
    for size in (DESK, PHONE):
        screen.tab.set_viewport_size(size)
        if size == DESK or len(seen) == 1:
            assert_accessible(screen.tab)
        across = screen.tab.evaluate("document.documentElement.scrollWidth")
        assert across <= size["width"], f"{path} scrolls sideways: {across} of {size['width']} px"
    assert not screen.problems, screen.problems
