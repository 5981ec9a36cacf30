"""Texts of a draft follow the numbers that they refer to: “see recommendation 4” goes on naming the same one.

Numbers change when recommendations are added, moved or removed, when a case example is released or taken back, and when
sections change places. In the same transaction every reference in the draft is written anew, all at once, as a version
of its own: whoever has a page open is told of it as of any other save. A reference to what is gone names nothing from
then on (`references.REMOVED`), and never what has its number now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from inspections.models import Inspection, SectionPart
from reports import sections
from reports.models import CaseExample, ReportSection, SectionStatus
from reports.references import REMOVED, retargeted

RECOMMENDATION, EXAMPLE = "recommendation", "example"


def follow_recommendations(
    inspection: Inspection, moved: Mapping[int, int | None], *, by: User
) -> None:
    """Let the draft follow recommendations from old numbers to new ones (settings.RECOMMENDATION_FOLLOWERS).

    None stands for one that was removed. The caller holds the inspection's lock.
    """
    targets = {str(was): REMOVED if now is None else str(now) for was, now in moved.items()}
    rewrite_sections(inspection, RECOMMENDATION, targets, by=by)
    rewrite_examples(inspection.case_examples.all(), RECOMMENDATION, targets)


@contextmanager
def examples_followed(inspection: Inspection, *, by: User) -> Iterator[None]:
    """Let the draft follow what happens to the numbers of its case examples within, in one transaction.

    It holds the inspection's lock, so that no number changes meanwhile. References to an example that is taken out
    keep its key, so that they name it again once it is released again.
    """
    with transaction.atomic():
        Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        before = example_numbers(inspection)
        yield
        targets = example_targets(before, example_numbers(inspection))
        rewrite_sections(inspection, EXAMPLE, targets, by=by)
        rewrite_examples(inspection.case_examples.all(), EXAMPLE, targets)


def in_order(inspection: Inspection, examples: Iterable[CaseExample]) -> list[CaseExample]:
    """Return `examples` in the order of the report's sections, in which those of the report are numbered."""
    places = {
        place.theme.pk: at
        for at, place in enumerate(sections.ordered_places(inspection))
        if place.theme
    }
    return sorted(examples, key=lambda row: (places[row.theme_id], row.created_at, row.pk))


def example_numbers(inspection: Inspection) -> dict[int, int]:
    """Return the number in the report of each released example, by its key (two queries)."""
    found = in_order(inspection, inspection.case_examples.released())
    return {row.pk: number for number, row in enumerate(found, start=1)}


def example_targets(before: Mapping[int, int], after: Mapping[int, int]) -> dict[str, str]:
    """Return what references to examples name now, by what they named when the numbers were those of `before`."""
    gone = {pk: f"{REMOVED}-{pk}" if pk > 0 else REMOVED for pk in {*before, *after}}
    was = {pk: str(before.get(pk, gone[pk])) for pk in gone}
    now = {pk: str(after.get(pk, gone[pk])) for pk in gone}
    return {was[pk]: now[pk] for pk in gone if was[pk] != now[pk]}


def rewrite_sections(
    inspection: Inspection, kind: str, targets: Mapping[str, str], *, by: User
) -> None:
    """Save the sections whose references change as new versions of `by`. One query, and one for each that does.

    What a lead agreed to stays agreed while it names the same; a text that names something removed is to be read again.
    """
    if not targets:
        return
    for row in inspection.report_sections.all():
        texts = {part.value: getattr(row, part.value) for part in SectionPart}
        wanted = {name: retargeted(text, kind, targets) for name, text in texts.items()}
        if wanted == texts:
            continue
        lost = sum(map(_removed, wanted.values())) > sum(map(_removed, texts.values()))
        agreed = row.status == SectionStatus.AGREED
        ReportSection.objects.filter(pk=row.pk).update(
            **wanted,
            version=F("version") + 1,
            status=SectionStatus.READY if lost and agreed else row.status,
            updated_by=by,
            updated_at=timezone.now(),
        )


def rewrite_examples(
    examples: Iterable[CaseExample], kind: str, targets: Mapping[str, str]
) -> None:
    """Save those of `examples` whose references change as new versions; released ones stay so: they say the same."""
    if not targets:
        return
    for row in examples:
        wanted = retargeted(row.text, kind, targets)
        if wanted != row.text:
            CaseExample.objects.filter(pk=row.pk).update(
                text=wanted, version=F("version") + 1, updated_at=timezone.now()
            )


def _removed(text: str) -> int:
    return text.count(f" {REMOVED}")
