"""The day from which timescales count: that of publication, unless it is in doubt or was wrong (rule 6).

Deadlines exist once it is known. A lead confirms a doubtful one and corrects a wrong one; whoever keeps dates that
count from it says so in settings.TIMESCALES.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from config import hooks
from inspections import dates, free_text, news, team
from inspections.models import PUBLISHED_STAGES, Inspection, NewsKind, Party, Stage

# A report appears within a year of its fieldwork; a later date is more likely that of a second edition.
PLAUSIBLE_DAYS = 365


class NothingToConfirm(Conflict):
    """The day is known, or somebody has confirmed it before."""


class UnusableStart(DomainError):
    """No timescale can have counted from this day."""


class NoReason(DomainError):
    """A correction says why."""


def is_doubtful(inspection: Inspection) -> bool:
    """Whether the recorded date of publication is too uncertain to count from.

    Only its month is known, it is assumed, or it lies more than a year after fieldwork.
    """
    return inspection.published_on is not None and (
        inspection.published_month_only or inspection.published_on_assumed or is_late(inspection)
    )


def is_late(inspection: Inspection) -> bool:
    """Whether the recorded date of publication lies implausibly long after fieldwork."""
    if inspection.published_on is None:
        return False
    return (inspection.published_on - inspection.fieldwork_end).days > PLAUSIBLE_DAYS


def needs_confirmation(inspection: Inspection) -> bool:
    """Whether a lead has to confirm from which day the timescales of this published inspection count."""
    return inspection.stage in PUBLISHED_STAGES and inspection.counts_from is None


def may_set(inspection: Inspection, user: User) -> bool:
    """Whether `user` may confirm or correct the day: the inspection's leads and managers, until it is closed."""
    return (
        inspection.is_published
        and inspection.stage != Stage.CLOSED
        and team.directs(inspection, user)
    )


def begin(inspection: Inspection, *, by: User | None = None) -> bool:
    """Start the timescales of an inspection that has just been published; False if its date is too doubtful for that.

    Its leads are told then, as nothing else would ever remind of an inspection that has no dates. For
    `reports.publication`, in its transaction.
    """
    if is_doubtful(inspection):
        kind = NewsKind.START_IN_DOUBT
        news.tell(inspection, Party.INSPECTORATE, kind, label=str(inspection), by=by)
        return False
    assert inspection.published_on
    _start(inspection, inspection.published_on, by=None, reason="")
    return True


def confirm(
    inspection: Inspection,
    *,
    day: dt.date,
    by: User,
    reason: str = "",
    personal_data_reason: str = "",
) -> Inspection:
    """Say from which day the timescales count, where the date of publication is in doubt; each becomes a date.

    What the report says of its publication stays on show. Raises NotAllowed, NothingToConfirm, UnusableStart,
    TextRefused.
    """
    with transaction.atomic():
        locked = _lock(inspection, by)
        if locked.counts_from is not None:
            raise NothingToConfirm(_("The day from which timescales count is known."))
        _check_day(locked, day)
        _check_text(locked, reason, by, personal_data_reason)
        _start(locked, day, by=by, reason=reason)
    return locked


def correct(
    inspection: Inspection,
    *,
    day: dt.date,
    reason: str,
    by: User,
    seen: dt.date | None = None,
    personal_data_reason: str = "",
) -> Inspection:
    """Correct the day from which the timescales count: every date that counts from it is counted anew.

    Where it was the recorded date of publication, that is corrected along with it; the published report itself stays as
    it is (rule 10). All sides are told. `seen` is the day that the person had before them. Raises NotAllowed, Conflict
    if the day is another than `seen` (rule 5), UnusableStart, NoReason, TextRefused.
    """
    with transaction.atomic():
        locked = _lock(inspection, by)
        if locked.counts_from is None or (seen and locked.counts_from != seen):
            raise Conflict(_("Somebody has changed this day meanwhile."))
        if day == locked.counts_from:
            raise UnusableStart(_("Timescales count from this day already."))
        _check_day(locked, day)
        if not reason.strip():
            raise NoReason(_("Say why the day was wrong."))
        _check_text(locked, reason, by, personal_data_reason)
        if locked.published_on == locked.counts_from and not locked.published_month_only:
            locked.published_on, locked.published_on_assumed = day, False
            locked.save(update_fields=["published_on", "published_on_assumed"])
        _start(locked, day, by=by, reason=reason)
        for party in Party:
            news.tell(locked, party, NewsKind.DATES_CORRECTED, label=str(locked), by=by)
    return locked


def _lock(inspection: Inspection, by: User) -> Inspection:
    # no_key: whoever holds a deadline and writes a row about its inspection need not wait, and so not for each other
    locked = (
        Inspection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("force", "framework")
        .get(pk=inspection.pk)
    )
    if not may_set(locked, by):
        raise NotAllowed(_("Only the lead of a published inspection or a manager says this."))
    return locked


def _check_day(inspection: Inspection, day: dt.date) -> None:
    if day > dates.today():
        raise UnusableStart(_("A report cannot be published on a day to come."))
    if day < inspection.fieldwork_start:
        raise UnusableStart(_("Timescales cannot count from a day before fieldwork."))


def _check_text(inspection: Inspection, reason: str, by: User, personal_data_reason: str) -> None:
    free_text.check(
        {"reason": reason},
        inspection=inspection,
        place="start",
        by=by,
        reason=personal_data_reason,
    )


def _start(inspection: Inspection, day: dt.date, *, by: User | None, reason: str) -> None:
    inspection.counts_from, inspection.counts_from_by = day, by
    inspection.counts_from_reason = reason.strip()
    inspection.save(update_fields=["counts_from", "counts_from_by", "counts_from_reason"])
    for count_from in hooks.load(*settings.TIMESCALES):
        count_from(inspection, day)
