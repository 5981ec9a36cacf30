"""The force's word on how far it is: with a recommendation, one point of it, or one action for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import dates, deadlines, news, team
from inspections.models import Deadline, NewsKind, Party, Stage
from recommendations import evidence
from recommendations.models import (
    Action,
    ProgressStatus,
    ProgressUpdate,
    Recommendation,
    RecommendationPoint,
)

REPORTING_STAGES = [Stage.PUBLISHED.value, Stage.FOLLOW_UP.value]
NO_FILES = evidence.Proof()


class NotOpen(DomainError):
    """Progress is reported from publication until the inspection is closed, while something is owed."""


class LacksEvidence(DomainError):
    """Nothing proves some points of what is said to be ready for closure; `points` are those, perhaps none named."""

    def __init__(self, points: list[RecommendationPoint]) -> None:
        super().__init__(gettext("Not everything that is ready for closure has evidence."))
        self.points = points


@dataclass(frozen=True)
class Subject:
    """What a word on progress is about: one point, one action, or, with neither, the whole recommendation."""

    point: RecommendationPoint | None = None
    action: Action | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is about the whole recommendation."""
        return self.point is None and self.action is None


WHOLE = Subject()


def may_report(recommendation: Recommendation, user: User) -> bool:
    """Whether `user` may report progress now: the lead of its force, while the follow-up runs and something is owed."""
    return team.leads_force(recommendation.inspection, user) and is_open(recommendation)


def may_report_on(action: Action, recommendation: Recommendation, user: User) -> bool:
    """Whether `user` may report on `action`: the force's lead, and the person of the force who owns it."""
    if not is_open(recommendation) or action.removed_at is not None or not action.submitted:
        return False
    inspection = recommendation.inspection
    owns = action.owner_id == user.pk and user.is_force and user.force_id == inspection.force_id
    return owns or team.leads_force(inspection, user)


def is_open(recommendation: Recommendation) -> bool:
    """Whether something is still owed on `recommendation`, and the time for it runs."""
    return recommendation.inspection.stage in REPORTING_STAGES and not recommendation.settled_on


def report(
    recommendation: Recommendation,
    *,
    status: ProgressStatus | str,
    note: str,
    by: User,
    about: Subject = WHOLE,
    proof: evidence.Proof = NO_FILES,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> ProgressUpdate:
    """Add the force's word on `recommendation`, with the files that prove it; an earlier one stays as it was.

    Reported complete, the deadline of the recommendation (or of the action that it is `about`) is met on that day;
    taken back, it is open again. The inspectorate is told when a recommendation becomes ready for closure. `at` is for
    bringing in what was said in the past (aware; now unless given). Raises NotAllowed, NotOpen, FilesRefused, and
    LooksPersonal unless the person confirmed that neither the note nor what the files are called holds personal data
    (rule 9).
    """
    moment = at or dates.now()
    _check(recommendation, about, by)
    examined = evidence.examine(proof.uploads)
    with evidence.all_or_nothing() as stored:
        locked = (
            Recommendation.objects.select_for_update(of=("self",))
            .select_related("inspection", "deadline")
            .get(pk=recommendation.pk)
        )
        _check(locked, about, by)
        place = personal_data.Place(locked.inspection, f"progress {recommendation.pk}")
        texts = {"note": note, "shows": proof.shows, "files": "\n".join(e.name for e in examined)}
        texts = {name: text for name, text in texts.items() if text}
        personal_data.check(texts, place=place, by=by, reason=personal_data_reason)
        update = ProgressUpdate.objects.create(
            recommendation=locked,
            point=about.point,
            action=about.action,
            status=status,
            note=note.strip(),
            by=by,
            at=moment,
        )
        evidence.attach(update, examined, shows=proof.shows, points=proof.points, stored=stored)
        _stand(locked, about, ProgressStatus(status), moment, by)
    return update


def ask_for_closure(
    recommendation: Recommendation,
    *,
    summary: str,
    by: User,
    proof: evidence.Proof = NO_FILES,
    although_unproved: bool = False,
    personal_data_reason: str = "",
) -> ProgressUpdate:
    """Say that `recommendation` is ready for closure, with a summary and the evidence that proves it.

    Raises as `report` does, and LacksEvidence if nothing proves some point (or, without points, the recommendation),
    unless the person knows (`although_unproved`).
    """
    if not although_unproved:
        unproved = unproved_points(recommendation, proof)
        if unproved is not None:
            raise LacksEvidence(unproved)
    return report(
        recommendation,
        status=ProgressStatus.COMPLETE,
        note=summary,
        by=by,
        proof=proof,
        personal_data_reason=personal_data_reason,
    )


def unproved_points(
    recommendation: Recommendation, proof: evidence.Proof = NO_FILES
) -> list[RecommendationPoint] | None:
    """Return the points that nothing proves, `proof` counted; None if there are none.

    Of a recommendation without points: [] if nothing proves it.
    """
    if recommendation.points.all():
        now_proved = {point.pk for point in proof.points} if proof.uploads else set()
        missing = evidence.points_without(recommendation)
        return [point for point in missing if point.pk not in now_proved] or None
    if proof.uploads or recommendation.evidence.exists():
        return None
    return []


def _stand(
    recommendation: Recommendation,
    about: Subject,
    status: ProgressStatus,
    moment: dt.datetime,
    by: User,
) -> None:
    """Let recommendation, action and deadlines say what was just said."""
    if about.is_whole:
        newly = status == ProgressStatus.COMPLETE != recommendation.progress_status
        _move(recommendation, status)
        _tell_deadline(recommendation.deadline, status, moment, by)
        if newly:
            news.tell(
                recommendation.inspection,
                Party.INSPECTORATE,
                NewsKind.CLOSURE_ASKED,
                label=recommendation.short_name,
                by=by,
                subject_id=recommendation.pk,
            )
        return
    if about.action is not None:
        # The deadline before the action, as a plan that is submitted does: neither waits for the other's row.
        _tell_deadline(about.action.deadline, status, moment, by)
        Action.objects.filter(pk=about.action.pk).update(status=status)
    # Who has begun with a part has begun with the whole.
    if (
        status != ProgressStatus.NOT_STARTED
        and recommendation.progress_status == ProgressStatus.NOT_STARTED
    ):
        _move(recommendation, ProgressStatus.IN_PROGRESS)


def _move(recommendation: Recommendation, status: ProgressStatus) -> None:
    recommendation.progress_status = status
    recommendation.save(update_fields=["progress_status"])


def _tell_deadline(
    deadline: Deadline | None, status: ProgressStatus, moment: dt.datetime, by: User
) -> None:
    if deadline is None:
        return
    if status == ProgressStatus.COMPLETE:
        deadlines.meet(deadline, by=by, on=timezone.localtime(moment).date())
    elif deadline.met_on is not None:
        deadlines.reopen(deadline, by=by)


def _check(recommendation: Recommendation, about: Subject, by: User) -> None:
    inspection = recommendation.inspection
    owns = about.action is not None and (
        about.action.owner_id == by.pk and by.is_force and by.force_id == inspection.force_id
    )
    if not owns and not team.leads_force(inspection, by):
        raise NotAllowed(gettext("Only the force’s lead reports progress on its recommendations."))
    if inspection.stage not in REPORTING_STAGES:
        raise NotOpen(
            gettext("Progress is reported from publication until the inspection is closed.")
        )
    if recommendation.settled_on:
        raise NotOpen(gettext("Nothing more is owed on this recommendation."))
    if about.action is not None and (
        about.action.removed_at is not None or not about.action.submitted
    ):
        raise NotOpen(gettext("Progress is reported on actions of the plan that was submitted."))
    for part in (about.point, about.action):
        if part is not None and part.recommendation_id != recommendation.pk:
            raise NotOpen(gettext("This belongs to another recommendation."))
