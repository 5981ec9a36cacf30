"""The record of who read what (domain rule 11). Rows can be added and read, never changed: a trigger sees to it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Access, User


def note(user: User, subject: str, *subject_ids: int) -> None:
    """Write down that `user` reads these things now, in one statement."""
    Access.objects.bulk_create(
        [Access(user=user, subject=subject, subject_id=pk) for pk in subject_ids]
    )


def of(*subjects: tuple[str, int]) -> QuerySet[Access]:
    """Return who read one of these things (kind and primary key), newest first. The caller decides who may know."""
    wanted = Q()
    for subject, subject_id in subjects:
        wanted |= Q(subject=subject, subject_id=subject_id)
    return Access.objects.filter(wanted).select_related("user")
