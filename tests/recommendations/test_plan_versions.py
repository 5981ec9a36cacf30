"""A plan is submitted, answered, changed and submitted again."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections import dates, deadlines
from inspections.models import Deadline, DeadlineBasis, DeadlineKind, News, NewsKind, Party, Stage
from recommendations import plan_compare, plan_versions, plans
from recommendations.models import Action, PlanComment, PlanDecision, PlanVersion, ProgressStatus
from tests.recommendations.planning import DUE, act, complete, make_world, plan, submit
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def of_plan(world):
    return Deadline.objects.get(inspection=world.inspection, kind=DeadlineKind.ACTION_PLAN)


def moved(action, world, **changes):
    """Change an action in the draft."""
    current = Action.objects.get(pk=action.pk)
    content = {
        "text": current.text,
        "points": list(current.points.all()),
        "owner": current.owner,
        "starts_on": current.starts_on,
        "due_on": current.due_on,
        **changes,
    }
    return plans.edit(current, plans.Content(**content), version=current.version, by=world.lead)


def test_submission_keeps_the_plan_as_it_was_meets_its_deadline_and_tells_the_inspectorate(world):
    complete(world)
    moment = timezone.make_aware(dt.datetime(2026, 4, 10, 9, 30))

    version = submit(world, note="As agreed.", at=moment)

    assert (version.number, version.submitted_by, version.note) == (1, world.lead, "As agreed.")
    [first, second] = version.content
    assert (first["recommendation"], second["recommendation"]) == (2, 3)
    assert first["actions"][0] == {
        "id": Action.objects.get(recommendation=world.pointed).pk,
        "number": "2.1",
        "text": "Do it.",
        "owner": "Daniel Okafor",
        "partner": "",
        "starts_on": "2026-03-09",
        "due_on": "2026-05-29",
        "points": [1, 2],
    }
    assert of_plan(world).met_on == dt.date(2026, 4, 10)
    news = News.objects.get()
    assert (news.kind, news.party) == (NewsKind.PLAN_SUBMITTED, Party.INSPECTORATE)
    assert news.label == "Action plan, version 1"


def test_each_action_gets_its_deadline_and_its_owner(world):
    complete(world)
    assert not Deadline.objects.filter(kind=DeadlineKind.ACTION).exists()

    submit(world)

    action = Action.objects.get(recommendation=world.plain)
    assert action.submitted
    assert (action.deadline.due_on, action.deadline.owner) == (DUE, world.assessor)
    assert action.deadline.basis == DeadlineBasis.ACTION_PLAN
    assert action.deadline.label == "Action 3.1: Do it."


def test_an_action_that_is_done_already_is_not_late(world):
    complete(world)
    Action.objects.update(status=ProgressStatus.COMPLETE)

    submit(world)

    assert not Deadline.objects.open().filter(kind=DeadlineKind.ACTION).exists()


def test_what_is_missing_stops_it_and_is_said(world):
    act(world, world.pointed)

    with pytest.raises(plan_versions.IncompletePlan) as incomplete:
        submit(world)

    assert incomplete.value.missing == [
        "Recommendation 3 has no action, and no reason for having none."
    ]
    assert not PlanVersion.objects.exists()
    assert of_plan(world).met_on is None


def test_nobody_submits_what_somebody_changed_since_they_read_it(world):
    read = complete(world).version
    act(world, world.plain, "One more.")

    with pytest.raises(plan_versions.StalePlan):
        plan_versions.submit(plan(world), version=read, by=world.lead)


@pytest.mark.parametrize("who", ["assessor", "viewer", "commissioner", "inspector", "stranger"])
def test_only_the_forces_lead_submits(world, who):
    current = complete(world)
    with pytest.raises(NotAllowed):
        plan_versions.submit(current, version=current.version, by=getattr(world, who))


def test_a_second_version_waits_for_the_answer_to_the_first(world):
    complete(world)
    submit(world)
    act(world, world.plain, "One more.")
    with pytest.raises(plan_versions.Undecided):
        submit(world)


def test_returned_with_comments_the_plan_is_owed_again(world):
    complete(world)
    version = submit(world)

    plan_versions.return_(version, by=world.inspector, comments={3: "By when?", 2: " "})

    version.refresh_from_db()
    assert (version.decision, version.decided_by) == (PlanDecision.RETURNED, world.inspector)
    comment = PlanComment.objects.get()
    assert (comment.recommendation, comment.text) == (world.plain, "By when?")
    assert of_plan(world).met_on is None
    assert News.objects.filter(kind=NewsKind.PLAN_RETURNED, party=Party.FORCE).exists()

    second = submit(world, note="By the summer, as it says.")
    assert second.number == 2
    assert of_plan(world).met_on == dates.today()


def test_a_plan_is_not_returned_without_a_word(world):
    complete(world)
    version = submit(world)
    with pytest.raises(plan_versions.NothingSaid):
        plan_versions.return_(version, by=world.inspector, answer=" ", comments={3: ""})


def test_once_a_plan_was_accepted_a_returned_change_is_not_owed(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    act(world, world.plain, "One more.")
    plan_versions.return_(submit(world), by=world.inspector, answer="No.")

    assert of_plan(world).met_on is not None


def test_what_was_accepted_and_has_not_changed_is_not_submitted_again(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    with pytest.raises(plan_versions.NothingNew):
        submit(world)


def test_a_force_cannot_put_off_by_itself_what_it_promised(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    action, later = Action.objects.get(recommendation=world.plain), dt.date(2026, 8, 3)
    moved(action, world, due_on=later, owner=world.lead)
    deadline = action.deadline
    deadline.refresh_from_db()
    assert deadline.due_on == DUE

    version = submit(world)
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.owner) == (DUE, world.lead), "the new owner is reminded"

    plan_versions.accept(version, by=world.inspector)
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.first_due_on) == (later, DUE)


def test_a_returned_move_takes_effect_with_the_version_that_is_accepted(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    action, later = Action.objects.get(recommendation=world.plain), dt.date(2026, 8, 3)
    moved(action, world, due_on=later)
    plan_versions.return_(submit(world), by=world.inspector, answer="Why?")
    plan_versions.accept(submit(world, note="Because."), by=world.inspector)

    action.deadline.refresh_from_db()
    assert action.deadline.due_on == later


def test_a_date_moved_otherwise_stays_when_the_plan_leaves_it_alone(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    action, extended = Action.objects.get(recommendation=world.plain), dt.date(2026, 9, 1)
    Deadline.objects.filter(pk=action.deadline_id).update(due_on=extended)
    act(world, world.plain, "One more.")
    plan_versions.accept(submit(world), by=world.inspector)

    action.deadline.refresh_from_db()
    assert action.deadline.due_on == extended


def test_what_was_taken_out_is_due_until_that_is_accepted_and_again_once_it_is_back(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    action = Action.objects.get(recommendation=world.plain)
    act(world, world.plain, "Instead.")
    plans.remove(action, version=action.version, by=world.lead)
    version = submit(world)
    deadline = Deadline.objects.filter(pk=action.deadline_id)
    assert deadline.open().exists()

    plan_versions.accept(version, by=world.inspector)
    assert deadline.get().lapsed_on == dates.today()

    plans.put_back(action, by=world.lead)
    plan_versions.accept(submit(world), by=world.inspector)
    assert deadline.open().exists()


def test_only_the_team_and_managers_answer(world):
    complete(world)
    version = submit(world)
    for user in (make_user(Role.LEAD_INSPECTOR), make_user(Role.ADMINISTRATOR), world.lead):
        with pytest.raises(NotAllowed):
            plan_versions.accept(version, by=user)
    plan_versions.accept(version, by=make_user(Role.MANAGER))


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_the_same_moment_one_stands():
    world = make_world()
    complete(world)
    version = submit(world)
    manager = make_user(Role.MANAGER)
    together, outcomes = threading.Barrier(2), []

    def answer(verb, by):
        together.wait()
        try:
            verb(version, by=by, answer="So.")
            outcomes.append(by)
        except plan_versions.AlreadyDecided:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=(plan_versions.accept, world.inspector)),
        threading.Thread(target=answer, args=(plan_versions.return_, manager)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(None) == 1
    assert PlanVersion.objects.get().decided_by in outcomes


def test_words_that_look_personal_send_nothing(world):
    complete(world)
    with pytest.raises(LooksPersonal):
        submit(world, note="Ring 07700 900123.")
    version = submit(world)
    with pytest.raises(LooksPersonal) as refused:
        plan_versions.return_(version, by=world.inspector, comments={3: "Ring 07700 900123."})
    assert list(refused.value.fields) == ["comment-3"]
    assert PlanVersion.objects.undecided().exists()
    assert not PlanComment.objects.exists()


def test_two_versions_are_compared_action_by_action(world):
    complete(world)
    first = submit(world)
    plan_versions.return_(first, by=world.inspector, answer="More.")
    moved(
        Action.objects.get(recommendation=world.pointed),
        world,
        owner=world.lead,
        points=world.pointed.points.filter(order=1),
    )
    plans.explain(
        world.pointed,
        reason="Others do.",
        points=world.pointed.points.filter(order=2),
        version=0,
        by=world.lead,
    )
    gone = Action.objects.get(recommendation=world.plain)
    plans.remove(gone, version=gone.version, by=world.lead)
    act(world, world.plain, "Instead.")
    second = submit(world)

    [pointed, plain] = plan_compare.compare(first.content, second.content)

    assert [each.kind for each in pointed.actions] == ["changed"]
    assert pointed.actions[0].differs == ["owner", "points"]
    assert pointed.gap_changed
    assert [(each.number, each.kind) for each in plain.actions] == [
        ("3.1", "removed"),
        ("3.2", "added"),
    ]
    assert not any(
        change.changed for change in plan_compare.compare(second.content, second.content)
    )


def test_deadlines_of_actions_are_overdue_as_all_others_are(world):
    complete(world)
    submit(world)
    [first, second] = Deadline.objects.filter(kind=DeadlineKind.ACTION)
    deadlines.meet(first, by=world.lead)
    overdue = Deadline.objects.overdue(DUE + dt.timedelta(1)).filter(kind=DeadlineKind.ACTION)
    assert list(overdue) == [second]
    assert not Deadline.objects.overdue(DUE).filter(kind=DeadlineKind.ACTION).exists()


def test_accepting_a_version_shows_nothing_of_what_is_drafted_meanwhile(world):
    complete(world)
    plan_versions.accept(submit(world), by=world.inspector)
    action = Action.objects.get(recommendation=world.plain)
    moved(action, world, due_on=dt.date(2026, 8, 3))
    version = submit(world)
    moved(action, world, text="Our own thoughts.")

    plan_versions.accept(version, by=world.inspector)

    assert Action.objects.get(pk=action.pk).deadline.label == "Action 3.1: Do it."


def test_after_closure_a_plan_is_neither_returned_nor_owed_again(world):
    complete(world)
    version = submit(world)
    world.inspection.stage = Stage.CLOSED
    world.inspection.save()

    with pytest.raises(plans.NotPlanning):
        plan_versions.return_(version, by=world.inspector, answer="By when?")

    assert of_plan(world).met_on is not None
