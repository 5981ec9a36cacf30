"""The page's form of an audit: rows of findings, events and people around grade and reason, with or without scripts.

Rows are numbered in their fields' names (`finding-3-text`). A row in which nothing is typed counts for nothing; one
with its “Remove” ticked goes. The values of rows are what was typed: `contents` is what is to be saved of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import TextRefused
from cases import content, durations
from cases.content import AGES, TYPED, Contents, GivenAnswer, NewFinding
from cases.forms import BIGGEST_VERSION
from cases.models import Answer, CaseFile, FindingKind
from cases.models.content import new_key
from cases.personal_data import Suspicion, suspicions
from config.forms import ErrorLink, error_links
from inspections.free_text import FreeTextForm, excerpts
from inspections.methodology import Methodology
from inspections.models import Fact, FactKind, Grade, Indicator

ADDING = {"add_finding": "finding", "add_event": "event", "add_person": "person"}
NUMBER = "__n__"
_ROW = re.compile(r"(finding|event|person)-(\d{1,3})-", re.ASCII)


@dataclass
class AnswerRow:
    number: int | str
    indicator: Indicator
    answer: str = ""
    note: str = ""

    @property
    def code(self) -> str:
        return self.indicator.code


@dataclass
class FindingRow:
    number: int | str
    key: str
    theme: str = ""
    kind: str = ""
    text: str = ""
    indicators: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not (self.theme or self.kind or self.text.strip() or self.indicators)


@dataclass
class EventRow:
    number: int | str
    what: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    at: str = ""
    cause: str = ""

    @property
    def is_blank(self) -> bool:
        return not any((self.what, self.day, self.month, self.year, self.at, self.cause))


@dataclass
class PersonRow:
    number: int | str
    kind: str = content.CHILD
    age: str = ""
    sex: str = ""
    letter: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.age or self.sex)


@dataclass
class FactRow:
    number: int | str
    fact: Fact
    value: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""

    @property
    def name(self) -> str:
        return f"fact-{self.fact.code}"


class AuditForm(FreeTextForm):
    """One side's audit of a case. A draft may lack anything; what a submission lacks, the verb says."""

    version = forms.IntegerField(
        min_value=0, max_value=BIGGEST_VERSION, widget=forms.HiddenInput, initial=0
    )
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason for the grade"),
        required=False,
        max_length=content.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(
        self,
        case: CaseFile,
        parts: Methodology,
        data: QueryDict | None = None,
        *,
        contents: Contents | None = None,
        version: int = 0,
    ) -> None:
        """Show `contents` at `version`, or take up what was sent as `data`."""
        saved = contents or Contents()
        initial = {"version": version, "grade": saved.grade, "reason": saved.reason}
        super().__init__(data, initial=initial)
        self.case, self.parts = case, parts
        grade = self.fields["grade"]
        grade.choices = [(g.code, g.label) for g in parts.grades]  # type: ignore[attr-defined]
        grade.choice_hints = {g.code: g.description for g in parts.grades}  # type: ignore[attr-defined]
        self.row_errors: dict[str, list[str]] = {}  # by field name
        self.warnings: dict[str, list[Suspicion]] = {}  # by field name
        self.answers: list[AnswerRow] = []
        self.findings: list[FindingRow] = []
        self.events: list[EventRow] = []
        self.people: list[PersonRow] = []
        self.facts: list[FactRow] = []
        if data is None:
            self._show(saved)
        else:
            self._take(data)

    # -- Rows from what is saved ---------------------------------------------------------------------------------

    def _show(self, saved: Contents) -> None:
        for number, indicator in enumerate(self._indicators, start=1):
            given = saved.answers.get(indicator.code, GivenAnswer(""))
            self.answers.append(AnswerRow(number, indicator, given.answer, given.note))
        for number, each in enumerate(saved.findings):
            self.findings.append(
                FindingRow(
                    number, each.key, each.theme_code, each.kind, each.text, list(each.indicators)
                )
            )
        for number, (event, _when) in enumerate(durations.in_order(saved.timeline)):
            self.events.append(_event_row(number, event))
        for number, person in enumerate(saved.people):
            age = "" if person["age"] is None else str(person["age"])
            self.people.append(
                PersonRow(number, person["kind"], person.get(TYPED, age), person["sex"])
            )
        self.facts = [
            _fact_row(number, fact, saved.facts.get(fact.code))
            for number, fact in enumerate(self._facts)
        ]
        for what in ADDING.values():
            self.add_row(what)

    def add_row(self, what: str) -> None:
        """Add an empty row of “finding”, “event” or “person”."""
        lists: dict[str, Any] = {
            "finding": self.findings,
            "event": self.events,
            "person": self.people,
        }
        rows = lists[what]
        number = max((row.number for row in rows), default=-1) + 1
        if what == "finding":
            rows.append(FindingRow(number, new_key()))
        else:
            rows.append({"event": EventRow, "person": PersonRow}[what](number))
        self._name_people()

    # -- Rows from what was sent ---------------------------------------------------------------------------------

    def _take(self, data: QueryDict) -> None:
        for number, indicator in enumerate(self._indicators, start=1):
            code = indicator.code
            answer, note = data.get(f"answer-{code}", ""), data.get(f"note-{code}", "")
            self.answers.append(AnswerRow(number, indicator, answer, note))
        for what, number in sorted(
            {(m[1], int(m[2])) for name in data if (m := _ROW.match(name))}, key=lambda row: row[1]
        ):
            if not data.get(f"{what}-{number}-remove"):
                getattr(self, f"_take_{what}")(data, number, f"{what}-{number}-")
        for number, fact in enumerate(self._facts):
            name = f"fact-{fact.code}"
            parts = {
                part: data.get(f"{name}-{part}", "").strip()
                for part in ("day", "month", "year", "time")
            }
            self.facts.append(FactRow(number, fact, data.get(name, "").strip(), **parts))
        self._name_people()

    def _take_finding(self, data: QueryDict, number: int, prefix: str) -> None:
        key = data.get(f"{prefix}key", "") or new_key()
        theme, kind, text = (data.get(f"{prefix}{part}", "") for part in ("theme", "kind", "text"))
        chosen = data.getlist(f"{prefix}indicators")
        self.findings.append(FindingRow(number, key, theme, kind, text, chosen))

    def _take_event(self, data: QueryDict, number: int, prefix: str) -> None:
        parts = ("what", "on-day", "on-month", "on-year", "at", "cause")
        values = [data.get(f"{prefix}{part}", "").strip() for part in parts]
        self.events.append(EventRow(number, *values))

    def _take_person(self, data: QueryDict, number: int, prefix: str) -> None:
        kind = data.get(f"{prefix}kind", "") or content.CHILD
        age, sex = data.get(f"{prefix}age", "").strip(), data.get(f"{prefix}sex", "")
        self.people.append(PersonRow(number, kind, age, sex))

    # -- What is to be saved -------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Refuse only what no draft may hold."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.data:
            for value in self.data.getlist(name) if isinstance(self.data, QueryDict) else []:
                if "\0" in value and name not in self.fields:
                    self.row_errors[name] = [_("Null characters are not allowed")]
        try:
            content.check_fit(self.contents, self.parts, self.case.area_id)
        except content.UnfitContent as unfit:
            self.show_problems({name: [text] for name, text in unfit.fields.items() if name != "reason"})  # fmt: skip
        return cleaned

    def is_valid(self) -> bool:
        return super().is_valid() and not self.row_errors

    @property
    def contents(self) -> Contents:
        """What the rows say, without those in which nothing is typed."""
        cleaned = self.cleaned_data if self.is_bound else self.initial
        return Contents(
            grade=cleaned.get("grade", ""),
            reason=content.plain(cleaned.get("reason", "")),
            answers={row.code: GivenAnswer(row.answer, row.note) for row in self.answers},
            findings=[
                NewFinding(row.key, row.theme, row.kind, content.plain(row.text), tuple(row.indicators))
                for row in self.written_findings
            ],
            timeline=[
                content.event_of(row.what, row.day, row.month, row.year, row.at, row.cause)
                for row in self.written_events
            ],
            people=[
                content.person_of(row.kind, row.age, row.sex) for row in self.written_people
            ],
            facts={row.fact.code: value for row in self.facts if (value := _value(row)) is not None},
        )  # fmt: skip

    @property
    def written_findings(self) -> list[FindingRow]:
        return [row for row in self.findings if not row.is_blank]

    @property
    def written_events(self) -> list[EventRow]:
        return [row for row in self.events if not row.is_blank]

    @property
    def written_people(self) -> list[PersonRow]:
        return [row for row in self.people if not row.is_blank]

    # -- What is wrong -------------------------------------------------------------------------------------------

    def show_problems(self, problems: Mapping[str, list[str]]) -> None:
        """Show sentences at the fields of the parts that `problems` names as `cases.content` does."""
        for name, sentences in problems.items():
            target = self.field_of(name)
            if target in self.fields:
                for sentence in sentences:
                    self.add_error(target, sentence)
            else:
                self.row_errors.setdefault(target, []).extend(sentences)

    def object_to(self, refused: TextRefused) -> None:
        """Show at each text what in it looks like personal data, and ask why it is none."""
        self.show_own_fields(True)
        self.put("confirmed_words", json.dumps(sorted(self._fragments())))
        for name, those in refused.fields.items():
            target = self.text_field_of(name)
            if target in self.fields:
                self.add_error(target, refused.about(name))
            else:
                self.row_errors.setdefault(target, []).append(refused.about(name))
            self.excerpts[target] = excerpts(refused.texts.get(name, ""), those)

    def put(self, name: str, value: str) -> None:
        """Change what a field shows from what was sent."""
        changed: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        changed[name] = value
        self.data = changed

    def warn(self, found: Mapping[str, list[Suspicion]]) -> None:
        """Show at each text what in it looks like personal data, without objecting."""
        texts = dict(self.contents.texts())
        for name, those in found.items():
            target = self.text_field_of(name)
            self.warnings[target] = those
            self.excerpts[target] = excerpts(texts.get(name, ""), those)

    def _fragments(self) -> set[str]:
        texts = [text for _name, text in self.contents.texts()]
        return {each.found for text in texts for each in suspicions(text)}

    def field_of(self, name: str) -> str:
        """Return the name of the field that stands for the part `name`."""
        kind, _dash, which = name.partition("-")
        if kind == "finding":
            row = next((row for row in self.findings if row.key == which), None)
            return f"finding-{row.number}-{_faulty_part(row)}" if row else "findings"
        if kind == "event" and which.isdecimal():
            event = self.written_events[int(which)]
            return f"event-{event.number}-{'on-day' if event.what else 'what'}"
        if kind == "person" and which.isdecimal():
            return f"person-{self.written_people[int(which)].number}-age"
        if kind == "fact":
            fact = next((row for row in self.facts if row.fact.code == which), None)
            if fact and fact.fact.kind == FactKind.MOMENT:
                return f"{name}-day"
        return {"personal_data_reason": "confirmed_reason"}.get(name, name)

    def text_field_of(self, name: str) -> str:
        """Return the name of the field that holds the text of the part `name`."""
        kind, _dash, which = name.partition("-")
        if kind == "finding":
            return self.field_of(name).rpartition("-")[0] + "-text"
        if kind == "event" and which.isdecimal():
            return f"event-{self.written_events[int(which)].number}-what"
        return self.field_of(name)

    def errors_at(self, name: str) -> list[str]:
        """Return the errors of a field by its name, for the template."""
        return self.row_errors.get(name, [])

    @property
    def all_errors(self) -> dict[str, list[str]]:
        """The errors of all fields by name."""
        ours = {name: [str(each) for each in errors] for name, errors in self.errors.items()}
        return {**ours, **self.row_errors}

    @property
    def error_links(self) -> list[ErrorLink]:
        """The error summary: grade and reason stand last on a phone, but first in importance."""
        links = error_links(self) if self.is_bound else []
        for name, sentences in self.row_errors.items():
            links += [{"text": sentence, "href": f"#{name}"} for sentence in sentences]
        return links

    # -- For the template ----------------------------------------------------------------------------------------

    @property
    def grades(self) -> Iterable[Grade]:
        return self.parts.grades

    @property
    def answer_choices(self) -> list[tuple[str, Any]]:
        return list(Answer.choices)

    @property
    def kind_choices(self) -> list[tuple[str, Any]]:
        return list(FindingKind.choices)

    @property
    def theme_choices(self) -> list[tuple[str, str]]:
        return [(theme.code, theme.label) for theme in self.parts.themes]

    @property
    def cause_choices(self) -> list[tuple[str, str]]:
        return [(cause.code, cause.label) for cause in self.parts.delay_causes]

    @property
    def gaps(self) -> list[durations.Gap]:
        return content.gaps(self.contents.timeline)

    @property
    def waits(self) -> list[durations.Waited]:
        """The waits that both moments are known of."""
        of_area = self.parts.waits_of(self.case.area_id)
        return [each for each in content.waits(self.contents.facts, of_area) if each.took]

    @staticmethod
    def blank(what: str) -> FindingRow | EventRow | PersonRow:
        """Return an empty row whose number a script fills in."""
        if what == "finding":
            return FindingRow(NUMBER, "")
        return {"event": EventRow, "person": PersonRow}[what](NUMBER)

    @property
    def sexes(self) -> Iterable[tuple[str, Any]]:
        return content.SEXES.items()

    @property
    def kinds_of_person(self) -> Iterable[tuple[str, Any]]:
        return content.KINDS_OF_PERSON.items()

    @property
    def yes_no(self) -> Iterable[tuple[str, Any]]:
        return content.YES_NO.items()

    @property
    def _indicators(self) -> list[Indicator]:
        return self.parts.indicators_of(self.case.area_id)

    @property
    def _facts(self) -> list[Fact]:
        return self.parts.facts_of(self.case.area_id)

    def _name_people(self) -> None:
        known = [row for row in self.people if row.kind in AGES]
        names = content.letters([{"kind": row.kind} for row in known])
        for row, name in zip(known, names, strict=True):
            row.letter = name


def _faulty_part(row: FindingRow) -> str:
    if not row.text.strip() or (row.theme and row.kind):
        return "text"
    return "kind" if row.theme else "theme"


def _event_row(number: int, event: Mapping[str, Any]) -> EventRow:
    typed = event.get(TYPED)
    if typed:
        day, month, year, at = (typed[part] for part in ("day", "month", "year", "time"))
    else:
        (day, month, year), at = content.typed_date(event["on"]), event["at"]
    return EventRow(number, event["what"], day, month, year, at, event["cause"])


def _fact_row(number: int, fact: Fact, value: Any) -> FactRow:
    row = FactRow(number, fact)
    if fact.kind != FactKind.MOMENT:
        typed = value["number"] if isinstance(value, dict) else value
        row.value = "" if typed is None else str(typed)
    elif isinstance(value, dict):
        row.day, row.month, row.year, row.time = (
            value[part] for part in ("day", "month", "year", "time")
        )
    elif value:
        on, _separator, row.time = value.partition("T")
        row.day, row.month, row.year = content.typed_date(on)
    return row


def _value(row: FactRow) -> Any:
    if row.fact.kind == FactKind.MOMENT:
        return content.moment_of(row.day, row.month, row.year, row.time)
    if row.fact.kind == FactKind.NUMBER:
        return content.number_of(row.value)
    return row.value or None
