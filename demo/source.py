"""The demo's YAML files as typed facts. A plain number in place of a date counts days from the day of loading."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from demo.texts import DATA


@dataclass(frozen=True)
class Row:
    """One case: its area, and what each side made of it. None: that side has no audit of it yet."""

    area: str
    self_assessed: bool
    force_grade: str | None = None
    force_draft: bool = False
    inspectorate_grade: str | None = None
    inspectorate_draft: bool = False


@dataclass(frozen=True)
class FileFacts:
    """A small text or CSV file, what it shows, and the numbers of the points that it proves."""

    name: str
    content: str
    shows: str
    points: list[int]


@dataclass(frozen=True)
class RemarkFacts:
    """What one side wrote about a recommendation; a private one is for that side."""

    on: datetime.date
    of_force: bool
    private: bool
    text: str


@dataclass(frozen=True)
class Progress:
    on: datetime.date
    status: str
    note: str
    file: FileFacts | None = None


@dataclass(frozen=True)
class JudgedFacts:
    """What inspectors made of a recommendation, and when."""

    on: datetime.date
    outcome: str
    finding: str


@dataclass(frozen=True)
class EarlierFacts:
    """What a review made of one recommendation of the earlier inspection, by number.

    `continued_by` is the number of the review's own recommendation under which it goes on; `areas` are those whose
    cases were looked at because of it.
    """

    recommendation: int
    judged: JudgedFacts
    continued_by: int | None
    areas: list[str]


@dataclass(frozen=True)
class RecommendationFacts:
    theme: str
    timescale: str
    stem: str
    points: list[str]
    progress: list[Progress]
    judged: JudgedFacts | None = None
    remarks: list[RemarkFacts] = field(default_factory=list)


@dataclass(frozen=True)
class FollowUpMet:
    rule: str
    on: datetime.date
    note: str


@dataclass(frozen=True)
class ReferralFacts:
    """An urgent referral, told in hours: raised so long before the loading, the rest so long after it was raised."""

    case: str
    concern: str
    must_act: str
    by: str
    raised_hours_ago: float
    acknowledged_after_hours: float | None = None
    answered_after_hours: float | None = None
    answer: str = ""


@dataclass(frozen=True)
class ExampleFacts:
    """What the report tells of a case: any one of this area and grade, or, `again` for a reason, the one before.

    One that is not `released` waits for the lead.
    """

    area: str
    grade: str
    theme: str
    good: bool
    text: str
    again: str = ""
    released: bool = True


@dataclass(frozen=True)
class InspectionFacts:
    """One inspection as a file under `data/inspections/` gives it, its dates counted from `today`."""

    key: str
    force: str
    framework: tuple[str, str]
    kind: str
    parent: str | None
    stage: str
    self_assessment_due: datetime.date | None
    fieldwork_start: datetime.date
    fieldwork_end: datetime.date
    sent_on: (
        datetime.date | None
    )  # when the draft went to the force, if no date of publication tells it
    published_on: datetime.date | None
    published_assumed: bool
    published_month_only: bool
    lead: str
    members: list[str]
    force_assessor: str
    force_lead: str
    first_reference: int
    rows: list[Row]
    recommendations: list[RecommendationFacts]
    follow_up_met: list[FollowUpMet]
    sections: dict[str, str]
    theme_sections: dict[str, str] = field(default_factory=dict)
    referrals: list[ReferralFacts] = field(default_factory=list)
    # how many cases of an area the force lists, of which the missing ones are drawn at random
    eligible: dict[str, int] = field(default_factory=dict)
    earlier: list[EarlierFacts] = field(default_factory=list)
    examples: list[ExampleFacts] = field(default_factory=list)


def load(name: str) -> Any:
    """Read `data/<name>.yaml`."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def inspections(today: datetime.date) -> list[InspectionFacts]:
    """Return all inspections of the demo, an earlier one before those that look back at it."""
    found = [
        _inspection(yaml.safe_load(path.read_text(encoding="utf-8")), today)
        for path in sorted((DATA / "inspections").glob("*.yaml"))
    ]
    return sorted(found, key=lambda facts: facts.parent is not None)


def _inspection(raw: dict[str, Any], today: datetime.date) -> InspectionFacts:
    published = raw.get("published") or {}
    sections = dict(raw["sections"])
    return InspectionFacts(
        key=raw["key"],
        force=raw["force"],
        framework=(raw["framework"]["code"], raw["framework"]["version"]),
        kind=raw["kind"],
        parent=raw.get("parent"),
        stage=raw["stage"],
        self_assessment_due=_maybe_date(raw.get("self_assessment_due"), today),
        fieldwork_start=_date(raw["fieldwork"]["start"], today),
        fieldwork_end=_date(raw["fieldwork"]["end"], today),
        sent_on=_maybe_date(raw.get("sent"), today),
        published_on=_maybe_date(published.get("date"), today),
        published_assumed=published.get("assumed", False),
        published_month_only=published.get("month_only", False),
        lead=raw["lead"],
        members=raw["members"],
        force_assessor=raw["force_assessor"],
        force_lead=raw["force_lead"],
        first_reference=raw["first_reference"],
        rows=list(_rows(raw["cases"])),
        recommendations=[_recommendation(part, today) for part in raw["recommendations"]],
        follow_up_met=[
            FollowUpMet(part["rule"], _date(part["date"], today), part["note"])
            for part in raw.get("follow_up_met", [])
        ],
        theme_sections=sections.pop("themes", {}),
        sections=sections,
        referrals=[ReferralFacts(**part) for part in raw.get("referrals", [])],
        eligible=raw.get("eligible", {}),
        earlier=[
            EarlierFacts(
                part["recommendation"],
                _judged(part, today),
                part.get("continued_by"),
                part.get("areas", []),
            )
            for part in raw.get("earlier", [])
        ],
        examples=[ExampleFacts(**part) for part in raw.get("examples", [])],
    )


def _recommendation(raw: dict[str, Any], today: datetime.date) -> RecommendationFacts:
    return RecommendationFacts(
        theme=raw["theme"],
        timescale=raw["timescale"],
        stem=raw["stem"],
        points=raw.get("points", []),
        progress=[
            Progress(_date(part["date"], today), part["status"], part["note"], _file(part))
            for part in raw["progress"]
        ],
        judged=_judged(raw["judged"], today) if "judged" in raw else None,
        remarks=[
            RemarkFacts(
                _date(part["date"], today),
                part["by"] == "force",
                part.get("private", False),
                part["text"],
            )
            for part in raw.get("remarks", [])
        ],
    )


def _file(raw: dict[str, Any]) -> FileFacts | None:
    if "file" not in raw:
        return None
    file = raw["file"]
    return FileFacts(file["name"], file["content"], file["shows"], file.get("points", []))


def _judged(raw: dict[str, Any], today: datetime.date) -> JudgedFacts:
    return JudgedFacts(_date(raw["date"], today), raw["outcome"], raw["finding"])


def _rows(areas: list[dict[str, Any]]) -> Iterator[Row]:
    """Spell out “so many cases like this”, the force's sample first."""
    for part in ("sample", "selected"):
        for area in areas:
            for like in area.get(part, []):
                row = Row(
                    area=area["area"],
                    self_assessed=part == "sample",
                    force_grade=like.get("force"),
                    force_draft=like.get("force_draft", False),
                    inspectorate_grade=like.get("inspectorate"),
                    inspectorate_draft=like.get("draft", False),
                )
                yield from [row] * like["cases"]


def _maybe_date(value: datetime.date | int | None, today: datetime.date) -> datetime.date | None:
    return None if value is None else _date(value, today)


def _date(value: datetime.date | int, today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=value) if isinstance(value, int) else value
