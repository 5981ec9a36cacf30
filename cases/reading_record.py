"""Who reads case material: written down wherever somebody opens a case or takes cases away (domain rule 11)."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import access
from accounts.models import Access, User
from cases.models import CaseFile
from inspections.models import Inspection

CASE, EXPORT = "case", "cases of inspection"  # what accounts.access calls them


def opened(*cases: CaseFile | int, by: User) -> None:
    """Write down that `by` opens these cases (or their primary keys), or audits of them."""
    access.note(by, CASE, *{case.pk if isinstance(case, CaseFile) else case for case in cases})


def exported(inspection: Inspection, *, by: User) -> None:
    """Write down that `by` takes away a list of the inspection's cases."""
    access.note(by, EXPORT, inspection.pk)


def readers(case: CaseFile) -> QuerySet[Access]:
    """Return every time that somebody opened `case` or exported cases of its inspection, newest first."""
    return access.of((CASE, case.pk), (EXPORT, case.inspection_id))
