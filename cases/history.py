"""What became of the audits of a case: read from the events that database triggers wrote (rule 4)."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import SUBMITTED_STATUSES, Audit, CaseFile
from inspections.models import Grade, Side

AuditEvent: Any = Audit.pgh_event_model  # type: ignore[attr-defined]
CaseFileEvent: Any = CaseFile.pgh_event_model  # type: ignore[attr-defined]


class Happening(NamedTuple):
    """One thing that happened: for the component `timeline`."""

    title: str
    at: dt.datetime
    by: str
    text: str


def happenings(case: CaseFile, audits: list[Audit], user: User) -> list[Happening]:
    """Return what `user` may know of the past of `case`, newest first, in three queries at most.

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
    before: dict[int, Any] = {}
    for event in events:
        found.append(_of_audit(event, before.get(event.pgh_obj_id), people, grades))
        before[event.pgh_obj_id] = event
    # what happened in one transaction bears one moment: then the order in which it was written decides
    found.reverse()
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _names(events: list[Any], changes: list[Any]) -> dict[int | None, str]:
    ids = {event.updated_by_id for event in events}
    ids |= {pk for change in changes for pk in (change.added_by_id, change.excluded_by_id)}
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


def _of_audit(
    event: Any, before: Any, people: dict[int | None, str], grades: dict[int, Grade]
) -> Happening:
    whose = _("Force") if event.side == Side.FORCE else _("Inspectorate")
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
