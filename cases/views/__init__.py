"""The pages of cases, one module for each kind of page."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from cases.models import Audit, CaseFile, Reading
from cases.moderation import as_told
from inspections import team
from inspections.models import Inspection, Side


def get_inspection(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection if the person who asks may read its case material; 404 otherwise."""
    user = request.user
    place = team.places(user).filter(inspection=OuterRef("pk"))[:1]
    inspection = get_object_or_404(
        Inspection.objects.with_content_visible_to(user)
        .select_related("force", "framework")
        .annotate(place_in_team=Subquery(place)),
        pk=pk,
    )
    team.know(inspection, user, inspection.place_in_team)  # type: ignore[attr-defined]
    return inspection


def get_case(request: HttpRequest, pk: int) -> CaseFile:
    """Return the case if the person who asks may open it, with its framework's grades and themes; 404 otherwise."""
    return get_object_or_404(
        CaseFile.objects.visible_to(request.user)
        .select_related("area", "inspection__force", "inspection__framework")
        .prefetch_related("inspection__framework__grades", "inspection__framework__themes"),
        pk=pk,
    )


def readable_audits(case: CaseFile, user: User) -> list[Audit]:
    """Return the audits of `case` that `user` may read, with answers and findings, the inspectorate's first, then
    further readings, then the force's."""
    audits = list(
        Audit.objects.visible_to(user)
        .filter(case=case)
        .select_related(
            "grade", "final_grade", "updated_by", "submitted_by", "reader", "moderated_by"
        )
        .prefetch_related("answers", "findings")
    )
    for audit in audits:
        audit.case = case
        as_told(audit, user)
    return sorted(
        audits,
        key=lambda audit: (audit.side == Side.FORCE, audit.reading != Reading.MAIN, audit.pk),
    )
