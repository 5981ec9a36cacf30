"""The report as a document: all that its PDF, its page and its exports say, and nothing of how they look.

Made from the database by `reports.compilation`, frozen as JSON at publication. It refers to no row: what was published
can be read and printed again whatever becomes of the tables. Dates are Europe/London dates.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from typing import Any, Self

from cases.figures import Figures
from inspections.provenance import day_or_month, publication_doubt, publication_line

FORMAT = 1  # raise it when a stored document could no longer be read as it is, and teach `from_json` the old one


@dataclasses.dataclass(frozen=True)
class Fact:
    """One fact about the force, in words: “Population”, “577,800”."""

    name: str
    value: str


@dataclasses.dataclass(frozen=True)
class Recommendation:
    """What the force must do; `due_on` is known from publication on, unless the timescale has no date."""

    number: int
    stem: str
    points: tuple[str, ...]
    theme: str
    timescale: str
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True)
class Example:
    """An anonymised account of a case, numbered through the report; `also` are the numbers that tell the same case."""

    number: int
    good: bool
    text: str
    area: str
    also: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True)
class Section:
    """One section of the body: its texts as Markdown, the cases that it tells, and what it recommends.

    In a review `earlier` says what the earlier inspection found, `earlier_recommendations` which of its recommendations
    the section is about, by their numbers, and `summary` what this one found, in short; `body` has the details.
    """

    key: str
    kind: str
    title: str
    body: str
    recommendations: tuple[Recommendation, ...] = ()
    earlier: str = ""
    earlier_recommendations: tuple[int, ...] = ()
    summary: str = ""
    examples: tuple[Example, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that somebody wrote here as Markdown, in reading order."""
        return tuple(
            text
            for text in (self.earlier, self.summary, self.body, *(e.text for e in self.examples))
            if text
        )


@dataclasses.dataclass(frozen=True)
class TimescaleGroup:
    """The recommendations that share a timescale, by their numbers; `words` say when, with or without a date."""

    label: str
    words: str
    due_on: dt.date | None
    numbers: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Share:
    """How many of the report's recommendations are of one theme or timescale of the framework; 0 is a count, too."""

    code: str
    label: str
    count: int


@dataclasses.dataclass(frozen=True)
class NextStep:
    """What somebody does after publication; before it there is no date, only `words` such as “six weeks after …”."""

    label: str
    who: str
    words: str
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True)
class Term:
    term: str
    definition: str


@dataclasses.dataclass(frozen=True)
class EarlierJudgement:
    """What a review makes of one earlier recommendation; `continued_by` is the one of this report that takes it on."""

    number: int
    outcome: str
    finding: str
    continued_by: int | None


@dataclasses.dataclass(frozen=True)
class EarlierInspection:
    """The inspection that a review looks back at: its recommendations reprinted, and what became of them.

    `judgements` is empty in documents older than it.
    """

    title: str
    published_on: dt.date | None
    published_on_assumed: bool
    recommendations: tuple[Recommendation, ...]
    judgements: tuple[EarlierJudgement, ...] = ()
    published_month_only: bool = False

    @property
    def publication_line(self) -> str:
        """When it was published, as far as that is known; "" where it was not."""
        if self.published_on is None:
            return ""
        return publication_line(self.published_on, month_only=self.published_month_only)

    @property
    def publication_doubt(self) -> str:
        """What is not known about that day; "" where it is known."""
        return publication_doubt(
            assumed=self.published_on_assumed, month_only=self.published_month_only
        )


@dataclasses.dataclass(frozen=True)
class CorrectionNotice:
    """What one version of a published report corrects, and the day on which it was published."""

    number: int
    on: dt.date | None
    notice: str


@dataclasses.dataclass(frozen=True)
class Document:
    """A whole report. Its tables and charts are made of `figures` by `reports.tables`."""

    language: str
    title: str
    subtitle: str
    force: str
    framework: str
    fieldwork_start: dt.date
    fieldwork_end: dt.date
    published_on: dt.date | None
    published_on_assumed: bool
    number: int
    figures: Figures
    facts: tuple[Fact, ...]
    facts_note: str
    sections: tuple[Section, ...]
    timescales: tuple[TimescaleGroup, ...]
    next_steps: tuple[NextStep, ...]
    glossary: tuple[Term, ...]
    earlier: EarlierInspection | None = None
    corrections: tuple[CorrectionNotice, ...] = ()
    kind: str = ""
    published_month_only: bool = False
    correction_in_draft: bool = False
    # Empty in documents older than them.
    recommendations_by_theme: tuple[Share, ...] = ()
    recommendations_by_timescale: tuple[Share, ...] = ()

    @property
    def published_words(self) -> str:
        """The day of publication, or its month where no more is known; "" where there is none yet."""
        if self.published_on is None:
            return ""
        return day_or_month(self.published_on, month_only=self.published_month_only)

    @property
    def publication_line(self) -> str:
        """The same as a line of its own; "" where it is not published yet."""
        if self.published_on is None:
            return ""
        return publication_line(self.published_on, month_only=self.published_month_only)

    @property
    def publication_doubt(self) -> str:
        """What is not known about that day; "" where it is known."""
        return publication_doubt(
            assumed=self.published_on_assumed, month_only=self.published_month_only
        )

    @property
    def is_draft(self) -> bool:
        return self.published_on is None or self.correction_in_draft

    @property
    def examples(self) -> dict[int, Example]:
        """Every case example of the report by its number, in order."""
        return {
            example.number: example for section in self.sections for example in section.examples
        }

    @property
    def recommendations(self) -> dict[int, Recommendation]:
        """Every recommendation of the report by its number, in order."""
        found = {r.number: r for section in self.sections for r in section.recommendations}
        return dict(sorted(found.items()))

    def section(self, kind: str) -> Section | None:
        """Return the one section of `kind`; None if the report goes without it."""
        return next((section for section in self.sections if section.kind == kind), None)

    def to_json(self) -> dict[str, Any]:
        """Return the document as plain JSON values, from which `from_json` makes an equal one."""
        return {"format": FORMAT, **plain(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the document that `to_json` described; ValueError if that was another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"a report of format {data.get('format')!r} cannot be read")
        return typing.cast(Self, _build(cls, {k: v for k, v in data.items() if k != "format"}))


def plain(value: Any) -> Any:
    """Return a part of a document as plain JSON values."""
    if dataclasses.is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _build(kind: Any, data: Any) -> Any:
    """Return `data` as a `kind`: a dataclass, a tuple of something, a date, or a plain value."""
    if isinstance(kind, types.UnionType):
        if data is None:
            return None
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast(Any, kind)(**{name: _build(hints[name], data[name]) for name in data})
    if typing.get_origin(kind) is tuple:
        return tuple(_build(typing.get_args(kind)[0], item) for item in data)
    if kind is dt.date:
        return dt.date.fromisoformat(data)
    return data
