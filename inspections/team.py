"""Who works on an inspection, and so who may read its case material and who may act for it."""

from __future__ import annotations

from accounts.models import User
from inspections.models import Inspection, TeamMember


def leads(inspection: Inspection, user: User) -> bool:
    """Whether `user` leads this inspection: on its team as a lead, and still a lead inspector by role."""
    return (
        user.is_lead_inspector
        and TeamMember.objects.filter(inspection=inspection, user=user, is_lead=True).exists()
    )


def works_on(inspection: Inspection, user: User) -> bool:
    """Whether `user` is an inspector on this inspection's team."""
    return (
        user.is_inspector and TeamMember.objects.filter(inspection=inspection, user=user).exists()
    )


def directs(inspection: Inspection, user: User) -> bool:
    """Whether `user` may decide about this inspection: its lead, or any manager."""
    return user.is_manager or leads(inspection, user)


def reads_content(inspection: Inspection, user: User) -> bool:
    """Whether `user` may read case material and drafts at all; stage and side narrow it further for a force."""
    return Inspection.objects.with_content_visible_to(user).filter(pk=inspection.pk).exists()
