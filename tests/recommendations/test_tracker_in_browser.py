"""The tracker, a board, its papers and the asks in a real browser, on a desk and on a phone."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import Role
from inspections import dates
from inspections.models import Stage
from recommendations import asks
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user
from tests.support.stack import assert_accessible, follow
from tests.support.standing import extend, settle

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 800}}
STEM = "{force} should improve how it records what it finds, and write down every visit on the day it was made."


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def look(page, live_server, addresses):
    for name, path in addresses.items():
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            page.goto(live_server.url + path)
            assert_accessible(page)
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, f"{name} scrolls sideways on a {size}"
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)


@pytest.fixture
def inspections():
    """Three forces, one of which has settled a part of what it was told."""
    made = []
    for name, months in (
        ("Northmoor Police", 11),
        ("Southwold Constabulary", 4),
        ("Eastby Police", 1),
    ):
        published = dates.today() - dt.timedelta(days=30 * months)
        force = make_force(name)
        inspection = make_inspection(Stage.FOLLOW_UP, force=force, published_on=published)
        for number, (theme, timescale) in enumerate(
            [
                ("alpha", "immediately"),
                ("alpha", "three-months"),
                ("beta", "six-months"),
                ("gamma", "none"),
            ]
        ):
            make_recommendation(
                inspection, theme=f"theme-{theme}", timescale=timescale,
                stem=STEM.format(force=name) if number == 1 else f"{name} should do thing {number}.",
            )  # fmt: skip
        set_deadlines(inspection, published)
        made.append(inspection)
    first = list(made[0].recommendations.order_by("number"))
    first_day = made[0].published_on
    assert first_day
    settle(first[0], first_day + dt.timedelta(days=100))
    settle(first[2], first_day + dt.timedelta(days=230))
    extend(first[1], dates.today() + dt.timedelta(days=50))
    return made


def test_tracker_board_papers_and_asks_can_be_used_by_everybody(page, live_server, inspections):
    north, south, _east = inspections
    manager = make_user(Role.MANAGER)
    drafts = make_user(Role.LEAD_INSPECTOR)
    one, two = (each.recommendations.get(number=2) for each in (north, south))
    ask = asks.confirm(one, [two], title="Write down visits on the day", by=manager)
    sign_in(page, live_server, manager)
    look(
        page,
        live_server,
        {
            "list": "/recommendations/",
            "tracker": "/recommendations/tracker/",
            "asks": "/recommendations/asks/?q=write+down+every+visit",
            "ask": f"/recommendations/asks/{ask.pk}/",
            "same-ask": f"/recommendations/{one.pk}/same-ask/",
        },
    )
    sign_in(page, live_server, make_user(Role.FORCE_LEAD, force=north.force))
    board = f"/forces/{north.force_id}/board/"
    look(page, live_server, {"board": board, "papers": f"{board}papers/"})
    drafting = make_inspection(Stage.DRAFTING, lead=drafts)
    sign_in(page, live_server, drafts)
    page.goto(f"{live_server.url}/inspections/{drafting.pk}/recommendations/add/")
    page.get_by_label("Recommendation", exact=True).fill(STEM.format(force="Westlea Police"))
    follow(page.get_by_role("button", name="Find earlier ones like it"))
    follow(page.get_by_role("button", name="Use these words").first)
    box = page.get_by_label("Recommendation", exact=True)
    assert "Westlea" not in box.input_value()
    assert_accessible(page)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / "wording-desk.png"), full_page=True)
