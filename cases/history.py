"""What became of the audits of a case: read from the events that database triggers wrote (rule 4)."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import (
    SUBMITTED_STATUSES,
    Audit,
    AuditStatus,
    CaseFile,
    Finding,
    IndicatorAnswer,
    Reading,
)
from inspections.models import Grade, Side

AuditEvent: Any = Audit.pgh_event_model  # type: ignore[attr-defined]
CaseFileEvent: Any = CaseFile.pgh_event_model  # type: ignore[attr-defined]
AnswerEvent: Any = IndicatorAnswer.pgh_event_model  # type: ignore[attr-defined]
FindingEvent: Any = Finding.pgh_event_model  # type: ignore[attr-defined]
Moment = tuple[
    int, dt.datetime
]  # an audit and when it was written: all of one save bears one moment


class Happening(NamedTuple):
    """One thing that happened: for the component `timeline`."""

    title: str
    at: dt.datetime
    by: str
    text: str


def happenings(case: CaseFile, audits: list[Audit], user: User) -> list[Happening]:
    """Return what `user` may know of the past of `case`, newest first, in five queries at most.

    Of their own side's audit people see every save; of the other's, which must be one of `audits` (those that `user`
    may read), only what was submitted, and a force only how it stands now.
    """
    own = Side.FORCE if user.is_force else Side.INSPECTORATE
    shown = [audit for audit in audits if audit.side == own or user.is_inspectorate]
    events = list(AuditEvent.objects.filter(pgh_obj__in=[a.pk for a in shown]).order_by("pgh_id"))
    events = [event for event in events if event.side == own or event.status in SUBMITTED_STATUSES]
    changes = list(CaseFileEvent.objects.filter(pgh_obj=case.pk).order_by("pgh_id"))
    people = _names(events, changes)
    grades = {grade.pk: grade for grade in case.inspection.framework.grades.all()}
    found = _of_case(changes, people)
    if user.is_inspectorate:
        found += _of_assignment(changes, people)
    found += _of_audits(events, people, grades)
    # what happened in one transaction bears one moment: then the order in which it was written decides
    found.reverse()
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _of_audits(
    events: list[Any], people: dict[int | None, str], grades: dict[int, Grade]
) -> list[Happening]:
    """Audits save themselves every few seconds: drafts that one person saved one after another are one happening."""
    pks = {event.pgh_obj_id for event in events}
    answers, findings = _written(AnswerEvent, pks), _written(FindingEvent, pks)
    found: list[Happening] = []
    before: dict[int, Any] = {}
    series: dict[
        int, tuple[int, int, list[str]]
    ] = {}  # of each audit: its place in found, saves, what changed
    for event in events:
        previous = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        happening = _of_audit(event, previous, people, grades)
        changed = _changed(event, previous, answers, findings)
        place, saves, so_far = series.pop(event.pgh_obj_id, (-1, 0, []))
        if not _is_save(event, previous):
            found.append(happening)
            continue
        if place >= 0 and previous and previous.updated_by_id == event.updated_by_id:
            changed = so_far + [each for each in changed if each not in so_far]
        else:
            place, saves = len(found), 0
            found.append(happening)
        text = happening.text + (f". {_('Changed')}: {', '.join(changed)}" if changed else "")
        if saves:
            text += ". " + _("Saved %(n)d times") % {"n": saves + 1}
        found[place] = happening._replace(text=text)
        series[event.pgh_obj_id] = (place, saves + 1, changed)
    return found


def _is_save(event: Any, previous: Any) -> bool:
    """Whether a draft was saved, and not reopened or asked for."""
    if event.status != AuditStatus.DRAFT or (previous and previous.status in SUBMITTED_STATUSES):
        return False
    return previous is not None or event.reading == Reading.MAIN


def _written(model: Any, audits: set[int]) -> set[Moment]:
    """Return when rows of these audits were written."""
    events = model.objects.filter(audit__in=audits)
    return set(events.values_list("audit_id", "pgh_created_at"))


def _changed(event: Any, previous: Any, answers: set[Moment], findings: set[Moment]) -> list[str]:
    """Return the parts of an audit that were changed when `event` was written."""
    moment = (event.pgh_obj_id, event.pgh_created_at)
    parts = [
        (_("answers"), moment in answers),
        (_("findings"), moment in findings),
        (_("timeline"), event.timeline != (previous.timeline if previous else [])),
        (_("children and suspects"), event.people != (previous.people if previous else [])),
        (_("facts"), event.facts != (previous.facts if previous else {})),
    ]
    return [label for label, is_changed in parts if is_changed]


def _names(events: list[Any], changes: list[Any]) -> dict[int | None, str]:
    ids = {
        pk
        for event in events
        for pk in (
            event.updated_by_id,
            event.moderated_by_id,
            event.requested_by_id,
            event.reader_id,
        )
    }
    for change in changes:
        ids |= {change.added_by_id, change.excluded_by_id}
        ids |= {change.assigned_to_id, change.assigned_by_id}
    return dict(User.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))


def _of_case(changes: list[Any], people: dict[int | None, str]) -> list[Happening]:
    found = []
    excluded = False
    for change in changes:
        at = change.pgh_created_at
        if change.pgh_label == "insert":
            found.append(Happening(_("Case added"), at, people.get(change.added_by_id, ""), ""))
        if change.excluded_at and not excluded:
            by = people.get(change.excluded_by_id, "")
            found.append(Happening(_("Case excluded"), at, by, change.excluded_reason))
        elif excluded and not change.excluded_at:
            found.append(Happening(_("Case included again"), at, "", ""))
        excluded = bool(change.excluded_at)
    return found


def _of_assignment(changes: list[Any], people: dict[int | None, str]) -> list[Happening]:
    """Who was to grade the case, and who said so: the inspectorate's own business."""
    found = []
    before: int | None = None
    for change in changes:
        if change.assigned_to_id != before:
            name = people.get(change.assigned_to_id, "")
            title = _("Assigned to %(name)s") % {"name": name} if name else _("Assigned to nobody")
            by = people.get(change.assigned_by_id, "")
            found.append(Happening(title, change.pgh_created_at, by, ""))
        before = change.assigned_to_id
    return found


def _of_audit(
    event: Any, before: Any, people: dict[int | None, str], grades: dict[int, Grade]
) -> Happening:
    if event.status == AuditStatus.MODERATED:
        final = grades.get(event.final_grade_id)
        text = f"{final.label if final else ''}. {event.moderation_reason}"
        by = people.get(event.moderated_by_id, "")
        return Happening(_("Final grade settled"), event.pgh_created_at, by, text)
    whose = _("Force") if event.side == Side.FORCE else _("Inspectorate")
    if event.reading != Reading.MAIN:
        whose = str(Reading(event.reading).label)
        if before is None and event.version == 1 and event.status == AuditStatus.DRAFT:
            by, reader = (people.get(pk, "") for pk in (event.requested_by_id, event.reader_id))
            title = _("%(side)s: asked for") % {"side": whose}
            return Happening(title, event.pgh_created_at, by, _("Of %(name)s") % {"name": reader})
    grade = grades.get(event.grade_id)
    text = str(grade.label) if grade else _("No grade yet")
    if event.status in SUBMITTED_STATUSES:
        title = _("%(side)s: audit submitted") % {"side": whose}
        text = f"{text}. {event.reason}"
    elif before is not None and before.status in SUBMITTED_STATUSES:
        title = _("%(side)s: audit reopened") % {"side": whose}
        text = event.change_reason
    else:
        title = _("%(side)s: draft saved") % {"side": whose}
    return Happening(title, event.pgh_created_at, people.get(event.updated_by_id, ""), text)
