"""What an action plan answers, and what still stands between a draft and its submission."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext

from inspections.models import FollowUpKind, Inspection
from recommendations.models import Action, PlanGap, Recommendation, RecommendationPoint


@dataclass(frozen=True)
class PointAnswer:
    """Which actions answer one point, or whether the force said why none does."""

    point: RecommendationPoint
    actions: list[Action]
    explained: bool

    @property
    def answered(self) -> bool:
        return bool(self.actions) or self.explained


@dataclass(frozen=True)
class Answer:
    """How the plan stands towards one recommendation."""

    recommendation: Recommendation
    wanted: bool  # else the plan may answer it, but need not
    actions: list[Action]
    removed: list[Action]
    gap: PlanGap | None
    points: list[PointAnswer]
    missing: list[str] = field(default_factory=list)  # sentences
    notes: list[str] = field(default_factory=list)

    @property
    def unanswered(self) -> list[RecommendationPoint]:
        """The points about which the plan says nothing yet."""
        return [each.point for each in self.points if not each.answered]


def answers(inspection: Inspection) -> list[Answer]:
    """Return how the draft plan of `inspection` answers each recommendation, in their order. Six queries at most.

    What was to be done immediately is answered by the update on it: the plan is for the others (rule 7). Nor is an
    answer wanted where nothing more is owed.
    """
    actions = (
        Action.objects.filter(plan__inspection=inspection)
        .select_related("owner", "deadline", "recommendation", "updated_by")
        .prefetch_related("points")
        .order_by("position", "pk")
    )
    gaps = {
        gap.recommendation_id: gap
        for gap in PlanGap.objects.filter(plan__inspection=inspection)
        .exclude(reason="")
        .select_related("updated_by")
        .prefetch_related("points")
    }
    elsewhere = codes_of_update(inspection)
    found = (
        inspection.recommendations.select_related("theme", "timescale", "deadline", "inspection")
        .prefetch_related("points", Prefetch("actions", actions))
        .order_by("number")
    )
    return [
        _answer(
            each,
            gaps.get(each.pk),
            wanted=each.settled_on is None and each.timescale.code not in elsewhere,
        )
        for each in found
    ]


def codes_of_update(inspection: Inspection) -> set[str]:
    """Return the codes of the timescales of which the framework wants an update instead. One query."""
    rules = inspection.framework.follow_up_rules.filter(kind=FollowUpKind.UPDATE)
    return {code for rule in rules for code in rule.timescale_codes}


def _answer(recommendation: Recommendation, gap: PlanGap | None, *, wanted: bool) -> Answer:
    every = list(recommendation.actions.all())
    standing = [action for action in every if action.removed_at is None]
    explained = {point.pk for point in gap.points.all()} if gap else set()
    points = [
        PointAnswer(
            point,
            [action for action in standing if point in action.points.all()],
            explained=point.pk in explained,
        )
        for point in recommendation.points.all()
    ]
    answer = Answer(
        recommendation,
        wanted,
        standing,
        [action for action in every if action.removed_at is not None],
        gap,
        points,
    )
    if wanted:
        answer.missing.extend(_unanswered(answer))
    for action in standing if recommendation.settled_on is None else []:
        answer.missing.extend(_incomplete(action))
        answer.notes.extend(_late(action, recommendation))
    return answer


def _unanswered(answer: Answer) -> list[str]:
    number = answer.recommendation.number
    if not answer.points:
        if answer.actions or answer.gap:
            return []
        return [
            gettext("Recommendation %(number)d has no action, and no reason for having none.")
            % {"number": number}
        ]
    return [
        gettext("Point %(point)d of recommendation %(number)d is not answered.")
        % {"point": point.order, "number": number}
        for point in answer.unanswered
    ]


def _incomplete(action: Action) -> list[str]:
    name = {"action": action.number}
    found = []
    if action.owner is None and not action.partner:
        found.append(gettext("Action %(action)s has no owner.") % name)
    if action.owner is not None and not action.owner.is_active:
        found.append(gettext("The owner of action %(action)s may no longer sign in.") % name)
    if action.starts_on is None:
        found.append(gettext("Action %(action)s has no start.") % name)
    if action.due_on is None:
        found.append(gettext("Action %(action)s has no due date.") % name)
    return found


def _late(action: Action, recommendation: Recommendation) -> list[str]:
    deadline = recommendation.deadline
    if deadline is None or action.due_on is None or action.due_on <= deadline.due_on:
        return []
    return [
        gettext("Action %(action)s is due after the recommendation itself, which is due %(date)s.")
        % {"action": action.number, "date": date_format(deadline.due_on, "j F Y")}
    ]
