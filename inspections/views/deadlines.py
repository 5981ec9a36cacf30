"""Deadlines: what is overdue, due soon and later; and one follow-up, to say that it is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import dates
from inspections.deadlines import (
    count_groups,
    groups,
    in_group,
)
from inspections.forms import DeadlineFilter
from inspections.models import Deadline, DeadlineQuerySet, Inspection
from inspections.presentation import deadline_page, side_name

PER_PAGE = 50


def deadline_list(request: HttpRequest) -> HttpResponse:
    """Deadlines that the person may know of, the earliest first, in groups; those that were met, newest first."""
    user, now = request.user, dates.now()
    day = now.date()
    form = DeadlineFilter(request.GET, user=user)
    narrowed = narrow(Deadline.objects.visible_to(user), form)
    wanted = form.cleaned_data.get("group", "")
    if wanted == "met":
        shown = narrowed.filter(met_on__isnull=False).order_by("-met_on", "-pk")
    elif wanted:
        shown = in_group(narrowed, wanted, day, now)
    else:
        shown = narrowed.open()
    page = Paginator(shown.select_related("inspection__force"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "today": day,
        "now": now,
        "wanted": wanted,
        "counts": count_groups(narrowed, day, now),
        "sections": _sections(user, page, wanted, now),
    }
    return render(request, "deadlines/list.html", context)


def narrow(deadlines: DeadlineQuerySet, form: DeadlineFilter) -> DeadlineQuerySet:
    """Return those of `deadlines` that the filter wants, but for the group; nonsense is left aside."""
    form.is_valid()
    wanted = form.cleaned_data
    if wanted.get("force"):
        deadlines = deadlines.filter(inspection__force=wanted["force"])
    for name in ("kind", "responsible"):
        if wanted.get(name):
            deadlines = deadlines.filter(**{name: wanted[name]})
    return deadlines


def _sections(
    user: User, page: Page[Deadline], wanted: str, now: dt.datetime
) -> list[dict[str, Any]]:
    """The rows of this page under the headings of their groups; a heading without rows is left out."""
    rows = list(page)
    titles = {
        "overdue": _("Overdue"),
        "due_soon": _("Due within 30 days"),
        "later": _("Later"),
        "met": _("Met"),
    }
    grouped = {"met": rows} if wanted == "met" else groups(rows, now.date(), now)._asdict()
    content = set(
        Inspection.objects.with_content_visible_to(user)
        .filter(pk__in={row.inspection_id for row in rows})
        .values_list("pk", flat=True)
    )
    return [
        {
            "title": titles[name],
            "rows": [
                {
                    "deadline": row,
                    "href": deadline_page(row, user, row.inspection_id in content),
                    "who": side_name(row.responsible, row.inspection.force),
                }
                for row in found
            ],
        }
        for name, found in grouped.items()
        if found
    ]
