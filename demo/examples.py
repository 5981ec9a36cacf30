"""Case examples of the demo's reports: written and released by the lead, as the report tells them."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from cases.models import CaseFile, Reading
from demo.casework import Methodology, at
from demo.source import ExampleFacts
from inspections.models import Inspection, Side
from reports import examples


def write_examples(inspection: Inspection, facts: Sequence[ExampleFacts], lead: User) -> None:
    """Tell of each a case of its area and grade that was not told yet, or of the one before it once more.

    They are told when fieldwork ends, whenever the demo is loaded.
    """
    themes = Methodology(inspection.framework).themes
    case = None
    for one in facts:
        if not one.again:
            case = _untold(inspection, one)
        assert case is not None, "nothing was told before"
        made = examples.make(
            case,
            theme=themes[one.theme],
            good=one.good,
            text=one.text,
            told_again=one.again,
            by=lead,
        )
        examples.release(made, version=made.version, by=lead)
        moment = at(inspection.fieldwork_end, made.pk)
        inspection.case_examples.filter(pk=made.pk).update(created_at=moment, released_at=moment)


def _untold(inspection: Inspection, one: ExampleFacts) -> CaseFile:
    return (
        inspection.cases.filter(
            area__code=one.area,
            audits__side=Side.INSPECTORATE,
            audits__reading=Reading.MAIN,
            audits__final_grade__code=one.grade,
            examples=None,
        )
        .order_by("pk")
        .select_related("inspection")[0]
    )
