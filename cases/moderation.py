"""Moderation: where audits of a case differ, a lead settles the final grade and says why.

Two kinds of difference are looked for: the force graded the case otherwise than the inspectorate, and a second reading
disagrees with the inspectorate's audit. Each is measured in steps of the framework's scale. The final grade is what
every figure counts; what each side gave stays on record, and so does every earlier settlement (rule 4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Abs, Coalesce, Greatest
from django.utils.translation import gettext as _

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import grading, personal_data, readings
from cases.models import (
    SUBMITTED_STATUSES,
    Audit,
    AuditStatus,
    CaseFile,
    CaseFileQuerySet,
    Reading,
)
from inspections import dates, methodology, team
from inspections.models import Grade, Inspection, Side

FORCE, READING = "force", "reading"
OPEN, SETTLED = "open", "settled"
REASON_LENGTH = 5000


# A CaseFileQuerySet with the annotations of `with_differences`, which types cannot follow.
Compared = Any


class NeedsReason(DomainError):
    """A grade is settled only with a reason (rule 4)."""


class NotSubmitted(DomainError):
    """There is nothing to settle while the inspectorate's own audit is not submitted."""


class Counts(NamedTuple):
    """How many cases of an inspection differ and wait for a lead: from the force's audit, from a second reading."""

    force: int
    reading: int
    settled: int


# -- Which cases differ -------------------------------------------------------------------------------------------


def differing(cases: CaseFileQuerySet) -> Compared:
    """Return those of `cases` whose submitted audits differ, with how far: see `with_differences`."""
    return with_differences(cases).filter(steps__gt=0)


def with_differences(cases: CaseFileQuerySet) -> Compared:
    """Add to each of `cases` that the inspectorate has submitted how far its audits lie apart, in steps of the scale.

    `force_steps` and `reading_steps` (0 where there is nothing to compare), `steps` (the larger one), `is_settled`
    (a lead has settled the grade, and no second reading that was submitted afterwards disagrees with it), and the
    primary keys `our_grade`, `final_grade` and `their_grade`. They tell what audits say, so `cases` must leave out
    those that the person who asks has yet to read blind: `queue` does.
    """
    second = Audit.objects.submitted().filter(case=OuterRef("pk"), reading=Reading.SECOND)
    furthest = (
        second.order_by()
        .values("case")
        .annotate(steps=Max(Abs(F("grade__order") - OuterRef("our_order"))))
        .values("steps")
    )
    came_later = second.filter(submitted_at__gt=OuterRef("settled_at")).exclude(
        grade=OuterRef("final_grade")
    )
    settled = Q(ours__status=AuditStatus.MODERATED) & ~Q(Exists(came_later))
    zero = Value(0, output_field=IntegerField())
    return (
        cases.annotate(
            ours=FilteredRelation(
                "audits", condition=Q(audits__side=Side.INSPECTORATE, audits__reading=Reading.MAIN)
            ),
            theirs=FilteredRelation(
                "audits",
                condition=Q(audits__side=Side.FORCE, audits__status__in=SUBMITTED_STATUSES),
            ),
        )
        .filter(ours__status__in=SUBMITTED_STATUSES)
        .annotate(
            our_grade=F("ours__grade"),
            our_order=F("ours__grade__order"),
            final_grade=F("ours__final_grade"),
            settled_at=F("ours__moderated_at"),
            their_grade=F("theirs__grade"),
            force_steps=Coalesce(Abs(F("theirs__grade__order") - F("ours__grade__order")), zero),
        )
        .annotate(
            reading_steps=Coalesce(Subquery(furthest), zero),
            is_settled=Case(When(settled, then=Value(True)), default=Value(False)),
        )
        .annotate(steps=Greatest("force_steps", "reading_steps"))
    )


def queue(inspection: Inspection, user: User, *, kind: str = "", state: str = "") -> Compared:
    """Cases of `inspection` whose audits differ and both of which `user` may read, the largest difference first.

    `kind` is FORCE or READING, `state` OPEN or SETTLED; empty for any.
    """
    cases = differing(_readable(inspection, user))
    if kind:
        cases = cases.filter(**{f"{kind}_steps__gt": 0})
    if state:
        cases = cases.filter(is_settled=state == SETTLED)
    return cases.order_by("-steps", "-reading_steps", "reference")


def counts(inspection: Inspection, user: User) -> Counts:
    """How many cases the queue of `user` holds: one query."""
    waiting, is_settled = Q(is_settled=False), Q(is_settled=True)
    found = (
        differing(_readable(inspection, user))
        .order_by()
        .aggregate(
            force=Count("pk", filter=waiting & Q(force_steps__gt=0)),
            reading=Count("pk", filter=waiting & Q(reading_steps__gt=0)),
            settled=Count("pk", filter=is_settled),
        )
    )
    return Counts(**found)


def _readable(inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Counted cases of which `user` may compare the audits; none for a force, whose business this is not."""
    if user.is_force:
        return CaseFile.objects.none()
    return (
        CaseFile.objects.visible_to(user)
        .counted()
        .filter(inspection=inspection)
        .exclude(pk__in=Audit.objects.unfinished_readings_of(user).values("case"))
    )


def with_readings(cases: Compared) -> Compared:
    """Add what a row of the queue shows: the area and, as `second_readings`, what they gave; one query more."""
    second = (
        Audit.objects.submitted()
        .filter(reading=Reading.SECOND)
        .select_related("reader")
        .order_by("submitted_at", "pk")
        .defer("reason", "timeline", "people", "facts")
    )
    return cases.select_related("area").prefetch_related(
        Prefetch("audits", second, to_attr="second_readings")
    )


def unsettled_readings(inspection: Inspection) -> Compared:
    """Counted cases of which a second reading disagrees with the inspectorate's audit and no lead has settled it."""
    return unsettled_readings_in([inspection])


def unsettled_readings_in(inspections: Collection[Inspection]) -> Compared:
    """Such cases of any of `inspections`, as `unsettled_readings`."""
    cases = CaseFile.objects.counted().filter(inspection__in=inspections)
    return differing(cases).filter(reading_steps__gt=0, is_settled=False).order_by("reference")


# -- Settling -----------------------------------------------------------------------------------------------------


def may_settle(case: CaseFile, user: User) -> bool:
    """Whether `user` may settle the final grade of `case`: the inspection's lead, from fieldwork to publication.

    A lead who was asked to read the case blind does that first.
    """
    return (
        grading.may_grade(case, user) == Side.INSPECTORATE
        and team.leads(case.inspection, user)
        and not Audit.objects.unfinished_readings_of(user).filter(case=case).exists()
    )


def settle(
    audit: Audit,
    grade: Grade,
    reason: str,
    *,
    by: User,
    version: int,
    personal_data_reason: str = "",
) -> Audit:
    """Make `grade` the final grade of the inspectorate's submitted `audit`: the one that every figure counts.

    `version` is the one that `by` read. It may be settled again; what was settled before stays on record (rule 4).
    Raises NotAllowed, NotSubmitted, NeedsReason, OtherScale (rule 1), LooksPersonal (rule 9), or StaleAudit if the
    audit was changed since (rule 5).
    """
    if not reason.strip():
        raise NeedsReason(_("Enter why this grade is final"))
    if grade.framework_id != audit.framework_id:
        raise grading.OtherScale(_("This grade is not one of the framework’s scale."))
    with transaction.atomic():
        case = readings.locked_case(audit.case_id)
        if not may_settle(case, by):
            raise NotAllowed(_("You cannot settle the grade of this case."))
        place = personal_data.Place(case.inspection, f"case {case.pk}", case)
        personal_data.check({"reason": reason}, place=place, by=by, reason=personal_data_reason)
        moment = dates.now()
        won = (
            Audit.objects.main()
            .filter(pk=audit.pk, side=Side.INSPECTORATE, version=version)
            .submitted()
            .update(
                status=AuditStatus.MODERATED,
                final_grade=grade,
                moderated_by=by,
                moderated_at=moment,
                moderation_reason=reason.strip(),
                version=F("version") + 1,
                updated_by=by,
                updated_at=moment,
            )
        )
    current = Audit.objects.select_related("grade", "final_grade", "updated_by").get(pk=audit.pk)
    current.case = case
    if won:
        return current
    if current.version != version:
        raise grading.StaleAudit(current)
    raise NotSubmitted(_("The inspectorate’s audit of this case is not submitted."))


def as_told(audit: Audit, user: User) -> Audit:
    """Return `audit` as `user` may read it: to a force a moderated audit says only what was settled.

    What the inspector gave before, and the words for it, are an earlier version that a force never reads. The object
    is changed for showing: do not save it.
    """
    if user.is_force and audit.status == AuditStatus.MODERATED:
        if audit.grade_id != audit.final_grade_id:
            audit.reason = audit.moderation_reason
        audit.grade = audit.final_grade
    return audit


# -- What is on record --------------------------------------------------------------------------------------------


class OnRecord(NamedTuple):
    """One grade that was given or settled, or taken back: when, by whom, with which words."""

    at: dt.datetime
    what: str
    by: str
    grade: Grade | None
    reason: str


def grades_on_record(case: CaseFile, audits: list[Audit]) -> list[OnRecord]:
    """Return each grade that `audits` (those the person may read) were submitted with, oldest first; two queries."""
    titles = {audit.pk: title_of(audit) for audit in audits}
    events = list(_events().filter(pgh_obj__in=list(titles)).order_by("pgh_id"))
    scale = methodology.of(case.inspection.framework)
    people = {pk for e in events for pk in (e.submitted_by_id, e.moderated_by_id, e.updated_by_id)}
    names = dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "name"))
    found: list[OnRecord] = []
    before: dict[int, tuple[Any, ...]] = {}
    for event in events:
        state = (event.status, event.grade_id, event.final_grade_id, event.moderation_reason)
        known = before.get(event.pgh_obj_id, (AuditStatus.DRAFT,))
        if state != known:
            found += _on_record(event, known[0], titles[event.pgh_obj_id], names, scale)
        before[event.pgh_obj_id] = state
    return found


def _on_record(
    event: Any,
    status_before: str,
    title: str,
    names: dict[int, str],
    scale: methodology.Methodology,
) -> list[OnRecord]:
    at = event.pgh_created_at
    if event.status == AuditStatus.MODERATED:
        return [
            OnRecord(
                event.moderated_at,
                _("Final grade settled"),
                names.get(event.moderated_by_id, ""),
                scale.grade_by_pk(event.final_grade_id),
                event.moderation_reason,
            )
        ]
    if event.status == AuditStatus.SUBMITTED:
        return [
            OnRecord(
                event.submitted_at,
                _("%(audit)s: submitted") % {"audit": title},
                names.get(event.submitted_by_id, ""),
                scale.grade_by_pk(event.grade_id),
                event.reason,
            )
        ]
    if status_before in SUBMITTED_STATUSES:
        by = names.get(event.updated_by_id, "")
        return [
            OnRecord(at, _("%(audit)s: reopened") % {"audit": title}, by, None, event.change_reason)
        ]
    return []


def _events() -> Any:
    return Audit.pgh_event_model.objects.all()  # type: ignore[attr-defined]


def title_of(audit: Audit) -> str:
    """Return what an audit is called beside others of its case."""
    if audit.side == Side.FORCE:
        return _("Force")
    if audit.reading == Reading.MAIN:
        return _("Inspectorate")
    return str(audit.get_reading_display())
