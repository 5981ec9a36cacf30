"""The inspectorate's word on a recommendation: judged, or sent back to the force with questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import dates, deadlines, news, team
from inspections.models import Deadline, DeadlineKind, Inspection, NewsKind, Party, Stage
from recommendations.models import (
    SETTLING_OUTCOMES,
    Audience,
    Judgement,
    JudgementQuerySet,
    Outcome,
    ProgressStatus,
    ProgressUpdate,
    Recommendation,
    Remark,
)

JUDGING_STAGES = [Stage.PUBLISHED.value, Stage.FOLLOW_UP.value]
# While its cases are read and its report is written, an inspection that looks back judges what is older.
REVIEWING_STAGES = [Stage.FIELDWORK.value, Stage.DRAFTING.value]


class NotOpenToJudgement(DomainError):
    """Nothing is judged before publication, after closure, or in a review that is not at work."""


class Overtaken(Conflict):
    """The force or a colleague has written since the page was read (rule 5)."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Something has happened to this recommendation since you opened the page. Read it before you decide."
            )
        )


class NothingToReturn(DomainError):
    """The force has not asked for closure, so there is no request to send back."""


class NoSuccessor(DomainError):
    """A recommendation cannot be continued by this one, or needs one that continues it."""


class Standing(NamedTuple):
    """Up to where somebody has read: the force's request to close and the last judgement (primary keys)."""

    request: int | None
    judgement: int | None


def request_of(recommendation: Recommendation) -> ProgressUpdate | None:
    """Return the force's request to close that waits for an answer; None if it does not say that it is ready."""
    if recommendation.progress_status != ProgressStatus.COMPLETE or recommendation.settled_on:
        return None
    return (
        recommendation.progress.filter(
            status=ProgressStatus.COMPLETE, point__isnull=True, action__isnull=True
        )
        .select_related("by")
        .first()
    )


def standing(recommendation: Recommendation, *, made_in: Inspection | None = None) -> Standing:
    """Return what a page about `recommendation` shows now, to be given back with what is decided on it."""
    judgements = recommendation.judgements.all()
    if made_in is not None:
        last = judgements.filter(made_in=made_in).first()
    else:  # that of a review counts from when it took effect
        in_effect = judgements.filter(took_effect_at__isnull=False)
        last = in_effect.order_by("-took_effect_at", "-pk").first()
    request = request_of(recommendation)
    return Standing(request.pk if request else None, last.pk if last else None)


def acts_for(inspection: Inspection, user: User) -> bool:
    """Whether `user` speaks for the inspectorate about `inspection`: its team, or any manager."""
    return user.is_manager or team.works_on(inspection, user)


def may_judge(recommendation: Recommendation, user: User) -> bool:
    """Whether `user` may judge it now, outside a review: from publication until its inspection is closed."""
    inspection = recommendation.inspection
    return inspection.stage in JUDGING_STAGES and acts_for(inspection, user)


def not_begun(review: Inspection) -> bool:
    """Whether `review` has yet to come to the stage from which on it judges."""
    return Stage(review.stage).position < Stage(REVIEWING_STAGES[0]).position


def may_judge_in(review: Inspection, user: User) -> bool:
    """Whether `user` may judge earlier recommendations in `review` now: its team, during fieldwork and drafting."""
    looks_back = review.parent_id is not None and review.stage in REVIEWING_STAGES
    return looks_back and acts_for(review, user)


def judge(
    recommendation: Recommendation,
    *,
    outcome: Outcome | str,
    finding: str,
    by: User,
    made_in: Inspection | None = None,
    continued_by: Recommendation | None = None,
    seen: Standing | None = None,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> Judgement:
    """Judge `recommendation`, with the finding behind it; a later judgement follows an earlier one, never replaces it.

    Outside a review it takes effect at once. Made in a review of its inspection (`made_in`), it does so when that is
    published, and `continued_by` may name the recommendation of the review that carries this one forward or replaces
    it. `at` is for loading what was judged in the past.

    Raises NotAllowed, NotOpenToJudgement, NoSuccessor, Overtaken if something happened after `seen` (rule 5),
    LooksPersonal (rule 9).
    """
    with transaction.atomic():
        if made_in is not None:
            made_in = _locked(made_in)
        inspection = _locked(recommendation.inspection)
        current = _locked_recommendation(recommendation)
        _check_may(inspection, made_in, by)
        _check_successor(inspection, made_in, outcome, continued_by)
        if seen is not None and standing(current, made_in=made_in) != seen:
            raise Overtaken
        place = personal_data.Place(made_in or inspection, f"judgement {current.pk}")
        personal_data.check({"finding": finding}, place=place, by=by, reason=personal_data_reason)
        moment = at or dates.now()
        judgement = Judgement.objects.create(
            recommendation=current,
            outcome=outcome,
            finding=finding.strip(),
            answers=request_of(current),
            made_in=made_in,
            continued_by=continued_by,
            by=by,
            at=moment,
            took_effect_at=None if made_in else moment,
        )
        if made_in is None:
            _apply(judgement, current, by)
    return judgement


def return_with_questions(
    recommendation: Recommendation,
    *,
    questions: str,
    by: User,
    seen: Standing | None = None,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> Remark:
    """Send the force's request to close back with questions: it is in progress again, and its deadline open.

    Raises NotAllowed, NotOpenToJudgement, NothingToReturn, Overtaken (rule 5), LooksPersonal (rule 9).
    """
    with transaction.atomic():
        inspection = _locked(recommendation.inspection)
        current = _locked_recommendation(recommendation)
        _check_may(inspection, None, by)
        if seen is not None and standing(current) != seen:
            raise Overtaken
        request = request_of(current)
        if request is None:
            raise NothingToReturn(gettext("The force has not said that it is ready for closure."))
        place = personal_data.Place(inspection, f"questions {current.pk}")
        personal_data.check(
            {"questions": questions}, place=place, by=by, reason=personal_data_reason
        )
        remark = Remark.objects.create(
            recommendation=current,
            audience=Audience.BOTH,
            text=questions.strip(),
            returns=request,
            by=by,
            at=at or dates.now(),
        )
        _owe_again(current, by)
        current.save(update_fields=["progress_status"])
        _tell(current, NewsKind.CLOSURE_RETURNED, by)
    return remark


def take_effect(review: Inspection, *, by: User | None) -> list[Judgement]:
    """Let what `review` has judged take effect: for each earlier recommendation, its last judgement.

    Called by publication, in its transaction, once the review has its date; published in the past, it took effect
    then. Judgements before the last stay on record without ever taking effect.
    """
    if review.parent_id is None:
        return []
    day = review.published_on or dates.today()
    moment = dates.now()
    if day != dates.today():
        moment = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    with transaction.atomic():
        parent = _locked(Inspection(pk=review.parent_id))
        done = []
        for judgement in latest(review).select_related("continued_by", "by"):
            current = _locked_recommendation(judgement.recommendation)
            current.inspection = parent
            judgement.took_effect_at = moment
            judgement.save(update_fields=["took_effect_at"])
            _apply(judgement, current, by)
            done.append(judgement)
    return done


def catch_up(recommendation: Recommendation) -> None:
    """Let a deadline that was counted only now say what happened before: the force was ready, or nothing is owed.

    Timescales may wait for the day from which they count while the follow-up goes on.
    """
    deadline = recommendation.deadline
    if deadline is None or deadline.met_on or deadline.lapsed_on:
        return
    if recommendation.settled_on is not None:
        _owe_nothing(recommendation, recommendation.settled_on, None)
    elif request := request_of(recommendation):
        deadlines.meet(deadline, by=request.by, on=timezone.localtime(request.at).date())


def latest(review: Inspection) -> JudgementQuerySet:
    """Return the last judgement that `review` made of each earlier recommendation, by their numbers."""
    return latest_in([review.pk])


def latest_in(reviews: Collection[int]) -> JudgementQuerySet:
    """Return `latest` of each of `reviews` (primary keys)."""
    last = (
        Judgement.objects.filter(made_in__in=reviews)
        .order_by("made_in_id", "recommendation_id", "-at", "-pk")
        .distinct("made_in_id", "recommendation_id")
    )
    return Judgement.objects.filter(pk__in=last.values("pk")).order_by("recommendation__number")


def _apply(judgement: Judgement, recommendation: Recommendation, by: User | None) -> None:
    """Write what a judgement that takes effect means for the recommendation, its deadline and its actions."""
    assert judgement.took_effect_at
    day = timezone.localtime(judgement.took_effect_at).date()
    was_settled = recommendation.settled_on is not None
    settles = judgement.outcome in SETTLING_OUTCOMES or judgement.continued_by_id is not None
    recommendation.outcome = judgement.outcome
    recommendation.continued_by_id = judgement.continued_by_id if settles else None
    recommendation.settled_on = day if settles else None
    if settles:
        _owe_nothing(recommendation, day, by)
    else:
        _owe_again(recommendation, by, actions=was_settled)
    recommendation.save(update_fields=["outcome", "settled_on", "continued_by", "progress_status"])
    _want_plan(recommendation.inspection, day, by)
    _tell(recommendation, NewsKind.JUDGED, by)


def _want_plan(inspection: Inspection, day: dt.date, by: User | None) -> None:
    """Nobody plans for what is done: its action plan is wanted as long as something is owed on a recommendation."""
    of_plan = Deadline.objects.filter(inspection=inspection, kind=DeadlineKind.ACTION_PLAN)
    if inspection.recommendations.filter(settled_on__isnull=True).exists():
        for deadline in of_plan.filter(lapsed_on__isnull=False):
            deadlines.reopen(deadline, by=by)
    else:
        for deadline in of_plan.open():
            deadlines.lapse(deadline, on=day)


def _owe_nothing(recommendation: Recommendation, day: dt.date, by: User | None) -> None:
    """Implemented, the deadline is met, on that day unless it was before; otherwise it lapses unless it was met."""
    if deadline := recommendation.deadline:
        if recommendation.outcome == Outcome.IMPLEMENTED:
            deadlines.meet(deadline, by=by, on=day)
        else:
            deadlines.lapse(deadline, on=day)
    for each in Deadline.objects.open().filter(action__recommendation=recommendation):
        deadlines.lapse(each, on=day)


def _owe_again(recommendation: Recommendation, by: User | None, *, actions: bool = False) -> None:
    """The old date counts again, and what was ready is in progress; with `actions`, what lapsed with it, too."""
    if recommendation.progress_status == ProgressStatus.COMPLETE:
        recommendation.progress_status = ProgressStatus.IN_PROGRESS
    if recommendation.deadline:
        deadlines.reopen(recommendation.deadline, by=by)
    if actions:
        lapsed = Deadline.objects.filter(
            action__recommendation=recommendation,
            action__removed_at__isnull=True,
            lapsed_on__isnull=False,
        )
        for each in lapsed:
            deadlines.reopen(each, by=by)


def _tell(recommendation: Recommendation, kind: NewsKind, by: User | None) -> None:
    news.tell(
        recommendation.inspection,
        Party.FORCE,
        kind,
        label=recommendation.short_name,
        by=by,
        subject_id=recommendation.pk,
    )


def _locked(inspection: Inspection) -> Inspection:
    """Lock an inspection, so that nobody publishes or closes it meanwhile; a review before what it looks back at."""
    return (
        # no_key: whoever holds a deadline and tells of it in a row about the inspection need not wait for this one
        Inspection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("force", "framework")
        .get(pk=inspection.pk)
    )


def _locked_recommendation(recommendation: Recommendation) -> Recommendation:
    return (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("inspection", "deadline")
        .get(pk=recommendation.pk)
    )


def _check_may(inspection: Inspection, made_in: Inspection | None, by: User) -> None:
    if made_in is not None:
        if not acts_for(made_in, by):
            raise NotAllowed(gettext("Only the team of the review judges in it."))
        if made_in.stage not in REVIEWING_STAGES:
            raise NotOpenToJudgement(
                gettext("A review judges during its fieldwork, and while its report is drafted.")
            )
        if made_in.parent_id != inspection.pk:
            raise NotOpenToJudgement(gettext("This review looks back at another inspection."))
        return
    if not acts_for(inspection, by):
        raise NotAllowed(gettext("Only the inspection’s team judges its recommendations."))
    if inspection.stage not in JUDGING_STAGES:
        raise NotOpenToJudgement(
            gettext("Recommendations are judged from publication until the inspection is closed.")
        )


def _check_successor(
    inspection: Inspection,
    made_in: Inspection | None,
    outcome: str,
    continued_by: Recommendation | None,
) -> None:
    if continued_by is None:
        if inspection.stage == Stage.CLOSED and outcome not in SETTLING_OUTCOMES:
            raise NoSuccessor(
                gettext(
                    "The earlier inspection is closed. What is still to be done must be carried forward or replaced."
                )
            )
        return
    if made_in is None or continued_by.inspection_id != made_in.pk:
        raise NoSuccessor(
            gettext("Only a recommendation of the review itself can continue an earlier one.")
        )
    if outcome in SETTLING_OUTCOMES:
        raise NoSuccessor(
            gettext("Only what is not, or only partly, implemented is carried forward or replaced.")
        )
