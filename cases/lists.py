"""The list of an inspection's cases: what it can be narrowed and sorted by, for whom.

Cases come from `CaseFile.objects.visible_to`, and every condition on a grade or a state asks which of their audits the
person may read, so that no filter, order or number tells anybody
about an audit that they may not read (rule 3).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from accounts.models import User
from cases.forms import COUNTED, EXCLUDED, NOT_GRADED
from cases.models import Audit, AuditQuerySet, CaseFile, CaseFileQuerySet
from inspections.models import Inspection, Side


def main_side(inspection: Inspection, user: User) -> Side:
    """Whose audits the list is about for `user`: the inspectorate's, for a force its own until it may read those."""
    if user.is_inspectorate or inspection.force_sees_findings:
        return Side.INSPECTORATE
    return Side.FORCE


def sides_shown(inspection: Inspection, user: User) -> list[Side]:
    """The sides whose grades the list shows `user`, at least of some cases."""
    return (
        [Side.INSPECTORATE, Side.FORCE]
        if main_side(inspection, user) == Side.INSPECTORATE
        else [Side.FORCE]
    )


def cases_of(inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Every case of `inspection` that `user` may open."""
    return CaseFile.objects.visible_to(user).filter(inspection=inspection)


def with_audits(cases: CaseFileQuerySet, user: User) -> CaseFileQuerySet:
    """Add what a row shows: the area, and the audits that `user` may read, in two queries more."""
    audits = Audit.objects.readable_by(user).select_related("grade")
    return cases.select_related("area").prefetch_related(
        Prefetch("audits", audits, to_attr="readable_audits")
    )


def narrow(
    cases: CaseFileQuerySet, wanted: dict[str, Any], inspection: Inspection, user: User
) -> CaseFileQuerySet:
    """Return those of `cases` that the filter (its cleaned data) wants."""
    if wanted.get("q"):
        cases = cases.filter(
            Q(reference__icontains=wanted["q"]) | Q(summary__icontains=wanted["q"])
        )
    if wanted.get("area"):
        cases = cases.filter(area=wanted["area"])
    if wanted.get("route"):
        cases = cases.filter(route=wanted["route"])
    if wanted.get("state"):
        cases = _in_state(cases, wanted["state"], inspection, user)
    for name, side in (("grade", Side.INSPECTORATE), ("force_grade", Side.FORCE)):
        if wanted.get(name):
            audits = _readable(user, side).filter(grade=wanted[name])
            if side != main_side(inspection, user):
                audits = audits.submitted()
            cases = cases.filter(Exists(audits))
    return cases


def _in_state(
    cases: CaseFileQuerySet, state: str, inspection: Inspection, user: User
) -> CaseFileQuerySet:
    if state == EXCLUDED:
        return cases.filter(excluded_at__isnull=False)
    if state == COUNTED:
        return cases.counted()
    audits = _readable(user, main_side(inspection, user))
    if state == NOT_GRADED:
        return cases.counted().filter(~Exists(audits))
    return cases.counted().filter(Exists(audits.filter(status=state)))


def sort(cases: CaseFileQuerySet, key: str, inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Return `cases` in the order `key` (“-key” reversed); by reference where that leaves a tie or makes no sense."""
    name = key.removeprefix("-")
    if name == "grade":
        rank = _readable(user, main_side(inspection, user)).values("grade__order")[:1]
        cases = cases.annotate(rank=Subquery(rank))
        column = F("rank")
    elif name in ("reference", "area", "route"):
        column = F("area__order" if name == "area" else name)
    else:
        return cases.order_by("reference")
    order = column.desc(nulls_last=True) if key.startswith("-") else column.asc(nulls_last=True)
    return cases.order_by(order, "reference")


def _readable(user: User, side: Side) -> AuditQuerySet:
    """Audits of `side` of the case that an outer query, over cases that `user` may open, is at."""
    return Audit.objects.readable_by(user).filter(case=OuterRef("pk"), side=side)
