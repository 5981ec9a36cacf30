"""The record of who read what (domain rule 11). Rows can be added and read, never changed: a trigger sees to it."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Access, User


def note(user: User, subject: str, *subject_ids: int) -> None:
    """Write down that `user` reads these things now, in one statement."""
    Access.objects.bulk_create(
        [Access(user=user, subject=subject, subject_id=pk) for pk in subject_ids], batch_size=5000
    )


def of(subject: str, subject_id: int) -> QuerySet[Access]:
    """Return who read this thing, newest first. The caller decides who may know."""
    return Access.objects.filter(subject=subject, subject_id=subject_id).select_related("user")
