"""Deadlines as rows of a page and of a file: what is due, where to act on it, who must, how the date came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from config.spreadsheets import Cell
from inspections.deadline_filter import GROUP_NAMES, LAPSED, MET
from inspections.deadline_groups import group_of
from inspections.models import Deadline, DeadlineQuerySet, Inspection
from inspections.presentation import deadline_page, side_name
from inspections.provenance import how_it_came_about

AT_ONCE = 500
WITH_IT = ("inspection__force", "owner")  # what a row needs at hand


@dataclass(frozen=True)
class Row:
    """One deadline as `user` sees it. `standing` is its group, “met” or “lapsed”."""

    deadline: Deadline
    href: str
    who: str
    how: str
    standing: str


def rows(deadlines: Iterable[Deadline], user: User, now: dt.datetime) -> list[Row]:
    """Return `deadlines`, which have `WITH_IT` at hand, as rows in the same order; one query."""
    found = list(deadlines)
    content = set(
        Inspection.objects.with_content_visible_to(user)
        .filter(pk__in={one.inspection_id for one in found})
        .values_list("pk", flat=True)
    )
    return [
        Row(
            deadline=one,
            href=deadline_page(one, user, one.inspection_id in content),
            who=_who(one),
            how=how_it_came_about(one),
            standing=standing(one, now),
        )
        for one in found
    ]


def standing(deadline: Deadline, now: dt.datetime) -> str:
    """Return the name in GROUP_NAMES of where `deadline` stands."""
    if deadline.met_on:
        return MET
    if deadline.lapsed_on:
        return LAPSED
    return group_of(deadline, now.date(), now)


def _who(deadline: Deadline) -> str:
    side = side_name(deadline.responsible, deadline.inspection.force)
    if deadline.owner is None:
        return side
    return _("%(person)s, %(side)s") % {"person": deadline.owner.name, "side": side}


def head() -> list[str]:
    """Return the first row of the file."""
    return [
        *(_("What is due"), _("Kind"), _("Force"), _("Inspection"), _("Who must act"), _("Owner")),
        *(_("Due"), _("First due"), _("Group"), _("Days overdue"), _("Met"), _("No longer wanted")),
        *(_("How the date came about"), _("Address")),
    ]


def lines(found: DeadlineQuerySet, user: User, now: dt.datetime) -> Iterator[list[Cell]]:
    """Yield the deadlines `found` in their order as rows of a file, read some hundred at a time."""
    keys = list(found.values_list("pk", flat=True))
    visible = Deadline.objects.visible_to(user).select_related(*WITH_IT)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        loaded = {one.pk: one for one in visible.filter(pk__in=some)}
        yield from (
            _line(row, now)
            for row in rows([loaded[key] for key in some if key in loaded], user, now)
        )


def _line(row: Row, now: dt.datetime) -> list[Cell]:
    deadline, inspection = row.deadline, row.deadline.inspection
    late = (now.date() - deadline.due_on).days if row.standing == "overdue" else None
    return [
        *(deadline.label, deadline.get_kind_display(), inspection.force.name, str(inspection)),
        side_name(deadline.responsible, inspection.force),
        deadline.owner.name if deadline.owner else None,
        *(deadline.due_at or deadline.due_on, deadline.first_due_on),
        *(GROUP_NAMES[row.standing], late, deadline.met_on, deadline.lapsed_on),
        *(row.how, f"{settings.BASE_URL}{row.href}"),
    ]
