"""What a report is made up of: by framework and kind of inspection, as the framework's file says, or as usual."""

from __future__ import annotations

import dataclasses

from inspections.models import Framework, InspectionKind, SectionKind, SectionPart

BODY = (SectionPart.BODY,)
# What a findings section has where the framework does not say: a review looks back before it says what it found.
USUAL_PARTS = {
    InspectionKind.FULL: BODY,
    InspectionKind.POST_INSPECTION_REVIEW: (
        SectionPart.EARLIER,
        SectionPart.SUMMARY,
        SectionPart.BODY,
    ),
    InspectionKind.RE_INSPECTION: (SectionPart.EARLIER, SectionPart.BODY),
}
USUALLY_MOVABLE = {SectionKind.CASE_ANALYSIS, SectionKind.THEME}
USUALLY_NEEDED = {SectionKind.SUMMARY}


@dataclasses.dataclass(frozen=True)
class Slot:
    """One line of an outline; that of the findings stands for a section each theme.

    `movable` sections change places with movable neighbours; a `needed` one cannot go without a text; `parts` are the
    texts that it has.
    """

    kind: SectionKind
    movable: bool
    needed: bool
    parts: tuple[SectionPart, ...]


def slots(framework: Framework, kind: str) -> list[Slot]:
    """Return the outline of reports of inspections of `kind` under `framework`, in report order. No query."""
    said = framework.outlines.get(kind)
    if not said:
        return usual(InspectionKind(kind))
    return [
        Slot(
            kind=SectionKind(each["section"]),
            movable=each["movable"],
            needed=each["needed"],
            parts=tuple(SectionPart(part) for part in each["parts"]),
        )
        for each in said
    ]


def usual(kind: InspectionKind) -> list[Slot]:
    """Return the outline of a framework that does not say one."""
    return [
        Slot(
            kind=section,
            movable=section in USUALLY_MOVABLE,
            needed=section in USUALLY_NEEDED,
            parts=USUAL_PARTS[kind] if section == SectionKind.THEME else BODY,
        )
        for section in SectionKind
    ]
