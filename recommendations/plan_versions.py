"""Submitting an action plan, and what the inspectorate says to it.

A version is the plan as it was submitted. Its actions get their deadlines with the first version that has them. After
that a date moves, and an action stops being due, only when the inspectorate accepts the version that says so: a force
cannot put off by itself what it has promised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections import dates, deadlines, free_text, news, team
from inspections.models import (
    Deadline,
    DeadlineBasis,
    DeadlineKind,
    Inspection,
    NewsKind,
    Party,
)
from recommendations import labels, plan_check
from recommendations.models import (
    Action,
    ActionPlan,
    PlanComment,
    PlanDecision,
    PlanGap,
    PlanVersion,
    PlanVersionQuerySet,
    ProgressStatus,
)
from recommendations.plans import NotPlanning
from recommendations.progress import REPORTING_STAGES


class IncompletePlan(DomainError):
    """A plan is submitted once it answers everything; `missing` says what it does not, in sentences."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(gettext("The plan is not complete yet."))
        self.missing = missing


class StalePlan(Conflict):
    """Somebody changed the plan since it was read for submission."""


class Undecided(Conflict):
    """The version submitted before waits for the inspectorate's answer."""


class NothingNew(DomainError):
    """The plan says what the version that was accepted says."""


class AlreadyDecided(Conflict):
    """Somebody else has answered this version; theirs stands."""


class NothingSaid(DomainError):
    """A plan that is returned needs words about what to change."""


def may_submit(inspection: Inspection, user: User) -> bool:
    """Whether `user` may submit the plan now: a lead of the force, from publication until closure."""
    return team.leads_force(inspection, user) and inspection.stage in REPORTING_STAGES


def may_decide(inspection: Inspection, user: User) -> bool:
    """Whether `user` answers plans: the inspection's team, which reviews what a force sends, and any manager."""
    return user.is_manager or team.works_on(inspection, user)


def content(answers: list[plan_check.Answer]) -> list[dict[str, Any]]:
    """Return a draft plan as a version would keep it; recommendations about which it says nothing are left out."""
    return [
        {
            "recommendation": answer.recommendation.number,
            "actions": [_action(action) for action in answer.actions],
            "gap": _gap(answer.gap),
        }
        for answer in answers
        if answer.actions or answer.gap
    ]


def submit(
    plan: ActionPlan,
    *,
    version: int,
    by: User,
    note: str = "",
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> PlanVersion:
    """Send the plan as it is to the inspectorate, which meets its deadline; `at` is for what was sent in the past.

    `version` is the plan's as it was read. Raises StalePlan, IncompletePlan, Undecided, NothingNew, NotAllowed,
    NotPlanning, TextRefused (rule 9).
    """
    moment = at or dates.now()
    with transaction.atomic():
        inspection, current = _lock(plan, by)
        last = current.versions.first()
        if last is not None and not last.decision:
            raise Undecided(
                gettext("Version %(number)d waits for the inspectorate’s answer.")
                % {"number": last.number}
            )
        if current.version != version:
            raise StalePlan(gettext("Somebody changed the plan in the meantime."))
        answers = plan_check.answers(inspection)
        missing = [sentence for answer in answers for sentence in answer.missing]
        if missing:
            raise IncompletePlan(missing)
        says = content(answers)
        if last and last.decision == PlanDecision.ACCEPTED and last.content == says:
            raise NothingNew(
                gettext("Nothing has changed since version %(number)d, which was accepted.")
                % {"number": last.number}
            )
        _check_words({"note": note}, current, by, personal_data_reason)
        submitted = PlanVersion.objects.create(
            plan=current,
            number=last.number + 1 if last else 1,
            content=says,
            note=note.strip(),
            submitted_by=by,
            submitted_at=moment,
        )
        for answer in answers:
            for action in answer.actions:
                _date(action, inspection, by)
        for deadline in _own_deadlines(inspection).open():
            deadlines.meet(deadline, by=by, on=timezone.localtime(moment).date())
        _tell(inspection, Party.INSPECTORATE, NewsKind.PLAN_SUBMITTED, submitted, by)
    return submitted


def accept(
    version: PlanVersion,
    *,
    by: User,
    answer: str = "",
    comments: Mapping[int, str] | None = None,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> PlanVersion:
    """Accept a version: the dates that it moved move, what it took out is no longer due.

    `comments` are by number of recommendation. Raises AlreadyDecided, NotAllowed, NotPlanning after closure, and
    TextRefused (rule 9).
    """
    with transaction.atomic():
        locked = _lock_undecided(version, by)
        _say(locked, answer, comments or {}, by, personal_data_reason)
        _decide(locked, PlanDecision.ACCEPTED, by, at)
        inspection = locked.plan.inspection
        _take_effect(locked)
        for deadline in _own_deadlines(inspection).open():
            deadlines.meet(deadline, by=by, on=timezone.localdate(locked.submitted_at))
        _tell(inspection, Party.FORCE, NewsKind.PLAN_ACCEPTED, locked, by)
    return locked


def return_(
    version: PlanVersion,
    *,
    by: User,
    answer: str = "",
    comments: Mapping[int, str] | None = None,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> PlanVersion:
    """Return a version to the force with comments; until a plan has been accepted, one is owed again.

    Raises NothingSaid without any words, AlreadyDecided, NotAllowed, NotPlanning after closure, TextRefused (rule 9).
    """
    said = [answer, *(comments or {}).values()]
    if not any(text.strip() for text in said):
        raise NothingSaid(
            gettext("Say what the force should change, as a whole or at a recommendation.")
        )
    with transaction.atomic():
        locked = _lock_undecided(version, by)
        _say(locked, answer, comments or {}, by, personal_data_reason)
        _decide(locked, PlanDecision.RETURNED, by, at)
        inspection = locked.plan.inspection
        if not locked.plan.versions.filter(decision=PlanDecision.ACCEPTED).exists():
            for deadline in _own_deadlines(inspection).filter(met_on__isnull=False):
                deadlines.reopen(deadline, by=by)
        _tell(inspection, Party.FORCE, NewsKind.PLAN_RETURNED, locked, by)
    return locked


def _lock(plan: ActionPlan, by: User) -> tuple[Inspection, ActionPlan]:
    inspection = (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("framework", "force")
        .get(pk=plan.inspection_id)
    )
    if not team.leads_force(inspection, by):
        raise NotAllowed(gettext("Only the force’s lead submits its action plan."))
    if inspection.stage not in REPORTING_STAGES:
        raise NotPlanning(
            gettext("An action plan is submitted from publication until the inspection is closed.")
        )
    return inspection, ActionPlan.objects.get(pk=plan.pk)


def _lock_undecided(version: PlanVersion, by: User) -> PlanVersion:
    """Return a version that `by` may answer and nobody has answered; at the same moment one of two wins."""
    # Before the version, as everybody does, so that nobody judges or closes meanwhile.
    Inspection.objects.select_for_update(of=("self",), no_key=True).get(action_plan=version.plan_id)
    locked = (
        PlanVersion.objects.select_for_update(of=("self",))
        .select_related("plan__inspection__force", "decided_by")
        .get(pk=version.pk)
    )
    inspection = locked.plan.inspection
    if not may_decide(inspection, by):
        raise NotAllowed(gettext("Only the inspection’s team and managers answer its action plan."))
    if locked.decision:
        raise AlreadyDecided(
            gettext("%(name)s has answered this version already: %(decision)s.")
            % {
                "name": locked.decided_by.name if locked.decided_by else "",
                "decision": str(PlanDecision(locked.decision).label).lower(),
            }
        )
    if inspection.stage not in REPORTING_STAGES:
        raise NotPlanning(
            gettext("The inspection is closed: nothing more is owed, and no plan is answered.")
        )
    return locked


def _say(
    locked: PlanVersion, answer: str, comments: Mapping[int, str], by: User, reason: str
) -> None:
    """Keep the comments, by number of recommendation; the answer as a whole is saved with the decision."""
    said = {number: text.strip() for number, text in comments.items() if text.strip()}
    texts = {"answer": answer, **{f"comment-{number}": text for number, text in said.items()}}
    _check_words(texts, locked.plan, by, reason)
    recommendations = locked.plan.inspection.recommendations.filter(number__in=said)
    PlanComment.objects.bulk_create(
        PlanComment(version=locked, recommendation=each, text=said[each.number])
        for each in recommendations
    )
    locked.answer = answer.strip()


def _decide(locked: PlanVersion, decision: PlanDecision, by: User, at: dt.datetime | None) -> None:
    locked.decision, locked.decided_by, locked.decided_at = decision, by, at or dates.now()
    locked.save(update_fields=["decision", "answer", "decided_by", "decided_at"])


def _date(action: Action, inspection: Inspection, by: User) -> None:
    """Give a submitted action its deadline, or its new owner the one that it has."""
    action.submitted = True
    if action.recommendation.settled_on is not None:
        action.save(update_fields=["submitted"])
        return
    assert action.due_on, "a plan is submitted once every action has its date"
    standing = action.deadline
    action.deadline = _set(
        action,
        inspection,
        action.due_on if standing is None else standing.due_on,
        action.owner,
        label=labels.of_action(action),
    )
    action.save(update_fields=["deadline", "submitted"])
    if standing is None and action.status == ProgressStatus.COMPLETE:
        deadlines.meet(action.deadline, by=by)


def _set(
    action: Action, inspection: Inspection, due_on: dt.date, owner: User | None, *, label: str
) -> Deadline:
    return deadlines.set_deadline(
        inspection,
        DeadlineKind.ACTION,
        label=label,
        responsible=Party.FORCE,
        due_on=due_on,
        basis=DeadlineBasis.ACTION_PLAN,
        owner=owner,
        subject_id=action.pk,
    )


def _take_effect(version: PlanVersion) -> None:
    """Move the dates that `version` moved, and let what it took out be due no longer."""
    plan, inspection = version.plan, version.plan.inspection
    said = _due_dates(version.content)
    before = _dates_in_effect(version)
    actions = (
        plan.actions.filter(deadline__isnull=False)
        .select_related("deadline", "recommendation", "owner")
        .order_by("pk")
    )
    for action in actions:
        deadline = action.deadline
        assert deadline
        if action.pk not in said:
            deadlines.lapse(deadline)
            continue
        if deadline.lapsed_on and action.recommendation.settled_on is None:
            deadline = deadlines.reopen(deadline, by=version.decided_by)
        if deadline.met_on is None and said[action.pk] != before.get(action.pk):
            # Its label stays: what the force drafts meanwhile is not for others to read.
            _set(action, inspection, said[action.pk], deadline.owner, label=deadline.label)


def _dates_in_effect(version: PlanVersion) -> dict[int, dt.date]:
    """Return the date that each action had by the plan before `version`: accepted, or the first that had it."""
    found: dict[int, dt.date] = {}
    for each in version.plan.versions.filter(number__lte=version.number).order_by("number"):
        said = _due_dates(each.content)
        if each.number < version.number and each.decision == PlanDecision.ACCEPTED:
            found |= said
        else:
            found = {**said, **found}
    return found


def _due_dates(content: list[dict[str, Any]]) -> dict[int, dt.date]:
    return {
        action["id"]: dt.date.fromisoformat(action["due_on"])
        for part in content
        for action in part["actions"]
        if action["due_on"]
    }


def partners(versions: PlanVersionQuerySet) -> dict[int, str]:
    """Return by action (primary key) the partner whom the last of `versions` that has the action names; “” is none."""
    return {
        action["id"]: action["partner"]
        for content in versions.order_by("number").values_list("content", flat=True)
        for part in content
        for action in part["actions"]
    }


def _own_deadlines(inspection: Inspection) -> Any:
    return Deadline.objects.filter(inspection=inspection, kind=DeadlineKind.ACTION_PLAN)


def _check_words(texts: dict[str, str], plan: ActionPlan, by: User, reason: str) -> None:
    free_text.check(
        texts, inspection=plan.inspection, place=f"plan {plan.pk}", by=by, reason=reason
    )


def _tell(
    inspection: Inspection, party: Party, kind: NewsKind, version: PlanVersion, by: User
) -> None:
    label = gettext("Action plan, version %(number)d") % {"number": version.number}
    news.tell(inspection, party, kind, label=label, by=by)


def _action(action: Action) -> dict[str, Any]:
    return {
        "id": action.pk,
        "number": action.number,
        "text": action.text,
        "owner": action.owner.name if action.owner else "",
        "partner": action.partner,
        "starts_on": action.starts_on.isoformat() if action.starts_on else None,
        "due_on": action.due_on.isoformat() if action.due_on else None,
        "points": sorted(point.order for point in action.points.all()),
    }


def _gap(gap: PlanGap | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    return {"reason": gap.reason, "points": sorted(point.order for point in gap.points.all())}
