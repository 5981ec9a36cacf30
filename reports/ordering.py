"""The order of a report's sections: moving one past its neighbour, as far as the outline allows."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from inspections.models import Inspection
from reports import renumbering, sections
from reports.models import ReportOrder
from reports.sections import Place


class StaleOrder(Conflict):
    """Somebody moved a section since the order was read."""


class Unmovable(DomainError):
    """The outline keeps this section, or the one that it would pass, in its place."""


def version(inspection: Inspection) -> int:
    """Return the version of the order as it stands; 0 while it is the framework's."""
    found = ReportOrder.objects.filter(inspection=inspection).values_list("version", flat=True)
    return found.first() or 0


def moves(places: list[Place]) -> dict[str, tuple[bool, bool]]:
    """Return of each of `places`, by key, whether it may go up and whether it may go down."""
    return {
        place.key: (_may_pass(places, at, at - 1), _may_pass(places, at, at + 1))
        for at, place in enumerate(places)
    }


def _may_pass(places: list[Place], at: int, other: int) -> bool:
    return 0 <= other < len(places) and places[at].movable and places[other].movable


def move(inspection: Inspection, place: Place, *, up: bool, version: int, by: User) -> list[Place]:
    """Move `place` past the section before it (`up`) or after it, and return the new order.

    `version` is that of the order as it was read. Raises StaleOrder if somebody moved a section since (rule 5),
    Unmovable, and NotAllowed for whoever may not write the report now.
    """
    with renumbering.examples_followed(inspection, by=by):
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if not sections.may_edit(locked, by):
            raise NotAllowed(_("The team writes the report while the inspection is being drafted."))
        places = sections.ordered_places(locked)
        at = next(number for number, each in enumerate(places) if each.key == place.key)
        other = at - 1 if up else at + 1
        if not _may_pass(places, at, other):
            raise Unmovable(_("The framework keeps this section in its place."))
        places[at], places[other] = places[other], places[at]
        _store(locked, [each.key for each in places], version, by)
    return places


def _store(inspection: Inspection, keys: list[str], version: int, by: User) -> None:
    if version == 0:
        _order, stored = ReportOrder.objects.get_or_create(
            inspection=inspection, defaults={"keys": keys, "updated_by": by}
        )
    else:
        stored = bool(
            ReportOrder.objects.filter(inspection=inspection, version=version).update(
                keys=keys, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
            )
        )
    if not stored:
        raise StaleOrder(_("Somebody else moved a section in the meantime. This is the order now."))
