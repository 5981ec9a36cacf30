"""Who writes which section of a draft, and how far each is."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections import team
from inspections.models import Inspection, Stage, TeamMember
from reports import sections
from reports.models import ReportSection, SectionStatus
from reports.sections import Entry, Place, StaleSection

# Who writes what can be settled before anybody may write.
PLANNING_STAGES = [Stage.FIELDWORK.value, *sections.EDITABLE_STAGES]


class NotOfTheTeam(DomainError):
    """Sections are written by inspectors of the inspection's team."""


class StaleAuthor(Conflict):
    """Somebody else has given the section to somebody since the page was read."""


class NothingToRead(DomainError):
    """A section without a text, which was not left out either, is neither ready nor agreed."""


def writers(inspection: Inspection) -> QuerySet[User]:
    """Return the people who may write the inspection's report: the inspectors of its team, by name."""
    members = TeamMember.objects.filter(inspection=inspection).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name")


def may_assign(inspection: Inspection, user: User) -> bool:
    """Whether `user` may say who writes what: the team and managers, from fieldwork until the draft goes out."""
    if inspection.stage in PLANNING_STAGES:
        return user.is_manager or team.works_on(inspection, user)
    return sections.may_edit(inspection, user)


def may_agree(inspection: Inspection, user: User) -> bool:
    """Whether `user` may agree to sections: a lead of the inspection, or a manager, while they can be changed."""
    if inspection.stage in sections.EDITABLE_STAGES:
        return team.directs(inspection, user)
    return sections.may_edit(inspection, user) and team.leads(inspection, user)


def next_statuses(inspection: Inspection, entry: Entry, user: User) -> list[SectionStatus]:
    """Return what `user` may say now of how far the section is; what it is already is not among it."""
    writes = sections.may_edit(inspection, user)
    agrees = may_agree(inspection, user)
    allowed = {
        SectionStatus.WRITING: writes or agrees,
        SectionStatus.READY: writes and not entry.is_missing,
        SectionStatus.AGREED: agrees and not entry.is_missing,
    }
    return [each for each in SectionStatus if allowed[each] and each != entry.status]


def assign(
    inspection: Inspection, place: Place, author: User | None, *, was: int | None, by: User
) -> ReportSection:
    """Make `author` the one who writes the section, None for nobody; `was` is the key of who did when it was read.

    Raises StaleAuthor if somebody else does by now (rule 5), NotAllowed, and NotOfTheTeam for anybody else than an
    inspector of the inspection's team.
    """
    if not may_assign(inspection, by):
        raise NotAllowed(_("The team settles who writes what before the draft goes to the force."))
    if author is not None and not team.works_on(inspection, author):
        raise NotOfTheTeam(_("Choose an inspector of this inspection’s team."))
    with transaction.atomic():
        sections.create_row(inspection, place)
        row = sections.rows(inspection, place)
        if not row.filter(author=was).update(author=author):
            now = row.select_related("author").get().author
            raise StaleAuthor(
                _("Somebody else has given “%(section)s” to %(name)s in the meantime.")
                % {"section": place.title, "name": now.name if now else _("nobody")}
            )
        return row.get()


def set_status(
    inspection: Inspection, place: Place, status: SectionStatus, *, version: int, by: User
) -> ReportSection:
    """Say how far the section is, of the text that was read as `version`.

    Raises StaleSection if the text is another one by now (rule 5), NothingToRead, and NotAllowed: anybody of the team
    says that a section is being written or ready, a lead or a manager agrees to it.
    """
    with transaction.atomic():
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        agrees = may_agree(locked, by)
        writes = sections.may_edit(locked, by) and status != SectionStatus.AGREED
        if not (agrees or writes):
            raise NotAllowed(_("A lead of the inspection or a manager agrees to its sections."))
        if status != SectionStatus.WRITING and sections.entry(locked, place).is_missing:
            raise NothingToRead(_("This section has no text yet."))
        sections.create_row(locked, place)
        row = sections.rows(locked, place)
        if not row.filter(version=version).update(status=status):
            raise StaleSection(row.select_related("updated_by", "author").get())
        return row.get()
