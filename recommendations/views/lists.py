"""Recommendations of all inspections: the list and its files, and the national tracker."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import spreadsheets
from config.paging import LongPaginator
from inspections import dates
from inspections.deadlines import SOON_DAYS
from recommendations import lists, tracker
from recommendations.list_filter import COLUMNS, RecommendationFilter, TrackerFilter
from recommendations.models import RecommendationQuerySet


class Asked(NamedTuple):
    """What an address of the list asks for: `found` are the recommendations in its order, `form` the filter."""

    form: RecommendationFilter
    found: RecommendationQuerySet
    today: dt.date


def _asked_for(request: HttpRequest) -> Asked:
    form = RecommendationFilter(request.GET, user=request.user)
    today = dates.today()
    found = lists.narrow(lists.published(request.user), form.chosen, today)
    return Asked(form, lists.sort(found, request.GET.get("sort", "")), today)


@require_safe
def recommendation_list(request: HttpRequest) -> HttpResponse:
    """Every published recommendation that the person may see, newest report first unless sorted otherwise."""
    asked = _asked_for(request)
    there = lists.published(request.user)
    pages = LongPaginator(asked.found, lambda keys: lists.for_rows(there.filter(pk__in=keys)))
    context = {
        "form": asked.form,
        "page": pages.get_page(request.GET.get("page")),
        "tail": _tail(request),
        "today": asked.today,
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/list.html", context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send what the list with the same query shows, all its pages, as CSV or XLSX."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    asked = _asked_for(request)
    most = spreadsheets.MOST_IN_XLSX
    if kind == spreadsheets.XLSX and asked.found.order_by()[: most + 1].count() > most:
        messages.warning(
            request,
            _(
                "An Excel workbook holds up to %(count)s recommendations, and more than that match. Take the CSV "
                "file, which Excel opens, too, or narrow the list."
            )
            % {"count": f"{most:,}"},
        )
        return redirect(reverse("recommendations:list") + _tail(request))
    name = slugify(_("Recommendations %(date)s") % {"date": asked.today.isoformat()})
    rows = lists.rows(asked.found, asked.today)
    return spreadsheets.response(kind, name, _("Recommendations"), lists.head(), rows)


def _tail(request: HttpRequest) -> str:
    """The query of the address that was asked for, without the page, to keep the filter on the way elsewhere."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""


# -- The national tracker -------------------------------------------------------------------------------------------


@require_safe
def national(request: HttpRequest) -> HttpResponse:
    """What forces have still to do, over all of them, for the inspectorate: every number leads to its list."""
    if not request.user.is_inspectorate:
        raise PermissionDenied
    form, today = TrackerFilter(request.GET, user=request.user), dates.today()
    counted = tracker.figures(
        lists.narrow(lists.published(request.user), form.chosen, today), today
    )
    query = {
        name: str(value) for name, value in request.GET.items() if name in form.fields and value
    }
    context: dict[str, Any] = {
        "form": form,
        "figures": counted,
        "today": today,
        "is_filtered": bool(query),
        "tail": f"?{urlencode(query)}" if query else "",
        "tables": [
            _table("force", _("By force"), _("Force"), counted.forces, counted.total, query),
            _table("theme", _("By theme"), _("Theme"), counted.themes, counted.total, query),
            _table(
                "age",
                _("By time since publication"),
                _("Published"),
                counted.ages,
                counted.total,
                query,
            ),
        ],
        "extensions": [] if query.get("extension") else _extensions(counted.total, query),
    }
    return render(request, "recommendations/tracker.html", context)


def _table(
    name: str,
    caption: str,
    heading: str,
    lines: list[tracker.Line],
    total: tracker.Counts,
    query: dict[str, str],
) -> dict[str, Any]:
    """One table of the tracker: a row a line, each number with the address of the list behind it."""
    return {
        "caption": caption,
        "heading": heading,
        "rows": [[line.label, *_numbers(line.counts, {**query, name: line.key})] for line in lines],
        "totals": [_("All"), *_numbers(total, query)],
    }


def _numbers(counts: tracker.Counts, query: dict[str, str]) -> list[dict[str, Any]]:
    return [_number(getattr(counts, column), {**query, **more}) for column, more in COLUMNS.items()]


def _number(number: int, query: dict[str, str]) -> dict[str, Any]:
    href = f"{reverse('recommendations:list')}?{urlencode(query)}"
    return {"text": f"{number:,}", "sort": number, **({"href": href} if number else {})}


def _extensions(total: tracker.Counts, query: dict[str, str]) -> list[list[Any]]:
    return [
        [str(label), _number(getattr(total, key), {**query, "state": "open", "extension": key})]
        for key, label in lists.EXTENSIONS.items()
    ]
