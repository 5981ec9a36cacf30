"""The force's word on how far it is with a recommendation."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import dates, deadlines
from inspections.models import Inspection, Stage
from recommendations.models import ProgressStatus, ProgressUpdate, Recommendation

REPORTING_STAGES = [Stage.PUBLISHED.value, Stage.FOLLOW_UP.value]


class NotOpen(DomainError):
    """Progress is reported from publication until the inspection is closed."""


def may_report(recommendation: Recommendation, user: User) -> bool:
    """Whether `user` may report progress now: the lead of its force, from publication until closure."""
    inspection = recommendation.inspection
    return _answers_for(inspection, user) and inspection.stage in REPORTING_STAGES


def report(
    recommendation: Recommendation,
    *,
    status: ProgressStatus | str,
    note: str,
    by: User,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> ProgressUpdate:
    """Add the force's word on `recommendation`; an earlier one stays as it was.

    Reported complete, its deadline is met on that day; taken back, the deadline is open again. `at` is for bringing in
    what was said in the past (aware; now unless given). Raises NotAllowed, NotOpen, and LooksPersonal unless the person
    confirmed that the note holds no personal data (rule 9).
    """
    moment = at or dates.now()
    with transaction.atomic():
        locked = (
            Recommendation.objects.select_for_update(of=("self",))
            .select_related("inspection", "deadline")
            .get(pk=recommendation.pk)
        )
        _check(locked.inspection, by)
        place = personal_data.Place(locked.inspection, f"progress {recommendation.pk}")
        personal_data.check({"note": note}, place=place, by=by, reason=personal_data_reason)
        update = ProgressUpdate.objects.create(
            recommendation=locked, status=status, note=note.strip(), by=by, at=moment
        )
        locked.progress_status = status
        locked.save(update_fields=["progress_status"])
        _tell_deadline(locked, moment, by)
    return update


def _tell_deadline(recommendation: Recommendation, moment: dt.datetime, by: User) -> None:
    deadline = recommendation.deadline
    if deadline is None:
        return
    if recommendation.progress_status == ProgressStatus.COMPLETE:
        deadlines.meet(deadline, by=by, on=timezone.localtime(moment).date())
    elif deadline.met_on is not None:
        deadlines.reopen(deadline, by=by)


def _answers_for(inspection: Inspection, user: User) -> bool:
    return user.is_force_lead and user.force_id == inspection.force_id


def _check(inspection: Inspection, by: User) -> None:
    if not _answers_for(inspection, by):
        raise NotAllowed(gettext("Only the force’s lead reports progress on its recommendations."))
    if inspection.stage not in REPORTING_STAGES:
        raise NotOpen(
            gettext("Progress is reported from publication until the inspection is closed.")
        )
