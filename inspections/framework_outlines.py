"""How a framework says in its file what reports of each kind are made up of; `reports.outlines` reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inspections.framework_files import Checker, Choice, Entry, ListOf, Record
from inspections.models import InspectionKind, SectionKind, SectionPart

YES = "yes"
YES_OR_NO = Choice([YES, "no"])
SHAPE = ListOf(
    Record(
        {
            "kind": Choice(InspectionKind.values),
            "sections": ListOf(
                Record(
                    {"section": Choice(SectionKind.values)},
                    {
                        "movable": (YES_OR_NO, "no"),
                        "needed": (YES_OR_NO, "no"),
                        "parts": (ListOf(Choice(SectionPart.values), least=1), []),
                    },
                ),
                least=1,
            ),
        }
    )
)
# What is counted stands in the one, findings and recommendations in the other: no report goes without them.
ALWAYS = [SectionKind.CASE_ANALYSIS, SectionKind.THEME]


def check(checker: Checker, definition: Entry) -> None:
    """Note what is wrong with the outlines: kinds that the framework has not, sections twice or not there."""
    kinds = definition.get("kinds") or []
    seen = set()
    for outline in definition.get("outlines") or []:
        kind = outline.get("kind")
        if kind and kind not in kinds:
            checker.add(
                outline.line_of("kind"),
                outline.path_of("kind"),
                _("“%(kind)s” is not one of the framework’s kinds: %(known)s.")
                % {"kind": kind, "known": ", ".join(kinds)},
            )
        if kind in seen:
            checker.add(
                outline.line_of("kind"),
                outline.path_of("kind"),
                _("This kind has an outline already."),
            )
        seen.add(kind)
        _check_sections(checker, outline)


def _check_sections(checker: Checker, outline: Entry) -> None:
    found: list[str] = []
    for section in outline.get("sections") or []:
        name = section.get("section")
        if name in found:
            checker.add(
                section.line_of("section"),
                section.path_of("section"),
                _("This section is here twice."),
            )
        found.append(name)
        parts = section.get("parts") or []
        if len(set(parts)) != len(parts):
            checker.add(
                section.line_of("parts"),
                section.path_of("parts"),
                _("Something is twice in this list."),
            )
    missing = [kind.value for kind in ALWAYS if kind.value not in found]
    if missing:
        checker.add(
            outline.line_of("sections"),
            outline.path_of("sections"),
            _("Every report needs these sections: %(missing)s.") % {"missing": ", ".join(missing)},
        )


def stored(outlines: list[Entry]) -> dict[str, list[dict[str, Any]]]:
    """Return checked outlines as the framework keeps them: by kind of inspection, sections in order."""
    return {
        outline["kind"]: [
            {
                "section": section["section"],
                "movable": section["movable"] == YES,
                "needed": section["needed"] == YES,
                "parts": [part for part in SectionPart.values if part in section["parts"]]
                or [SectionPart.BODY.value],
            }
            for section in outline["sections"]
        ]
        for outline in outlines
    }
