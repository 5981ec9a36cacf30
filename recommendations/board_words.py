"""What a board says in words, on the page and on paper alike."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import line_chart
from recommendations.board import Point
from recommendations.line_chart import LineChart

NOBODY = gettext_lazy("Nobody named: the force’s lead")


def chart(points: list[Point]) -> LineChart | None:
    """Return the drawing of a burn-down; None before there are two days to draw a line between."""
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    title = _(
        "Open recommendations since %(first)s: %(began)s then, %(open)s on %(last)s. If every date were kept, "
        "%(planned)s would be open now."
    ) % {
        "first": date_format(first.on, "j F Y"),
        "began": first.open,
        "open": last.open,
        "last": date_format(last.on, "j F Y"),
        "planned": last.planned,
    }
    return line_chart.draw(
        title,
        [point.on for point in points],
        {
            _("Open"): [point.open for point in points],
            _("By the dates"): [point.planned for point in points],
        },
    )
