"""What a framework says, kept in memory: a framework that an inspection uses never changes, so it is read only once."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from inspections.models import (
    Area,
    DelayCause,
    EventType,
    Fact,
    Framework,
    Grade,
    Indicator,
    Theme,
    Wait,
)


@dataclass(frozen=True)
class Methodology:
    """The parts of one framework that pages about cases need, each in its order; `…_of` are by area (primary key)."""

    grades: tuple[Grade, ...]
    areas: tuple[Area, ...]
    themes: tuple[Theme, ...]
    event_types: tuple[EventType, ...]
    delay_causes: tuple[DelayCause, ...]
    indicators: tuple[Indicator, ...]
    facts: tuple[Fact, ...]
    waits: tuple[Wait, ...]

    def grade(self, code: str) -> Grade | None:
        """Return the grade with that code; None if the scale has none."""
        return next((grade for grade in self.grades if grade.code == code), None)

    def grade_by_pk(self, pk: int | None) -> Grade | None:
        """Return the grade with that primary key; None for None and for another framework's."""
        return next((grade for grade in self.grades if grade.pk == pk), None)

    def area(self, pk: int) -> Area:
        """Return the area with that primary key. Raises StopIteration for another framework's."""
        return next(area for area in self.areas if area.pk == pk)

    def theme(self, code: str) -> Theme | None:
        """Return the theme with that code; None if there is none."""
        return next((theme for theme in self.themes if theme.code == code), None)

    def indicators_of(self, area_id: int) -> list[Indicator]:
        return [indicator for indicator in self.indicators if indicator.area_id == area_id]

    def facts_of(self, area_id: int) -> list[Fact]:
        return [fact for fact in self.facts if fact.area_id == area_id]

    def waits_of(self, area_id: int) -> list[Wait]:
        return [wait for wait in self.waits if wait.area_id == area_id]


def of(framework: Framework) -> Methodology:
    """Return what `framework` says. The rows are shared by all requests of a process: read them, change nothing."""
    return _read(framework.pk, framework.digest)


def forget() -> None:
    """Read frameworks anew, after a test has taken one apart."""
    _read.cache_clear()


@functools.lru_cache(maxsize=512)
def _read(framework_id: int, digest: str) -> Methodology:
    """A definition that replaces an unused one has another digest, and so is read anew."""
    return Methodology(
        grades=tuple(Grade.objects.filter(framework=framework_id)),
        areas=tuple(Area.objects.filter(framework=framework_id)),
        themes=tuple(Theme.objects.filter(framework=framework_id)),
        event_types=tuple(EventType.objects.filter(framework=framework_id)),
        delay_causes=tuple(DelayCause.objects.filter(framework=framework_id)),
        indicators=tuple(Indicator.objects.filter(framework=framework_id)),
        facts=tuple(Fact.objects.filter(framework=framework_id)),
        waits=tuple(Wait.objects.filter(framework=framework_id).select_related("start", "end")),
    )
