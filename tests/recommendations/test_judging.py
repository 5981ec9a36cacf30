"""The inspectorate judges a recommendation, or sends it back with questions."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections import dates, deadlines
from inspections.models import (
    Deadline,
    DeadlineBasis,
    DeadlineKind,
    InspectionKind,
    News,
    NewsKind,
    Party,
    Stage,
)
from recommendations import immediate, judging, plan_versions, progress
from recommendations.models import (
    Action,
    ActionPlan,
    Judgement,
    Outcome,
    ProgressStatus,
    Recommendation,
)
from recommendations.publication import count_from, set_deadlines
from tests.recommendations.planning import complete, make_world, submit
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(dt.datetime(2026, 4, 10, 12))
SETTLING = [Outcome.IMPLEMENTED, Outcome.NO_LONGER_APPLICABLE]
OWING = [Outcome.PARTLY, Outcome.NOT_IMPLEMENTED]


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force)


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def recommendation(force, lead):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    recommendation = make_recommendation(inspection)
    set_deadlines(inspection, inspection.published_on)
    return Recommendation.objects.get(pk=recommendation.pk)


@pytest.fixture
def ready(recommendation, force_lead):
    progress.report(
        recommendation, status=ProgressStatus.COMPLETE, note="All is done.", by=force_lead
    )
    return Recommendation.objects.get(pk=recommendation.pk)


def again(recommendation):
    return Recommendation.objects.select_related("deadline").get(pk=recommendation.pk)


def test_implemented_settles_it_answers_the_request_and_tells_the_force(ready, lead):
    judgement = judging.judge(ready, outcome="implemented", finding=" Files show it. ", by=lead)

    now = again(ready)
    assert (now.outcome, now.settled_on) == ("implemented", dates.today())
    assert now.deadline.met_on == dates.today()
    assert judgement.finding == "Files show it."
    assert judgement.answers.note == "All is done."
    told = News.objects.get(kind=NewsKind.JUDGED)
    assert (told.party, told.subject_id, told.label) == (Party.FORCE, ready.pk, "Recommendation 1")
    assert not Recommendation.objects.open().exists()


@pytest.mark.parametrize("outcome", OWING)
def test_what_is_still_owed_is_due_on_its_old_date_again(ready, lead, outcome):
    due_on = ready.deadline.due_on
    judging.judge(ready, outcome=outcome, finding="Not in every file.", by=lead)

    now = again(ready)
    assert (now.outcome, now.settled_on) == (outcome, None)
    assert now.progress_status == ProgressStatus.IN_PROGRESS
    assert (now.deadline.met_on, now.deadline.due_on) == (None, due_on)
    assert not Recommendation.objects.ready_for_closure().exists()


def test_what_the_force_never_called_ready_is_met_on_the_day_it_is_judged_implemented(
    recommendation, lead
):
    judging.judge(recommendation, outcome="implemented", finding="We saw it.", by=lead)

    assert again(recommendation).deadline.met_on == dates.today()


def test_a_date_met_before_stays_as_it_was_met(ready, lead):
    day = dates.today() - dt.timedelta(days=9)
    Deadline.objects.filter(pk=ready.deadline_id).update(met_on=day)
    judging.judge(ready, outcome="implemented", finding="We saw it.", by=lead)

    assert again(ready).deadline.met_on == day


def test_no_longer_applicable_ends_the_deadline_without_meeting_it(recommendation, lead):
    judging.judge(recommendation, outcome="no_longer_applicable", finding="Law changed.", by=lead)

    deadline = again(recommendation).deadline
    assert (deadline.met_on, deadline.lapsed_on) == (None, dates.today())
    far = deadline.due_on + dt.timedelta(days=400)
    assert not Recommendation.objects.overdue(far).exists()


def test_actions_lapse_with_what_they_are_for_and_come_back_with_it(recommendation, lead):
    plan = ActionPlan.objects.create(inspection=recommendation.inspection)
    action = Action.objects.create(plan=plan, recommendation=recommendation, text="Train staff.")
    action.deadline = deadlines.set_deadline(
        recommendation.inspection,
        DeadlineKind.ACTION,
        label="Action",
        responsible=Party.FORCE,
        due_on=dt.date(2026, 5, 1),
        basis=DeadlineBasis.ACTION_PLAN,
        subject_id=action.pk,
    )
    action.save()
    judging.judge(recommendation, outcome="implemented", finding="We saw it.", by=lead)
    action.deadline.refresh_from_db()
    assert action.deadline.lapsed_on == dates.today()
    judging.judge(recommendation, outcome="partly", finding="We were wrong.", by=lead)
    action.deadline.refresh_from_db()
    assert action.deadline.lapsed_on is None
    assert [each.outcome for each in recommendation.judgements.all()] == ["partly", "implemented"]


def test_returned_with_questions_it_is_in_progress_again_and_the_questions_are_on_record(
    ready, lead
):
    remark = judging.return_with_questions(ready, questions="Which files?", by=lead)

    now = again(ready)
    assert now.progress_status == ProgressStatus.IN_PROGRESS
    assert now.deadline.met_on is None
    assert remark.returns.note == "All is done."
    assert News.objects.filter(kind=NewsKind.CLOSURE_RETURNED, party=Party.FORCE).count() == 1
    with pytest.raises(judging.NothingToReturn):
        judging.return_with_questions(ready, questions="And?", by=lead)


def test_who_judges_what_somebody_else_has_just_judged_is_told(ready, lead):
    seen = judging.standing(ready)
    judging.judge(ready, outcome="implemented", finding="Good.", by=lead, seen=seen)

    with pytest.raises(judging.Overtaken):
        judging.judge(ready, outcome="partly", finding="Hm.", by=lead, seen=seen)
    with pytest.raises(judging.Overtaken):
        judging.return_with_questions(ready, questions="Hm?", by=lead, seen=seen)
    assert Judgement.objects.count() == 1


def test_a_request_taken_back_meanwhile_is_not_judged_unread(ready, lead, force_lead):
    seen = judging.standing(ready)
    progress.report(ready, status="in_progress", note="Not yet.", by=force_lead)

    with pytest.raises(judging.Overtaken):
        judging.judge(ready, outcome="implemented", finding="Good.", by=lead, seen=seen)


def test_inspectors_of_the_team_and_managers_judge_and_nobody_else(recommendation, force, lead):
    inspector = make_user(Role.INSPECTOR)
    recommendation.inspection.team.create(user=inspector)
    for user in (inspector, make_user(Role.MANAGER)):
        judging.judge(recommendation, outcome="partly", finding="Half.", by=user)
    for user in (
        make_user(Role.LEAD_INSPECTOR),
        make_user(Role.ADMINISTRATOR),
        make_user(Role.FORCE_LEAD, force=force),
        make_user(Role.FORCE_VIEWER, force=force),
    ):
        assert not judging.may_judge(recommendation, user)
        with pytest.raises(NotAllowed):
            judging.judge(recommendation, outcome="partly", finding="Half.", by=user)
        with pytest.raises(NotAllowed):
            judging.return_with_questions(recommendation, questions="Why?", by=user)


@pytest.mark.parametrize("stage", [Stage.DRAFTING, Stage.FACTUAL_ACCURACY, Stage.CLOSED])
def test_nothing_is_judged_before_publication_or_after_closure(lead, stage):
    recommendation = make_recommendation(make_inspection(stage, lead=lead))

    with pytest.raises(judging.NotOpenToJudgement):
        judging.judge(recommendation, outcome="implemented", finding="Good.", by=lead)


def test_a_finding_that_looks_personal_is_kept_only_once_confirmed(recommendation, lead):
    words = {"outcome": "partly", "finding": "Write to jo@example.org", "by": lead}
    with pytest.raises(LooksPersonal):
        judging.judge(recommendation, **words)
    assert not Judgement.objects.exists()
    judging.judge(recommendation, **words, personal_data_reason="It is the office’s")


def test_a_judgement_cannot_be_changed_even_in_the_database(recommendation, lead):
    judging.judge(recommendation, outcome="partly", finding="Half.", by=lead)

    for change in ({"outcome": "implemented"}, {"finding": "Never said"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Judgement.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Judgement.objects.all().delete()


@pytest.fixture
def review(recommendation, lead):
    earlier = recommendation.inspection
    return make_inspection(
        Stage.DRAFTING,
        force=earlier.force,
        framework=earlier.framework,
        lead=lead,
        parent=earlier,
        kind=InspectionKind.POST_INSPECTION_REVIEW,
    )


def test_what_a_review_judges_takes_effect_with_its_report_and_the_last_word_counts(
    recommendation, review, lead, force_lead
):
    first = judging.judge(
        recommendation, outcome="partly", finding="Half.", by=lead, made_in=review
    )
    last = judging.judge(
        recommendation, outcome="implemented", finding="Whole.", by=lead, made_in=review
    )
    assert again(recommendation).outcome == ""
    assert not News.objects.exists()
    assert not Judgement.objects.visible_to(force_lead).exists()

    assert judging.take_effect(review, by=lead) == [last]
    now = again(recommendation)
    assert (now.outcome, now.settled_on) == ("implemented", dates.today())
    first.refresh_from_db()
    assert first.took_effect_at is None
    assert News.objects.get().kind == NewsKind.JUDGED


@pytest.mark.parametrize("outcome", OWING)
def test_carried_forward_nothing_more_is_owed_under_the_old_number(
    recommendation, review, lead, outcome
):
    later = make_recommendation(review)
    judging.judge(
        recommendation,
        outcome=outcome,
        finding="Half.",
        by=lead,
        made_in=review,
        continued_by=later,
    )
    judging.take_effect(review, by=lead)

    now = again(recommendation)
    assert (now.outcome, now.settled_on, now.continued_by) == (outcome, dates.today(), later)
    assert now.deadline.lapsed_on == dates.today()


def test_what_settles_is_not_carried_forward_and_only_to_the_review_itself(
    recommendation, review, lead
):
    later, elsewhere = make_recommendation(review), make_recommendation(make_inspection())
    words = {"finding": "Seen.", "by": lead, "made_in": review}
    for outcome, target in (("implemented", later), ("partly", elsewhere)):
        with pytest.raises(judging.NoSuccessor):
            judging.judge(recommendation, outcome=outcome, continued_by=target, **words)


def test_what_a_closed_inspection_left_undone_has_to_be_carried_forward(
    recommendation, review, lead
):
    judging.judge(recommendation, outcome="implemented", finding="Seen.", by=lead)
    earlier = recommendation.inspection
    earlier.stage = Stage.CLOSED
    earlier.save()
    words = {"outcome": "partly", "finding": "Gone again.", "by": lead, "made_in": review}

    with pytest.raises(judging.NoSuccessor):
        judging.judge(recommendation, **words)
    judging.judge(recommendation, continued_by=make_recommendation(review), **words)


def test_a_review_judges_only_while_it_is_at_work_and_only_its_own_past(
    recommendation, review, lead
):
    words = {"outcome": "partly", "finding": "Half.", "by": lead, "made_in": review}
    with pytest.raises(judging.NotOpenToJudgement):
        judging.judge(make_recommendation(make_inspection()), **words)
    with pytest.raises(NotAllowed):
        judging.judge(recommendation, **{**words, "by": make_user(Role.LEAD_INSPECTOR)})
    review.stage = Stage.FACTUAL_ACCURACY
    review.save()
    with pytest.raises(judging.NotOpenToJudgement):
        judging.judge(recommendation, **words)


def test_a_date_that_is_counted_late_knows_what_happened_before(force, force_lead, lead):
    inspection = make_inspection(Stage.FOLLOW_UP, force=force, lead=lead)
    ready, done, gone, owed = (make_recommendation(inspection) for _ in range(4))
    progress.report(ready, status=ProgressStatus.COMPLETE, note="Done.", by=force_lead)
    judging.judge(done, outcome="implemented", finding="Seen.", by=lead)
    judging.judge(gone, outcome="no_longer_applicable", finding="Law changed.", by=lead)
    set_deadlines(inspection, inspection.published_on)

    today = dates.today()
    assert [
        (again(each).deadline.met_on, again(each).deadline.lapsed_on)
        for each in (ready, done, gone, owed)
    ] == [(today, None), (today, None), (None, today), (None, None)]


def test_who_judges_what_a_review_has_just_settled_is_told(recommendation, review, lead):
    seen = judging.standing(recommendation)
    judging.judge(recommendation, outcome="partly", finding="Half.", by=lead, made_in=review)
    assert judging.standing(recommendation) == seen, "not published, it settles nothing"
    judging.take_effect(review, by=lead)

    with pytest.raises(judging.Overtaken):
        judging.judge(recommendation, outcome="implemented", finding="Seen.", by=lead, seen=seen)


def test_what_was_sent_before_the_day_was_known_is_not_owed_once_it_is():
    world = make_world()
    waiting, sent = [DeadlineKind.UPDATE, DeadlineKind.ACTION_PLAN, DeadlineKind.PCC_COMMENTS], NOON
    Deadline.objects.filter(inspection=world.inspection, kind__in=waiting).delete()
    complete(world)
    plan_versions.accept(submit(world, at=sent), by=world.inspector)
    immediate.send(world.inspection, {1: "Seen."}, seen=0, by=world.lead, at=sent)

    count_from(world.inspection, world.inspection.published_on)

    met = Deadline.objects.filter(inspection=world.inspection, kind__in=waiting)
    assert dict(met.values_list("kind", "met_on")) == {
        DeadlineKind.UPDATE: sent.date(),
        DeadlineKind.ACTION_PLAN: sent.date(),
        DeadlineKind.PCC_COMMENTS: None,
    }
    assert met.get(kind=DeadlineKind.UPDATE).met_by == world.lead


def test_nobody_plans_for_what_is_done_until_it_is_owed_again():
    world = make_world()
    of_plan = Deadline.objects.filter(inspection=world.inspection, kind=DeadlineKind.ACTION_PLAN)
    for each in (world.immediate, world.pointed, world.plain):
        assert of_plan.open().exists()
        judging.judge(each, outcome="implemented", finding="Seen.", by=world.inspector)
    assert of_plan.get().lapsed_on == dates.today()

    judging.judge(world.plain, outcome="partly", finding="Half.", by=world.inspector)
    assert of_plan.open().exists()


def test_a_plan_that_was_returned_is_owed_once_the_day_is_known():
    world = make_world()
    of_plan = Deadline.objects.filter(inspection=world.inspection, kind=DeadlineKind.ACTION_PLAN)
    of_plan.delete()
    complete(world)
    plan_versions.return_(submit(world), by=world.inspector, answer="By when?")

    count_from(world.inspection, world.inspection.published_on)

    assert of_plan.get().met_on is None
