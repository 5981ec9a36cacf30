"""Whether what would be published is what a lead has approved."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inspections.models import Inspection
from reports import drafted
from reports.document import Document
from reports.models import Approval


def standing(inspection: Inspection) -> Approval | None:
    """Return the approval that nobody has withdrawn and that has not led to a publication; None without one."""
    found = Approval.objects.standing().select_related("lead", "manager")
    return found.filter(inspection=inspection).first()


def holds(approval: Approval, document: Document | None = None) -> bool:
    """Whether `approval` is of the report as it stands now (`document`, if that is at hand)."""
    return approval.digest == drafted.digest(document or drafted.document(approval.inspection))


def reasons_against(inspection: Inspection) -> list[str]:
    """Return why nobody can publish: sentences; [] once a lead has approved the very words that would be published."""
    approval = standing(inspection)
    if approval is None:
        return [_("No lead of the inspection has approved the report.")]
    if holds(approval):
        return []
    return [
        _("The report has changed since %(name)s approved it on %(date)s: a lead has to again.")
        % {"name": approval.lead.name, "date": date_format(approval.lead_at, "j F Y")}
    ]
