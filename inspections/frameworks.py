"""Frameworks as files: read, checked as a whole, and loaded beside the versions that are there already.

docs/frameworks.md tells people how to write one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from inspections import framework_outlines, framework_wording
from inspections.framework_files import (
    Checker,
    Choice,
    Code,
    Entry,
    ListOf,
    Problem,
    Record,
    Text,
    Unreadable,
    Whole,
    read_tree,
)
from inspections.models import (
    Area,
    ColourRole,
    DelayCause,
    EventType,
    Fact,
    FactKind,
    FollowUpKind,
    FollowUpRule,
    Framework,
    GlossaryTerm,
    Grade,
    Indicator,
    Inspection,
    InspectionKind,
    Party,
    Theme,
    Timescale,
    TimeUnit,
    Wait,
)

LONGEST = 1200  # of any timescale, in its unit
ADDED_FIELDS = {
    *("facts", "waits", "options", "event_types", "delay_causes", "urgent_referral"),
    *("factual_accuracy", "kind", "outlines", "house_style", "names"),
}
DATED_UNITS = [unit.value for unit in TimeUnit if unit != TimeUnit.NONE]

INDICATOR = Record({"code": Code(), "text": Text()})
FACT = Record(
    {"code": Code(), "label": Text(200), "kind": Choice(FactKind.values)},
    {"options": (ListOf(Text(200)), [])},
)
WAIT = Record({"code": Code(), "label": Text(200), "from": Code(), "to": Code()})
LISTED = ListOf(Record({"code": Code(), "label": Text(200)}))
DEFINITION = Record(
    {
        "code": Code(),
        "version": Text(20),
        "title": Text(200),
        "kinds": ListOf(Choice(InspectionKind.values), least=1),
        "grades": ListOf(
            Record(
                {
                    "code": Code(),
                    "label": Text(200),
                    "letter": Text(3),
                    "rank": Whole(100, least=1),
                    "colour_role": Choice(ColourRole.values),
                },
                {"description": (Text(), "")},
            ),
            least=2,
        ),
        "areas": ListOf(
            Record(
                {"code": Code(), "label": Text(200)},
                {
                    "sample_quota": (Whole(1000), 0),
                    "indicators": (ListOf(INDICATOR), []),
                    "facts": (ListOf(FACT), []),
                    "waits": (ListOf(WAIT), []),
                },
            ),
            least=1,
        ),
        "themes": ListOf(Record({"code": Code(), "label": Text(200)}), least=1),
        "timescales": ListOf(
            Record(
                {"code": Code(), "label": Text(200), "unit": Choice(TimeUnit.values)},
                {"amount": (Whole(LONGEST), None)},
            ),
            least=1,
        ),
    },
    {
        "follow_up": (
            ListOf(
                Record(
                    {
                        "code": Code(),
                        "label": Text(200),
                        "who": Choice(Party.values),
                        "unit": Choice(DATED_UNITS),
                        "amount": Whole(LONGEST),
                    },
                    {
                        "kind": (Choice(FollowUpKind.values), ""),
                        "timescales": (ListOf(Text(50)), []),
                    },
                )
            ),
            [],
        ),
        "glossary": (ListOf(Record({"term": Text(200), "definition": Text()})), []),
        "outlines": (framework_outlines.SHAPE, []),
        "house_style": (framework_wording.HOUSE_STYLE, []),
        "names": (framework_wording.NAMES, []),
        "event_types": (LISTED, []),
        "delay_causes": (LISTED, []),
        "urgent_referral": (
            Record(
                {
                    "acknowledge_within_hours": Whole(LONGEST, least=1),
                    "answer_within_hours": Whole(LONGEST, least=1),
                }
            ),
            None,
        ),
        "factual_accuracy": (
            Record({"unit": Choice(DATED_UNITS), "amount": Whole(LONGEST, least=1)}),
            None,
        ),
    },
)


class FrameworkError(DomainError):
    """A definition that cannot be loaded; `problems` says file, line, field and sentence of each thing wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class FrameworkInUse(FrameworkError):
    """An inspection uses this version, so another definition must be another version."""


class Outcome(Enum):
    """What loading a definition did."""

    LOADED = "loaded"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


def load(source: Path | str) -> Framework:
    """Load the framework that the YAML file `source` defines, and return it.

    The same definition again changes nothing. Another one replaces a version that no inspection uses. Raises
    FrameworkError with everything that is wrong, FrameworkInUse if an inspection uses the version.
    """
    return store(read(source), str(source))[0]


def read(source: Path | str) -> Entry:
    """Return the checked definition in the YAML file `source`. Raises FrameworkError with all its problems."""
    checker = Checker(str(source))
    try:
        tree = read_tree(Path(source))
    except Unreadable as error:
        raise FrameworkError([Problem(str(source), error.line, "", error.sentence)]) from error
    definition = checker.value(tree, DEFINITION, "")
    if definition is not None:
        _check_parts_agree(checker, definition)
    if checker.problems:
        raise FrameworkError(sorted(checker.problems, key=lambda problem: problem.line))
    assert definition is not None
    return definition


def store(definition: Entry, file: str) -> tuple[Framework, Outcome]:
    """Write a checked definition to the database in one transaction. Raises FrameworkInUse."""
    digest = digest_of(definition)
    with transaction.atomic():
        # The lock also holds back anybody who plans an inspection with this framework until it is whole.
        framework, created = Framework.objects.select_for_update().get_or_create(
            code=definition["code"],
            version=definition["version"],
            defaults={**_columns(definition), "digest": digest},
        )
        if not created:
            if framework.digest == digest:
                return framework, Outcome.UNCHANGED
            _refuse_if_used(framework, definition, file)
            _take_apart(framework)
            for name, value in {**_columns(definition), "digest": digest}.items():
                setattr(framework, name, value)
            framework.save()
        _write_parts(framework, definition)
    return framework, Outcome.LOADED if created else Outcome.REPLACED


def _columns(definition: Entry) -> dict[str, Any]:
    """Return what the framework's own row holds."""
    columns = {
        "title": definition["title"],
        "kinds": definition["kinds"],
        "outlines": framework_outlines.stored(definition["outlines"]),
        "house_style": framework_wording.stored(definition),
    }
    if hours := definition["urgent_referral"]:
        columns["referral_acknowledge_hours"] = hours["acknowledge_within_hours"]
        columns["referral_answer_hours"] = hours["answer_within_hours"]
    if check := definition["factual_accuracy"]:
        columns["accuracy_unit"], columns["accuracy_amount"] = check["unit"], check["amount"]
    return columns


def digest_of(definition: Entry) -> str:
    """Return the SHA-256 of what the definition says; comments, quotes and order of fields make no difference.

    What is left empty counts as not said, so that a file keeps its digest when Assay learns to read more.
    """
    canonical = json.dumps(
        _said(definition), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _said(value: Any) -> Any:
    """Return `value` without the optional fields that this version of Assay added and that are empty."""
    if isinstance(value, dict):
        return {
            name: _said(each) for name, each in value.items() if each or name not in ADDED_FIELDS
        }
    return [_said(each) for each in value] if isinstance(value, list) else value


def _refuse_if_used(framework: Framework, definition: Entry, file: str) -> None:
    if Inspection.objects.filter(framework=framework).exists():
        sentence = _(
            "An inspection uses version %(version)s of %(code)s, so it can no longer change. Give the changed "
            "definition a new version."
        ) % {"version": framework.version, "code": framework.code}
        raise FrameworkInUse([Problem(file, definition.line_of("version"), "version", sentence)])


def _take_apart(framework: Framework) -> None:
    for parts in (
        Wait,
        Fact,
        Indicator,
        Area,
        EventType,
        DelayCause,
        Grade,
        Theme,
        Timescale,
        FollowUpRule,
        GlossaryTerm,
    ):
        parts.objects.filter(framework=framework).delete()  # type: ignore[attr-defined]


def _write_parts(framework: Framework, definition: Entry) -> None:
    Grade.objects.bulk_create(
        Grade(framework=framework, order=grade["rank"], **_without(grade, "rank"))
        for grade in definition["grades"]
    )
    areas = Area.objects.bulk_create(
        Area(framework=framework, order=order, **_without(area, "indicators", "facts", "waits"))
        for order, area in enumerate(definition["areas"], start=1)
    )
    Indicator.objects.bulk_create(
        Indicator(framework=framework, area=area, order=order, **indicator)
        for area, entry in zip(areas, definition["areas"], strict=True)
        for order, indicator in enumerate(entry["indicators"], start=1)
    )
    for area, entry in zip(areas, definition["areas"], strict=True):
        _write_facts(framework, area, entry)
    EventType.objects.bulk_create(
        EventType(framework=framework, order=order, **listed)
        for order, listed in enumerate(definition["event_types"], start=1)
    )
    DelayCause.objects.bulk_create(
        DelayCause(framework=framework, order=order, **listed)
        for order, listed in enumerate(definition["delay_causes"], start=1)
    )
    Theme.objects.bulk_create(
        Theme(framework=framework, order=order, **theme)
        for order, theme in enumerate(definition["themes"], start=1)
    )
    Timescale.objects.bulk_create(
        Timescale(framework=framework, order=order, **timescale)
        for order, timescale in enumerate(definition["timescales"], start=1)
    )
    FollowUpRule.objects.bulk_create(
        FollowUpRule(
            framework=framework,
            order=order,
            responsible=rule["who"],
            timescale_codes=rule["timescales"],
            kind=rule["kind"] or FollowUpKind.OTHER,
            **_without(rule, "who", "timescales", "kind"),
        )
        for order, rule in enumerate(definition["follow_up"], start=1)
    )
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(framework=framework, **term) for term in definition["glossary"]
    )


def _write_facts(framework: Framework, area: Area, entry: Entry) -> None:
    facts = {
        fact.code: fact
        for fact in Fact.objects.bulk_create(
            Fact(framework=framework, area=area, order=order, **fact)
            for order, fact in enumerate(entry["facts"], start=1)
        )
    }
    Wait.objects.bulk_create(
        Wait(
            framework=framework,
            area=area,
            order=order,
            start=facts[wait["from"]],
            end=facts[wait["to"]],
            **_without(wait, "from", "to"),
        )
        for order, wait in enumerate(entry["waits"], start=1)
    )


def _without(entry: Entry, *names: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in names}


# -- What the shape cannot say ----------------------------------------------------------------------------------------


def _check_parts_agree(checker: Checker, definition: Entry) -> None:
    for name, fields in {
        "grades": ("code", "label", "letter", "rank"),
        "areas": ("code", "label"),
        "themes": ("code", "label"),
        "timescales": ("code", "label"),
        "follow_up": ("code", "label"),
        "glossary": ("term",),
        "event_types": ("code", "label"),
        "delay_causes": ("code", "label"),
    }.items():
        for field in fields:
            _all_different(checker, definition.get(name) or [], field)
    _check_no_repeats(checker, definition, "kinds")
    _check_ranks(checker, definition)
    areas = definition.get("areas") or []
    _all_different(checker, [each for area in areas for each in area["indicators"]], "code")
    for area in areas:
        _check_facts(checker, area)
    _check_hours(checker, definition.get("urgent_referral"))
    for timescale in definition.get("timescales") or []:
        _check_amount(checker, timescale)
    _check_follow_up(checker, definition)
    framework_outlines.check(checker, definition)
    framework_wording.check(checker, definition)


def _all_different(checker: Checker, entries: Iterable[Entry], field: str) -> None:
    """No two entries may have the same `field`; capitals make no difference."""
    seen: dict[str, int] = {}
    for entry in entries:
        value = entry.get(field)
        if value is None:
            continue
        key = str(value).casefold()
        if key in seen:
            sentence = _("“%(value)s” is already used in line %(line)d.")
            checker.add(
                entry.line_of(field),
                entry.path_of(field),
                sentence % {"value": value, "line": seen[key]},
            )
        seen.setdefault(key, entry.line_of(field))


def _check_no_repeats(checker: Checker, entry: Entry, name: str) -> None:
    values = entry.get(name) or []
    if len(set(values)) != len(values):
        checker.add(entry.line_of(name), entry.path_of(name), _("Something is twice in this list."))


def _check_ranks(checker: Checker, definition: Entry) -> None:
    grades = definition.get("grades") or []
    ranks = sorted({grade["rank"] for grade in grades if grade.get("rank") is not None})
    if len(ranks) == len(grades) and ranks != list(range(1, len(ranks) + 1)):
        sentence = _(
            "The ranks must be 1 (the best), 2, 3 and so on without a gap; here they are %(ranks)s."
        )
        checker.add(
            definition.line_of("grades"),
            "grades",
            sentence % {"ranks": ", ".join(str(rank) for rank in ranks)},
        )


def _check_facts(checker: Checker, area: Entry) -> None:
    """A choice has options, nothing else has; a wait goes from one moment of its area to another."""
    for field in ("code", "label"):
        _all_different(checker, area["facts"], field)
        _all_different(checker, area["waits"], field)
    for fact in area["facts"]:
        if fact.get("kind") == FactKind.CHOICE and not fact["options"]:
            checker.add(
                fact.line, fact.path_of("options"), _("A choice needs the options to choose from.")
            )
        elif fact.get("kind") != FactKind.CHOICE and fact["options"]:
            checker.add(
                fact.line_of("options"),
                fact.path_of("options"),
                _("Only a choice has options."),
            )
        _check_no_repeats(checker, fact, "options")
    moments = [fact.get("code") for fact in area["facts"] if fact.get("kind") == FactKind.MOMENT]
    for wait in area["waits"]:
        for end in ("from", "to"):
            if wait.get(end) and wait[end] not in moments:
                sentence = _("“%(code)s” is not the code of a moment of this area: %(known)s.")
                checker.add(
                    wait.line_of(end),
                    wait.path_of(end),
                    sentence % {"code": wait[end], "known": ", ".join(map(str, moments))},
                )
        if wait.get("from") and wait.get("from") == wait.get("to"):
            checker.add(
                wait.line_of("to"), wait.path_of("to"), _("A wait needs two different moments.")
            )


def _check_hours(checker: Checker, hours: Entry | None) -> None:
    if not hours:
        return
    first, last = hours.get("acknowledge_within_hours"), hours.get("answer_within_hours")
    if first and last and last < first:
        checker.add(
            hours.line_of("answer_within_hours"),
            hours.path_of("answer_within_hours"),
            _("An answer can’t be due before the acknowledgement."),
        )


def _check_amount(checker: Checker, timescale: Entry) -> None:
    dated = timescale.get("unit") in DATED_UNITS
    if dated and "amount" not in timescale.lines:
        checker.add(
            timescale.line,
            timescale.path_of("amount"),
            _("This field is missing: how many of the unit?"),
        )
    if timescale.get("unit") == TimeUnit.NONE and timescale.get("amount") is not None:
        checker.add(
            timescale.line_of("amount"),
            timescale.path_of("amount"),
            _("A timescale whose unit is “none” has no amount."),
        )


def _check_follow_up(checker: Checker, definition: Entry) -> None:
    timescales = definition.get("timescales") or []
    known = [timescale["code"] for timescale in timescales if timescale.get("code")]
    for rule in definition.get("follow_up") or []:
        _check_no_repeats(checker, rule, "timescales")
        for code in rule.get("timescales") or []:
            if code not in known:
                sentence = _(
                    "“%(code)s” is not the code of a timescale of this framework: %(known)s."
                )
                checker.add(
                    rule.line_of("timescales"),
                    rule.path_of("timescales"),
                    sentence % {"code": code, "known": ", ".join(known)},
                )
