"""A force's own board."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Force
from inspections import dates
from inspections.deadlines import SOON_DAYS
from recommendations import board, board_words, tracker
from recommendations.list_filter import COLUMNS, BoardFilter


@require_safe
def show(request: HttpRequest, force_pk: int) -> HttpResponse:
    """What a force has still to do: for its own people, and for the inspectorate; 404 for another force."""
    user = request.user
    force = get_object_or_404(Force.objects.visible_to(user), pk=force_pk)
    form = BoardFilter(request.GET, inspections=board.inspections_of(force, user))
    form.is_valid()
    inspection, today = form.cleaned_data.get("inspection"), dates.today()
    found = board.of(force, user, today, inspection=inspection)
    narrowed: dict[str, Any] = {} if user.is_force else {"force": force.pk}
    context = {
        "force": force,
        "form": form,
        "inspection": inspection,
        "board": found,
        "chart": board_words.chart(found.burn_down),
        "nobody": board_words.NOBODY,
        "today": today,
        "soon_days": SOON_DAYS,
        "themes": _lines("theme", found.figures.themes, narrowed, linked=inspection is None),
        "ages": _lines("age", found.figures.ages, narrowed, linked=inspection is None),
    }
    return render(request, "recommendations/board.html", context)


def _lines(
    name: str, lines: list[tracker.Line], query: dict[str, Any], *, linked: bool
) -> list[list[Any]]:
    """The rows of a table; its numbers lead to the list, where that knows the same filter."""
    return [
        [
            line.label,
            *(
                _number(
                    getattr(line.counts, column),
                    {**query, name: line.key, **COLUMNS[column]},
                    linked,
                )
                for column in ("open", "overdue", "ready", "extended", "settled")
            ),
        ]
        for line in lines
    ]


def _number(number: int, query: dict[str, Any], linked: bool) -> int | dict[str, Any]:
    if not number or not linked:
        return number
    return {"text": number, "href": f"{reverse('recommendations:list')}?{urlencode(query)}"}
