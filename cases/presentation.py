"""How cases and audits look on pages: words and colours of states, and both audits of a case side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from cases import content
from cases.content import Contents, gaps, waits
from cases.durations import in_order, read_moment
from cases.list_filter import STATES
from cases.models import Answer, Audit, AuditStatus, CaseFile, FindingKind, Reading
from inspections import methodology
from inspections.methodology import Methodology
from inspections.models import Fact, FactKind, Grade, Side

STATE_COLOURS = {
    "not_graded": "grey",
    "draft": "yellow",
    "submitted": "green",
    "moderated": "blue",
    "excluded": "purple",
}


def state_tag(case: CaseFile, audit: Audit | None) -> dict[str, str]:
    """Return the words and colour of the state that the list can be filtered by, for one side's `audit`."""
    state = audit.status if audit else "not_graded"
    if case.excluded_at:
        state = "excluded"
    return {"text": str(dict(STATES)[state]), "colour": STATE_COLOURS[state]}


def side_name(side: str) -> str:
    """Return the heading of what one side says."""
    return _("Force") if side == Side.FORCE else _("Inspectorate")


def heading(audit: Audit) -> str:
    """Return whose audit it is, as the heading of a column: of a further reading also the reader."""
    if audit.reading == Reading.MAIN:
        return side_name(audit.side)
    return _("%(reading)s by %(name)s") % {
        "reading": audit.get_reading_display(),
        "name": audit.reader.name if audit.reader else "–",
    }


class Compared(NamedTuple):
    """One part of several audits: what each says, aligned with the columns."""

    label: str
    texts: list[str]
    grades: list[Grade | None] | None = None
    differs: bool = False


def comparison(audits: list[Audit]) -> list[Compared]:
    """Return the parts of `audits` of one case (a column each, with answers and findings loaded) row by row.

    Differing grades and answers are marked; what nobody wrote on is left out.
    """
    if not audits:
        return []
    case = audits[0].case
    parts = methodology.of(case.inspection.framework)
    grades = [audit.grade for audit in audits]
    rows = [
        Compared(_("Grade"), [], grades, differs=len({audit.grade_id for audit in audits}) > 1),
        Compared(_("Reason"), [audit.reason for audit in audits]),
    ]
    if any(audit.status == AuditStatus.MODERATED for audit in audits):
        final = [parts.grade_by_pk(audit.final_grade_id) for audit in audits]
        rows.append(Compared(_("Final grade"), [], final))
        rows.append(Compared(_("Why this is final"), [audit.moderation_reason for audit in audits]))
    columns = [described(Contents.of(audit, parts), parts, case.area_id) for audit in audits]
    return rows + _answers(columns, parts, case) + _written(columns, audits, parts, case)


def _answers(columns: list[Described], parts: Methodology, case: CaseFile) -> list[Compared]:
    rows = []
    for indicator in parts.indicators_of(case.area_id):
        answers = [column.get(f"answer-{indicator.code}", "") for column in columns]
        notes = [column.get(f"note-{indicator.code}", "") for column in columns]
        texts = ["\n".join(filter(None, pair)) for pair in zip(answers, notes, strict=True)]
        if any(texts):
            given = {answer for answer in answers if answer}
            rows.append(Compared(indicator.text, texts, differs=len(given) > 1))
    return rows


def _written(
    columns: list[Described], audits: list[Audit], parts: Methodology, case: CaseFile
) -> list[Compared]:
    """Return findings under their themes, then timeline, people, facts and waits."""
    rows: list[tuple[str, list[str]]] = []
    themes = {theme.pk: theme.label for theme in parts.themes}
    for theme_id, label in [*themes.items(), (None, _("Findings without a theme"))]:
        texts = [
            "\n\n".join(
                finding_in_words(each.kind, each.text, each.indicators, parts)
                for each in audit.findings.all()
                if each.theme_id == theme_id
            )
            for audit in audits
        ]
        rows.append((str(label), texts))
    for name, label in (("timeline", _("Timeline")), ("people", _("Children and suspects"))):
        rows.append((label, [column.get(name, "") for column in columns]))
    rows.append((_("Gaps"), [gaps_in_words(audit.timeline, parts) for audit in audits]))
    for fact in parts.facts_of(case.area_id):
        rows.append((fact.label, [column.get(f"fact-{fact.code}", "") for column in columns]))
    of_area = parts.waits_of(case.area_id)
    for number, wait in enumerate(of_area):
        took = [waits(audit.facts, of_area)[number].took for audit in audits]
        rows.append((wait.label, [duration.text if duration else "" for duration in took]))
    return [Compared(label, texts) for label, texts in rows if any(texts)]


# -- An audit in words ---------------------------------------------------------------------------------------------

Described = dict[str, str]


def described(contents: Contents, parts: Methodology, area_id: int) -> Described:
    """Return each unit of `contents` (see `content.units`) as people read it, empty ones left out."""
    grade = parts.grade(contents.grade)
    answers = dict(Answer.choices)
    found = {"grade": grade.label if grade else "", "reason": content.plain(contents.reason)}
    for code, given in contents.answers.items():
        found[f"answer-{code}"] = str(answers.get(given.answer, ""))
        found[f"note-{code}"] = content.plain(given.note)
    for finding in contents.findings:
        theme = parts.theme(finding.theme_code)
        words = finding_in_words(finding.kind, finding.text, finding.indicators, parts)
        found[f"finding-{finding.key}"] = f"{theme.label}\n{words}" if theme else words
    found["timeline"] = timeline_in_words(contents.timeline, parts)
    found["people"] = people_in_words(contents.people)
    for fact in parts.facts_of(area_id):
        found[f"fact-{fact.code}"] = fact_in_words(fact, contents.facts.get(fact.code))
    return {name: text for name, text in found.items() if text}


def finding_in_words(kind: str, text: str, indicators: Sequence[str], parts: Methodology) -> str:
    """“Weakness: nobody saw the child alone. (Indicators 2, 3)”."""
    words = content.plain(text)
    if kind:
        words = f"{dict(FindingKind.choices)[kind]}: {words}"
    if indicators:
        places = _places(parts)
        numbers = sorted(places[code] for code in indicators if code in places)
        words += "\n" + _("Indicators: %(numbers)s") % {"numbers": ", ".join(map(str, numbers))}
    return words


def _places(parts: Methodology) -> dict[str, int]:
    """Return the number that each indicator has within its area, from 1."""
    counts: dict[int, int] = {}
    places = {}
    for indicator in parts.indicators:
        counts[indicator.area_id] = counts.get(indicator.area_id, 0) + 1
        places[indicator.code] = counts[indicator.area_id]
    return places


def timeline_in_words(timeline: Sequence[Mapping[str, Any]], parts: Methodology) -> str:
    """Return a line for each event, earliest first: “3 March 2026, 14:32: First visit (cause of delay: …)”."""
    causes = {cause.code: cause.label for cause in parts.delay_causes}
    lines = []
    for event, when in in_order(timeline):
        line = f"{when or _typed(event) or _('No date')}: {event['what']}"
        if event.get("cause"):
            line += (
                f" ({_('cause of delay: %(cause)s') % {'cause': causes.get(event['cause'], '')}})"
            )
        lines.append(line)
    return "\n".join(lines)


def gaps_in_words(timeline: Sequence[Mapping[str, Any]], parts: Methodology) -> str:
    """Return a line for each gap: “Report to first visit: 6 days. Cause of delay: …”."""
    causes = {cause.code: cause.label for cause in parts.delay_causes}
    lines = []
    for gap in gaps(timeline):
        line = str(gap)
        if gap.cause in causes:
            line += ". " + _("Cause of delay: %(cause)s") % {"cause": causes[gap.cause]}
        lines.append(line)
    return "\n".join(lines)


def people_in_words(people: Sequence[Mapping[str, Any]]) -> str:
    """Return a line for each: “Child A: 7, female”."""
    lines = []
    for name, person in zip(content.letters(people), people, strict=True):
        age = person["age"] if person["age"] is not None else person.get(content.TYPED)
        known = [str(age) if age is not None else _("age not recorded")]
        known.append(_in_sentence(content.SEXES[person["sex"]]))
        if person["sex"] == "not_recorded":
            known[1] = _("sex not recorded")
        lines.append(f"{name}: {', '.join(known)}")
    return "\n".join(lines)


def fact_in_words(fact: Fact, value: Any) -> str:
    """Return the value of a fact as people read it; empty if there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return " ".join(part for part in value.values() if part)
    if fact.kind == FactKind.MOMENT:
        return str(read_moment(value) or value)
    if fact.kind == FactKind.YES_NO:
        return str(content.YES_NO[value])
    return str(value)


def _typed(event: Mapping[str, Any]) -> str:
    return " ".join(part for part in event.get(content.TYPED, {}).values() if part)


def _in_sentence(words: Any) -> str:
    text = str(words)
    return text[:1].lower() + text[1:]


# -- Two versions of one audit -------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """One unit in which two versions differ: theirs as it is saved, mine as it was typed, both in words."""

    name: str
    label: str
    theirs: str
    mine: str

    @property
    def likely(self) -> str:
        """The only one that says anything, if that is so."""
        if self.theirs and self.mine:
            return ""
        return "theirs" if self.theirs else "mine"


def differences(
    theirs: Contents, mine: Contents, parts: Methodology, area_id: int
) -> list[Difference]:
    """Return what differs between two versions of one audit, in the order of the page."""
    old, new = described(theirs, parts, area_id), described(mine, parts, area_id)
    labels = _labels(parts, area_id)
    return [
        Difference(
            name,
            labels.get(name) or _("Finding"),
            old.get(name, ""),
            new.get(name, ""),
        )
        for name in content.differing(theirs, mine)
    ]


def _labels(parts: Methodology, area_id: int) -> dict[str, str]:
    labels = {
        "grade": _("Grade"),
        "reason": _("Reason for the grade"),
        "timeline": _("Timeline"),
        "people": _("Children and suspects"),
    }
    for indicator in parts.indicators_of(area_id):
        labels[f"answer-{indicator.code}"] = indicator.text
        labels[f"note-{indicator.code}"] = _("Note on: %(what)s") % {"what": indicator.text}
    labels |= {f"fact-{fact.code}": fact.label for fact in parts.facts_of(area_id)}
    return labels


def is_submitted(audit: Audit | None) -> bool:
    return audit is not None and audit.is_submitted
