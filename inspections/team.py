"""Who works on an inspection, and so who may read its case material and who may act for it."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Role, User
from inspections.models import Inspection, Stage, TeamMember


def _place(inspection: Inspection, user: User) -> bool | None:
    """Whether `user` leads (True) or is on (False) the team of `inspection`; None if neither.

    A page asks this many times about the same inspection, so the answer stays with the object, which lives for one
    request.
    """
    known: dict[int, bool | None] = inspection.__dict__.setdefault("_places", {})
    if user.pk not in known:
        members = TeamMember.objects.filter(inspection=inspection, user=user)
        known[user.pk] = members.values_list("is_lead", flat=True).first()
    return known[user.pk]


def places(user: User) -> QuerySet[TeamMember, bool]:
    """Return of each inspection that `user` is on the team of whether they lead it: for a subquery, and then `know`."""
    return TeamMember.objects.filter(user=user).values_list("is_lead", flat=True)


def know(inspection: Inspection, user: User, is_lead: bool | None) -> None:
    """Take from a query that asked along (`places`) which place `user` has, so that nobody asks again."""
    inspection.__dict__.setdefault("_places", {})[user.pk] = is_lead


def forget(inspection: Inspection) -> None:
    """Ask again who is on the team, after a change of it."""
    inspection.__dict__.pop("_places", None)


def leads(inspection: Inspection, user: User) -> bool:
    """Whether `user` leads this inspection: on its team as a lead, and still a lead inspector by role."""
    return user.is_lead_inspector and _place(inspection, user) is True


def works_on(inspection: Inspection, user: User) -> bool:
    """Whether `user` is an inspector on this inspection's team."""
    return user.is_inspector and _place(inspection, user) is not None


def directs(inspection: Inspection, user: User) -> bool:
    """Whether `user` may decide about this inspection: its lead, or any manager."""
    return user.is_manager or leads(inspection, user)


def leads_force(inspection: Inspection, user: User) -> bool:
    """Whether `user` is a lead of the inspected force, and so answers for what it has to do."""
    return user.is_force_lead and user.force_id == inspection.force_id


def works_for_force(inspection: Inspection, user: User) -> bool:
    """Whether `user` does the inspected force's work here: its leads, and its assessors, who help them."""
    return (user.is_force_lead or user.is_force_assessor) and user.force_id == inspection.force_id


def force_leads() -> QuerySet[User]:
    """Return the leads of all forces who can sign in; whoever asks narrows them to a force."""
    return User.objects.filter(is_active=True, roles__contains=[Role.FORCE_LEAD.value])


def reads_content(inspection: Inspection, user: User) -> bool:
    """Whether `user` may read case material and drafts at all; stage and side narrow it further for a force.

    Says of one inspection what `Inspection.objects.with_content_visible_to` says of all; a test holds them together.
    """
    if user.is_force:
        return inspection.force_id == user.force_id and inspection.stage != Stage.PLANNED
    return user.is_manager or works_on(inspection, user)
