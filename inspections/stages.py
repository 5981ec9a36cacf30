"""The life of an inspection: its named transitions, who may make them, and what stands in their way.

Publishing is in this table like every move, but only `reports.publication` makes it, because it freezes the report in
the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from config import hooks
from inspections import dates, deadlines, free_text, team
from inspections.models import (
    PUBLISHED_STAGES,
    Area,
    Deadline,
    DeadlineBasis,
    DeadlineKind,
    DeadlineQuerySet,
    Framework,
    Inspection,
    Party,
    Stage,
    StageChange,
    TeamMember,
    is_over,
)


class NotYet(DomainError):
    """The move may not happen yet; `reasons` says why, in plain sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Transition:
    """One named move. `by` says who may make it; `what_happens` is told before it is confirmed."""

    code: str
    label: str | Promise
    from_stages: tuple[Stage, ...]
    to_stage: Stage
    by: Callable[[Inspection, User], bool]
    what_happens: str | Promise
    is_main: bool = True  # the next step of the process; others are ways back or around
    needs_note: bool = False  # the history must say why

    def may(self, inspection: Inspection, user: User) -> bool:
        """Whether `user` may make this move at all, whatever still stands in its way."""
        return self.by(inspection, user)


def _manager(inspection: Inspection, user: User) -> bool:
    return user.is_manager


TRANSITIONS: dict[str, Transition] = {
    transition.code: transition
    for transition in (
        Transition(
            "open_self_assessment",
            _("Open the self-assessment"),
            (Stage.PLANNED,),
            Stage.SELF_ASSESSMENT,
            team.directs,
            _(
                "The force sees this inspection, is asked to put in its sample and grade each case, and gets its "
                "deadline."
            ),
        ),
        Transition(
            "begin_fieldwork",
            _("Begin fieldwork"),
            (Stage.PLANNED, Stage.SELF_ASSESSMENT),
            Stage.FIELDWORK,
            team.directs,
            _(
                "Inspectors may grade cases and select further ones. The force can no longer change its sample or "
                "its grades."
            ),
        ),
        Transition(
            "begin_fieldwork_regardless",
            _("Begin fieldwork although the self-assessment is not complete"),
            (Stage.SELF_ASSESSMENT,),
            Stage.FIELDWORK,
            team.directs,
            _(
                "Inspectors may grade cases and select further ones. The force can no longer complete its sample or "
                "its grades: what it has not put in stays missing from every figure. Say why you cannot wait."
            ),
            is_main=False,
            needs_note=True,
        ),
        Transition(
            "begin_drafting",
            _("Begin drafting"),
            (Stage.FIELDWORK,),
            Stage.DRAFTING,
            team.directs,
            _("The team writes the report. Its figures come from the grades that were submitted."),
        ),
        Transition(
            "send_for_factual_accuracy",
            _("Send the draft for the factual accuracy check"),
            (Stage.DRAFTING,),
            Stage.FACTUAL_ACCURACY,
            team.directs,
            _(
                "The force can read the draft, the recommendations and the inspectorate’s grades, and gets the date by "
                "which it must reply."
            ),
        ),
        Transition(
            "return_to_drafting",
            _("Return to drafting"),
            (Stage.FACTUAL_ACCURACY,),
            Stage.DRAFTING,
            team.directs,
            _("The force can no longer read the draft until it is sent again."),
            is_main=False,
        ),
        Transition(
            "publish",
            _("Publish the report"),
            (Stage.FACTUAL_ACCURACY,),
            Stage.PUBLISHED,
            _manager,
            _("The report is frozen, and every timescale becomes a date."),
        ),
        Transition(
            "begin_follow_up",
            _("Begin follow-up"),
            (Stage.PUBLISHED,),
            Stage.FOLLOW_UP,
            team.directs,
            _("The force reports its progress, and the inspectorate looks at what has changed."),
        ),
        Transition(
            "close",
            _("Close the inspection"),
            (Stage.FOLLOW_UP,),
            Stage.CLOSED,
            team.directs,
            _("Nothing more is expected of the force. The inspection stays here to read."),
        ),
    )
}


def asks_for_self_assessment(framework: Framework) -> bool:
    """Whether the framework asks the force for a sample of its own (an area has a quota)."""
    return framework.pk in asking_for_self_assessment([framework.pk])


def asking_for_self_assessment(frameworks: Collection[int]) -> set[int]:
    """Return which of `frameworks` (primary keys) ask the force for a sample of its own (one query)."""
    quotas = Area.objects.filter(framework__in=frameworks, sample_quota__gt=0)
    return set(quotas.order_by().values_list("framework", flat=True))


def led(inspections: Collection[Inspection]) -> set[int]:
    """Return the primary keys of those of `inspections` that somebody leads (one query)."""
    leads = TeamMember.objects.filter(inspection__in=inspections, is_lead=True)
    return set(leads.order_by().values_list("inspection", flat=True))


def needs_self_assessment(inspection: Inspection) -> bool:
    """Whether the inspection's framework asks the force for a sample of its own."""
    return asks_for_self_assessment(inspection.framework)


def reasons_against(inspection: Inspection, transition: Transition) -> list[str]:
    """Return why `transition` may not happen yet: plain sentences from this app and from STAGE_GUARDS; [] if it may."""
    reasons = _own_guard(inspection, transition.code)
    for guard in hooks.load(*settings.STAGE_GUARDS):
        reasons += guard(inspection, transition.code)
    return reasons


def keeping_open() -> DeadlineQuerySet:
    """Return the deadlines that keep an inspection from being closed: open ones.

    The commissioner's time for comments has to be over, but whether they comment nobody else can bring about.
    """
    return Deadline.objects.open().exclude(is_over(dates.today()), responsible=Party.COMMISSIONER)


def _own_guard(inspection: Inspection, code: str) -> list[str]:
    reasons: list[str] = []
    leaves_planning = inspection.stage == Stage.PLANNED
    if code == "open_self_assessment" and not inspection.self_assessment_due:
        reasons.append(gettext("No date is set by which the self-assessment is due."))
    if leaves_planning and not led([inspection]):
        reasons.append(gettext("Nobody leads this inspection yet."))
    if code == "close" and inspection.counts_from is None:
        reasons.append(gettext("Nobody has confirmed from which day the timescales count."))
    if code == "close":
        waiting = inspection.deadlines.filter(pk__in=keeping_open()).count()
        if waiting:
            reasons.append(
                ngettext(
                    "%(count)d deadline has not been met.",
                    "%(count)d deadlines have not been met.",
                    waiting,
                )
                % {"count": waiting}
            )
    return reasons


def next_transitions(inspection: Inspection) -> list[Transition]:
    """Return the moves that lead on (or back) from the inspection's stage, the main one first."""
    planned = inspection.stage == Stage.PLANNED
    return _leading_on(inspection, asks=planned and needs_self_assessment(inspection))


def main_transitions(inspections: Collection[Inspection]) -> dict[int, Transition]:
    """Return the next step of each of `inspections` that has one, by primary key (one query)."""
    asking = asking_for_self_assessment(
        {each.framework_id for each in inspections if each.stage == Stage.PLANNED}
    )
    found = {}
    for each in inspections:
        moves = _leading_on(each, asks=each.framework_id in asking)
        if moves and moves[0].is_main:
            found[each.pk] = moves[0]
    return found


def _leading_on(inspection: Inspection, *, asks: bool) -> list[Transition]:
    """`asks`: whether the framework asks for a self-assessment; it matters while the inspection is planned."""
    found = [move for move in TRANSITIONS.values() if inspection.stage in move.from_stages]
    if inspection.stage == Stage.PLANNED:
        skipped = "begin_fieldwork" if asks else "open_self_assessment"
        found = [move for move in found if move.code != skipped]
    return sorted(found, key=lambda move: not move.is_main)


def available(inspection: Inspection, user: User) -> list[tuple[Transition, list[str]]]:
    """Return the moves that `user` may make from this stage, each with why it may not happen yet ([]: it may)."""
    return [
        (transition, reasons_against(inspection, transition))
        for transition in next_transitions(inspection)
        if transition.may(inspection, user)
    ]


def move(
    inspection: Inspection,
    code: str,
    *,
    by: User,
    note: str = "",
    published_on: dt.date | None = None,
    personal_data_reason: str = "",
) -> Inspection:
    """Make the move `code` and return the inspection as it is then.

    Raises NotAllowed if `by` may not, NotYet with the reasons if a guard objects or the inspection has meanwhile
    moved on, TextRefused if the note looks personal and no reason says why it is not (rule 9).
    `published_on` is for `publish` alone (today unless given).
    """
    transition = TRANSITIONS[code]
    with transaction.atomic():
        locked = (
            Inspection.objects.select_for_update(of=("self",))
            .select_related("force", "framework")
            .get(pk=inspection.pk)
        )
        if not transition.may(locked, by):
            raise NotAllowed(gettext("You may not make this move."))
        if transition not in next_transitions(locked):
            raise NotYet(
                [
                    gettext("This inspection is now at the stage “%(stage)s”.")
                    % {"stage": Stage(locked.stage).label}
                ]
            )
        reasons = reasons_against(locked, transition)
        if transition.needs_note and not note.strip():
            reasons.append(gettext("The history must say why."))
        if reasons:
            raise NotYet(reasons)
        free_text.check(
            {"note": note}, inspection=locked, place="stage", by=by, reason=personal_data_reason
        )
        _record(locked, transition, by, note, published_on)
        _consequences(locked, code, by)
        for follower in hooks.load(*settings.STAGE_FOLLOWERS):
            follower(locked, code, by)
    return locked


def _record(
    inspection: Inspection,
    transition: Transition,
    by: User,
    note: str,
    published_on: dt.date | None,
) -> None:
    from_stage = inspection.stage
    inspection.stage = transition.to_stage
    changed = ["stage"]
    if transition.to_stage in PUBLISHED_STAGES and inspection.published_on is None:
        inspection.published_on = published_on or dates.today()
        changed.append("published_on")
    inspection.save(update_fields=changed)
    StageChange.objects.create(
        inspection=inspection,
        transition=transition.code,
        from_stage=from_stage,
        to_stage=transition.to_stage,
        by=by,
        note=note,
    )


def _consequences(inspection: Inspection, code: str, by: User) -> None:
    if code == "open_self_assessment" and inspection.self_assessment_due:
        deadlines.set_deadline(
            inspection,
            DeadlineKind.SELF_ASSESSMENT,
            label=gettext("Self-assessment of the force’s sample"),
            responsible=Party.FORCE,
            due_on=inspection.self_assessment_due,
        )
    if (
        inspection.stage == Stage.FIELDWORK
    ):  # from here on the force can do nothing more about its sample
        for deadline in inspection.deadlines.filter(kind=DeadlineKind.SELF_ASSESSMENT):
            # The force reads how a deadline was met; the note of a move is the inspectorate's own.
            deadlines.meet(deadline, by=by, note=gettext("Fieldwork has begun."))
        _meet_revisit(inspection, by)
    if code == "send_for_factual_accuracy":
        _await_reply(inspection)
    elif code in (
        "return_to_drafting",
        "publish",
    ):  # nobody waits for a reply to this draft any more
        for deadline in inspection.deadlines.filter(kind=DeadlineKind.FACTUAL_ACCURACY):
            deadlines.lapse(deadline)
    elif code == "close":
        for deadline in inspection.deadlines.open():
            deadlines.lapse(deadline)


def _await_reply(inspection: Inspection) -> None:
    """Give the force the time that the framework allows for its reply; a draft that is sent again asks anew."""
    for earlier in inspection.deadlines.filter(kind=DeadlineKind.FACTUAL_ACCURACY):
        deadlines.reopen(earlier, by=None)
    deadlines.count(
        inspection,
        DeadlineKind.FACTUAL_ACCURACY,
        label=gettext("Reply on the factual accuracy of the draft"),
        responsible=Party.FORCE,
        counts_from=dates.today(),
        unit=inspection.framework.accuracy_unit,
        amount=inspection.framework.accuracy_amount,
        basis=DeadlineBasis.DRAFT_SENT,
    )


def _meet_revisit(inspection: Inspection, by: User) -> None:
    """An inspection that looks back is the revisit that the earlier one waits for (rule 7)."""
    if inspection.parent_id is None:
        return
    earlier = Deadline.objects.open().filter(
        inspection=inspection.parent_id, kind=DeadlineKind.REVISIT
    )
    for deadline in earlier:
        deadlines.meet(deadline, by=by, note=gettext("Fieldwork of the revisit has begun."))
