"""What one force has still to do, as its own board sees it: by theme, by owner, by age, and how that has gone down."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q

from accounts.models import Force, User
from inspections import dates
from inspections.models import (
    PUBLISHED_STAGES,
    Deadline,
    DeadlineKind,
    Inspection,
    InspectionQuerySet,
    TimeUnit,
)
from recommendations import lists, plan_versions, tracker
from recommendations.models import Action, PlanVersion, Recommendation, RecommendationQuerySet

NEXT_SHOWN = 15  # recommendations that are due next, or late, the longest first
# Between the points of a burn-down: weeks at first, then months, quarters, years, so that there are never many.
STEPS = (
    (TimeUnit.WEEKS, 1, 17),
    (TimeUnit.MONTHS, 1, 24),
    (TimeUnit.MONTHS, 3, 32),
    (TimeUnit.MONTHS, 12, 100),
)


@dataclass(frozen=True)
class OwnerLine:
    """What one person, or a partner, has still to do; without either it is the force's lead's."""

    label: str
    recommendations: int = 0
    actions: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class Point:
    """How many recommendations were open at the end of a day, and how many would be if every date were kept."""

    on: dt.date
    open: int
    planned: int


@dataclass(frozen=True)
class Board:
    """What the board of a force shows, counted on one day."""

    figures: tracker.Figures
    owners: list[OwnerLine]
    burn_down: list[Point]
    next: list[Recommendation]
    ready: list[Recommendation]


def inspections_of(force: Force, user: User) -> InspectionQuerySet:
    """Return the published inspections of `force` that `user` may know of, newest first."""
    return (
        Inspection.objects.visible_to(user)
        .filter(force=force, stage__in=PUBLISHED_STAGES)
        .select_related("force")
    )


def of(force: Force, user: User, today: dt.date, *, inspection: Inspection | None = None) -> Board:
    """Return the board of `force` on `today`: all that `user` may read of it, or of one `inspection` alone.

    A fixed number of queries, however many recommendations there are.
    """
    found = lists.published(user).filter(inspection__force=force)
    if inspection is not None:
        found = found.filter(inspection=inspection)
    open_ones = lists.for_rows(found.open()).order_by(
        F("deadline__due_on").asc(nulls_last=True), "inspection_id", "number"
    )
    return Board(
        figures=tracker.figures(found, today),
        owners=_owners(found, user, today),
        burn_down=_burn_down(found, today),
        next=list(open_ones.filter(deadline__in=Deadline.objects.open())[:NEXT_SHOWN]),
        ready=list(lists.for_rows(found.ready_for_closure())[:NEXT_SHOWN]),
    )


# -- Owners ---------------------------------------------------------------------------------------------------------


def _owners(found: RecommendationQuerySet, user: User, today: dt.date) -> list[OwnerLine]:
    """Who sees to what is open, most overdue first; three queries.

    Actions stand as they were submitted: what the force drafts meanwhile is not for everybody who reads this.
    """
    late = Q(deadline__in=Deadline.objects.overdue(today))
    recommendations = (
        found.open()
        .order_by()
        .values_list("deadline__owner__name")
        .annotate(number=Count("pk"), late=Count("pk", filter=late))
    )
    still_open = found.open().order_by()
    actions = (
        Action.objects.visible_to(user)
        .filter(submitted=True, recommendation__in=still_open.values("pk"))
        .filter(deadline__in=Deadline.objects.open().filter(kind=DeadlineKind.ACTION))
        .order_by()
        .values_list("pk", "deadline__owner__name")
        .annotate(late=Count("pk", filter=late))
    )
    partners = plan_versions.partners(
        PlanVersion.objects.visible_to(user).filter(
            plan__inspection__in=still_open.values("inspection")
        )
    )
    theirs: Counter[str] = Counter()
    doing: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for name, number, over in recommendations:
        theirs[name or ""] += number
        overdue[name or ""] += over
    for pk, name, over in actions:
        who = name or partners.get(pk, "")
        doing[who] += 1
        overdue[who] += over
    lines = [
        OwnerLine(name, theirs[name], doing[name], overdue[name])
        for name in theirs.keys() | doing.keys()
    ]
    return sorted(lines, key=lambda line: (line.label == "", -line.overdue, line.label.casefold()))


# -- Burn-down ------------------------------------------------------------------------------------------------------


def _burn_down(found: RecommendationQuerySet, today: dt.date) -> list[Point]:
    """Count what was open on days since the first publication, the last of them today; one query.

    What has no date counts as open in the plan, too, until nothing more is owed on it.
    """
    groups = [
        (published, settled, due if due is not None else settled, number)
        for published, settled, due, number in found.order_by()
        .values_list("inspection__published_on", "settled_on", "deadline__due_on")
        .annotate(number=Count("pk"))
    ]
    if not groups:
        return []
    first = min(published for published, *_rest in groups)
    return [
        Point(
            on=day,
            open=sum(n for start, end, _due, n in groups if _stands(start, end, day)),
            planned=sum(n for start, _end, due, n in groups if _stands(start, due, day)),
        )
        for day in days_between(first, today)
    ]


def _stands(start: dt.date, end: dt.date | None, day: dt.date) -> bool:
    return start <= day and (end is None or end > day)


def days_between(first: dt.date, today: dt.date) -> list[dt.date]:
    """Return days from `first` to `today`, both among them, at steps that fit the time between them."""
    if first >= today:
        return [today]
    for unit, amount, most in STEPS:
        days: list[dt.date] = []
        for number in range(most + 1):
            day = dates.add(first, unit, number * amount)
            if day >= today:
                return [*days, today]
            days.append(day)
    return [first, today]
