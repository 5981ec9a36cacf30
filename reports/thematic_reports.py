"""Making and changing thematic reports: which inspections, set side by side how, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections.models import PUBLISHED_STAGES, Comparison, Inspection, InspectionQuerySet
from reports.models import Publication, ThematicReport
from reports.thematic import MOST_INSPECTIONS, check_comparable


class NothingToAddUp(DomainError):
    """No inspection was chosen, or too many, or one that is not published."""


def choosable(user: User) -> InspectionQuerySet:
    """Return the inspections that `user` may choose: those of which a report was published here."""
    return (
        Inspection.objects.visible_to(user)
        .filter(stage__in=PUBLISHED_STAGES)
        .filter(pk__in=Publication.objects.values("inspection"))
    )


def may_make(user: User) -> bool:
    """Whether `user` may make thematic reports: inspectors and managers."""
    return user.is_inspector or user.is_manager


def may_change(report: ThematicReport, user: User) -> bool:
    """Whether `user` may change `report`: whoever made it, and managers."""
    return may_make(user) and (user.is_manager or report.created_by_id == user.pk)


def make(
    *,
    title: str,
    introduction: str,
    inspections: Sequence[Inspection],
    comparison: Comparison | None,
    by: User,
    personal_data_reason: str = "",
) -> ThematicReport:
    """Make a thematic report of `inspections` and return it.

    Raises NotAllowed, NothingToAddUp, NotComparable if no comparison covers frameworks that differ (rule 1), and
    LooksPersonal (rule 9).
    """
    if not may_make(by):
        raise NotAllowed(_("Inspectors and managers make thematic reports."))
    _check(inspections, comparison, by)
    with transaction.atomic():
        report = ThematicReport.objects.create(
            title=title.strip(),
            introduction=introduction.strip(),
            comparison=comparison,
            created_by=by,
        )
        report.inspections.set(inspections)
        _check_words(report, inspections, by, personal_data_reason)
    return report


def change(
    report: ThematicReport,
    *,
    title: str,
    introduction: str,
    inspections: Sequence[Inspection],
    comparison: Comparison | None,
    version: int,
    by: User,
    personal_data_reason: str = "",
) -> ThematicReport:
    """Change `report`, of which `by` had read `version`, and return it.

    Raises Conflict if somebody changed it in between (rule 5), and whatever `make` raises.
    """
    if not may_change(report, by):
        raise NotAllowed(_("Whoever made a thematic report, and managers, change it."))
    _check(inspections, comparison, by)
    with transaction.atomic():
        changed = ThematicReport.objects.filter(pk=report.pk, version=version).update(
            title=title.strip(),
            introduction=introduction.strip(),
            comparison=comparison,
            version=F("version") + 1,
            updated_at=timezone.now(),
        )
        if not changed:
            raise Conflict(
                _("Somebody else has changed this report in the meantime. Read it again first.")
            )
        report.refresh_from_db()
        report.inspections.set(inspections)
        _check_words(report, inspections, by, personal_data_reason)
    return report


def place_name(report: ThematicReport) -> str:
    """Return what the texts of `report` are called where texts that were confirmed are listed."""
    return f"thematic {report.pk}"


def _check(inspections: Sequence[Inspection], comparison: Comparison | None, by: User) -> None:
    if not inspections:
        raise NothingToAddUp(_("Select at least one inspection"))
    if len(inspections) > MOST_INSPECTIONS:
        raise NothingToAddUp(
            _("Select %(count)d inspections or fewer") % {"count": MOST_INSPECTIONS}
        )
    wanted = {each.pk for each in inspections}
    if choosable(by).filter(pk__in=wanted).count() != len(wanted):
        raise NothingToAddUp(_("Select inspections of which a report was published"))
    check_comparable(inspections, comparison)


def _check_words(
    report: ThematicReport, inspections: Sequence[Inspection], by: User, reason: str
) -> None:
    """What was confirmed is listed at the earliest inspection of the report."""
    first = min(inspections, key=lambda each: (each.fieldwork_start, each.pk))
    personal_data.check(
        {"title": report.title, "introduction": report.introduction},
        place=personal_data.Place(first, place_name(report)),
        by=by,
        reason=reason,
    )
