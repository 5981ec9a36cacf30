"""A published inspection of a force whose people plan, for tests of the follow-up."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from accounts.models import Role, User
from inspections import deadlines
from inspections.models import Inspection, Stage
from recommendations import plan_versions, plans
from recommendations.models import Action, ActionPlan, PlanVersion, Recommendation
from recommendations.publication import set_deadlines
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

START, DUE = dt.date(2026, 3, 9), dt.date(2026, 5, 29)


class World(NamedTuple):
    """Recommendation 1 is immediate, 2 has two points, 3 has none."""

    inspection: Inspection
    immediate: Recommendation
    pointed: Recommendation
    plain: Recommendation
    lead: User
    assessor: User
    viewer: User
    commissioner: User
    inspector: User
    stranger: User


def make_world() -> World:
    """Publish an inspection of 3 March 2026 with three recommendations and all deadlines."""
    force = make_force("Northmoor Police")
    inspector = make_user(Role.LEAD_INSPECTOR, name="Owen Hartley")
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=inspector)
    immediate = make_recommendation(inspection, timescale="immediately", stem="See every child.")
    pointed = make_recommendation(inspection, stem="Improve:", points=["records", "meetings"])
    plain = make_recommendation(inspection, timescale="six-months", stem="Measure results.")
    set_deadlines(inspection, inspection.published_on)
    deadlines.start_follow_up(
        inspection, inspection.published_on, {"immediately", "three-months", "six-months"}
    )
    for each in (immediate, pointed, plain):
        each.refresh_from_db()
    return World(
        inspection,
        immediate,
        pointed,
        plain,
        make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh"),
        make_user(Role.FORCE_ASSESSOR, force=force, name="Daniel Okafor"),
        make_user(Role.FORCE_VIEWER, force=force),
        make_user(Role.FORCE_VIEWER, force=force, works_for_commissioner=True),
        inspector,
        make_user(Role.FORCE_LEAD),
    )


def act(world: World, recommendation: Recommendation, text: str = "Do it.", **fields) -> Action:
    """Add a complete action that answers every point, unless `fields` say otherwise."""
    fields.setdefault("points", list(recommendation.points.all()))
    fields.setdefault("starts_on", START)
    fields.setdefault("due_on", DUE)
    if not fields.get("partner"):
        fields.setdefault("owner", world.assessor)
    return plans.add(recommendation, plans.Content(text, **fields), by=world.lead)


def complete(world: World) -> ActionPlan:
    """Draft a plan that answers everything."""
    act(world, world.pointed)
    act(world, world.plain)
    return plan(world)


def plan(world: World) -> ActionPlan:
    return ActionPlan.objects.get(inspection=world.inspection)


def submit(world: World, **fields) -> PlanVersion:
    """Submit the plan as it is now."""
    current = plan(world)
    return plan_versions.submit(current, version=current.version, by=world.lead, **fields)
