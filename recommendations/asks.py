"""The same ask of several forces: found by similar wording, confirmed by a person, with the dates each was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from recommendations import lists, wording
from recommendations.models import Ask, Recommendation

MOST_CANDIDATES = 30


class DifferentAsks(DomainError):
    """The recommendations belong to two asks already; somebody has to take one out of its ask first."""


class NothingChosen(DomainError):
    """An ask needs two recommendations at least, and words for it."""


def may_read(user: User) -> bool:
    """Whether `user` may compare forces: the inspectorate."""
    return user.is_inspectorate


def may_confirm(user: User) -> bool:
    """Whether `user` may say that two recommendations ask the same: inspectors and managers."""
    return user.is_inspector or user.is_manager


def candidates(recommendation: Recommendation, user: User) -> list[wording.Alike]:
    """Return what was recommended to other forces in similar words and is not in the same ask yet, nearest first."""
    among = lists.published(user).exclude(inspection__force=recommendation.inspection.force_id)
    if recommendation.ask_id:
        among = among.exclude(pk__in=_in_ask(recommendation.ask_id))
    points = [point.text for point in recommendation.points.all()]
    return wording.alike(recommendation.stem, among, points=points, most=MOST_CANDIDATES)


def confirm(
    recommendation: Recommendation,
    others: Sequence[Recommendation],
    *,
    title: str,
    by: User,
    personal_data_reason: str = "",
) -> Ask:
    """Say that `others` ask the same as `recommendation`; `title` names the ask if none of them has one yet.

    Raises NotAllowed, NothingChosen, DifferentAsks, and LooksPersonal for the title (rule 9).
    """
    if not may_confirm(by):
        raise NotAllowed(gettext("Inspectors and managers say what is the same ask."))
    keys = {each.pk for each in others} | {recommendation.pk}
    with transaction.atomic():
        visible = lists.published(by).filter(pk__in=keys).values("pk")
        found = list(
            Recommendation.objects.select_for_update(of=("self",))
            .filter(pk__in=visible)
            .order_by("pk")
        )
        if len(found) < 2:
            raise NothingChosen(gettext("Select at least one other recommendation."))
        asks = {each.ask_id for each in found if each.ask_id is not None}
        if len(asks) > 1:
            raise DifferentAsks(
                gettext("Some of these belong to different asks. Take them out of their ask first.")
            )
        if asks:
            ask = Ask.objects.get(pk=asks.pop())
        else:
            _check_title(title, recommendation, by, personal_data_reason)
            ask = Ask.objects.create(title=title.strip(), created_by=by)
        Recommendation.objects.filter(pk__in=[each.pk for each in found]).update(ask=ask)
    return ask


def take_out(recommendation: Recommendation, *, by: User) -> None:
    """Say that `recommendation` asks something else after all; an ask of fewer than two is none, and goes."""
    if not may_confirm(by):
        raise NotAllowed(gettext("Inspectors and managers say what is the same ask."))
    with transaction.atomic():
        ask = Ask.objects.select_for_update().filter(recommendations=recommendation).first()
        if ask is None:
            return
        Recommendation.objects.filter(pk=recommendation.pk, ask=ask).update(ask=None)
        if ask.recommendations.count() < 2:
            ask.recommendations.update(ask=None)
            ask.delete()


def rename(ask: Ask, title: str, *, by: User, personal_data_reason: str = "") -> Ask:
    """Give `ask` other words. Raises NotAllowed, NothingChosen without any, LooksPersonal (rule 9)."""
    if not may_confirm(by):
        raise NotAllowed(gettext("Inspectors and managers say what is the same ask."))
    with transaction.atomic():
        first = ask.recommendations.order_by("pk").select_related("inspection").first()
        assert first, "an ask has two recommendations at least"
        _check_title(title, first, by, personal_data_reason)
        ask.title = title.strip()
        ask.save(update_fields=["title"])
    return ask


def _check_title(title: str, about: Recommendation, by: User, reason: str) -> None:
    if not title.strip():
        raise NothingChosen(gettext("Enter what is asked, in a few words."))
    place = personal_data.Place(about.inspection, f"recommendation {about.pk}")
    personal_data.check({"title": title}, place=place, by=by, reason=reason)


# -- Reading --------------------------------------------------------------------------------------------------------


def all_asks() -> QuerySet[Ask]:
    """Return every ask with how many forces got it and how often, and its first and last date; the widest first."""
    return Ask.objects.annotate(
        number=Count("recommendations", distinct=True),
        forces=Count("recommendations__inspection__force", distinct=True),
        first_due=Min("recommendations__deadline__due_on"),
        last_due=Max("recommendations__deadline__due_on"),
        timescales=Count("recommendations__timescale__label", distinct=True),
    ).order_by("-forces", "-number", "title", "pk")


def of_ask(ask: Ask, user: User) -> list[Recommendation]:
    """Return the recommendations of `ask` that `user` may read, by force and date of publication."""
    found = lists.for_rows(lists.published(user).filter(pk__in=_in_ask(ask.pk)))
    return list(found.order_by("inspection__force__name", "inspection__published_on", "number"))


def timescales(recommendations: Iterable[Recommendation]) -> list[tuple[str, int]]:
    """Return which timescales were given, and how often each, the most frequent first."""
    counts: dict[str, int] = {}
    for each in recommendations:
        counts[each.timescale.label] = counts.get(each.timescale.label, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _in_ask(ask_pk: int) -> QuerySet[Recommendation, int]:
    return Recommendation.objects.filter(ask=ask_pk).values_list("pk", flat=True)
