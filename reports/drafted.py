"""The report as it stands now: the draft, or the draft of a correction of what was published."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.utils import translation

from cases import figures
from inspections.models import Inspection, Stage
from reports.compilation import compile_document
from reports.document import CorrectionNotice, Document, Section
from reports.models import Correction, Publication

# What publishing adds to a document, or moves: dates. Nobody approves them, they follow from the day.
SET_BY_PUBLISHING = {
    "published_on",
    "published_on_assumed",
    "published_month_only",
    "due_on",
    "on",
    "next_steps",
    "correction_in_draft",
}


def open_correction(inspection: Inspection) -> Correction | None:
    """Return the correction that the team works on; None if there is none."""
    if not inspection.is_published:
        return None
    return inspection.corrections.filter(publication=None, dropped_at=None).first()


def is_being_prepared(inspection: Inspection) -> bool:
    """Whether there is something to approve: a draft that the force checks, or a correction."""
    return (
        inspection.stage == Stage.FACTUAL_ACCURACY.value or open_correction(inspection) is not None
    )


# By inspection, while `compiled_once` is open.
_compiled: ContextVar[dict[int, Document] | None] = ContextVar("compiled", default=None)


@contextlib.contextmanager
def compiled_once() -> Iterator[None]:
    """Within the block `document` compiles each report once, for pages that show it and ask several guards of it.

    For reading only: what changes within the block is not seen.
    """
    outside = _compiled.set({})
    try:
        yield
    finally:
        _compiled.reset(outside)


def document(inspection: Inspection) -> Document:
    """Return the report as it would be published now, in the language of reports."""
    known = _compiled.get()
    if known is None:
        return _compile(inspection)
    if inspection.pk not in known:
        known[inspection.pk] = _compile(inspection)
    return known[inspection.pk]


def _compile(inspection: Inspection) -> Document:
    with translation.override(settings.LANGUAGE_CODE):
        counted = figures.for_report(inspection)
        correction = open_correction(inspection)
        if correction is None:
            return compile_document(inspection, counted)
        return _corrected(inspection, counted, CorrectionNotice(0, None, correction.notice), True)


def corrected(inspection: Inspection, notice: CorrectionNotice) -> Document:
    """Return the next version of what was published, as `notice` (with its day) says; never a draft."""
    with translation.override(settings.LANGUAGE_CODE):
        return _corrected(inspection, figures.for_report(inspection), notice, False)


def _corrected(
    inspection: Inspection, counted: figures.Figures, notice: CorrectionNotice, draft: bool
) -> Document:
    latest = last_version(inspection)
    assert latest, "what was never published is not corrected"
    before = Document.from_json(latest.document)
    number = latest.number + 1
    notice = dataclasses.replace(notice, number=number)
    after = compile_document(
        inspection,
        counted,
        number=number,
        corrections=(*before.corrections, notice),
        correction_in_draft=draft,
    )
    return _with_dates_of(before, after)


def last_version(inspection: Inspection) -> Publication | None:
    """Return what counts as published: the version with the highest number."""
    return inspection.publications.defer("pdf").order_by("-number").first()


def _with_dates_of(before: Document, after: Document) -> Document:
    """Dates stay as they were first published, whatever was extended since: a correction corrects what it says."""
    due = {number: one.due_on for number, one in before.recommendations.items()}
    groups = {group.label: group.due_on for group in before.timescales}

    def dated(section: Section) -> Section:
        return dataclasses.replace(
            section,
            recommendations=tuple(
                dataclasses.replace(one, due_on=due.get(one.number, one.due_on))
                for one in section.recommendations
            ),
        )

    return dataclasses.replace(
        after,
        published_on=before.published_on,
        published_on_assumed=before.published_on_assumed,
        published_month_only=before.published_month_only,
        sections=tuple(dated(section) for section in after.sections),
        timescales=tuple(
            dataclasses.replace(group, due_on=groups.get(group.label, group.due_on))
            for group in after.timescales
        ),
        next_steps=before.next_steps,
    )


def digest(content: Document) -> str:
    """Return the SHA-256 (hexadecimal) of what `content` says, without the dates that publishing sets."""
    words = json.dumps(without_dates(content.to_json()), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def without_dates(value: Any) -> Any:
    """Return plain values without what publishing sets."""
    if isinstance(value, dict):
        return {
            key: without_dates(each) for key, each in value.items() if key not in SET_BY_PUBLISHING
        }
    return [without_dates(each) for each in value] if isinstance(value, list) else value
