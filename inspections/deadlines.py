"""Dates that somebody must meet: set, counted, met, no longer wanted. How they are grouped: `deadline_groups`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections import dates, free_text, team
from inspections.models import (
    KIND_OF_FOLLOW_UP,
    Deadline,
    DeadlineBasis,
    DeadlineKind,
    FollowUpKind,
    FollowUpRule,
    Inspection,
    Party,
    TimeUnit,
)

SOON_DAYS = 30
# What a person marks as done; all other kinds are met by what is done about them.
MARKED_KINDS = [DeadlineKind.FACTUAL_ACCURACY, DeadlineKind.REVISIT, DeadlineKind.FOLLOW_UP]


class AlreadyMet(Conflict):
    """Somebody has marked this deadline as met before; theirs stands."""


class NoLongerWanted(DomainError):
    """The deadline has lapsed: there is nothing to be done by it any more."""


def set_deadline(
    inspection: Inspection,
    kind: DeadlineKind,
    *,
    label: str,
    responsible: Party | str,
    due_on: dt.date | None = None,
    due_at: dt.datetime | None = None,
    basis: DeadlineBasis = DeadlineBasis.SET,
    owner: User | None = None,
    subject_id: int | None = None,
    follow_up_rule: FollowUpRule | None = None,
) -> Deadline:
    """Create the deadline of one thing for which somebody chose the day, or move it: the first date stays on show.

    What is counted in hours has a moment, `due_at`, instead; its day follows from that. What counts from a day is made
    by `count`, and moves otherwise (rule 6).
    """
    if due_at is not None:
        due_on = timezone.localdate(due_at)
    assert due_on, "a deadline has a day or a moment"
    values = {
        "label": label,
        "responsible": responsible,
        "due_on": due_on,
        "due_at": due_at,
        "basis": basis,
        "owner": owner,
    }
    with transaction.atomic():
        deadline, created = Deadline.objects.select_for_update().get_or_create(
            inspection=inspection,
            kind=kind,
            subject_id=subject_id,
            follow_up_rule=follow_up_rule,
            defaults={**values, "first_due_on": due_on},
        )
        if not created:
            if deadline.due_on != due_on:
                deadline.moved_on = dates.today()
            for name, value in values.items():
                setattr(deadline, name, value)
            deadline.save(update_fields=[*values, "moved_on"])
    return deadline


def count(
    inspection: Inspection,
    kind: DeadlineKind,
    *,
    label: str,
    responsible: Party | str,
    counts_from: dt.date,
    unit: TimeUnit | str,
    amount: int,
    basis: DeadlineBasis = DeadlineBasis.PUBLICATION,
    subject_id: int | None = None,
    follow_up_rule: FollowUpRule | None = None,
) -> Deadline:
    """Create the deadline `amount` of `unit` after `counts_from` (rule 6), or count it anew from a corrected day.

    Counted anew, an extension that was agreed stays unless the new date is later still.
    """
    first = dates.add(counts_from, unit, amount)
    values = {
        "label": label,
        "responsible": responsible,
        "basis": basis,
        "counts_from": counts_from,
        "unit": unit,
        "amount": amount,
        "first_due_on": first,
    }
    with transaction.atomic():
        deadline, created = Deadline.objects.select_for_update().get_or_create(
            inspection=inspection,
            kind=kind,
            subject_id=subject_id,
            follow_up_rule=follow_up_rule,
            defaults={**values, "due_on": first},
        )
        if not created:
            for name, value in values.items():
                setattr(deadline, name, value)
            agreed = deadline.extensions.aggregate(last=Max("agreed_on"))["last"]
            due_on = max(first, agreed) if agreed else first
            if due_on != deadline.due_on:
                deadline.due_on, deadline.moved_on = due_on, dates.today()
            deadline.save(update_fields=[*values, "due_on", "moved_on"])
    return deadline


def meet(
    deadline: Deadline, *, by: User | None, note: str = "", on: dt.date | None = None
) -> Deadline:
    """Say that `deadline` was met `on` a day (today unless given). Met before, it stays as it was said first."""
    Deadline.objects.filter(pk=deadline.pk, met_on__isnull=True).update(
        met_on=on or dates.today(), met_by=by, met_note=note, lapsed_on=None
    )
    deadline.refresh_from_db()
    return deadline


def reopen(deadline: Deadline, *, by: User | None) -> Deadline:
    """Take back that `deadline` was met or has lapsed; who had said so stays in its history."""
    Deadline.objects.filter(pk=deadline.pk).update(
        met_on=None, met_by=None, met_note="", lapsed_on=None
    )
    deadline.refresh_from_db()
    return deadline


def lapse(deadline: Deadline, *, on: dt.date | None = None) -> Deadline:
    """Say that nothing more is wanted by `deadline` since a day (today unless given). What was met stays met."""
    Deadline.objects.open().filter(pk=deadline.pk).update(lapsed_on=on or dates.today())
    deadline.refresh_from_db()
    return deadline


def start_follow_up(
    inspection: Inspection, published_on: dt.date, timescale_codes: Iterable[str]
) -> list[Deadline]:
    """Set what the framework wants after publication (rule 7): updates, plans, revisits, each rule that applies."""
    used = set(timescale_codes)
    return [
        count(
            inspection,
            KIND_OF_FOLLOW_UP[FollowUpKind(rule.kind)],
            label=rule.label,
            responsible=rule.responsible,
            counts_from=published_on,
            unit=rule.unit,
            amount=rule.amount,
            follow_up_rule=rule,
        )
        for rule in inspection.framework.follow_up_rules.all()
        if rule.applies(used)
    ]


def may_mark_as_done(deadline: Deadline, user: User) -> bool:
    """Whether `user` may say that this follow-up is done: the force's lead, or the team that must act.

    What is done on a page of its own (a plan, an update, comments) is met there, as are recommendations and
    self-assessments. Only comments of a commissioner who does not write here, but by letter or not at all, are for the
    inspection's leads and managers to mark: else it could never be closed.
    """
    if deadline.kind == DeadlineKind.PCC_COMMENTS:
        return team.directs(deadline.inspection, user)
    if deadline.kind not in MARKED_KINDS:
        return False
    if deadline.responsible == Party.COMMISSIONER:
        return user.works_for_commissioner and user.force_id == deadline.inspection.force_id
    if deadline.responsible == Party.FORCE:
        return team.leads_force(deadline.inspection, user)
    return user.is_manager or team.works_on(deadline.inspection, user)


def mark_as_done(
    deadline: Deadline, *, by: User, note: str, personal_data_reason: str = ""
) -> Deadline:
    """A person says that a follow-up is done.

    Raises NotAllowed, AlreadyMet if somebody was first, NoLongerWanted, TextRefused (rule 9).
    """
    if not may_mark_as_done(deadline, by):
        raise NotAllowed
    with transaction.atomic():
        locked = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
        if locked.met_on is not None:
            raise AlreadyMet
        if locked.lapsed_on is not None:
            raise NoLongerWanted(gettext("Nothing more is wanted by this deadline."))
        free_text.check(
            {"note": note},
            inspection=locked.inspection,
            place=f"deadline {locked.pk}",
            by=by,
            reason=personal_data_reason,
        )
        return meet(locked, by=by, note=note)
