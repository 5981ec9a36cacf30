"""What an audit holds, as one value that is read, compared, merged and written whole.

A draft takes nearly everything: a half-typed date stays as it was typed (`typed`), a finding may lack its theme. Only
what the database could not hold, or what belongs to another methodology, is refused. `missing` says what stands between
a draft and its submission.

Parts have names, by which problems, suspicions and differences refer to them: `grade`, `reason`, `answer-CODE`,
`note-CODE`, `finding-KEY`, `event-N`, `person-N` (from 0), `fact-CODE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from cases import durations
from cases.durations import gaps, waits
from cases.models import Answer, Audit, FindingKind
from inspections.methodology import Methodology
from inspections.models import Fact

__all__ = [
    "AGES",
    "SEXES",
    "YES_NO",
    "Contents",
    "NewFinding",
    "UnfitContent",
    "gaps",
    "letters",
    "waits",
]

REASON_LENGTH = 5000
FINDING_LENGTH = 10_000
NOTE_LENGTH = 2000
LINE_LENGTH = 200
KEY_PATTERN = r"^[A-Za-z0-9_-]{1,40}$"
KEY = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
MAX_FINDINGS, MAX_EVENTS, MAX_PEOPLE = 60, 60, 30
CHILD, SUSPECT = "child", "suspect"
KINDS_OF_PERSON = {CHILD: gettext_lazy("Child"), SUSPECT: gettext_lazy("Suspect")}
SEXES = {
    "female": gettext_lazy("Female"),
    "male": gettext_lazy("Male"),
    "other": gettext_lazy("Other"),
    "not_recorded": gettext_lazy("Not recorded"),
}
AGES = {CHILD: range(18), SUSPECT: range(121)}
YES_NO = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "not_recorded": gettext_lazy("Not recorded"),
}
BIGGEST_NUMBER = 1_000_000
TYPED = "typed"  # what was typed and makes no sense yet: kept in drafts, in the way of a submission


class UnfitContent(DomainError):
    """What was sent cannot be kept even in a draft; `fields` says what is wrong with which part."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(". ".join(fields.values()) + ".")
        self.fields = dict(fields)


class NewFinding(NamedTuple):
    """One finding as it is written: `key` stays with it; theme and kind may be empty in a draft."""

    key: str
    theme_code: str
    kind: str
    text: str
    indicators: Sequence[str] = ()


class GivenAnswer(NamedTuple):
    """The answer to one indicator (empty: none yet), and a note on it."""

    answer: str
    note: str = ""


@dataclass(frozen=True)
class Contents:
    """Everything that one audit says."""

    grade: str = ""  # its code
    reason: str = ""
    answers: Mapping[str, GivenAnswer] = field(default_factory=dict)
    findings: Sequence[NewFinding] = ()
    timeline: Sequence[Mapping[str, Any]] = ()
    people: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, audit: Audit, methodology: Methodology) -> Contents:
        """Read `audit`; its answers and findings cost a query each unless they were fetched before."""
        indicators = {each.pk: each.code for each in methodology.indicators}
        themes = {theme.pk: theme.code for theme in methodology.themes}
        grade = methodology.grade_by_pk(audit.grade_id)
        return cls(
            grade=grade.code if grade else "",
            reason=audit.reason,
            answers={
                indicators[row.indicator_id]: GivenAnswer(row.answer, row.note)
                for row in audit.answers.all()
            },
            findings=[
                NewFinding(
                    row.key,
                    themes[row.theme_id] if row.theme_id else "",
                    row.kind,
                    row.text,
                    tuple(row.indicators),
                )
                for row in audit.findings.all()
            ],
            timeline=audit.timeline,
            people=audit.people,
            facts=audit.facts,
        )

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every free text by the name of its part, for the check of personal data (rule 9)."""
        yield "reason", self.reason
        yield from ((f"note-{code}", given.note) for code, given in self.answers.items())
        yield from ((f"finding-{finding.key}", finding.text) for finding in self.findings)
        yield from (
            (f"event-{number}", str(event["what"])) for number, event in enumerate(self.timeline)
        )

    def missing(self, facts: Sequence[Fact]) -> dict[str, str]:
        """Return what has to be put right before this can be submitted: a sentence by the name of each part.

        `facts` are those of the case's area.
        """
        found = {}
        if not self.grade:
            found["grade"] = _("Select a grade")
        if not self.reason:
            found["reason"] = _("Enter the reason for the grade")
        for finding in self.findings:
            if problem := _unready_finding(finding):
                found[f"finding-{finding.key}"] = problem
        for number, event in enumerate(self.timeline):
            if problem := _unready_event(event):
                found[f"event-{number}"] = problem
        for number, person in enumerate(self.people):
            if problem := _unready_person(person):
                found[f"person-{number}"] = problem
        for fact in facts:
            value = self.facts.get(fact.code)
            if isinstance(value, dict):
                found[f"fact-{fact.code}"] = _("%(label)s must be a real date and time") % {
                    "label": fact.label
                } if "day" in value else _("%(label)s must be a whole number") % {"label": fact.label}  # fmt: skip
        return found


def _unready_finding(finding: NewFinding) -> str:
    if not finding.text:
        return _("Enter the finding")
    if not finding.theme_code:
        return _("Select the theme of this finding")
    if not finding.kind:
        return _("Select whether this finding is a strength, a weakness or a concern")
    return ""


def _unready_event(event: Mapping[str, Any]) -> str:
    if not event["what"]:
        return _("Enter what happened")
    if TYPED in event:
        return _("The date of this event must be a real date and time")
    if not event["on"]:
        return _("Enter the date of this event")
    return ""


def _unready_person(person: Mapping[str, Any]) -> str:
    ages = AGES[person["kind"]]
    if TYPED in person or (person["age"] is not None and person["age"] not in ages):
        return _("The age must be a whole number from 0 to %(most)d") % {"most": ages[-1]}
    return ""


# -- Parts as they are kept ---------------------------------------------------------------------------------------


def event_of(
    what: str, day: str, month: str, year: str, at: str, cause: str = ""
) -> dict[str, Any]:
    """Return an event of a timeline from what was typed: without a day the month is known, without a time the day."""
    event: dict[str, Any] = {"what": what, "on": "", "at": "", "precision": "", "cause": cause}
    when = _date_of(day, month, year)
    clock = clock_of(at)
    known = durations.read(when, clock) if when and clock is not None else None
    if known:
        return {**event, "on": when, "at": clock, "precision": known.precision}
    if any((day, month, year, at)):
        event[TYPED] = {"day": day, "month": month, "year": year, "time": at}
    return event


def moment_of(day: str, month: str, year: str, time: str) -> str | dict[str, str] | None:
    """Return the value of a fact that is a moment; what was typed if it is none; None if nothing was typed."""
    when, clock = _date_of(day, month, year), clock_of(time)
    if not any((day, month, year, time)):
        return None
    value = f"{when}T{clock}" if clock else when
    if clock is not None and durations.read_moment(value):
        return value
    return {"day": day, "month": month, "year": year, "time": time}


def person_of(kind: str, age: str, sex: str) -> dict[str, Any]:
    """Return a child or a suspect from what was typed."""
    person: dict[str, Any] = {"kind": kind, "age": None, "sex": sex or "not_recorded"}
    if re.fullmatch(r"\d{1,3}", age, re.ASCII):
        person["age"] = int(age)
    elif age:
        person[TYPED] = age
    return person


def number_of(typed: str) -> int | dict[str, str] | None:
    """Return the value of a fact that is a number; what was typed if it is none."""
    if not typed:
        return None
    if re.fullmatch(r"\d{1,7}", typed, re.ASCII) and int(typed) <= BIGGEST_NUMBER:
        return int(typed)
    return {"number": typed}


def typed_date(on: str) -> tuple[str, str, str]:
    """Return day, month and year of a date or a month as they are typed."""
    year, month, day = (*on.split("-"), "", "")[:3]
    return day.lstrip("0"), month.lstrip("0"), year


def _date_of(day: str, month: str, year: str) -> str:
    """Return “2026-03-09”, or “2026-03” without a day; empty if these are no numbers of the usual lengths."""
    parts = (day or "0", month, year)
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts) or len(year) != 4:
        return ""
    text = f"{year}-{int(month):02}"
    return f"{text}-{int(day):02}" if day else text


def clock_of(typed: str) -> str | None:
    """Return “14:32” of “14:32”, “14.32”, “1432” or “9:05”; empty if nothing was typed; None if it is no time."""
    if not typed:
        return ""
    match = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})", typed, re.ASCII)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return f"{int(match[1]):02}:{match[2]}"


def letters(people: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what each of `people` is called: “Child A”, “Suspect A”, “Child B”, in their order."""
    counts = {CHILD: 0, SUSPECT: 0}
    names = []
    for person in people:
        kind = person["kind"]
        names.append(f"{KINDS_OF_PERSON[kind]} {_letter(counts[kind])}")
        counts[kind] += 1
    return names


def _letter(number: int) -> str:
    """Return A to Z, then AA, AB …"""
    tail = chr(ord("A") + number % 26)
    return tail if number < 26 else _letter(number // 26 - 1) + tail


# -- What no draft may hold ----------------------------------------------------------------------------------------


def check_fit(contents: Contents, methodology: Methodology, area_id: int) -> None:
    """Raise UnfitContent for what cannot be kept: too long, too many, or of another methodology or area (rule 1)."""
    problems = dict(_unfit(contents, methodology, area_id))
    if problems:
        raise UnfitContent(problems)


def _unfit(contents: Contents, methodology: Methodology, area_id: int) -> Iterator[tuple[str, str]]:
    if len(contents.reason) > REASON_LENGTH:
        yield "reason", _too_long(_("Reason for the grade"), REASON_LENGTH)
    codes = {indicator.code for indicator in methodology.indicators_of(area_id)}
    for code, given in contents.answers.items():
        if code not in codes:
            yield f"answer-{code}", _("This area has no indicator “%(code)s”") % {"code": code}
        if given.answer and given.answer not in Answer.values:
            yield f"answer-{code}", _("Select one of the answers")
        if len(given.note) > NOTE_LENGTH:
            yield f"note-{code}", _too_long(_("Note"), NOTE_LENGTH)
    yield from _unfit_findings(contents.findings, methodology, codes)
    yield from _unfit_events(contents.timeline, methodology)
    yield from _unfit_people(contents.people)
    yield from _unfit_facts(contents.facts, methodology.facts_of(area_id))


def _unfit_findings(
    findings: Sequence[NewFinding], methodology: Methodology, codes: set[str]
) -> Iterator[tuple[str, str]]:
    if len(findings) > MAX_FINDINGS:
        yield "findings", _("An audit has at most %(most)d findings") % {"most": MAX_FINDINGS}
    seen: set[str] = set()
    for finding in findings:
        name = f"finding-{finding.key}"
        if not KEY.fullmatch(finding.key) or finding.key in seen:
            yield name, _("Each finding needs a key of its own")
        seen.add(finding.key)
        if finding.theme_code and methodology.theme(finding.theme_code) is None:
            yield name, _("The framework has no theme with this code")
        if finding.kind and finding.kind not in FindingKind.values:
            yield name, _("Select strength, weakness or concern")
        if not codes.issuperset(finding.indicators):
            yield name, _("Select indicators of this area")
        if len(finding.text) > FINDING_LENGTH:
            yield name, _too_long(_("Finding"), FINDING_LENGTH)


def _unfit_events(
    timeline: Sequence[Mapping[str, Any]], methodology: Methodology
) -> Iterator[tuple[str, str]]:
    if len(timeline) > MAX_EVENTS:
        yield "timeline", _("A timeline has at most %(most)d events") % {"most": MAX_EVENTS}
    causes = {cause.code for cause in methodology.delay_causes}
    for number, event in enumerate(timeline):
        if len(event["what"]) > LINE_LENGTH:
            yield f"event-{number}", _too_long(_("What happened"), LINE_LENGTH)
        if event["cause"] and event["cause"] not in causes:
            yield f"event-{number}", _("Select a cause from the list")
        if any(len(part) > LINE_LENGTH for part in event.get(TYPED, {}).values()):
            yield f"event-{number}", _("The date of this event must be a real date and time")


def _unfit_people(people: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    if len(people) > MAX_PEOPLE:
        yield "people", _("An audit has at most %(most)d children and suspects") % {"most": MAX_PEOPLE}  # fmt: skip
    for number, person in enumerate(people):
        if person["kind"] not in KINDS_OF_PERSON:
            yield f"person-{number}", _("Select child or suspect")
        if person["sex"] not in SEXES:
            yield f"person-{number}", _("Select the sex from the list")
        if len(person.get(TYPED, "")) > LINE_LENGTH:
            yield f"person-{number}", _("The age must be a whole number")


def _unfit_facts(facts: Mapping[str, Any], of_area: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    known = {fact.code: fact for fact in of_area}
    for code, value in facts.items():
        fact = known.get(code)
        if fact is None:
            yield f"fact-{code}", _("This area has no fact “%(code)s”") % {"code": code}
        elif not _fits(fact, value):
            yield f"fact-{code}", _("%(label)s: select or enter what it can be") % {"label": fact.label}  # fmt: skip


def _fits(fact: Fact, value: Any) -> bool:
    """Whether a draft may hold `value` for `fact`."""
    if isinstance(value, dict):
        parts = {"moment": {"day", "month", "year", "time"}, "number": {"number"}}.get(fact.kind)
        return value.keys() == parts and all(
            isinstance(part, str) and len(part) <= LINE_LENGTH for part in value.values()
        )
    if fact.kind == "moment":
        return durations.read_moment(value) is not None
    if fact.kind == "number":
        return type(value) is int and 0 <= value <= BIGGEST_NUMBER
    return isinstance(value, str) and value in (YES_NO if fact.kind == "yes_no" else fact.options)


def _too_long(label: str, limit: int) -> str:
    return _("%(label)s must be %(limit)d characters or fewer") % {"label": label, "limit": limit}


# -- Two versions of one audit -------------------------------------------------------------------------------------


def units(contents: Contents) -> dict[str, Any]:
    """Return what can be chosen one by one between two versions: lists of events and people go as a whole."""
    found: dict[str, Any] = {"grade": contents.grade, "reason": plain(contents.reason)}
    for code, given in contents.answers.items():
        found[f"answer-{code}"] = given.answer
        found[f"note-{code}"] = plain(given.note)
    for each in contents.findings:
        found[f"finding-{each.key}"] = each._replace(
            text=plain(each.text), indicators=tuple(each.indicators)
        )
    found["timeline"], found["people"] = list(contents.timeline), list(contents.people)
    found.update({f"fact-{code}": value for code, value in contents.facts.items()})
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def differing(theirs: Contents, mine: Contents) -> list[str]:
    """Return the names of the units in which both differ, in the order of the page."""
    ours, others = units(mine), units(theirs)
    return [name for name in {**others, **ours} if ours.get(name) != others.get(name)]


def merged(theirs: Contents, mine: Contents, take_theirs: set[str]) -> Contents:
    """Return `mine` with what `take_theirs` names (see `units`) as it is in `theirs`."""
    answers = {}
    for code in {**theirs.answers, **mine.answers}:
        given = mine.answers.get(code, GivenAnswer(""))
        other = theirs.answers.get(code, GivenAnswer(""))
        answers[code] = GivenAnswer(
            other.answer if f"answer-{code}" in take_theirs else given.answer,
            other.note if f"note-{code}" in take_theirs else given.note,
        )
    return replace(
        mine,
        grade=theirs.grade if "grade" in take_theirs else mine.grade,
        reason=theirs.reason if "reason" in take_theirs else mine.reason,
        answers=answers,
        findings=_merged_findings(theirs.findings, mine.findings, take_theirs),
        timeline=theirs.timeline if "timeline" in take_theirs else mine.timeline,
        people=theirs.people if "people" in take_theirs else mine.people,
        facts={
            code: value
            for code in {**theirs.facts, **mine.facts}
            if (value := (theirs if f"fact-{code}" in take_theirs else mine).facts.get(code))
            is not None
        },
    )


def _merged_findings(
    theirs: Sequence[NewFinding], mine: Sequence[NewFinding], take_theirs: set[str]
) -> list[NewFinding]:
    """A finding that only they have comes in if it is taken, one that only I have goes if theirs (none) is taken."""
    others = {finding.key: finding for finding in theirs}
    own = {finding.key for finding in mine}
    found = []
    for finding in mine:
        if f"finding-{finding.key}" not in take_theirs:
            found.append(finding)
        elif finding.key in others:
            found.append(others[finding.key])
    found += [
        finding
        for finding in theirs
        if finding.key not in own and f"finding-{finding.key}" in take_theirs
    ]
    return found


def plain(text: str) -> str:
    """Return `text` as it is saved: browsers send line ends as two characters."""
    return text.replace("\r\n", "\n").strip()
