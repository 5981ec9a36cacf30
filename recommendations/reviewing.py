"""Looking back: a review or re-inspection takes up each recommendation of the inspection before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext, ngettext

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases.models import CaseFile
from inspections import team
from inspections.models import Inspection, Stage, Theme, Timescale
from recommendations import drafting, judging
from recommendations.models import (
    SETTLING_OUTCOMES,
    Evidence,
    Judgement,
    Outcome,
    Recommendation,
    ReviewedCase,
)


class NotOfThisReview(DomainError):
    """The case belongs to another inspection, or the review looks back at another one."""


@dataclass
class Earlier:
    """One recommendation of the earlier inspection, as its review sees it.

    `judgement` is the review's last; `evidence` and `cases` are how many files the force gave and how many cases of
    the review were looked at because of it.
    """

    recommendation: Recommendation
    judgement: Judgement | None = None
    evidence: int = 0
    cases: list[CaseFile] = field(default_factory=list)


def earlier(review: Inspection, user: User) -> list[Earlier]:
    """Return the recommendations that `review` looks back at, by number, with what `user` may know. Five queries."""
    found = {
        recommendation.pk: Earlier(recommendation)
        for recommendation in Recommendation.objects.visible_to(user)
        .filter(inspection=review.parent_id)
        .select_related("theme", "timescale", "deadline", "inspection__force")
        .prefetch_related("points")
        .order_by("number")
    }
    judgements = judging.latest(review).select_related("by", "continued_by")
    for judgement in judgements.filter(pk__in=Judgement.objects.visible_to(user).values("pk")):
        if one := found.get(judgement.recommendation_id):
            one.judgement = judgement
    files = (
        Evidence.objects.visible_to(user)
        .filter(recommendation__in=found)
        .order_by()
        .values_list("recommendation")
        .annotate(Count("pk"))
    )
    for pk, count in files:
        found[pk].evidence = count
    for tied in _tied(review, user).filter(recommendation__in=found):
        found[tied.recommendation_id].cases.append(tied.case)
    return list(found.values())


def cases_of(review: Inspection, recommendation: Recommendation, user: User) -> list[CaseFile]:
    """Return the cases of `review` that were looked at because of `recommendation`, as far as `user` may read them."""
    return [tied.case for tied in _tied(review, user).filter(recommendation=recommendation)]


def _tied(review: Inspection, user: User) -> QuerySet[ReviewedCase]:
    return (
        ReviewedCase.objects.filter(
            case__in=CaseFile.objects.visible_to(user).filter(inspection=review)
        )
        .select_related("case__area")
        .order_by("case__reference")
    )


def may_read(review: Inspection, user: User) -> bool:
    """Whether `user` may read what `review` makes of earlier recommendations: its team, the force once it checks it.

    Everybody who knows of the inspection, once it is published.
    """
    if review.parent_id is None:
        return False
    if user.is_force and not review.force_sees_findings:
        return False
    return review.is_published or team.reads_content(review, user)


def may_tie(review: Inspection, user: User) -> bool:
    """Whether `user` may say which cases were looked at for what: the review's team, until its draft is sent."""
    return judging.may_judge_in(review, user) and team.reads_content(review, user)


def tie_cases(
    review: Inspection, recommendation: Recommendation, cases: list[CaseFile], *, by: User
) -> None:
    """Say that exactly `cases` of `review` were looked at because of an earlier `recommendation`.

    Raises NotAllowed, NotOfThisReview.
    """
    with transaction.atomic():
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=review.pk)
        if not may_tie(locked, by):
            raise NotAllowed(gettext("Only the team ties cases to what a review looks back at."))
        of_review = all(case.inspection_id == locked.pk for case in cases)
        if recommendation.inspection_id != locked.parent_id or not of_review:
            raise NotOfThisReview(gettext("This review looks at other cases."))
        before = ReviewedCase.objects.filter(recommendation=recommendation, case__inspection=locked)
        kept = set(before.values_list("case_id", flat=True))
        wanted = {case.pk for case in cases}
        before.exclude(case__in=wanted).delete()
        ReviewedCase.objects.bulk_create(
            ReviewedCase(recommendation=recommendation, case_id=pk, by=by)
            for pk in sorted(wanted - kept)
        )


def may_continue(review: Inspection, user: User) -> bool:
    """Whether `user` may carry forward and replace now: who writes the review's own recommendations."""
    return review.parent_id is not None and drafting.may_draft(review, user)


def carry_forward(
    recommendation: Recommendation,
    review: Inspection,
    *,
    theme: Theme,
    timescale: Timescale,
    by: User,
    personal_data_reason: str = "",
) -> Recommendation:
    """Write an earlier `recommendation` into the draft of `review` in the same words, and return the new one.

    It becomes the successor of the old one through a judgement that names it (`judging.judge`). Theme and timescale are
    those of the review's framework. Raises what `drafting.add` raises.
    """
    return drafting.add(
        review,
        theme=theme,
        timescale=timescale,
        stem=recommendation.stem,
        points=[point.text for point in recommendation.points.all()],
        by=by,
        personal_data_reason=personal_data_reason,
    )


def judge(
    recommendation: Recommendation,
    review: Inspection,
    *,
    outcome: Outcome | str,
    finding: str,
    by: User,
    successor: Recommendation | None = None,
    carry_to: tuple[Theme, Timescale] | None = None,
    seen: judging.Standing | None = None,
    personal_data_reason: str = "",
) -> Judgement:
    """Judge an earlier `recommendation` in `review`; replaced by `successor`, or carried forward under `carry_to`.

    Raises what `judging.judge` and `drafting.add` raise; then nothing is carried forward either.
    """
    with transaction.atomic():
        if carry_to is not None:
            theme, timescale = carry_to
            successor = carry_forward(
                recommendation,
                review,
                theme=theme,
                timescale=timescale,
                by=by,
                personal_data_reason=personal_data_reason,
            )
        return judging.judge(
            recommendation,
            outcome=outcome,
            finding=finding,
            by=by,
            made_in=review,
            continued_by=successor,
            seen=seen,
            personal_data_reason=personal_data_reason,
        )


class LeftOpen(NamedTuple):
    """What a review has not judged, and what stays owed of a closed inspection: numbers of recommendations."""

    unjudged: list[int]
    dangling: list[int]


def left_open(reviews: Collection[Inspection]) -> dict[int, LeftOpen]:
    """Return what each of `reviews` that looks back leaves open, by primary key (two queries); see `missing`."""
    looking_back = [each for each in reviews if each.parent_id is not None]
    last = {
        (one.made_in_id, one.recommendation_id): one
        for one in judging.latest_in([each.pk for each in looking_back])
    }
    of_parent: dict[int, list[Recommendation]] = defaultdict(list)
    for one in (
        Recommendation.objects.filter(inspection__in={each.parent_id for each in looking_back})
        .select_related("inspection")
        .order_by("number")
    ):
        of_parent[one.inspection_id].append(one)
    found = {}
    for review in looking_back:
        left = LeftOpen([], [])
        for one in of_parent[review.parent_id]:  # type: ignore[index]
            judgement = last.get((review.pk, one.pk))
            if judgement is None:
                if one.settled_on is None:
                    left.unjudged.append(one.number)
            elif (
                one.inspection.stage == Stage.CLOSED
                and judgement.outcome not in SETTLING_OUTCOMES
                and judgement.continued_by_id is None
            ):
                left.dangling.append(one.number)
        found[review.pk] = left
    return found


def missing(review: Inspection) -> list[str]:
    """Return what stands between `review` and its publication: earlier recommendations that it has not judged.

    What was settled before need not be judged again. Of a closed inspection nothing can stay owed under its old number.
    """
    unjudged, dangling = left_open([review]).get(review.pk, LeftOpen([], []))
    reasons = []
    if unjudged:
        reasons.append(
            ngettext(
                "Earlier recommendation %(numbers)s has not been judged in this review.",
                "Earlier recommendations %(numbers)s have not been judged in this review.",
                len(unjudged),
            )
            % {"numbers": ", ".join(map(str, unjudged))}
        )
    if dangling:
        reasons.append(
            ngettext(
                "The earlier inspection is closed, so recommendation %(numbers)s must be carried forward or replaced.",
                "The earlier inspection is closed, so recommendations %(numbers)s must be carried forward or replaced.",
                len(dangling),
            )
            % {"numbers": ", ".join(map(str, dangling))}
        )
    return reasons
