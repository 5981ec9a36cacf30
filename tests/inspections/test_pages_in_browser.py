"""Pages of inspections in a real browser: no accessibility violation, no sideways scroll, usable by keyboard."""

import datetime as dt

import pytest

from accounts.models import Role
from inspections.deadlines import set_deadline
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import PASSWORD, make_force, make_inspection, make_user
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def sign_in(page, live_server, user):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))


@pytest.fixture
def scene():
    force = make_force(
        "Northmoor Police", population=812_400, officers=1702, workforce_as_of="2026-03-31"
    )
    manager = make_user(Role.MANAGER, name="Grace Adeyemi")
    lead = make_user(Role.LEAD_INSPECTOR, name="Owen Hartley")
    inspection = make_inspection(
        Stage.FOLLOW_UP, force=force, lead=lead, team=[make_user(name="Priya Raman")]
    )
    rules = inspection.framework.follow_up_rules
    for code, due_on, side in (
        ("update", dt.date(2026, 4, 14), Side.FORCE),
        ("revisit", dt.date(2126, 9, 3), Side.INSPECTORATE),
    ):
        deadline = set_deadline(
            inspection,
            DeadlineKind.FOLLOW_UP,
            label=f"Follow-up {code}",
            responsible=side,
            due_on=due_on,
            follow_up_rule=rules.get(code=code),
        )
    planned = make_inspection(Stage.PLANNED, force=force, lead=lead)
    return manager, inspection, planned, deadline


def test_every_page_passes_axe_on_a_phone_and_at_a_desk(live_server, page, scene):
    manager, inspection, planned, deadline = scene
    sign_in(page, live_server, manager)
    for path in (
        "",
        "inspections/",
        "inspections/?stage=planned&kind=full",
        "inspections/?kind=re_inspection",
        "inspections/new/",
        f"inspections/new/?force={inspection.force_id}",
        f"inspections/{inspection.pk}/",
        f"inspections/{planned.pk}/",
        f"inspections/{planned.pk}/dates/",
        f"inspections/{planned.pk}/move/open_self_assessment/",
        f"inspections/{inspection.pk}/people/",
        f"inspections/{inspection.pk}/people/{inspection.team.last().user_id}/remove/",
        f"inspections/{inspection.pk}/history/",
        "forces/",
        "forces/?q=nowhere",
        f"forces/{inspection.force_id}/",
        "deadlines/",
        "deadlines/?group=met",
        f"deadlines/{deadline.pk}/",
    ):
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            response = page.goto(f"{live_server.url}/{path}")
            assert response.status == 200, path
            wide = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not wide, f"{path} scrolls sideways at {size}"
        assert_accessible(page)


def test_a_manager_plans_an_inspection_without_javascript(live_server, new_page, scene):
    manager, inspection, _planned, _deadline = scene
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, manager)
    follow(page.get_by_role("link", name="Inspections", exact=True))
    follow(page.get_by_role("button", name="Plan an inspection"))
    page.get_by_label("Which force is to be inspected?").select_option("Northmoor Police")
    follow(page.get_by_role("button", name="Continue"))
    follow(page.get_by_role("button", name="Plan this inspection"))
    assert page.title().startswith("Error: Plan an inspection")
    follow(page.get_by_role("link", name="Select a framework"))
    page.get_by_label(inspection.framework.title).check()
    page.get_by_label("Inspection", exact=True).check()
    for legend, day in (
        ("Self-assessment due", "4"),
        ("Fieldwork starts", "18"),
        ("Fieldwork ends", "29"),
    ):
        group = page.get_by_role("group", name=legend)
        for part, value in (("Day", day), ("Month", "1"), ("Year", "2027")):
            group.get_by_label(part).fill(value)
    follow(page.get_by_role("button", name="Plan this inspection"))
    assert page.get_by_text("The inspection is planned.").is_visible()
    assert page.get_by_text("18 to 29 January 2027").first.is_visible()
    assert page.get_by_text("Nobody leads this inspection yet.").is_visible()
