"""Drafting an action plan: what a force will do about the recommendations of one inspection.

Several people of the force write it together. Every action, and every reason for doing nothing, has a version of its
own, so that whoever saves second is told (rule 5); the plan's version grows with each of these changes, so that nobody
submits what they have not seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from config.clock import now
from inspections import free_text, team
from inspections.models import Inspection
from recommendations.models import Action, ActionPlan, PlanGap, Recommendation, RecommendationPoint
from recommendations.progress import REPORTING_STAGES


class NotPlanning(DomainError):
    """Plans change from publication until the inspection is closed."""


class InvalidAction(DomainError):
    """An action's owner, points or dates do not belong to it."""


class StaleAction(Conflict):
    """Somebody changed the action since it was read; `current` is theirs, None if they took it out (rule 5)."""

    def __init__(self, current: Action | None) -> None:
        super().__init__(gettext("Somebody else changed this action in the meantime."))
        self.current = current


class StaleGap(Conflict):
    """Somebody changed the reason for doing nothing since it was read; `current` is theirs (rule 5)."""

    def __init__(self, current: PlanGap) -> None:
        super().__init__(gettext("Somebody else changed this reason in the meantime."))
        self.current = current


DRAFTED = [
    *("text", "owner", "partner", "starts_on", "due_on", "removed_at"),
    *("version", "updated_by", "updated_at"),
]


@dataclass(frozen=True)
class Content:
    """What an action says. Owner and partner exclude each other; all but `text` may come later."""

    text: str
    points: Iterable[RecommendationPoint] = field(default_factory=tuple)
    owner: User | None = None
    partner: str = ""
    starts_on: dt.date | None = None
    due_on: dt.date | None = None


def works_on_plan(inspection: Inspection, user: User) -> bool:
    """Whether `user` writes plans of the force: its leads, who answer for them, and its assessors, who help."""
    return team.works_for_force(inspection, user)


def may_draft(inspection: Inspection, user: User) -> bool:
    """Whether `user` may change the plan now: from publication until closure."""
    return works_on_plan(inspection, user) and inspection.stage in REPORTING_STAGES


def reads_draft(inspection: Inspection, user: User) -> bool:
    """Whether `user` reads what has not been submitted yet; the commissioner's office does not."""
    return user.force_id == inspection.force_id and not user.works_for_commissioner


def people(inspection: Inspection) -> QuerySet[User]:
    """Return the people of the force who may own an action."""
    return User.objects.filter(
        force=inspection.force_id, is_active=True, works_for_commissioner=False
    )


def add(
    recommendation: Recommendation, content: Content, *, by: User, personal_data_reason: str = ""
) -> Action:
    """Add an action for `recommendation`, after its others; the plan comes into being with its first.

    Raises NotAllowed, NotPlanning, InvalidAction, TextRefused (rule 9).
    """
    with transaction.atomic():
        plan = _lock(recommendation.inspection, by)
        last = plan.actions.filter(recommendation=recommendation).aggregate(last=Max("position"))
        action = Action(
            plan=plan, recommendation=recommendation, position=(last["last"] or 0) + 1, version=0
        )
        return _write(action, content, by, personal_data_reason)


def edit(
    action: Action, content: Content, *, version: int, by: User, personal_data_reason: str = ""
) -> Action:
    """Save a changed action. The deadline that a submitted version gave it moves only when another is accepted.

    Raises StaleAction if somebody changed it or took it out since `version` was read, NotAllowed, NotPlanning,
    InvalidAction, TextRefused (rule 9).
    """
    with transaction.atomic():
        _lock(action.recommendation.inspection, by)
        return _write(_current(action, version), content, by, personal_data_reason)


def remove(action: Action, *, version: int, by: User) -> Action:
    """Take an action out of the plan; what was submitted of it stays in the versions, and it can be put back.

    Raises StaleAction as `edit` does, NotAllowed, NotPlanning.
    """
    with transaction.atomic():
        plan = _lock(action.recommendation.inspection, by)
        current = _current(action, version)
        current.removed_at = now()
        _save(current, by)
        _changed(plan, by)
    return current


def put_back(action: Action, *, by: User) -> Action:
    """Take an action into the plan again as it was; one that nobody took out stays as it is."""
    with transaction.atomic():
        plan = _lock(action.recommendation.inspection, by)
        current = Action.objects.select_related("recommendation").get(pk=action.pk)
        if current.removed_at is not None:
            current.removed_at = None
            _save(current, by)
            _changed(plan, by)
    return current


def explain(
    recommendation: Recommendation,
    *,
    reason: str,
    points: Iterable[RecommendationPoint] = (),
    version: int,
    by: User,
    personal_data_reason: str = "",
) -> PlanGap:
    """Say why nothing is done about `recommendation`, or about those of its `points`; an empty reason takes it back.

    `version` is 0 where nothing was said yet. Raises StaleGap, NotAllowed, NotPlanning, InvalidAction, TextRefused.
    """
    with transaction.atomic():
        plan = _lock(recommendation.inspection, by)
        gap = PlanGap.objects.select_related("updated_by").filter(recommendation=recommendation)
        current = gap.first() or PlanGap(plan=plan, recommendation=recommendation, version=0)
        if current.version != version:
            raise StaleGap(current)
        chosen = _own_points(recommendation, points) if reason.strip() else []
        if reason.strip() and not chosen and recommendation.points.exists():
            raise InvalidAction(gettext("Select the points about which nothing is planned."))
        free_text.check(
            {"reason": reason},
            inspection=recommendation.inspection,
            place=f"plan-gap {recommendation.pk}",
            by=by,
            reason=personal_data_reason,
        )
        current.reason = reason.strip()
        current.version += 1
        current.updated_by = by
        current.save()
        current.points.set(chosen)
        _changed(plan, by)
    return current


def _lock(inspection: Inspection, by: User) -> ActionPlan:
    """Check who and when, and return the plan locked, so that changes, submission and closure follow one another."""
    locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if not works_on_plan(locked, by):
        raise NotAllowed(gettext("Only the force writes its action plan."))
    if locked.stage not in REPORTING_STAGES:
        raise NotPlanning(
            gettext(
                "An action plan can be changed from publication until the inspection is closed."
            )
        )
    plan, _created = ActionPlan.objects.get_or_create(inspection=locked)
    return plan


def _current(action: Action, version: int) -> Action:
    """Return the action as it is now, provided that it is still the `version` that was read and in the plan."""
    current = (
        Action.objects.standing()
        .select_related("plan", "recommendation__inspection", "owner", "updated_by")
        .filter(pk=action.pk)
        .first()
    )
    if current is None or current.version != version:
        raise StaleAction(current)
    return current


def _write(action: Action, content: Content, by: User, personal_data_reason: str) -> Action:
    recommendation = action.recommendation
    points = _own_points(recommendation, content.points)
    _check_owner_and_dates(action, content)
    action.text = content.text.strip()
    action.owner, action.partner = content.owner, content.partner.strip()
    action.starts_on, action.due_on = content.starts_on, content.due_on
    _save(action, by)
    action.points.set(points)
    free_text.check(
        {"text": content.text, "partner": content.partner},
        inspection=recommendation.inspection,
        place=f"action {action.pk}",
        by=by,
        reason=personal_data_reason,
    )
    _changed(action.plan, by)
    return action


def _own_points(
    recommendation: Recommendation, points: Iterable[RecommendationPoint]
) -> list[RecommendationPoint]:
    chosen = list(points)
    if any(point.recommendation_id != recommendation.pk for point in chosen):
        raise InvalidAction(gettext("These points belong to another recommendation."))
    return chosen


def _check_owner_and_dates(action: Action, content: Content) -> None:
    inspection = action.recommendation.inspection
    if not content.text.strip():
        raise InvalidAction(gettext("Enter what the force will do."))
    if content.owner and content.partner.strip():
        raise InvalidAction(gettext("An action has one owner: a person of the force or a partner."))
    unchanged = content.owner is not None and content.owner.pk == action.owner_id
    new = content.owner if content.owner and not unchanged else None
    if new and not people(inspection).filter(pk=new.pk).exists():
        raise InvalidAction(gettext("The owner must be a person of the force."))
    if content.starts_on and content.due_on and content.due_on < content.starts_on:
        raise InvalidAction(gettext("The due date must not be before the start."))


def _save(action: Action, by: User) -> None:
    """Write what a draft changes, and leave alone what is reported of the action meanwhile."""
    action.version += 1
    action.updated_by = by
    action.save(update_fields=DRAFTED if action.pk else None)


def _changed(plan: ActionPlan, by: User) -> None:
    plan.version += 1
    plan.updated_by = by
    plan.save(update_fields=["version", "updated_by", "updated_at"])
