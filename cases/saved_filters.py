"""Ways to look at the cases of an inspection that somebody keeps under a name: theirs alone."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.models import User
from cases.models import SavedFilter
from inspections.models import Inspection

MOST = 30  # of one person in one inspection


class TooMany(DomainError):
    """Somebody keeps as many views as a person may."""


def of(inspection: Inspection, user: User) -> QuerySet[SavedFilter]:
    """The views of this inspection that `user` keeps, by name."""
    return SavedFilter.objects.filter(inspection=inspection, user=user)


def save(inspection: Inspection, *, name: str, query: str, by: User) -> SavedFilter:
    """Keep `query` (of the list’s address) under `name`; one of that name is replaced. Raises TooMany."""
    mine = of(inspection, by)
    if mine.exclude(name=name).count() >= MOST:
        raise TooMany(
            _("You keep %(count)d views already. Delete one before you save another.")
            % {"count": MOST}
        )
    saved, _new = SavedFilter.objects.update_or_create(
        user=by, inspection=inspection, name=name, defaults={"query": query}
    )
    return saved
