"""Writing the recommendations of an inspection, while its report is a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from config import hooks
from inspections import team
from inspections.models import Inspection, Stage, Theme, Timescale
from recommendations.models import Recommendation, RecommendationPoint


class NotDrafting(DomainError):
    """Recommendations change only while the report is being drafted."""


class StaleRecommendation(Conflict):
    """Somebody saved the recommendation since it was read; `current` is theirs, None if they removed it (rule 5)."""

    def __init__(self, current: Recommendation | None) -> None:
        super().__init__(gettext("Somebody else changed this recommendation in the meantime."))
        self.current = current


def may_draft(inspection: Inspection, user: User) -> bool:
    """Whether `user` may add, change and remove recommendations now: the team, at the drafting stage."""
    return inspection.stage == Stage.DRAFTING and team.works_on(inspection, user)


@transaction.atomic  # the lock is held until its number has been read
def add(
    inspection: Inspection,
    *,
    theme: Theme,
    timescale: Timescale,
    stem: str,
    points: Sequence[str] = (),
    by: User,
    personal_data_reason: str = "",
) -> Recommendation:
    """Add a recommendation at the end of its theme and number all of them anew.

    Raises NotAllowed for who is not on the team, NotDrafting at any other stage, LooksPersonal (rule 9).
    """
    with _numbered_anew(inspection, by):
        last = inspection.recommendations.aggregate(last=Max("number"))["last"] or 0
        recommendation = Recommendation.objects.create(
            inspection=inspection,
            framework_id=inspection.framework_id,
            number=last + 1,
            theme=theme,
            timescale=timescale,
            stem=stem.strip(),
            version=1,
            updated_by=by,
        )
        _check_words(recommendation, stem, points, by, personal_data_reason)
        _write_points(recommendation, points)
    recommendation.refresh_from_db(fields=["number"])
    return recommendation


@transaction.atomic
def edit(
    recommendation: Recommendation,
    *,
    version: int,
    theme: Theme,
    timescale: Timescale,
    stem: str,
    points: Sequence[str] = (),
    by: User,
    personal_data_reason: str = "",
) -> Recommendation:
    """Save a changed recommendation; moved to another theme, it goes to that theme's end.

    Raises StaleRecommendation if somebody saved or removed it since `version` was read (rule 5), NotAllowed,
    NotDrafting, LooksPersonal (rule 9).
    """
    with _numbered_anew(recommendation.inspection, by) as inspection:
        current = _current(recommendation, version)
        _check_words(current, stem, points, by, personal_data_reason)
        if current.theme_id != theme.pk:
            last = inspection.recommendations.aggregate(last=Max("number"))["last"]
            current.number = last + 1
        current.theme, current.timescale, current.stem = theme, timescale, stem.strip()
        current.version += 1
        current.updated_by = by
        current.save()
        _write_points(current, points)
    current.refresh_from_db(fields=["number"])
    return current


def remove(recommendation: Recommendation, *, version: int, by: User) -> None:
    """Remove a draft recommendation and close the gap in the numbers; what it said stays in its history.

    Raises StaleRecommendation if somebody saved or removed it since `version` was read, NotAllowed, NotDrafting.
    """
    with _numbered_anew(recommendation.inspection, by):
        _current(recommendation, version).delete()


def move(recommendation: Recommendation, *, up: bool, by: User) -> Recommendation:
    """Swap a recommendation with the one before it (or after it) in its theme; the first and last stay.

    Raises NotAllowed, NotDrafting, and StaleRecommendation if it was removed.
    """
    with _numbered_anew(recommendation.inspection, by) as inspection:
        ordered = list(inspection.recommendations.order_by("number"))
        place = next((i for i, other in enumerate(ordered) if other.pk == recommendation.pk), None)
        if place is None:
            raise StaleRecommendation(None)
        other = place - 1 if up else place + 1
        if 0 <= other < len(ordered) and ordered[other].theme_id == ordered[place].theme_id:
            one, two = ordered[place], ordered[other]
            one.number, two.number = two.number, one.number
            Recommendation.objects.bulk_update([one, two], ["number"])
        return ordered[place]


def _check_words(
    recommendation: Recommendation, stem: str, points: Sequence[str], by: User, reason: str
) -> None:
    place = personal_data.Place(recommendation.inspection, f"recommendation {recommendation.pk}")
    texts = {"stem": stem, "points": "\n".join(points)}
    personal_data.check(texts, place=place, by=by, reason=reason)


def _lock_for_drafting(inspection: Inspection, by: User) -> Inspection:
    """Lock the inspection, so that nobody publishes, numbers or adds meanwhile; check who and when."""
    locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if not team.works_on(locked, by):
        raise NotAllowed(gettext("Only the inspection’s team writes its recommendations."))
    if locked.stage != Stage.DRAFTING:
        raise NotDrafting(
            gettext("Recommendations can be changed only while the report is being drafted.")
        )
    return locked


def _current(recommendation: Recommendation, version: int) -> Recommendation:
    """Return the recommendation as it is now, provided that it is still the `version` that was read."""
    current = (
        Recommendation.objects.select_related("theme", "timescale", "updated_by")
        .filter(pk=recommendation.pk)
        .first()
    )
    if current is None or current.version != version:
        raise StaleRecommendation(current)
    return current


def _write_points(recommendation: Recommendation, points: Sequence[str]) -> None:
    wanted = [text.strip() for text in points if text.strip()]
    if wanted == list(recommendation.points.values_list("text", flat=True)):
        return
    recommendation.points.all().delete()
    RecommendationPoint.objects.bulk_create(
        RecommendationPoint(recommendation=recommendation, order=order, text=text)
        for order, text in enumerate(wanted, start=1)
    )


@contextmanager
def _numbered_anew(inspection: Inspection, by: User) -> Iterator[Inspection]:
    """Do in one transaction what changes the recommendations, number them, and tell who refers to them by number."""
    with transaction.atomic():
        locked = _lock_for_drafting(inspection, by)
        before = dict(locked.recommendations.values_list("pk", "number"))
        yield locked
        _renumber(locked)
        after = dict(locked.recommendations.values_list("pk", "number"))
        moved = {was: after.get(pk) for pk, was in before.items() if after.get(pk) != was}
        if moved:
            for follower in hooks.load(*settings.RECOMMENDATION_FOLLOWERS):
                follower(locked, moved, by=by)


def _renumber(inspection: Inspection) -> None:
    """Number the recommendations 1, 2, 3 … in the order of the themes; within one they keep their order."""
    changed = []
    ordered = inspection.recommendations.order_by("theme__order", "number")
    for number, recommendation in enumerate(ordered, start=1):
        if recommendation.number != number:
            recommendation.number = number
            changed.append(recommendation)
    Recommendation.objects.bulk_update(changed, ["number"])
