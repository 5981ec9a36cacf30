"""An error summary leads to the boxes that it speaks of, and no error goes without one."""

from __future__ import annotations

import pytest

from tests.generated.asking import ask, form_pages, is_page
from tests.generated.html import Page
from tests.generated.routes import Route, routes
from tests.generated.world import World

pytestmark = pytest.mark.django_db
OUR_FORMS = [route for route in routes() if not route.is_api and not route.is_admin]


@pytest.mark.parametrize("route", OUR_FORMS, ids=str)
def test_every_link_of_an_error_summary_leads_to_a_box_on_the_page(
    route: Route, world: World
) -> None:
    for form_page in form_pages(route, world):
        wrong = form_page.form.filled("~", everything=True)
        for data in (form_page.form.empty(), form_page.form.filled("~"), wrong):
            response = ask(world, form_page.who, "post", form_page.target, data)
            if is_page(response):
                assert_resolves(Page(response.content.decode()), form_page.target)


def assert_resolves(page: Page, address: str) -> None:
    links = page.error_links()
    ids = page.ids()
    lost = [link for link in links if not link.startswith("#") or link[1:] not in ids]
    assert not lost, f"{address}: {lost} lead nowhere"
    if any(page.with_class("govuk-error-message")):
        assert any(page.with_class("govuk-error-summary")), f"{address}: errors, but no summary"
        assert page.title.startswith("Error: "), f"{address}: {page.title}"
