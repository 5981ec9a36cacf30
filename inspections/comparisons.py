"""Comparisons as files: which grades, areas and themes of several frameworks are set side by side (domain rule 1).

docs/frameworks.md tells people how to write one. A comparison never changes: what was counted by it has to stay
explained, so a changed one gets a code of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.framework_files import (
    Checker,
    Choice,
    Code,
    Entry,
    ListOf,
    Problem,
    Record,
    Shape,
    Text,
    Unreadable,
    read_tree,
)
from inspections.frameworks import FrameworkError, Outcome, digest_of
from inspections.models import (
    ColourRole,
    ComparedAs,
    ComparedPart,
    Comparison,
    ComparisonLine,
    Framework,
)
from inspections.models.frameworks import FrameworkPart

SAME = ListOf(Text(150), least=1)
LINE: dict[str, Shape] = {"code": Code(), "label": Text(200), "same": SAME}
DEFINITION = Record(
    {
        "code": Code(),
        "title": Text(200),
        "caveat": Text(),
        "frameworks": ListOf(Text(80), least=2),
        "grades": ListOf(
            Record({**LINE, "letter": Text(3), "colour_role": Choice(ColourRole.values)}), least=2
        ),
        "areas": ListOf(Record(LINE), least=1),
        "themes": ListOf(Record(LINE), least=1),
    }
)
LISTS = {"grades": ComparedAs.GRADE, "areas": ComparedAs.AREA, "themes": ComparedAs.THEME}

# “ncpi 2014 good”: a part of a framework, as a file names it
Parts = dict[str, FrameworkPart]


class ComparisonError(FrameworkError):
    """A comparison that cannot be loaded; `problems` says file, line, field and sentence of each thing wrong."""


def load(source: Path | str) -> tuple[Comparison, Outcome]:
    """Load the comparison that the YAML file `source` defines, in one transaction, and say what that did.

    The frameworks that it names have to be loaded. The same definition again changes nothing. Raises ComparisonError
    with everything that is wrong: a grade, an area or a theme left out or named twice, or a changed definition.
    """
    checker = Checker(str(source))
    try:
        tree = read_tree(Path(source))
    except Unreadable as error:
        raise ComparisonError([Problem(str(source), error.line, "", error.sentence)]) from error
    definition = checker.value(tree, DEFINITION, "")
    if definition is None or checker.problems:
        raise ComparisonError(_in_order(checker.problems))
    known = {name: _parts(checker, definition, name) for name in LISTS}
    for name in LISTS:
        _check_list(checker, definition, name, known[name])
    if checker.problems:
        raise ComparisonError(_in_order(checker.problems))
    return _store(definition, known, str(source))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)


def _parts(checker: Checker, definition: Entry, name: str) -> Parts:
    """Return the grades, areas or themes of the frameworks that the definition names, by their words in a file."""
    found: Parts = {}
    for words in definition["frameworks"]:
        code, _space, version = words.partition(" ")
        framework = Framework.objects.filter(code=code, version=version).first()
        if framework is None:
            sentence = _("No framework “%(words)s” is loaded. Load it first.") % {"words": words}
            if name == "grades":  # once is enough
                checker.add(definition.line_of("frameworks"), "frameworks", sentence)
            continue
        for part in getattr(framework, name).all():
            found[f"{words} {part.code}"] = part
    return found


def _check_list(checker: Checker, definition: Entry, name: str, known: Parts) -> None:
    """Each part of each framework counts as one line, and as one only."""
    taken: set[str] = set()
    codes: set[str] = set()
    for line in definition[name]:
        if line["code"] in codes:
            sentence = _("The code “%(code)s” is here twice.") % {"code": line["code"]}
            checker.add(line.line_of("code"), line.path_of("code"), sentence)
        codes.add(line["code"])
        for words in line["same"]:
            if words not in known:
                sentence = _("No framework of this comparison has “%(words)s”.")
            elif words in taken:
                sentence = _("“%(words)s” is here twice.")
            else:
                taken.add(words)
                continue
            place = line.path_of("same")
            checker.add(line.line_of("same"), place, sentence % {"words": words})
    if left := sorted(set(known) - taken):
        sentence = _("These are set beside nothing: %(names)s.") % {"names": ", ".join(left)}
        checker.add(definition.line_of(name), name, sentence)


def _store(definition: Entry, known: dict[str, Parts], file: str) -> tuple[Comparison, Outcome]:
    digest = digest_of(definition)
    with transaction.atomic():
        comparison, created = Comparison.objects.select_for_update().get_or_create(
            code=definition["code"],
            defaults={
                "title": definition["title"],
                "caveat": definition["caveat"],
                "digest": digest,
            },
        )
        if not created:
            if comparison.digest == digest:
                return comparison, Outcome.UNCHANGED
            sentence = _(
                "The comparison “%(code)s” is loaded, and never changes. Give the changed definition a new code."
            ) % {"code": comparison.code}
            raise ComparisonError([Problem(file, definition.line_of("code"), "code", sentence)])
        for name, kind in LISTS.items():
            _write_lines(comparison, kind, definition[name], known[name])
    return comparison, Outcome.LOADED


def _write_lines(
    comparison: Comparison, kind: ComparedAs, entries: list[Entry], known: Parts
) -> None:
    for order, entry in enumerate(entries, start=1):
        columns: dict[str, Any] = {key: value for key, value in entry.items() if key != "same"}
        line = ComparisonLine.objects.create(
            comparison=comparison, kind=kind, order=order, **columns
        )
        ComparedPart.objects.bulk_create(
            ComparedPart(comparison=comparison, line=line, **{kind.value: known[words]})
            for words in entry["same"]
        )
