"""Draws a sample as a force would, and assigns cases as a lead would."""

from __future__ import annotations

from accounts.models import User
from cases import assignment, draws
from demo.source import InspectionFacts
from inspections.models import Inspection, Side

# the same each time, so that every demo reads alike
SEED = "5f1c0d6e8a94b7230e6d1f58c3a2974b"
LEFT_TO_NOBODY = 3


def draw_sample(inspection: Inspection, facts: InspectionFacts, by: User) -> None:
    """Draw what the sample lacks of some areas from a list of as many references as the file says."""
    if facts.eligible:
        code = inspection.force.code
        listed = {
            area: [f"{code}-{area[:3].upper()}-{number:03}" for number in range(1, size + 1)]
            for area, size in facts.eligible.items()
        }
        draws.draw(inspection, listed, by=by, seed=SEED)


def assign_cases(inspection: Inspection, by: User) -> None:
    """Assign each case to whoever has begun its audit, and deal out the others, save a few that nobody has yet."""
    people = assignment.inspectors(inspection)
    for person in people:
        begun = inspection.cases.filter(audits__side=Side.INSPECTORATE, audits__updated_by=person)
        assignment.assign(begun, person, by=by)
    waiting = assignment.not_begun(assignment.open_cases(inspection)).order_by("reference")
    assignment.spread(
        inspection, waiting[: max(0, waiting.count() - LEFT_TO_NOBODY)], people, by=by
    )
