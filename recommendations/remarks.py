"""The discussion of a recommendation, which both sides read, and the notes that one side keeps to itself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import dates, news, team
from inspections.models import NewsKind, Party, TeamMember
from recommendations.models import Audience, Recommendation, Remark
from recommendations.progress import REPORTING_STAGES


class NotOpen(DomainError):
    """A recommendation is discussed from publication until its inspection is closed."""


def may_write(recommendation: Recommendation, user: User) -> bool:
    """Whether `user` may write about `recommendation` now.

    Of the force its lead; of the inspectorate managers, the team, and that of an inspection that looks back.
    """
    inspection = recommendation.inspection
    if inspection.stage not in REPORTING_STAGES:
        return False
    return _belongs(recommendation, user)


def _belongs(recommendation: Recommendation, user: User) -> bool:
    inspection = recommendation.inspection
    if user.is_force:
        return team.leads_force(inspection, user)
    if user.is_manager or team.works_on(inspection, user):
        return True
    return (
        user.is_inspector
        and TeamMember.objects.filter(user=user, inspection__parent=inspection).exists()
    )


def own_side(user: User) -> Audience:
    """Return who reads what `user` keeps to their own side."""
    return Audience.FORCE if user.is_force else Audience.INSPECTORATE


def write(
    recommendation: Recommendation,
    *,
    text: str,
    by: User,
    private: bool = False,
    at: dt.datetime | None = None,
    personal_data_reason: str = "",
) -> Remark:
    """Add to the discussion of `recommendation`; a `private` note is for one's own side, and nobody else is told of it.

    `at` is for bringing in the past. Raises NotAllowed, NotOpen, and LooksPersonal unless confirmed (rule 9).
    """
    if not _belongs(recommendation, by):
        raise NotAllowed(gettext("You may read this recommendation, but not write about it."))
    inspection = recommendation.inspection
    if inspection.stage not in REPORTING_STAGES:
        raise NotOpen(
            gettext(
                "Recommendations are discussed from publication until the inspection is closed."
            )
        )
    with transaction.atomic():
        side = own_side(by)
        place = personal_data.Place(inspection, f"{_PLACES[private, side]} {recommendation.pk}")
        personal_data.check({"text": text}, place=place, by=by, reason=personal_data_reason)
        remark = Remark.objects.create(
            recommendation=recommendation,
            audience=side if private else Audience.BOTH,
            text=text.strip(),
            by=by,
            at=at or dates.now(),
        )
        if not private:
            news.tell(
                inspection,
                Party.INSPECTORATE if by.is_force else Party.FORCE,
                NewsKind.REMARK,
                label=recommendation.short_name,
                by=by,
                subject_id=recommendation.pk,
            )
    return remark


# Where confirmed texts stand: what one side confirmed in its own notes is not listed for the other.
_PLACES = {
    (False, Audience.FORCE): "remark",
    (False, Audience.INSPECTORATE): "remark",
    (True, Audience.FORCE): "note of the force",
    (True, Audience.INSPECTORATE): "note of the inspectorate",
}
