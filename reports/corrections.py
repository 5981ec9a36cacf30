"""Corrections of what was published (rule 10): opened by a lead or manager, written by the team, published by two."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.models import User
from cases import personal_data
from config.clock import now
from inspections import team
from inspections.models import Inspection
from reports import approved, drafted, put_back
from reports.document import Document, Section, plain
from reports.models import Correction, Publication

# Parts of a document of which readers would ask whether they changed; dates and numbers follow from publishing.
COMPARED = ("figures", "facts", "timescales", "glossary", "earlier")


def may_open(inspection: Inspection, user: User) -> bool:
    """Whether `user` may begin a correction of the published report: its leads and managers, one at a time."""
    return (
        inspection.is_published
        and team.directs(inspection, user)
        and drafted.open_correction(inspection) is None
        and inspection.publications.exists()
    )


def open_one(
    inspection: Inspection, *, notice: str, by: User, personal_data_reason: str = ""
) -> Correction:
    """Begin a correction: the team may change the text again, and what was published stays as it is.

    Raises NotAllowed, Conflict if somebody began one first, LooksPersonal (rule 9).
    """
    with transaction.atomic():
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if drafted.open_correction(locked):
            raise Conflict(_("A correction of this report is open already."))
        if not may_open(locked, by):
            raise NotAllowed(_("Leads of the inspection and managers correct published reports."))
        _check(locked, notice, by, personal_data_reason)
        return Correction.objects.create(inspection=locked, notice=notice.strip(), opened_by=by)


def reword(
    correction: Correction, *, notice: str, by: User, personal_data_reason: str = ""
) -> None:
    """Say otherwise what is corrected, until it is published. Raises NotAllowed, Conflict, LooksPersonal."""
    with transaction.atomic():
        locked = _still_open(correction, by)
        _check(locked.inspection, notice, by, personal_data_reason)
        locked.notice = notice.strip()
        locked.save(update_fields=["notice"])


def drop(correction: Correction, *, by: User) -> None:
    """Give a correction up. The draft reads again as it was published: texts, order of the sections, case examples.

    What was written in sections stays among their versions; an example that was rewritten keeps its new words, without
    its release (`stays` tells beforehand). Raises NotAllowed, Conflict if it was published or dropped in the meantime.
    """
    with transaction.atomic():
        locked = _still_open(correction, by)
        if approval := approved.standing(locked.inspection):
            approval.withdrawn_by, approval.withdrawn_at = by, now()
            approval.save(update_fields=["withdrawn_by", "withdrawn_at"])
        locked.dropped_by, locked.dropped_at = by, now()
        locked.save(update_fields=["dropped_by", "dropped_at"])
        latest = drafted.last_version(locked.inspection)
        assert latest
        put_back.put_back(locked.inspection, Document.from_json(latest.document), by=by)


def stays(inspection: Inspection, latest: Publication, present: Document) -> list[str]:
    """Return in sentences what dropping the correction will not put back, so that whoever drops it knows before."""
    before = Document.from_json(latest.document)
    found = put_back.stays(inspection, before)
    if any(getattr(before, name) != getattr(present, name) for name in COMPARED):
        found.append(
            _("Figures, facts and annexes are what is counted and recorded now; they stay so.")
        )
    return found


def changes(inspection: Inspection, latest: Publication, present: Document) -> list[str]:
    """Return what `present` says differently from the version that is published: titles of its parts."""
    before = Document.from_json(latest.document)
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in present.sections}
    titles = {key: section.title for key, section in (old | new).items()}
    found = [titles[key] for key in titles if _words(old.get(key)) != _words(new.get(key))]
    if any(getattr(before, name) != getattr(present, name) for name in COMPARED):
        found.append(_("Figures, facts or annexes"))
    if list(old) != [key for key in new if key in old]:
        found.append(_("Order of the sections"))
    return found


def _words(section: Section | None) -> Any:
    return section and drafted.without_dates(plain(section))


def _still_open(correction: Correction, by: User) -> Correction:
    inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=correction.inspection_id)
    if not team.directs(inspection, by):
        raise NotAllowed(_("Leads of the inspection and managers correct published reports."))
    current = drafted.open_correction(inspection)
    if current is None or current.pk != correction.pk:
        raise Conflict(_("This correction has been published or dropped in the meantime."))
    current.inspection = inspection
    return current


def _check(inspection: Inspection, notice: str, by: User, reason: str) -> None:
    where = personal_data.Place(inspection, "correction")
    personal_data.check({"notice": notice}, place=where, by=by, reason=reason)
