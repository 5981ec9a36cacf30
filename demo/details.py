"""What the demo's audits say besides grade, reason and findings: answers, a timeline, people and facts, by mood."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from typing import Any

import yaml

from cases import content, durations
from demo.texts import DATA, MOODS
from inspections.methodology import Methodology
from inspections.models import Fact, FactKind, Indicator

EVENING, MORNING = dt.time(21, 40), dt.time(9, 15)


@functools.cache
def _source() -> dict[str, Any]:
    source: dict[str, Any] = yaml.safe_load((DATA / "details.yaml").read_text(encoding="utf-8"))
    return source


class Details:
    """The details of one audit: of a case of an area, opened on a day, with a grade of a colour role.

    The same number gives the same details; numbers that follow each other give different ones.
    """

    def __init__(
        self, parts: Methodology, area_id: int, opened: dt.date, colour_role: str, number: int
    ) -> None:
        self.parts, self.area_id, self.number = parts, area_id, number
        self.opened, self.mood = opened, MOODS[colour_role]

    def _variant(self, what: str) -> Any:
        variants = _source()[what][self.mood]
        return variants[self.number % len(variants)]

    @property
    def kind(self) -> str:
        """The kind of this audit's findings."""
        kind: str = _source()["kinds"][self.mood]
        return kind

    def answers(self) -> Iterator[tuple[Indicator, str, str]]:
        """Yield indicator, answer and note."""
        given = self._variant("answers")
        for place, indicator in enumerate(self.parts.indicators_of(self.area_id)):
            answer = given[place % len(given)]
            notes = _source()["notes"].get(answer, [""])
            yield indicator, answer, notes[(self.number + place) % len(notes)]

    def timeline(self) -> list[dict[str, Any]]:
        """The events whose types the framework has."""
        labels = {kind.code: kind.label for kind in self.parts.event_types}
        causes = {cause.code for cause in self.parts.delay_causes}
        start = self._start(MORNING)
        found = []
        for code, hours, precision, *cause in self._variant("timelines"):
            if code not in labels:
                continue
            at = start + dt.timedelta(hours=hours)
            day = "" if precision == durations.MONTH else str(at.day)
            time = f"{at:%H:%M}" if precision == durations.EXACT else ""
            why = cause[0] if cause and cause[0] in causes else ""
            found.append(
                content.event_of(labels[code], day, str(at.month), str(at.year), time, why)
            )
        return [event for event in found if event["on"]]

    def people(self) -> list[dict[str, Any]]:
        """A child, sometimes another, and suspects where the area has them."""
        area = self.parts.area(self.area_id).code
        kinds = _source()["people"]
        kind = next((each for each in kinds if area in each["areas"]), kinds[0])
        children = kind["children"]
        found = []
        for place in range(2 if self.number % 4 == 1 else 1):
            age, sex = children[(self.number + place) % len(children)]
            found.append({"kind": content.CHILD, "age": age, "sex": sex})
        ages = _source()["suspect_ages"]
        found += [
            {"kind": content.SUSPECT, "age": ages[self.number % len(ages)], "sex": "male"}
            for _suspect in range(kind["suspects"])
        ]
        return found

    def facts(self) -> dict[str, Any]:
        """Values of those facts of the area that details.yaml knows."""
        values = self._variant("facts")
        return {
            fact.code: self._value(fact, values[fact.code])
            for fact in self.parts.facts_of(self.area_id)
            if fact.code in values
        }

    def _value(self, fact: Fact, value: Any) -> Any:
        if fact.kind == FactKind.CHOICE:
            return fact.options[value % len(fact.options)]
        if fact.kind == FactKind.MOMENT:
            at = self._start(EVENING) + dt.timedelta(hours=value)
            moment = f"{at:%Y-%m-%dT%H:%M}"
            return moment if durations.read_moment(moment) else f"{at:%Y-%m-%d}"
        return value

    def _start(self, time: dt.time) -> dt.datetime:
        """The first moment of a case: another minute for each, on the day on which it was opened."""
        return dt.datetime.combine(self.opened, time) + dt.timedelta(minutes=self.number * 7 % 80)
