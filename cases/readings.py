"""Second readings: a lead sends a case to another inspector of the team, who reads it blind to what others said of it.

An asked-for reading is an audit row of its reader, empty until they begin. While it is unfinished, its reader reads no
other audit of the case (`AuditQuerySet.readable_by`), and the inspection does not leave fieldwork (`cases.guards`).

“Blind” is judged by what is on record: nobody reads a case again who has saved, submitted or moderated its audit, is
assigned to it, has tagged one of its findings, has opened the case since its audit was begun (`reading_record`), or
was asked already. Lists and figures that somebody has looked at before are not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from accounts.work import Urgency, WorkItem
from cases import reading_record
from cases.models import Audit, AuditQuerySet, CaseFile, CaseFileQuerySet, Reading, TaggedFinding
from inspections import team
from inspections.models import Inspection, Side, Stage, TeamMember


class CannotRead(DomainError):
    """This person cannot read the case blind, or not at all; the message says why."""


class Begun(DomainError):
    """The reading has been begun, so it is the reader's to finish."""


class Candidate(NamedTuple):
    """An inspector of the team; `obstacle` says why they cannot read the case blind, and is empty if they can."""

    user: User
    obstacle: str


def may_ask(inspection: Inspection, user: User) -> bool:
    """Whether `user` may ask for readings: the inspection's lead, in fieldwork, which waits for them to be done."""
    return inspection.stage == Stage.FIELDWORK and team.leads(inspection, user)


def candidates(case: CaseFile) -> list[Candidate]:
    """Return the inspectors of the team by name, each with what speaks against them; five queries."""
    members = TeamMember.objects.filter(inspection=case.inspection_id).select_related("user")
    people = [member.user for member in members.order_by("user__name") if _is_reader(member.user)]
    known = _obstacles(case)
    return [Candidate(person, known.get(person.pk, "")) for person in people]


def _is_reader(user: User) -> bool:
    return user.is_active and user.is_inspector


def _obstacles(case: CaseFile) -> dict[int | None, str]:
    """Return why people cannot read `case` blind, by their primary key."""
    found: dict[int | None, str] = {}
    tagged = TaggedFinding.objects.filter(
        finding__audit__case=case, finding__audit__reading=Reading.MAIN
    )
    found |= dict.fromkeys(
        tagged.values_list("tagged_by", flat=True), _("has worked with its findings")
    )
    events = Audit.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj__in=Audit.objects.main().filter(case=case, side=Side.INSPECTORATE)
    ).values_list("updated_by", "submitted_by", "moderated_by", "pgh_created_at")
    rows = list(events)
    if rows:
        begun = min(created_at for *_who, created_at in rows)
        opened = reading_record.readers(case).filter(at__gte=begun).order_by()
        found |= dict.fromkeys(
            opened.values_list("user", flat=True).distinct(),
            _("has opened it since its audit was begun"),
        )
    for *people, _created_at in rows:
        found |= dict.fromkeys(people, _("has worked on its audit"))
    found[case.assigned_to_id] = _("is assigned to it")
    further = of_case(case)
    found |= {audit.reader_id: _("has been asked already") for audit in further}
    found.pop(None, None)
    return found


def of_case(case: CaseFile) -> AuditQuerySet:
    """The further readings of `case`, for saying who was asked and how far they are, not what they say."""
    return (
        Audit.objects.filter(case=case)
        .exclude(reading=Reading.MAIN)
        .select_related("reader", "requested_by")
        .order_by("reader__name")
        .defer("reason", "timeline", "people", "facts", "moderation_reason", "change_reason")
    )


def ask(case: CaseFile, reader: User, *, by: User) -> Audit:
    """Ask `reader` for a second reading of `case`, and return the empty audit that is theirs to write.

    Raises NotAllowed, or CannotRead if they are not of the team or cannot read it blind.
    """
    with transaction.atomic():
        return give(locked_case(case.pk), reader, Reading.SECOND, by=by)


def ask_many(
    cases: CaseFileQuerySet, reader: User, *, by: User
) -> tuple[list[CaseFile], dict[str, str]]:
    """Ask `reader` for second readings of all `cases` that they can read blind.

    Returns those, and why not the others, by their reference.
    """
    asked: list[CaseFile] = []
    refused: dict[str, str] = {}
    for case in cases.order_by("reference"):
        try:
            ask(case, reader, by=by)
        except DomainError as refusal:
            refused[case.reference] = str(refusal)
        else:
            asked.append(case)
    return asked, refused


def give(case: CaseFile, reader: User, reading: Reading, *, by: User) -> Audit:
    """Write the empty audit of `reader`; `case` comes from `locked_case`. Raises NotAllowed or CannotRead."""
    if not may_ask(case.inspection, by) or case.excluded_at is not None:
        raise NotAllowed(_("You cannot ask for readings of this case at this stage."))
    if not (_is_reader(reader) and team.works_on(case.inspection, reader)):
        raise CannotRead(_("%(name)s is not an inspector of this team.") % {"name": reader.name})
    obstacle = _obstacles(case).get(reader.pk)
    if obstacle:
        raise CannotRead(
            _("%(name)s cannot read this case blind: %(name)s %(obstacle)s.")
            % {"name": reader.name, "obstacle": obstacle}
        )
    return Audit.objects.create(
        case=case,
        framework_id=case.framework_id,
        route=case.route,
        side=Side.INSPECTORATE,
        reading=reading,
        reader=reader,
        requested_by=by,
        version=1,
    )


def is_untouched(audit: Audit) -> bool:
    """Whether the reader of a further reading has saved nothing yet."""
    return audit.version == 1 and audit.first_submitted_at is None


def may_withdraw(audit: Audit, user: User) -> bool:
    """Whether `user` may take back a request: while it is untouched, or if its reader has left the team.

    What somebody has begun and left behind stays in the event table.
    """
    inspection = audit.case.inspection
    if not may_ask(inspection, user) or audit.reading == Reading.MAIN or audit.reader is None:
        return False
    if audit.first_submitted_at is not None:
        return False
    return is_untouched(audit) or not team.works_on(inspection, audit.reader)


def withdraw(audit: Audit, *, by: User) -> None:
    """Take back the request for a reading. Raises NotAllowed, or Begun if its reader has saved something."""
    with transaction.atomic():
        case = locked_case(audit.case_id)
        if not may_ask(case.inspection, by):
            raise NotAllowed(_("You cannot withdraw readings of this case at this stage."))
        rows = Audit.objects.exclude(reading=Reading.MAIN).select_for_update()
        current = rows.filter(pk=audit.pk, case=case).first()
        if current is None:
            return  # somebody else was faster: it is withdrawn
        current.case = case
        if not may_withdraw(current, by):
            raise Begun(_("%(name)s has begun this reading.") % {"name": current.reader})
        current.delete()


def under_way(inspection: Inspection) -> AuditQuerySet:
    """Readings of counted cases that somebody owes: asked for and not submitted, or reopened."""
    return under_way_in([inspection])


def under_way_in(inspections: Collection[Inspection]) -> AuditQuerySet:
    """Readings that somebody owes in any of `inspections`, as `under_way`."""
    return (
        Audit.objects.filter(
            case__inspection__in=inspections, case__excluded_at__isnull=True, status="draft"
        )
        .exclude(reading=Reading.MAIN)
        .order_by("case__reference", "reader__name")
    )


def locked_case(pk: int) -> CaseFile:
    """Return the case with its inspection's row locked, so that no stage move and no other request comes in between."""
    return (
        CaseFile.objects.select_related("inspection")
        .select_for_update(of=("inspection",), no_key=True)
        .get(pk=pk)
    )


def work_for(user: User, today: dt.date) -> list[WorkItem]:
    """Return the inspections in which `user` owes readings (settings.WORK_PROVIDERS), in two queries at most."""
    if not user.is_inspector:
        return []
    owed = (
        Audit.objects.unfinished_readings_of(user)
        .filter(case__in=CaseFile.objects.visible_to(user).counted())
        .order_by()
        .values("case__inspection", "reading")
        .annotate(count=Count("pk"), first=Min("case"))
    )
    rows = list(owed)
    inspections = Inspection.objects.select_related("force").in_bulk(
        [row["case__inspection"] for row in rows]
    )
    return [
        _work_item(inspections[row["case__inspection"]], row["reading"], row["count"], row["first"])
        for row in rows
    ]


def _work_item(inspection: Inspection, reading: str, count: int, first: int) -> WorkItem:
    if reading == Reading.CALIBRATION:
        title = ngettext(
            "Read %(count)d case for a calibration", "Read %(count)d cases for a calibration", count
        )
    else:
        title = ngettext(
            "Give a second reading of %(count)d case",
            "Give second readings of %(count)d cases",
            count,
        )
    return WorkItem(
        title % {"count": count},
        reverse("cases:audit", args=[first]),
        detail=str(inspection),
        due_on=inspection.fieldwork_end,
        urgency=Urgency.WAITING,
    )


def names(people: Iterable[User]) -> str:
    """Return names in one line."""
    return ", ".join(person.name for person in people)
