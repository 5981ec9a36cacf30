"""A force drafts its action plan together."""

import datetime as dt
import threading

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from accounts.models import Role, User
from cases.personal_data import LooksPersonal
from inspections.models import Stage
from recommendations import plan_check, plans
from recommendations.models import Action, ActionPlan, PlanGap
from tests.recommendations.planning import DUE, START, act, make_world, plan
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def missing(world):
    return [
        sentence for answer in plan_check.answers(world.inspection) for sentence in answer.missing
    ]


def test_leads_and_assessors_add_actions_numbered_within_their_recommendation(world):
    first = act(world, world.pointed)
    second = plans.add(world.pointed, plans.Content("Later."), by=world.assessor)

    assert [first.number, second.number] == ["2.1", "2.2"]
    assert first.deadline is None, "a draft promises nothing"
    assert plan(world).version == 2


@pytest.mark.parametrize("who", ["viewer", "commissioner", "inspector", "stranger"])
def test_nobody_else_writes_the_plan(world, who):
    with pytest.raises(NotAllowed):
        plans.add(world.plain, plans.Content("Do it."), by=getattr(world, who))
    assert not ActionPlan.objects.exists()


@pytest.mark.parametrize("stage", [Stage.FACTUAL_ACCURACY, Stage.CLOSED])
def test_a_plan_changes_from_publication_until_closure_only(world, stage):
    inspection = make_inspection(stage, force=world.inspection.force)
    recommendation = make_recommendation(inspection)

    with pytest.raises(plans.NotPlanning):
        plans.add(recommendation, plans.Content("Do it."), by=world.lead)


def test_the_number_of_an_action_taken_out_is_not_given_again(world):
    first = act(world, world.plain)
    plans.remove(first, version=first.version, by=world.lead)

    assert act(world, world.plain).number == "3.2"


def test_what_was_taken_out_can_be_put_back_as_it_was(world):
    action = act(world, world.plain, "Count.")
    plans.remove(action, version=1, by=world.lead)
    assert not Action.objects.standing().exists()

    plans.put_back(action, by=world.assessor)
    plans.put_back(action, by=world.lead)

    [back] = Action.objects.standing()
    assert (back.text, back.due_on, back.version) == ("Count.", DUE, 3)


def test_who_saves_second_is_told_and_overwrites_nothing(world):
    action = act(world, world.plain, "First.")
    plans.edit(action, plans.Content("Theirs."), version=1, by=world.assessor)

    with pytest.raises(plans.StaleAction) as stale:
        plans.edit(action, plans.Content("Mine."), version=1, by=world.lead)

    assert stale.value.current.text == "Theirs."
    assert stale.value.current.updated_by == world.assessor
    assert Action.objects.get().text == "Theirs."


def test_who_changes_an_action_that_was_taken_out_is_told(world):
    action = act(world, world.plain)
    plans.remove(action, version=1, by=world.assessor)

    with pytest.raises(plans.StaleAction) as stale:
        plans.edit(action, plans.Content("Mine."), version=1, by=world.lead)
    assert stale.value.current is None
    with pytest.raises(plans.StaleAction):
        plans.remove(action, version=1, by=world.lead)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told():
    world = make_world()
    action = act(world, world.plain)
    together, outcomes = threading.Barrier(2), []

    def save(text, by):
        together.wait()
        try:
            plans.edit(Action.objects.get(pk=action.pk), plans.Content(text), version=1, by=by)
            outcomes.append(text)
        except plans.StaleAction:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=save, args=args)
        for args in (("Mine.", world.lead), ("Theirs.", world.assessor))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("told") == 1
    assert Action.objects.get().text in outcomes
    assert Action.objects.get().version == 2


def test_an_action_has_one_owner_of_the_force_and_its_own_points(world):
    for content in (
        plans.Content("Do it.", owner=world.lead, partner="A charity"),
        plans.Content("Do it.", owner=world.stranger),
        plans.Content("Do it.", owner=world.commissioner),
        plans.Content("Do it.", points=world.pointed.points.all()),
        plans.Content("Do it.", starts_on=DUE, due_on=START),
        plans.Content("  "),
    ):
        with pytest.raises(plans.InvalidAction):
            plans.add(world.plain, content, by=world.lead)
    assert not Action.objects.exists()


def test_texts_that_look_personal_are_refused_and_nothing_is_saved(world):
    with pytest.raises(LooksPersonal):
        plans.add(world.plain, plans.Content("Ring 07700 900123."), by=world.lead)
    with pytest.raises(LooksPersonal):
        plans.explain(world.plain, reason="Ring 07700 900123.", version=0, by=world.lead)
    assert not Action.objects.exists()
    assert not PlanGap.objects.exists()


def test_a_new_plan_misses_every_point_but_nothing_of_what_was_immediate(world):
    assert missing(world) == [
        "Point 1 of recommendation 2 is not answered.",
        "Point 2 of recommendation 2 is not answered.",
        "Recommendation 3 has no action, and no reason for having none.",
    ]


def test_an_action_answers_the_points_that_it_names(world):
    act(world, world.pointed, points=world.pointed.points.filter(order=2))

    assert "Point 1 of recommendation 2 is not answered." in missing(world)
    assert "Point 2 of recommendation 2 is not answered." not in missing(world)


def test_saying_why_answers_the_points_that_it_is_about(world):
    [first, second] = world.pointed.points.all()
    act(world, world.pointed, points=[first])
    act(world, world.plain)
    plans.explain(
        world.pointed, reason="The partner does.", points=[second], version=0, by=world.lead
    )
    assert missing(world) == []

    plans.explain(world.pointed, reason="", version=1, by=world.lead)

    assert missing(world) == ["Point 2 of recommendation 2 is not answered."]


def test_a_reason_names_its_points_and_two_people_do_not_overwrite_it(world):
    with pytest.raises(plans.InvalidAction):
        plans.explain(world.pointed, reason="No.", version=0, by=world.lead)
    plans.explain(world.plain, reason="Theirs.", version=0, by=world.assessor)
    with pytest.raises(plans.StaleGap) as stale:
        plans.explain(world.plain, reason="Mine.", version=0, by=world.lead)
    assert stale.value.current.reason == "Theirs."
    assert PlanGap.objects.get().reason == "Theirs."


def test_actions_need_an_owner_who_signs_in_and_both_dates(world):
    leaver = make_user(Role.FORCE_VIEWER, force=world.inspection.force)
    act(world, world.pointed, owner=leaver)
    plans.add(world.plain, plans.Content("Do it.", partner=" "), by=world.lead)
    User.objects.filter(pk=leaver.pk).update(is_active=False)

    assert missing(world) == [
        "The owner of action 2.1 may no longer sign in.",
        "Action 3.1 has no owner.",
        "Action 3.1 has no start.",
        "Action 3.1 has no due date.",
    ]


def test_an_action_after_its_recommendations_own_date_is_noted(world):
    act(world, world.pointed, due_on=dt.date(2026, 6, 4))

    notes = [note for answer in plan_check.answers(world.inspection) for note in answer.notes]
    assert notes == ["Action 2.1 is due after the recommendation itself, which is due 3 June 2026."]


def test_reading_the_plan_costs_the_same_whatever_its_length(world, django_assert_max_num_queries):
    for _ in range(3):
        act(world, world.pointed)
    with django_assert_max_num_queries(8):
        plan_check.answers(world.inspection)
    for _ in range(5):
        act(world, world.plain)
    with django_assert_max_num_queries(8):
        plan_check.answers(world.inspection)
