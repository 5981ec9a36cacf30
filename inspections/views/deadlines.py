"""Deadlines in a list by what is overdue, due this week, due within 30 days and later, and as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from config import spreadsheets
from config.paging import LongPaginator
from config.queries import query_string
from inspections import dates
from inspections.deadline_filter import (
    GROUP_NAMES,
    LAPSED,
    MET,
    DeadlineFilter,
    narrow,
    of_group,
    shown,
)
from inspections.deadline_groups import GROUPS, count_groups
from inspections.deadline_rows import WITH_IT, Row, head, lines, rows
from inspections.models import Deadline


def deadline_list(request: HttpRequest) -> HttpResponse:
    """Deadlines that the person may know of, the earliest first, in groups; what is over, newest first."""
    user, now = request.user, dates.now()
    form = DeadlineFilter(request.GET, user=user)
    visible = Deadline.objects.visible_to(user)
    narrowed = narrow(visible, form, user)
    pages = LongPaginator(
        of_group(narrowed, form.cleaned_data.get("group", ""), now),
        lambda keys: visible.select_related(*WITH_IT).filter(pk__in=keys),
    )
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "today": now.date(),
        "now": now,
        "counts": count_groups(narrowed, now.date(), now),
        "sections": _sections(rows(page, user, now)),
        "tail": query_string(request, page=None),
        "most": spreadsheets.MOST_IN_XLSX,
    }
    return render(request, "deadlines/list.html", context)


def _sections(found: list[Row]) -> list[dict[str, Any]]:
    """The rows of a page under the headings of their groups; a heading without rows is left out."""
    sections = [
        {"title": GROUP_NAMES[name], "rows": [row for row in found if row.standing == name]}
        for name in (*GROUPS, MET, LAPSED)
    ]
    return [section for section in sections if section["rows"]]


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send what the list with the same query shows, all its pages, as CSV or XLSX."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    user, now = request.user, dates.now()
    found = shown(DeadlineFilter(request.GET, user=user), user, now)
    most = spreadsheets.MOST_IN_XLSX
    if kind == spreadsheets.XLSX and found.order_by()[: most + 1].count() > most:
        messages.warning(
            request,
            _(
                "An Excel workbook holds up to %(count)s deadlines, and more than that match. Take the CSV file, which "
                "Excel opens, too, or narrow the list."
            )
            % {"count": f"{most:,}"},
        )
        return redirect(reverse("deadlines:list") + query_string(request))
    return spreadsheets.response(
        kind, f"deadlines-{now.date()}", _("Deadlines"), head(), lines(found, user, now)
    )
