"""More time: asked for with a reason, agreed or refused; the first date stays on show (rule 6)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections import dates, free_text, news, team
from inspections.models import (
    FOLLOW_UP_KINDS,
    Deadline,
    DeadlineKind,
    Extension,
    ExtensionDecision,
    Inspection,
    NewsKind,
    Party,
)
from inspections.provenance import short_name

# What else has a date either is counted in hours or is the force's own choice in its action plan.
EXTENSIBLE_KINDS = [
    DeadlineKind.SELF_ASSESSMENT.value,
    DeadlineKind.FACTUAL_ACCURACY.value,
    DeadlineKind.RECOMMENDATION.value,
    *FOLLOW_UP_KINDS,
]


class NotExtensible(DomainError):
    """Nothing is to be moved: it is met, no longer wanted, or of a kind that is not extended."""


class AlreadyAsked(Conflict):
    """An extension of this deadline waits for an answer; there is one at a time."""


class AlreadyDecided(Conflict):
    """Somebody has answered, or taken back, this extension before; that stands."""


class UnusableDate(DomainError):
    """The new date is not later than the present one, is over, or clashes with another date."""


class NoReason(DomainError):
    """A reason is wanted and none was given."""


def may_ask(deadline: Deadline, user: User) -> bool:
    """Whether `user` answers for `deadline` and so may ask for more time, as long as it is of a kind that has any."""
    if deadline.kind not in EXTENSIBLE_KINDS:
        return False
    return _acts_for(deadline, user)


def may_decide(deadline: Deadline, user: User) -> bool:
    """Whether `user` may agree to or refuse more time: the inspection's lead, or a manager.

    What the inspectorate itself has to do, nobody extends for themselves: `agree` and `refuse` want another person
    than the one who asked.
    """
    return team.directs(deadline.inspection, user)


def may_withdraw(extension: Extension, user: User) -> bool:
    """Whether `user` may take the wish back: whoever could have asked for it."""
    return not extension.decision and _acts_for(extension.deadline, user)


def waiting(deadline: Deadline) -> Extension | None:
    """Return the extension of `deadline` that waits for an answer."""
    return deadline.extensions.filter(decision="").select_related("asked_by").first()


def ask(
    deadline: Deadline,
    *,
    wanted_on: dt.date,
    reason: str,
    by: User,
    personal_data_reason: str = "",
) -> Extension:
    """Ask to move `deadline` to `wanted_on` (Europe/London); the lead of the inspection is told.

    A deadline that is over can still be extended, to a day that is not over. Raises NotAllowed, NotExtensible,
    AlreadyAsked, NoReason, UnusableDate, TextRefused (rule 9).
    """
    with transaction.atomic():
        locked = _lock(deadline)
        if not may_ask(locked, by):
            raise NotAllowed(_("Only those who have to meet this deadline ask for more time."))
        _check_open(locked)
        if locked.extensions.filter(decision="").exists():
            raise AlreadyAsked(_("An extension of this deadline waits for an answer already."))
        _check_reason(reason)
        _check_date(locked, wanted_on)
        _check_text("reason", reason, locked, by, personal_data_reason)
        extension = Extension.objects.create(
            deadline=locked,
            from_on=locked.due_on,
            wanted_on=wanted_on,
            reason=reason.strip(),
            asked_by=by,
        )
        news.tell(
            locked.inspection,
            Party.INSPECTORATE,
            NewsKind.EXTENSION_ASKED,
            label=short_name(locked),
            by=by,
            subject_id=locked.pk,
        )
    return extension


def agree(
    extension: Extension,
    *,
    by: User,
    agreed_on: dt.date | None = None,
    answer: str = "",
    personal_data_reason: str = "",
) -> Extension:
    """Agree to more time, until the day that was asked for or another one, `agreed_on`; the deadline moves there.

    Raises NotAllowed, AlreadyDecided, NotExtensible if it has meanwhile been met, UnusableDate, TextRefused.
    """
    with transaction.atomic():
        locked = _lock_to_decide(extension, by)
        deadline = locked.deadline
        _check_open(deadline)
        day = agreed_on or locked.wanted_on
        _check_date(deadline, day, after=locked.from_on)
        _check_text("answer", answer, deadline, by, personal_data_reason)
        locked.agreed_on = day
        _decide(locked, ExtensionDecision.AGREED, answer, by)
        deadline.due_on, deadline.moved_on = day, dates.today()
        deadline.save(update_fields=["due_on", "moved_on"])
        if deadline.kind == DeadlineKind.SELF_ASSESSMENT:
            deadline.inspection.self_assessment_due = day
            deadline.inspection.save(update_fields=["self_assessment_due"])
        _tell_who_asked(locked, by)
    return locked


def refuse(
    extension: Extension, *, by: User, answer: str, personal_data_reason: str = ""
) -> Extension:
    """Refuse more time, and say why; the date stays. Raises NotAllowed, AlreadyDecided, NoReason, TextRefused."""
    with transaction.atomic():
        locked = _lock_to_decide(extension, by)
        _check_reason(answer)
        _check_text("answer", answer, locked.deadline, by, personal_data_reason)
        _decide(locked, ExtensionDecision.REFUSED, answer, by)
        _tell_who_asked(locked, by)
    return locked


def withdraw(extension: Extension, *, by: User) -> Extension:
    """Take back that more time was asked for. Raises NotAllowed, AlreadyDecided."""
    with transaction.atomic():
        locked = _lock_extension(extension)
        if not _acts_for(locked.deadline, by):
            raise NotAllowed(_("Only those who asked for more time take that back."))
        _check_undecided(locked)
        _decide(locked, ExtensionDecision.WITHDRAWN, "", by)
    return locked


def _acts_for(deadline: Deadline, user: User) -> bool:
    match deadline.responsible:
        case Party.FORCE:
            return team.leads_force(deadline.inspection, user)
        case Party.COMMISSIONER:
            return user.works_for_commissioner and user.force_id == deadline.inspection.force_id
    return team.works_on(deadline.inspection, user)


def _lock(deadline: Deadline) -> Deadline:
    """Lock the inspection, then the deadline, as moves and corrections do, so that all of them take turns."""
    inspection = (
        Inspection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("force")
        .get(deadlines=deadline.pk)
    )
    locked = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
    locked.inspection = inspection
    return locked


def _lock_extension(extension: Extension) -> Extension:
    deadline = _lock(Deadline(pk=extension.deadline_id))
    locked = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    locked.deadline = deadline
    return locked


def _lock_to_decide(extension: Extension, by: User) -> Extension:
    locked = _lock_extension(extension)
    if not may_decide(locked.deadline, by):
        raise NotAllowed(_("Only the lead of the inspection or a manager decides this."))
    if locked.asked_by_id == by.pk:
        raise NotAllowed(_("Somebody else than the person who asked has to decide this."))
    _check_undecided(locked)
    return locked


def _check_undecided(extension: Extension) -> None:
    if extension.decision:
        raise AlreadyDecided(
            _("This was answered before: %(decision)s.")
            % {"decision": extension.get_decision_display().lower()}
        )


def _check_open(deadline: Deadline) -> None:
    if deadline.met_on is not None:
        raise NotExtensible(_("This deadline has been met."))
    if deadline.lapsed_on is not None:
        raise NotExtensible(_("Nothing more is wanted by this deadline."))


def _check_reason(text: str) -> None:
    if not text.strip():
        raise NoReason(_("Say why."))


def _check_date(deadline: Deadline, day: dt.date, after: dt.date | None = None) -> None:
    """A new date is later than all that it replaces, and not over; fieldwork does not wait for a self-assessment."""
    if day <= max(deadline.due_on, after or deadline.due_on):
        raise UnusableDate(_("The new date must be later than the present one."))
    if day < dates.today():
        raise UnusableDate(_("The new date must not be over."))
    fieldwork = deadline.inspection.fieldwork_start
    if deadline.kind == DeadlineKind.SELF_ASSESSMENT and day > fieldwork:
        raise UnusableDate(
            _("The self-assessment must be due before fieldwork starts, or on that day")
        )


def _check_text(name: str, text: str, deadline: Deadline, by: User, reason: str) -> None:
    free_text.check(
        {name: text},
        inspection=deadline.inspection,
        place=f"deadline {deadline.pk}",
        by=by,
        reason=reason,
    )


def _decide(extension: Extension, decision: ExtensionDecision, answer: str, by: User) -> None:
    extension.decision = decision
    extension.answer = answer.strip()
    extension.decided_by, extension.decided_at = by, dates.now()
    extension.save(update_fields=["decision", "answer", "agreed_on", "decided_by", "decided_at"])


def _tell_who_asked(extension: Extension, by: User) -> None:
    deadline = extension.deadline
    news.tell(
        deadline.inspection,
        Party(deadline.responsible),
        NewsKind.EXTENSION_DECIDED,
        label=short_name(deadline),
        by=by,
        subject_id=deadline.pk,
    )
