"""Urgent referrals: inspectors see a child who may still be at risk, and the case goes back to the force at once.

The force acknowledges the referral and then says what it did, each within the hours that the framework sets, counted as
they go by whatever the clocks do. Its two deadlines are what mail follows from (docs/referrals.md).
"""

from __future__ import annotations

import datetime as dt
import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from cases.models import CaseFile, UrgentReferral
from inspections import dates, deadlines, team
from inspections.models import (
    REFERRAL_KINDS,
    Deadline,
    DeadlineBasis,
    DeadlineKind,
    Inspection,
    Party,
    Stage,
)

logger = logging.getLogger(__name__)
CONCERN_LENGTH = 2000
MUST_ACT_LENGTH = 300
ANSWER_LENGTH = 5000
# From fieldwork on, as long as anything is expected of the force at all.
STAGES = [
    *(Stage.FIELDWORK, Stage.DRAFTING, Stage.FACTUAL_ACCURACY),
    *(Stage.PUBLISHED, Stage.FOLLOW_UP),
]


class Incomplete(DomainError):
    """Something has to be said that was not; `missing` names the fields."""

    def __init__(self, missing: list[str]) -> None:
        sentences = {
            "concern": _("Enter what is feared."),
            "must_act": _("Enter who must act."),
            "answer": _("Enter what was done."),
        }
        super().__init__(" ".join(sentences[name] for name in missing))
        self.missing = missing


class AlreadyDone(Conflict):
    """Somebody of the force was first, and their word stands; `referral` is how it is now."""

    def __init__(self, sentence: str, referral: UrgentReferral) -> None:
        super().__init__(sentence)
        self.referral = referral


def may_raise(case: CaseFile, user: User) -> bool:
    """Whether `user` may refer `case`: an inspector of the team, from fieldwork until the inspection is closed."""
    return case.inspection.stage in STAGES and team.works_on(case.inspection, user)


def may_answer(referral: UrgentReferral, user: User) -> bool:
    """Whether `user` may acknowledge and answer: a lead of the force."""
    return team.leads_force(referral.case.inspection, user)


def force_can_answer(inspection: Inspection) -> bool:
    """Whether the force has a lead who can sign in; if not, managers are told at once instead."""
    return team.force_leads().filter(force=inspection.force_id).exists()


def raise_(
    case: CaseFile,
    *,
    concern: str,
    must_act: str,
    by: User,
    personal_data_reason: str = "",
    at: dt.datetime | None = None,
) -> UrgentReferral:
    """Send `case` back to the force at once and return the referral. `at` is for what happened in the past.

    Sent twice in the same words by the same person while nobody has answered, it is one referral. Raises NotAllowed,
    Incomplete or LooksPersonal (rule 9).
    """
    concern, must_act = concern.strip(), must_act.strip()
    missing = [name for name, text in (("concern", concern), ("must_act", must_act)) if not text]
    if missing:
        raise Incomplete(missing)
    with transaction.atomic():
        case = _locked(case)
        if not may_raise(case, by):
            raise NotAllowed(_("You cannot refer this case at this stage."))
        words = {"concern": concern, "must_act": must_act}
        same = case.referrals.open().filter(raised_by=by, **words).first()
        if same is not None:
            return same
        referral = _create(case, words, by, at or dates.now())
        # Its place has its number, so the check comes after; what it objects to is undone with the rest.
        personal_data.check(words, place=place_of(referral), by=by, reason=personal_data_reason)
        _set_deadlines(referral)
        transaction.on_commit(_nudge)
    return referral


def acknowledge(
    referral: UrgentReferral, *, by: User, at: dt.datetime | None = None
) -> UrgentReferral:
    """Say for the force that it has the referral. Raises NotAllowed, or AlreadyDone if somebody was first."""
    if not may_answer(referral, by):
        raise NotAllowed(_("A lead of the force acknowledges it."))
    moment = at or dates.now()
    with transaction.atomic():
        won = UrgentReferral.objects.filter(pk=referral.pk, acknowledged_at__isnull=True).update(
            acknowledged_at=moment, acknowledged_by=by
        )
        if won:
            _meet(referral, [DeadlineKind.REFERRAL_ACKNOWLEDGEMENT], by, moment)
            transaction.on_commit(_nudge)
    current = _reread(referral)
    if not won:
        raise AlreadyDone(_was_acknowledged(current), current)
    return current


def answer(
    referral: UrgentReferral,
    text: str,
    *,
    by: User,
    personal_data_reason: str = "",
    at: dt.datetime | None = None,
) -> UrgentReferral:
    """Say for the force what it did; that acknowledges the referral, too, if nobody has.

    Raises NotAllowed, Incomplete, LooksPersonal (rule 9), or AlreadyDone if somebody was first.
    """
    text = text.strip()
    if not may_answer(referral, by):
        raise NotAllowed(_("A lead of the force answers it."))
    if not text:
        raise Incomplete(["answer"])
    moment = at or dates.now()
    with transaction.atomic():
        won = UrgentReferral.objects.filter(pk=referral.pk, answered_at__isnull=True).update(
            answer=text,
            answered_at=moment,
            answered_by=by,
            acknowledged_at=Coalesce(F("acknowledged_at"), Value(moment)),
            acknowledged_by=Coalesce(F("acknowledged_by"), Value(by.pk)),
        )
        if won:
            personal_data.check(
                {"answer": text}, place=place_of(referral), by=by, reason=personal_data_reason
            )
            _meet(referral, [DeadlineKind(kind) for kind in REFERRAL_KINDS], by, moment)
            transaction.on_commit(_nudge)
    current = _reread(referral)
    if not won:
        raise AlreadyDone(_was_answered(current), current)
    return current


def place_of(referral: UrgentReferral) -> personal_data.Place:
    """Where the words of a referral stand, for what somebody confirms to be no personal data."""
    case = referral.case
    return personal_data.Place(case.inspection, f"referral {referral.pk}", case)


def _create(
    case: CaseFile, words: dict[str, str], by: User, raised_at: dt.datetime
) -> UrgentReferral:
    framework = case.inspection.framework
    return UrgentReferral.objects.create(
        case=case,
        **words,
        raised_by=by,
        raised_at=raised_at,
        acknowledge_by=dates.after_hours(raised_at, framework.referral_acknowledge_hours),
        answer_by=dates.after_hours(raised_at, framework.referral_answer_hours),
    )


def _set_deadlines(referral: UrgentReferral) -> None:
    """Give the referral its two deadlines. Their labels name no case: more people read deadlines than referrals."""
    raised = timezone.localtime(referral.raised_at)
    when = {"date": date_format(raised, "j F Y"), "time": date_format(raised, "H:i")}
    for kind, label, due_at in (
        (
            DeadlineKind.REFERRAL_ACKNOWLEDGEMENT,
            _("Acknowledge the urgent referral of %(date)s, %(time)s"),
            referral.acknowledge_by,
        ),
        (
            DeadlineKind.REFERRAL_ANSWER,
            _("Answer the urgent referral of %(date)s, %(time)s"),
            referral.answer_by,
        ),
    ):
        deadlines.set_deadline(
            referral.case.inspection,
            kind,
            label=label % when,
            responsible=Party.FORCE,
            due_at=due_at,
            basis=DeadlineBasis.RAISED,
            subject_id=referral.pk,
        )


def _meet(
    referral: UrgentReferral, kinds: list[DeadlineKind], by: User, moment: dt.datetime
) -> None:
    rows = Deadline.objects.filter(
        inspection=referral.case.inspection_id, kind__in=kinds, subject_id=referral.pk
    )
    for deadline in rows:
        deadlines.meet(deadline, by=by, on=timezone.localdate(moment))


def _locked(case: CaseFile) -> CaseFile:
    """Return the case with its inspection's row locked, so that it is not closed in between."""
    return (
        CaseFile.objects.select_related("inspection__framework")
        .select_for_update(of=("inspection",), no_key=True)
        .get(pk=case.pk)
    )


def _reread(referral: UrgentReferral) -> UrgentReferral:
    return UrgentReferral.objects.select_related(
        "case__inspection", "case__area", "raised_by", "acknowledged_by", "answered_by"
    ).get(pk=referral.pk)


def _was_acknowledged(referral: UrgentReferral) -> str:
    return _("%(name)s has acknowledged it before, %(when)s. That stands.") % {
        "name": referral.acknowledged_by,
        "when": _in_words(referral.acknowledged_at),
    }


def _was_answered(referral: UrgentReferral) -> str:
    return _("%(name)s has answered it before, %(when)s. That answer stands.") % {
        "name": referral.answered_by,
        "when": _in_words(referral.answered_at),
    }


def _in_words(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""


def _nudge() -> None:
    """Have the mail sent within seconds. Without it, or without broker, beat's next look at the deadlines does."""
    try:
        current_app.send_task(settings.URGENT_MAIL_TASK, retry=False, expires=60)
    except OperationalError as error:
        logger.warning("urgent mail waits for the next sweep: %s", error)
