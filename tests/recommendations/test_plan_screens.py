"""The pages of plan, update and comments in a real browser, on a desk and on a phone."""

import pytest

from recommendations import commissioner, immediate, plan_versions, plans
from recommendations.models import Action
from tests.recommendations.planning import act, complete, make_world, submit
from tests.recommendations.test_screens import check, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def make_history():
    """A plan that was returned once, its draft changed since, an update and comments."""
    world = make_world()
    complete(world)
    act(world, world.plain, "Publish the measures twice a year.", partner="Wexmouth services")
    plan_versions.return_(
        submit(world, note="Our first plan."),
        by=world.inspector,
        answer="A good start.",
        comments={3: "By when will the measures be chosen?"},
    )
    action = Action.objects.get(recommendation=world.pointed)
    content = plans.Content("Do it sooner.", points=world.pointed.points.filter(order=1))
    plans.edit(action, content, version=action.version, by=world.lead)
    immediate.send(world.inspection, {1: "Every child is seen."}, seen=0, by=world.lead)
    commissioner.comment(world.inspection, "We will watch.", seen=0, by=world.commissioner)
    return world, action


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_forces_pages_are_accessible_and_fit(page, live_server, size):
    world, action = make_history()
    sign_in(page, live_server, world.lead)
    start = f"/inspections/{world.inspection.pk}"
    of_plain = f"{start}/plan/recommendations/{world.plain.pk}"
    for name, path in (
        ("plan", f"{start}/plan/"),
        ("plan-compare", f"{start}/plan/compare/"),
        ("plan-action", f"/actions/{action.pk}/"),
        ("plan-remove", f"/actions/{action.pk}/remove/"),
        ("plan-gap", f"{of_plain}/why/"),
        ("plan-missing", f"{start}/plan/submit/"),
        ("update", f"{start}/update/"),
    ):
        check(page, live_server, path, name, size=size)
    plans.remove(Action.objects.get(pk=action.pk), version=2, by=world.lead)
    act(world, world.pointed, "Instead.")
    check(page, live_server, f"{start}/plan/submit/", "plan-submit", size=size)


def test_the_other_sides_pages_are_accessible_and_fit(page, live_server):
    world, action = make_history()
    plans.remove(action, version=2, by=world.lead)
    act(world, world.pointed, "Instead.")
    submit(world)
    start = f"/inspections/{world.inspection.pk}"
    sign_in(page, live_server, world.inspector)
    for size in ("desk", "phone"):
        check(page, live_server, f"{start}/plan/", "plan-read", size=size)
        check(page, live_server, f"{start}/plan/2/", "plan-decide", size=size)
    sign_in(page, live_server, world.commissioner)
    check(page, live_server, f"{start}/pcc-comments/", "pcc-comments", size="desk")
