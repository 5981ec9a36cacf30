"""Addresses of lists: the same list with another page, another order, one filter less.

Filters live in the address, so that a view of a list can be sent to a colleague.
"""

from __future__ import annotations

from typing import Any, TypedDict

from django import forms
from django.http import HttpRequest, QueryDict

from config.forms import DateInput, field_view


class Chosen(TypedDict):
    text: str
    href: str


class ChosenFilter(TypedDict):
    heading: str
    items: list[Chosen]


def query_string(request: HttpRequest, **changes: Any) -> str:
    """Return this page's query with `changes` made (None takes a parameter away), as “?a=b”.

    Any change but one of the page leads back to page 1.
    """
    query = request.GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return _address(query)


def _address(query: QueryDict) -> str:
    return f"?{query.urlencode()}"


def sort_link(request: HttpRequest, key: str) -> tuple[str, str]:
    """Return the address that sorts by `key` (reversed if it already does) and the column's `aria-sort`."""
    now = request.GET.get("sort", "")
    if now == key:
        return query_string(request, sort=f"-{key}"), "ascending"
    return query_string(request, sort=key), "descending" if now == f"-{key}" else "none"


def chosen_filters(form: forms.BaseForm, request: HttpRequest) -> list[ChosenFilter]:
    """Return what the bound filter `form` narrows the list by, each value with the address without it."""
    chosen: list[ChosenFilter] = []
    for bound in form:
        if isinstance(bound.field.widget, forms.HiddenInput):
            continue
        view = field_view(bound)
        items: list[Chosen] = []
        if isinstance(bound.field.widget, DateInput):
            if view["value_text"]:
                names = [f"{bound.html_name}-{part}" for part in DateInput.parts]
                items.append({"text": view["value_text"], "href": _without(request, *names)})
        elif view["options"]:
            items = [
                {
                    "text": option["text"],
                    "href": _without_value(request, bound.html_name, option["value"]),
                }
                for option in view["options"]
                if option["selected"] and option["value"]
            ]
        elif view["kind"] == "checkbox":
            if view["checked"]:
                items.append({"text": view["label"], "href": _without(request, bound.html_name)})
        elif view["value_text"]:
            items.append({"text": view["value_text"], "href": _without(request, bound.html_name)})
        if items:
            chosen.append({"heading": view["label"], "items": items})
    return chosen


def _without(request: HttpRequest, *names: str) -> str:
    return query_string(request, **dict.fromkeys(names))


def _without_value(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.setlist(name, [other for other in query.getlist(name) if other != value])
    return _address(query)
