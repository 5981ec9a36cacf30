"""What is written, said and decided around the reports of these tests: one of everything, by its address’s noun."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from typing import Any

from cases.models import CaseFile
from inspections.models import Inspection
from reports.models import (
    AccuracyComment,
    AccuracyDecision,
    AccuracyRecord,
    AccuracyReply,
    Approval,
    BuildStatus,
    CaseExample,
    Correction,
    FigureConfirmation,
    SectionComment,
    ThematicReport,
)

PDF = b"%PDF-1.7 nothing but a beginning"
MADE = {
    "pdf": PDF,
    "sha256": hashlib.sha256(PDF).hexdigest(),
    "pages": 1,
    "status": BuildStatus.DONE,
}
WRITTEN = ["drafting", "factual_accuracy", "published"]
CHECKED = ["factual_accuracy", "published"]


def around_the_report(
    world: Any, stage: str, inspection: Inspection, case: CaseFile, say: Callable[[str], str]
) -> dict[str, Any]:
    """Make what there is of a report at `stage`; `say(what)` is the text that marks it."""
    nothing = dict.fromkeys(["comments", "accuracy comments", "examples", "records"])
    if stage not in WRITTEN:
        return nothing
    people = world.people
    comment = SectionComment.objects.create(
        inspection=inspection,
        section_key="summary",
        text=say("colleague"),
        by=people["second_reader"],
    )
    FigureConfirmation.objects.create(
        inspection=inspection,
        section_key="summary",
        sentence="Nine cases were good.",
        reason=say("confirmed-figure"),
        by=people["inspector"],
    )
    told = {
        "inspection": inspection,
        "framework": inspection.framework,
        "case": case,
        "author": people["inspector"],
    }
    example = CaseExample.objects.create(
        **told,
        theme=inspection.framework.themes.all()[0],
        good=False,
        text=say("example"),
        released_by=people["lead"],
        released_at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC),
    )
    CaseExample.objects.create(
        **told,
        theme=inspection.framework.themes.all()[1],
        good=True,
        text=say("example-kept-back"),
        told_again="It shows something else.",
    )
    found = {**nothing, "comments": comment, "examples": example}
    return found | _check(world, inspection, say) if stage in CHECKED else found


def _check(world: Any, inspection: Inspection, say: Callable[[str], str]) -> dict[str, Any]:
    """The force's check of the draft: a comment that was answered, one that was not, the reply, the record."""
    people = world.people
    comments = [
        AccuracyComment.objects.create(
            inspection=inspection,
            section_key="summary",
            passage="nine cases",
            text=say(what),
            by=people["force_lead"],
            **answered,
        )
        for what, answered in (
            (
                "check-answered",
                {
                    "decision": AccuracyDecision.NOT_ACCEPTED,
                    "answer": say("check-answer"),
                    "answered_by": people["lead"],
                    "answered_at": datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC),
                },
            ),
            ("check", {}),
        )
    ]
    AccuracyReply.objects.create(
        inspection=inspection, round=1, note=say("check-reply"), by=people["force_lead"]
    )
    record = AccuracyRecord.objects.create(
        inspection=inspection, requested_by=people["lead"], **MADE
    )
    return {"accuracy comments": comments[-1], "records": record}


def corrected(world: Any, inspection: Inspection, say: Callable[[str], str]) -> None:
    """Open a correction of what was published, and approve it by a lead."""
    Correction.objects.create(
        inspection=inspection, notice=say("correction"), opened_by=world.people["lead"]
    )
    Approval.objects.create(inspection=inspection, digest="0" * 64, lead=world.people["lead"])


def thematic(world: Any, inspection: Inspection) -> ThematicReport:
    """A thematic report about one inspection."""
    report = ThematicReport.objects.create(
        title="What we found in many places", created_by=world.people["manager"]
    )
    report.inspections.add(inspection)
    return report


def more_reports(world: Any, inspection: Inspection, how_many: int) -> None:
    """Add much of everything to the report of `inspection`."""
    people = world.people
    SectionComment.objects.bulk_create(
        SectionComment(
            inspection=inspection, section_key="summary", text="More.", by=people["lead"]
        )
        for _ in range(how_many)
    )
    AccuracyComment.objects.bulk_create(
        AccuracyComment(
            inspection=inspection,
            section_key="summary",
            passage="nine cases",
            text="More.",
            by=people["force_lead"],
        )
        for _ in range(how_many)
    )
    AccuracyRecord.objects.bulk_create(
        AccuracyRecord(inspection=inspection, requested_by=people["lead"], **MADE)
        for _ in range(how_many)
    )
    ThematicReport.objects.bulk_create(
        ThematicReport(title=f"More {number}", created_by=people["manager"])
        for number in range(how_many)
    )
