"""What stands in the paper for a force's board, and the HTML that it is printed from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import get_language

from accounts.models import Force, User
from inspections.models import Deadline
from recommendations import board, board_words, lists
from recommendations.board import Board
from recommendations.line_chart import LineChart
from recommendations.models import Recommendation
from reports import pdf

SOON_DAYS = 60  # a board that meets every month sees each date twice before it comes
MOST_LISTED = 300


@dataclass(frozen=True)
class Paper:
    """The content of a paper: what was open on the day `as_of`, the longest overdue first."""

    force: Force
    as_of: dt.date
    soon_on: dt.date
    board: Board
    chart: LineChart | None
    due_soon: int
    overdue: list[Recommendation]
    soon: list[Recommendation]
    others: list[Recommendation]
    left_out: int


def gather(force: Force, user: User, as_of: dt.date) -> Paper:
    """Gather what `user` may read of the open recommendations of `force`; a fixed number of queries.

    Every open recommendation is in one of three lists, of which each has the first MOST_LISTED; the last has those that
    are due later or without a date, or that are met and wait for the inspectorate.
    """
    found = board.of(force, user, as_of)
    soon_on = as_of + dt.timedelta(days=SOON_DAYS)
    theirs = (
        lists.for_rows(lists.published(user).filter(inspection__force=force).open())
        .select_related("deadline__owner")
        .prefetch_related("points")
        .order_by(F("deadline__due_on").asc(nulls_last=True), "inspection_id", "number")
    )
    late = Deadline.objects.overdue(as_of)
    coming = Deadline.objects.open().filter(due_on__lte=soon_on)
    not_late = theirs.exclude(deadline__in=late)
    due_soon = not_late.filter(deadline__in=coming)
    overdue, soon, others = (
        list(part[:MOST_LISTED])
        for part in (
            theirs.overdue(as_of),
            due_soon,
            not_late.exclude(deadline__in=coming),
        )
    )
    return Paper(
        force=force,
        as_of=as_of,
        soon_on=soon_on,
        board=found,
        chart=board_words.chart(found.burn_down),
        due_soon=due_soon.order_by().count(),
        overdue=overdue,
        soon=soon,
        others=others,
        left_out=found.figures.total.open - len(overdue) - len(soon) - len(others),
    )


def compose(paper: Paper) -> str:
    """Return the HTML of which the PDF is made, in the language that is active."""
    html = render_to_string(
        "reports/pdf/board_paper.html",
        {
            "paper": paper,
            "nobody": board_words.NOBODY,
            "language": get_language() or settings.LANGUAGE_CODE,
        },
    )
    return pdf.printable(html)
