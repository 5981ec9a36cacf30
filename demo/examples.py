"""Case examples of the demo's reports: written by the inspectors of the cases, released by the lead."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from cases.models import Audit, CaseFile, Reading
from demo.casework import Methodology, at
from demo.source import ExampleFacts
from inspections.models import Inspection, Side
from reports import examples


def write_examples(inspection: Inspection, facts: Sequence[ExampleFacts], lead: User) -> None:
    """Tell of each a case of its area and grade that was not told yet, or of the one before it once more.

    Whoever graded the case writes it. They are told when fieldwork ends, whenever the demo is loaded.
    """
    themes = Methodology(inspection.framework).themes
    case = None
    for one in facts:
        if not one.again:
            case = _untold(inspection, one, lead)
        assert case is not None, "nothing was told before"
        made = examples.make(
            case,
            theme=themes[one.theme],
            good=one.good,
            text=one.text,
            told_again=one.again,
            by=_inspector_of(case),
        )
        moment = at(inspection.fieldwork_end, made.pk)
        told = inspection.case_examples.filter(pk=made.pk)
        told.update(created_at=moment)
        if one.released:
            examples.release(made, version=made.version, by=lead)
            told.update(released_at=moment)


def _inspector_of(case: CaseFile) -> User:
    audit = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    assert audit.submitted_by
    return audit.submitted_by


def _untold(inspection: Inspection, one: ExampleFacts, lead: User) -> CaseFile:
    """Return a case that an inspector graded; one that the lead graded if there is no other."""
    found = (
        inspection.cases.filter(
            area__code=one.area,
            audits__side=Side.INSPECTORATE,
            audits__reading=Reading.MAIN,
            audits__final_grade__code=one.grade,
            examples=None,
        )
        .order_by("pk")
        .select_related("inspection")
    )
    return min(found, key=lambda case: _inspector_of(case) == lead)
