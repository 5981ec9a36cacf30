"""Deadlines on a calendar of one month."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format

from config.queries import query_string
from inspections import dates
from inspections.deadline_filter import ALL, DeadlineFilter, narrow
from inspections.deadline_rows import rows
from inspections.models import Deadline
from inspections.month import Day, Month, fill, parse
from inspections.provenance import short_name


class CalendarFilter(DeadlineFilter):
    """The filter of the list, but for the dates: the month is chosen already."""

    more = ()
    month = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("group", "due_from", "due_to"):
            del self.fields[name]


def calendar(request: HttpRequest) -> HttpResponse:
    """The deadlines of one month on their days, open and met; those no longer wanted are left out."""
    user, now = request.user, dates.now()
    form = CalendarFilter(request.GET, user=user)
    month = parse(request.GET.get("month", ""), now.date())
    weeks = fill(month, narrow(Deadline.objects.visible_to(user), form, user))
    named = [deadline for week in weeks for day in week for deadline in day.deadlines]
    by_key = {row.deadline.pk: row for row in rows(named, user, now)}

    def cell(day: Day) -> dict[str, Any]:
        found = [by_key[deadline.pk] for deadline in day.deadlines]
        return {"day": day, "rows": found, "href": _list_of(request, day)}

    context = {
        "form": form,
        "month": month,
        "title": _title(month),
        "previous": _link(request, month.previous),
        "next": _link(request, month.next),
        "this_month": _link(request, parse("", now.date())),
        "weeks": [[cell(day) for day in week] for week in weeks],
        "count": sum(day.count for week in weeks for day in week),
        "today": now.date(),
        "short_name": short_name,
        "tail": query_string(request, page=None),
    }
    return render(request, "deadlines/calendar.html", context)


def _title(month: Month) -> str:
    return date_format(month.first, "F Y")


def _link(request: HttpRequest, month: Month | None) -> dict[str, str] | None:
    if month is None:
        return None
    return {"text": _title(month), "href": query_string(request, month=month.code)}


def _list_of(request: HttpRequest, day: Day) -> str:
    """The address of the list of all that is due on `day`, narrowed as the calendar is."""
    query = request.GET.copy()
    for name in ("month", "page"):
        query.pop(name, None)
    date = day.date.isoformat()
    more = urlencode({"group": ALL, "due_from": date, "due_to": date})
    kept = query.urlencode()
    return f"{reverse('deadlines:list')}?{kept + '&' if kept else ''}{more}"
