"""What a dropped correction puts back, so that the draft reads as the published version does, and what stays.

Texts go back because their versions are kept for everybody to read. The order of the sections and the release of case
examples go back because nobody's work is in them. An example that was removed comes back, one that was rewritten keeps
its new words: nobody but its row has them, so putting back would lose them. It loses its release instead, so that the
draft of the next correction tells no words that this one gave up.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inspections.models import Inspection
from reports import renumbering, sections
from reports.document import Document
from reports.document import Example as PublishedExample
from reports.models import CaseExample, ReportOrder
from reports.references import REMOVED

ExampleEvent: Any = CaseExample.pgh_event_model  # type: ignore[attr-defined]
ANY_EXAMPLE = re.compile(rf"\[\[\s*example\s+(?:\d+|{REMOVED}-\d+)\s*\]\]")
_NOT_FOUND = _("Case example %(number)d in “%(section)s” is on record no more: it stays out.")
_TOLD_OTHERWISE = _(
    "Case example %(number)d in “%(section)s” was removed, and another tells of its case: it stays out."
)
_REWRITTEN = _(
    "Case example %(number)d in “%(section)s” was rewritten: its new words stay with its writer, and out of the draft "
    "until a lead releases them."
)
_EXCLUDED = _(
    "The case that example %(number)d in “%(section)s” tells was excluded: it stays out of the draft."
)


@dataclasses.dataclass
class _Examples:
    """What happens to which examples: events say how each was when it was published."""

    taken_back: list[int] = dataclasses.field(default_factory=list)
    released_again: list[Any] = dataclasses.field(default_factory=list)
    restored: list[Any] = dataclasses.field(default_factory=list)
    stays: list[str] = dataclasses.field(default_factory=list)
    # Only the numbers in these were changed since, which follow by themselves: their words by key.
    numbered_again: dict[int, str] = dataclasses.field(default_factory=dict)
    # The number that each had when it was published, by key; if nobody knows which it was, by a key that none has.
    published: dict[int, int] = dataclasses.field(default_factory=dict)
    as_published: set[int] = dataclasses.field(default_factory=set)

    def stay(self, sentence: object, number: int, title: str) -> None:
        self.stays.append(str(sentence) % {"number": number, "section": title})


def stays(inspection: Inspection, published: Document) -> list[str]:
    """Return in sentences what putting back will leave as it is now; nothing is written."""
    return _examples(inspection, published).stays


def put_back(inspection: Inspection, published: Document, *, by: User) -> None:
    """Let the draft of `inspection` say what `published` says. The caller holds the inspection's lock.

    Goes with a transaction. What stays is what `stays` said.
    """
    before = renumbering.example_numbers(inspection)
    _texts(inspection, published, by)
    _order(inspection, published, by)
    found = _examples(inspection, published)
    _put_examples_back(found)
    _renumber(inspection, found, before, by)


def _renumber(inspection: Inspection, found: _Examples, before: dict[int, int], by: User) -> None:
    """Let texts follow: those that were put back have the published numbers, others those of `before`."""
    after = renumbering.example_numbers(inspection)
    kind = renumbering.EXAMPLE
    published = renumbering.example_targets(found.published, after)
    renumbering.rewrite_sections(inspection, kind, published, by=by)
    rows = inspection.case_examples.all()
    renumbering.rewrite_examples(rows.filter(pk__in=found.as_published), kind, published)
    others = renumbering.example_targets(before, after)
    renumbering.rewrite_examples(rows.exclude(pk__in=found.as_published), kind, others)


def _texts(inspection: Inspection, published: Document, by: User) -> None:
    texts = {section.key: section for section in published.sections}
    for entry in sections.outline(inspection):
        row, was = entry.section, texts.get(entry.place.key)
        if row is None:
            continue
        wanted = (was.earlier, was.summary, was.body) if was else ("", "", "")
        if wanted != (row.earlier, row.summary, row.body):
            type(row).objects.filter(pk=row.pk).update(
                earlier=wanted[0],
                summary=wanted[1],
                body=wanted[2],
                version=F("version") + 1,
                updated_by=by,
                updated_at=timezone.now(),
            )


def _order(inspection: Inspection, published: Document, by: User) -> None:
    """Let the sections that were published change places among themselves; those left out stay where they are."""
    now = [place.key for place in sections.ordered_places(inspection)]
    was = iter([section.key for section in published.sections if section.key in now])
    printed = {section.key for section in published.sections}
    keys = [next(was) if key in printed else key for key in now]
    if keys != now:
        ReportOrder.objects.filter(inspection=inspection).update(
            keys=keys, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
        )


def _examples(inspection: Inspection, published: Document) -> _Examples:
    """Compare the examples with those that were published (four queries)."""
    found = _Examples()
    rows = {row.pk: row for row in inspection.case_examples.all()}
    told = {row.case_id for row in rows.values() if not row.told_again}
    excluded = set(inspection.cases.filter(excluded_at__isnull=False).values_list("pk", flat=True))
    kept = set()
    for number, title, event in _as_published(inspection, published):
        row = rows.get(event.pgh_obj_id) if event else None
        found.published[event.pgh_obj_id if event else -number] = number
        if event is None:
            found.stay(_NOT_FOUND, number, title)
        elif row is None and event.case_id in told and not event.told_again:
            found.stay(_TOLD_OTHERWISE, number, title)
        elif row is None:
            found.restored.append(event)
            found.as_published.add(event.pgh_obj_id)
        elif _content(row) != _content(event):
            found.stay(_REWRITTEN, number, title)
        else:
            kept.add(row.pk)
            found.as_published.add(row.pk)
            if row.text != event.text:
                found.numbered_again[row.pk] = event.text
            if row.released_at is None:
                found.released_again.append(event)
        if event is not None and event.case_id in excluded:
            found.stay(_EXCLUDED, number, title)
    found.taken_back = [pk for pk, row in rows.items() if row.released_at and pk not in kept]
    return found


def _content(told: Any) -> tuple[object, ...]:
    """Return what a lead released, whatever the numbers of the examples that it refers to are."""
    return told.theme_id, told.good, ANY_EXAMPLE.sub("[[example]]", told.text)


def _as_published(inspection: Inspection, published: Document) -> list[tuple[int, str, Any]]:
    """Return number, title of the section and last released event of every example that was published.

    A document refers to no row, so an example is found by its words in the record of changes.
    """
    told: list[tuple[str, str, PublishedExample]] = [
        (section.key, section.title, example)
        for section in published.sections
        for example in section.examples
    ]
    events = ExampleEvent.objects.filter(
        inspection_id=inspection.pk,
        released_at__isnull=False,
        text__in=[example.text for _key, _title, example in told],
    )
    themes = {theme.pk: f"theme-{theme.code}" for theme in inspection.framework.themes.all()}
    known: dict[tuple[str, bool, str], dict[int, Any]] = {}
    for event in events.order_by("pgh_id"):
        which = (themes[event.theme_id], event.good, event.text)
        known.setdefault(which, {})[event.pgh_obj_id] = event
    found = []
    for key, title, example in told:
        candidates = known.get((key, example.good, example.text), {})
        event = candidates.pop(next(reversed(candidates))) if candidates else None
        found.append((example.number, title, event))
    return found


def _put_examples_back(found: _Examples) -> None:
    now = timezone.now()
    CaseExample.objects.filter(pk__in=found.taken_back).update(
        released_by=None, released_at=None, updated_at=now
    )
    for pk, text in found.numbered_again.items():
        CaseExample.objects.filter(pk=pk).update(
            text=text, version=F("version") + 1, updated_at=now
        )
    for event in found.released_again:
        CaseExample.objects.filter(pk=event.pgh_obj_id).update(
            released_by_id=event.released_by_id, released_at=event.released_at, updated_at=now
        )
    names = [field.attname for field in CaseExample._meta.concrete_fields]
    for event in found.restored:
        with transaction.atomic():
            CaseExample(**{name: getattr(event, name) for name in names}).save(force_insert=True)
