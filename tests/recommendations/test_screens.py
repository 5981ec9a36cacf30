"""The pages of recommendations in a real browser, on a desk and on a phone."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import Role
from inspections import dates
from inspections.models import Stage
from recommendations import progress
from recommendations.publication import set_deadlines
from tests.recommendations import hostile
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user
from tests.support.stack import assert_accessible, follow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 800}}
POINTS = [
    "every visit is written down on the day on which it was made;",
    "a supervisor looks at each open case once a week; and",
    "the child’s own words are part of the record.",
]


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def check(page, live_server, path, name, *, size):
    page.set_viewport_size(SIZES[size])
    page.goto(live_server.url + path)
    assert_accessible(page)
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, "nothing scrolls sideways"
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)


@pytest.fixture
def published():
    force = make_force("Northmoor Police")
    lead = make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh")
    inspection = make_inspection(
        Stage.FOLLOW_UP,
        force=force,
        published_on=dates.today() - dt.timedelta(days=100),
        published_on_assumed=True,
    )
    stem = "Within three months, Northmoor Police should improve how it records what it finds:"
    first = make_recommendation(inspection, stem=stem, points=POINTS)
    make_recommendation(inspection, theme="theme-beta", timescale="six-months")
    make_recommendation(inspection, theme="theme-beta", timescale="immediately")
    make_recommendation(inspection, theme="theme-gamma", timescale="none")
    set_deadlines(inspection, inspection.published_on)
    for recommendation in inspection.recommendations.all():
        recommendation.refresh_from_db()
        if recommendation.timescale.code == "immediately":
            progress.report(recommendation, status="complete", note="Done.", by=lead)
    first.refresh_from_db()
    for days, note in ((40, "We wrote new guidance."), (9, "Two thirds of the staff are trained.")):
        moment = dates.now() - dt.timedelta(days=days)
        progress.report(first, status="in_progress", note=note, by=lead, at=moment)
    return first, lead


@pytest.mark.parametrize("size", SIZES)
def test_reading_and_reporting(page, live_server, published, size):
    recommendation, lead = published
    sign_in(page, live_server, make_user(Role.MANAGER))
    check(page, live_server, "/recommendations/", "list", size=size)
    check(page, live_server, "/recommendations/?overdue=on&theme=Theme+alpha", "some", size=size)
    sign_in(page, live_server, lead)
    inspection = f"/inspections/{recommendation.inspection_id}/recommendations/"
    check(page, live_server, inspection, "inspection", size=size)
    address = f"/recommendations/{recommendation.pk}/"
    check(page, live_server, address, "detail", size=size)

    follow(page.get_by_role("button", name="Save progress"))
    assert_accessible(page)
    page.get_by_role("link", name="Enter what has been done").click()  # stays on the page
    page.keyboard.type("Everybody is trained.")
    page.get_by_label("Ready for closure").check()
    follow(page.get_by_role("button", name="Save progress"))
    page.get_by_role("link", name="No evidence proves these points yet").wait_for()
    assert_accessible(page)
    page.get_by_label("It is ready for closure all the same").check()
    follow(page.get_by_role("button", name="Save progress"))
    page.get_by_text("The inspectorate is asked to close this recommendation.").wait_for()
    check(page, live_server, address, "complete", size=size)
    page.get_by_text("The inspectorate has to judge it").wait_for()
    check(
        page,
        live_server,
        f"/inspections/{recommendation.inspection_id}/follow-up/",
        "follow-up",
        size=size,
    )


@pytest.mark.parametrize("size", SIZES)
def test_drafting_side_by_side(page, live_server, size):
    inspector, colleague = make_user(name="Priya Raman"), make_user(name="Owen Hartley")
    inspection = make_inspection(Stage.DRAFTING, team=[inspector, colleague])
    make_recommendation(inspection, stem="The force should improve:", points=POINTS, version=1)
    make_recommendation(inspection, version=1)
    make_recommendation(inspection, theme="theme-gamma", version=1)
    first = inspection.recommendations.get(number=1)
    sign_in(page, live_server, inspector)
    listing = f"/inspections/{inspection.pk}/recommendations/"
    check(page, live_server, listing, "draft-list", size=size)
    check(page, live_server, listing + "add/", "add", size=size)
    check(page, live_server, f"/recommendations/{first.pk}/remove/", "remove", size=size)
    check(page, live_server, f"/recommendations/{first.pk}/edit/", "edit", size=size)

    first.stem, first.version, first.updated_by = "The force should now:", 2, colleague
    first.save()
    page.get_by_label("Points").fill("only one point")
    follow(page.get_by_role("button", name="Save", exact=True))
    page.get_by_text("Owen Hartley saved this recommendation").wait_for()
    assert_accessible(page)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"conflict-{size}.png"), full_page=True)
    follow(page.get_by_role("button", name="Save and replace theirs"))
    page.get_by_text("Recommendation 1 saved.").wait_for()
    first.refresh_from_db()
    assert first.stem == "The force should improve:"


def test_everything_works_without_scripts(new_page, live_server, published):
    recommendation, lead = published
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, lead)
    page.goto(f"{live_server.url}/recommendations/{recommendation.pk}/")
    page.get_by_label("What has been done").fill("Everybody is trained.")
    page.get_by_label("Ready for closure").check()
    page.get_by_label("Evidence", exact=True).set_input_files(
        [
            {"name": "policy.pdf", "mimeType": "application/pdf", "buffer": hostile.PDF},
            {"name": "room.png", "mimeType": "image/png", "buffer": hostile.image()},
        ]
    )
    for point in POINTS:
        page.get_by_role("checkbox", name=point).check()
    follow(page.get_by_role("button", name="Save progress"))

    assert page.get_by_text("2 files kept.").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="policy.pdf").click()
    assert Path(download.value.path()).read_bytes() == hostile.PDF
    recommendation.refresh_from_db()
    assert recommendation.progress_status == "complete"
