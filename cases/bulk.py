"""What may be done to many cases at once, each as its own verb does it to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import assignment, personal_data, readings, sampling
from cases.models import CaseFile, CaseFileQuerySet
from cases.sampling import NeedsReason
from inspections import dates
from inspections.models import Inspection

ASSIGN, ASK, EXCLUDE = "assign", "second_reading", "exclude"
MOST = 10_000  # what can be written within a request


class TooMany(DomainError):
    """More cases than can be dealt with at once."""


class LooksPersonalInMany(DomainError):
    """One text for many cases looks as if it held personal data; that is confirmed case by case, if at all."""


@dataclass(frozen=True)
class Action:
    """One thing that may be done: its name in forms, its words, who may, and to how many cases at once."""

    name: str
    text: str | Promise
    may: Callable[[Inspection, User], bool]
    most: int = MOST


ACTIONS = [
    Action(ASSIGN, gettext_lazy("Assign to somebody"), assignment.may_assign),
    Action(ASK, gettext_lazy("Send to a second reading"), readings.may_ask, most=100),
    Action(EXCLUDE, gettext_lazy("Exclude"), sampling.may_exclude),
]


def actions(inspection: Inspection, user: User) -> dict[str, Action]:
    """Return what `user` may do now to many cases of `inspection`, by name; one query at most."""
    return {action.name: action for action in ACTIONS if action.may(inspection, user)}


def check_number(action: Action, count: int) -> None:
    """Raise TooMany if `action` can't be done to so many cases at once."""
    if count > action.most:
        raise TooMany(
            _("This can be done to %(most)s cases at once, and you selected %(count)s.")
            % {"most": f"{action.most:,}", "count": f"{count:,}"}
        )


def exclude(cases: CaseFileQuerySet, inspection: Inspection, *, reason: str, by: User) -> int:
    """Take `cases` of `inspection` out of every figure for one reason; returns how many were not excluded before.

    Raises NotAllowed, NeedsReason or LooksPersonalInMany (rule 9): the force reads the reason at each of them.
    """
    if not reason.strip():
        raise NeedsReason(_("Enter why the cases are excluded"))
    found = personal_data.suspicions(reason)
    if found:
        raise LooksPersonalInMany(
            _("This looks like personal data: %(what)s. Take it out, or exclude the case by itself")
            % {"what": ", ".join(str(suspicion) for suspicion in found[:3])}
        )
    with sampling.exclusion(inspection, by):
        if not sampling.may_exclude(sampling.locked(inspection), by):
            raise NotAllowed(
                _("Only the lead of the inspection may exclude a case, before publication.")
            )
        keys = cases.filter(inspection=inspection).order_by().values("pk")
        return (
            CaseFile.objects.counted()
            .filter(pk__in=keys)
            .update(excluded_at=dates.now(), excluded_by=by, excluded_reason=reason.strip())
        )
