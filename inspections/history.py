"""What happened to an inspection, told from its moves, its deadlines and the records that triggers kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.models import Deadline, DeadlineQuerySet, Inspection, Stage, TeamMember
from inspections.stages import TRANSITIONS

AT_ONCE = dt.timedelta(
    minutes=1
)  # who joins so soon after the planning is the team it was planned with


@dataclass(frozen=True)
class Event:
    """One thing that happened; `at` is a moment, or a date where only that is known."""

    at: dt.datetime | dt.date
    title: str
    by: str = ""
    text: str = ""
    html: str = ""  # the component that shows events asks for it

    @property
    def order(self) -> dt.datetime:
        """The moment to sort by; a bare date counts as its end, London time."""
        if isinstance(self.at, dt.datetime):
            return self.at
        return timezone.make_aware(dt.datetime.combine(self.at, dt.time.max))


def events(inspection: Inspection, user: User, limit: int | None = None) -> list[Event]:
    """Return what `user` may know of the inspection's past, newest first. A fixed number of queries.

    A force sees stages and its deadlines, not the inspectorate's notes and team.
    """
    found = _moves(inspection, user) + _handing_in(inspection) + _deadlines(inspection, user)
    found += _start(inspection)
    if user.is_inspectorate:
        found += _planning_and_team(inspection)
    found.sort(key=lambda event: event.order, reverse=True)
    return found[:limit]


def _moves(inspection: Inspection, user: User) -> list[Event]:
    return [
        Event(
            change.at,
            _move_title(change.transition, change.to_stage),
            change.by.name if change.by else "",
            change.note if user.is_inspectorate else "",
        )
        for change in inspection.stage_changes.select_related("by")
    ]


def _move_title(code: str, stage: str) -> str:
    """“Moved to “Drafting””; a way back says that it is one."""
    made = TRANSITIONS.get(code)
    back = made is not None and made.to_stage.position < made.from_stages[0].position
    words = _("Moved back to “%(stage)s”") if back else _("Moved to “%(stage)s”")
    return words % {"stage": Stage(stage).label}


def _handing_in(inspection: Inspection) -> list[Event]:
    """When the force handed in its self-assessment, and when and why that was returned; both sides may know."""
    records = (
        _records(Inspection)
        .filter(pgh_obj_id=inspection.pk)
        .exclude(handed_in_at=None, returned_at=None)
        .order_by("pgh_id")
    )
    # a moment stays in the row through every later change of the row
    handed_in = {r.handed_in_at: r.handed_in_by_id for r in records if r.handed_in_at}
    returned = {
        r.returned_at: (r.returned_by_id, r.returned_reason) for r in records if r.returned_at
    }
    people = {*handed_in.values(), *(by for by, _reason in returned.values())}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return [
        *(Event(at, _("Self-assessment handed in"), names[by]) for at, by in handed_in.items()),
        *(
            Event(at, _("Self-assessment returned to the force"), names[by], reason)
            for at, (by, reason) in returned.items()
        ),
    ]


def _start(inspection: Inspection) -> list[Event]:
    """When somebody confirmed or corrected the day from which timescales count, and why; both sides may know."""
    records = (
        _records(Inspection)
        .filter(pgh_obj_id=inspection.pk, counts_from__isnull=False)
        .select_related("counts_from_by")
        .order_by("pgh_id")
    )
    found: list[Event] = []
    before: Any = None
    for record in records:
        if record.counts_from_by_id and (not before or before.counts_from != record.counts_from):
            day = date_format(record.counts_from, "j F Y")
            found.append(
                Event(
                    record.pgh_created_at,
                    _("Timescales count from %(date)s") % {"date": day},
                    record.counts_from_by.name,
                    record.counts_from_reason,
                )
            )
        before = record
    return found


def _deadlines(inspection: Inspection, user: User) -> list[Event]:
    told = Deadline.objects.visible_to(user).filter(inspection=inspection)
    met = told.filter(met_on__isnull=False)
    found = [
        Event(
            deadline.met_on,
            _("Met: %(what)s") % {"what": deadline.label},
            deadline.met_by.name if deadline.met_by else "",
            deadline.met_note,
        )
        for deadline in met.select_related("met_by")
        if deadline.met_on
    ]
    return found + _moved_deadlines(told)


def _moved_deadlines(deadlines: DeadlineQuerySet) -> list[Event]:
    moved = deadlines.exclude(due_on=F("first_due_on")).values_list("pk", flat=True)
    records = _records(Deadline).filter(pgh_obj_id__in=moved).order_by("pgh_obj_id", "pgh_id")
    found: list[Event] = []
    before: Any = None
    for record in records:
        if before and before.pgh_obj_id == record.pgh_obj_id and before.due_on != record.due_on:
            text = _("From %(before)s to %(after)s") % {
                "before": date_format(before.due_on, "j F Y"),
                "after": date_format(record.due_on, "j F Y"),
            }
            title = _("Deadline moved: %(what)s") % {"what": record.label}
            found.append(Event(record.pgh_created_at, title, text=text))
        before = record
    return found


def _planning_and_team(inspection: Inspection) -> list[Event]:
    """The planning, with the team that was put together along with it, and every later change of the team."""
    planned = _records(Inspection).filter(pgh_obj_id=inspection.pk).order_by("pgh_id").first()
    records = list(_records(TeamMember).filter(inspection_id=inspection.pk).order_by("pgh_id"))
    people = User.objects.filter(pk__in={each.user_id for each in records})
    names = dict(people.values_list("pk", "name"))
    titles = {
        ("insert", True): _("%(name)s joined the team as a lead"),
        ("insert", False): _("%(name)s joined the team"),
        ("update", True): _("%(name)s became a lead"),
        ("update", False): _("%(name)s is no longer a lead"),
        ("delete", True): _("%(name)s left the team"),
        ("delete", False): _("%(name)s left the team"),
    }
    first: list[str] = []
    found: list[Event] = []
    for record in records:
        name = names.get(record.user_id, "–")
        at_once = planned and record.pgh_created_at - planned.pgh_created_at < AT_ONCE
        if record.pgh_label == "insert" and at_once:
            first.append(_("%(name)s (lead)") % {"name": name} if record.is_lead else name)
        else:
            title = titles[record.pgh_label, record.is_lead] % {"name": name}
            found.append(Event(record.pgh_created_at, title))
    author = inspection.created_by.name if inspection.created_by else ""
    team = _("Team: %(names)s") % {"names": ", ".join(first)} if first else ""
    return [*found, Event(inspection.created_at, _("Inspection planned"), author, team)]


def _records(model: Any) -> Any:
    return model.pgh_event_model.objects.all()
