"""The published recommendations that a person may see, narrowed, sorted and taken away, wherever they are listed.

The list, the national tracker, the board of a force and the files for spreadsheets all narrow by these functions, so
that the same words in an address mean the same recommendations on each of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.spreadsheets import Cell
from inspections import dates
from inspections.models import PUBLISHED_STAGES, Extension, TimeUnit
from recommendations.models import Outcome, ProgressStatus, Recommendation, RecommendationQuerySet

ROWS_AT_ONCE = 2_000  # that an export reads from the database
NOT_JUDGED = "none"  # the choice of those without an outcome


class Age(NamedTuple):
    """A span of time since publication: from so many calendar months on, and under so many (None: no end)."""

    key: str
    label: str | Promise
    months: int
    under: int | None


AGES = (
    Age("under-3", gettext_lazy("Under 3 months"), 0, 3),
    Age("3-to-6", gettext_lazy("3 to 6 months"), 3, 6),
    Age("6-to-12", gettext_lazy("6 to 12 months"), 6, 12),
    Age("1-to-2-years", gettext_lazy("1 to 2 years"), 12, 24),
    Age("over-2-years", gettext_lazy("2 years and more"), 24, None),
)


class Moved(NamedTuple):
    """One thing that can be said of a recommendation's date and extensions."""

    key: str
    label: str | Promise
    condition: Q


def waiting_requests() -> Q:
    """The condition for recommendations whose extension waits for an answer."""
    waiting = Extension.objects.undecided().filter(deadline=OuterRef("deadline"))
    return Q(Exists(waiting))


# The first date is what publication set; it moves with a corrected date of publication, so that a date that lies
# after it was extended.
EXTENDED = Q(deadline__due_on__gt=F("deadline__first_due_on"))
EXTENSIONS: dict[str, str | Promise] = {
    "first": gettext_lazy("First date stands"),
    "extended": gettext_lazy("Extended"),
    "asked": gettext_lazy("Extension asked for"),
    "undated": gettext_lazy("No date"),
}


def extension_condition(key: str) -> Q:
    """Return the condition that a key of EXTENSIONS stands for."""
    return {
        "first": Q(deadline__isnull=False) & Q(deadline__due_on__lte=F("deadline__first_due_on")),
        "extended": EXTENDED,
        "asked": waiting_requests(),
        "undated": Q(deadline__isnull=True),
    }[key]


def published(user: User) -> RecommendationQuerySet:
    """Every published recommendation that `user` may read, from which all lists and figures start."""
    return Recommendation.objects.visible_to(user).filter(inspection__stage__in=PUBLISHED_STAGES)


def published_between(age: Age, today: dt.date) -> Q:
    """The condition for what was published as long ago, on `today`, as `age` says (calendar months, rule 6)."""
    latest = dates.add(today, TimeUnit.MONTHS, -age.months)
    found = Q(inspection__published_on__lte=latest) if age.months else Q()
    if age.under is None:
        return found
    return found & Q(inspection__published_on__gt=dates.add(today, TimeUnit.MONTHS, -age.under))


def narrow(
    found: RecommendationQuerySet, chosen: Mapping[str, Any], today: dt.date
) -> RecommendationQuerySet:
    """Return those of `found` that fit what was `chosen` (the cleaned data of a `RecommendationFilter`)."""
    if force := chosen.get("force"):
        found = found.filter(inspection__force=force)
    if theme := chosen.get("theme"):
        found = found.filter(theme__label=theme)
    if timescale := chosen.get("timescale"):
        found = found.filter(timescale__label=timescale)
    if status := chosen.get("status"):
        found = found.filter(progress_status=status)
    if outcome := chosen.get("outcome"):
        found = found.filter(outcome="" if outcome == NOT_JUDGED else outcome)
    if extension := chosen.get("extension"):
        found = found.filter(extension_condition(extension))
    for age in AGES:
        if chosen.get("age") == age.key:
            found = found.filter(published_between(age, today))
    if chosen.get("state") == "open":
        found = found.open()
    elif chosen.get("state") == "settled":
        found = found.filter(settled_on__isnull=False)
    if chosen.get("overdue"):
        found = found.overdue(today)
    return found


# -- Orders ---------------------------------------------------------------------------------------------------------

SORTS = {
    "due": [F("deadline__due_on").asc(nulls_last=True)],
    "-due": [F("deadline__due_on").desc(nulls_last=True)],
    "force": [F("inspection__force__name").asc()],
    "-force": [F("inspection__force__name").desc()],
}


def sort(found: RecommendationQuerySet, key: str) -> RecommendationQuerySet:
    """Return `found` in the order that `key` of SORTS says; the newest report first otherwise."""
    return found.order_by(
        *SORTS.get(key, []), "-inspection__published_on", "inspection_id", "number"
    )


def for_rows(found: RecommendationQuerySet) -> RecommendationQuerySet:
    """Return `found` with what a row of a list shows, in one query."""
    return found.select_related("inspection__force", "theme", "timescale", "deadline", "ask")


# -- Files for spreadsheets -----------------------------------------------------------------------------------------


def head() -> list[str]:
    """The titles of the columns of `rows`."""
    return [
        _("Force"),
        _("Inspection"),
        _("Published on"),
        _("Number"),
        _("Theme"),
        _("Recommendation"),
        _("Points"),
        _("Timescale"),
        _("First due"),
        _("Due"),
        _("Met on"),
        _("Overdue"),
        _("Days overdue"),
        _("Progress"),
        _("Judgement"),
        _("Nothing more owed since"),
        _("Extension asked for"),
    ]


def rows(found: RecommendationQuerySet, today: dt.date) -> Iterator[list[Cell]]:
    """Yield a row of cells for each of `found`, read a few thousand at a time; the points are lines of one cell.

    What is overdue is asked of the database by the one condition of all pages; the days count from the due date.
    """
    late = found.overdue(today).filter(pk=OuterRef("pk")).order_by()
    wanted = for_rows(found).annotate(late=Exists(late), asked=waiting_requests())
    labels = {status.value: str(status.label) for status in ProgressStatus}
    outcomes = {"": "", **{outcome.value: str(outcome.label) for outcome in Outcome}}
    yes = _("Yes")
    for each in wanted.prefetch_related("points").iterator(chunk_size=ROWS_AT_ONCE):
        deadline = each.deadline
        is_late = each.late  # type: ignore[attr-defined]
        yield [
            each.inspection.force.name,
            str(each.inspection),
            each.inspection.published_on,
            each.number,
            each.theme.label,
            each.stem,
            "\n".join(point.text for point in each.points.all()),
            each.timescale.label,
            deadline.first_due_on if deadline else None,
            deadline.due_on if deadline else None,
            deadline.met_on if deadline else None,
            yes if is_late else "",
            (today - deadline.due_on).days if deadline and is_late else None,
            labels[each.progress_status],
            outcomes[each.outcome],
            each.settled_on,
            yes if each.asked else "",  # type: ignore[attr-defined]
        ]
