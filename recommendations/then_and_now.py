"""Grades then and now: what an inspection and the one that looks back at it found, by area."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from cases import figures
from cases.figures import Figures, Row
from inspections.models import Inspection


@dataclass(frozen=True)
class Pair:
    """One area in both inspections; None where the framework of one does not have it."""

    label: str
    then: Row | None
    now: Row | None


@dataclass(frozen=True)
class Compared:
    """Both inspections' grades by area.

    With `same_scale`, columns may stand beside each other, grade by grade. Otherwise each inspection has its own
    columns: no framework declares how its grades compare with another's, so none are set against each other (rule 1).
    """

    then: Figures
    now: Figures
    areas: tuple[Pair, ...]
    same_scale: bool


def compare(parent: Inspection, review: Inspection, user: User) -> Compared | None:
    """Return the grades of `parent` and `review` by area, as far as `user` may know them; None before publication.

    Areas are the same if both frameworks give them one code. Nothing here is counted anew (rule 2).
    """
    if not parent.is_published:
        return None
    then = figures.for_report(parent)
    now = (
        figures.for_report(review) if review.is_published else figures.for_inspection(review, user)
    )
    earlier = {row.code: row for row in then.by_area}
    later = {row.code: row for row in now.by_area}
    labels = {row.code: row.label for row in (*then.by_area, *now.by_area)}
    areas = tuple(Pair(label, earlier.get(code), later.get(code)) for code, label in labels.items())
    return Compared(then, now, areas, parent.framework_id == review.framework_id)
