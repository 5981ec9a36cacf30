"""The record of a factual accuracy check as PDF: what the force said of the draft, and what it was answered."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from config.clock import now
from inspections import team
from inspections.models import Inspection
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES
from reports import drafted, jobs, pdf
from reports.models import AccuracyComment, AccuracyRecord, AccuracyReply
from reports.progress import COMPOSE, COUNT, Progress


@dataclasses.dataclass(frozen=True)
class Record:
    """All that the record prints; `comments` in order, each with the title of the section that it is about."""

    inspection: Inspection
    made_at: dt.datetime
    comments: list[tuple[AccuracyComment, str]]
    replies: list[AccuracyReply]


def may_request(inspection: Inspection, user: User) -> bool:
    """Whether `user` may have the record: the team, managers, and the force from its check on; no commissioner."""
    if not team.reads_content(inspection, user) or user.works_for_commissioner:
        return False
    return not user.is_force or inspection.stage in FORCE_SEES_FINDINGS_STAGES


def request(inspection: Inspection, *, by: User) -> AccuracyRecord:
    """Ask for the record as it is now and return its row; if one is being made already, that one. Raises NotAllowed."""
    if not may_request(inspection, by):
        raise NotAllowed(
            _("The record is for the team, managers and the force that was inspected.")
        )
    row: AccuracyRecord = _jobs.ask(inspection=inspection, requested_by=by)
    return row


def gather(inspection: Inspection) -> Record:
    """Return what there is to print, as it stands now."""
    with translation.override(settings.LANGUAGE_CODE):
        chapters = pdf.parts(drafted.document(inspection))["chapters"]
    titles = {chapter.id: chapter.title for chapter in chapters}
    comments = inspection.accuracy_comments.select_related("by", "answered_by")
    return Record(
        inspection=inspection,
        made_at=now(),
        comments=[(each, titles.get(each.section_key, each.section_key)) for each in comments],
        replies=list(inspection.accuracy_replies.select_related("by")),
    )


def compose(record: Record) -> str:
    """Return the HTML of which the PDF is made, in the language that is active."""
    language = get_language() or settings.LANGUAGE_CODE
    html = render_to_string(
        "reports/pdf/accuracy_record.html", {"record": record, "language": language}
    )
    return pdf.printable(html)


def _make(row: AccuracyRecord, progress: Progress) -> pdf.Pdf:
    with translation.override(settings.LANGUAGE_CODE):
        progress.step(COUNT)
        record = gather(row.inspection)
        progress.step(COMPOSE)
        html = compose(record)
    return pdf.print_html(html, progress)


_jobs = jobs.register(
    jobs.Jobs(
        name="accuracy_record",
        model=AccuracyRecord,
        lock_space=0x4153_0002_0000_0000,  # beside those of `reports.builds` and `reports.papers`
        first_step=gettext_lazy("Gathering the comments"),
        make=_make,
        related=("inspection__force", "inspection__framework"),
    )
)
STEPS = _jobs.steps
run = _jobs.run
