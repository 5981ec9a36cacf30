"""The versions of a section's texts, as the triggers kept them (rule 4): every save is one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from inspections.models import Inspection, SectionPart
from reports import sections, word_changes
from reports.models import ReportSection
from reports.sections import Place
from reports.word_changes import Change

# A page saves by itself while somebody writes. Saves of one person with no longer pause between them are one sitting.
SITTING_PAUSE = dt.timedelta(minutes=20)


@dataclasses.dataclass(frozen=True)
class Version:
    """One saved version: its texts by part are asked for on their own (`texts`)."""

    number: int
    at: dt.datetime
    by: str


@dataclasses.dataclass(frozen=True)
class Sitting:
    """What one person saved without a longer pause: from the version that was there `before` (0: none) to `last`."""

    before: int
    last: Version
    began: dt.datetime
    saves: int


@dataclasses.dataclass(frozen=True)
class Compared:
    """How one text of the section changed between two versions."""

    part: SectionPart
    changes: list[Change]

    @property
    def differs(self) -> bool:
        return any(change.kind != word_changes.Kind.SAME for change in self.changes)


def _events(inspection: Inspection, place: Place) -> QuerySet[Any]:
    """Return the events in which a version was first recorded: later ones tell of an author or a status."""
    rows = sections.rows(inspection, place).values("pk")
    events: QuerySet[Any] = ReportSection.pgh_event_model.objects  # type: ignore[attr-defined]
    return (
        events.filter(pgh_obj_id__in=rows, version__gt=0)
        .order_by("version", "pgh_id")
        .distinct("version")
    )


def versions(inspection: Inspection, place: Place) -> list[Version]:
    """Return every version of the section's texts, oldest first (one query)."""
    found = _events(inspection, place).values_list("version", "pgh_created_at", "updated_by__name")
    return [Version(number, at, by or "") for number, at, by in found]


def sittings(found: Iterable[Version]) -> list[Sitting]:
    """Return `found` (oldest first) as sittings, newest first."""
    told: list[Sitting] = []
    for version in found:
        last = told[-1] if told else None
        if last and last.last.by == version.by and version.at - last.last.at <= SITTING_PAUSE:
            told[-1] = dataclasses.replace(last, last=version, saves=last.saves + 1)
        else:
            told.append(Sitting(last.last.number if last else 0, version, version.at, 1))
    return told[::-1]


def texts(inspection: Inspection, place: Place, number: int) -> dict[SectionPart, str] | None:
    """Return the texts of one version by part; all empty for 0, before anybody wrote, and None if there is none."""
    if number == 0:
        return dict.fromkeys(place.parts, "")
    event = _events(inspection, place).filter(version=number).first()
    if event is None:
        return None
    return {part: getattr(event, part.value) for part in place.parts}


def compare(before: dict[SectionPart, str], after: dict[SectionPart, str]) -> list[Compared]:
    """Return how each text changed, in reading order."""
    return [
        Compared(part, word_changes.changes(before[part], text)) for part, text in after.items()
    ]
