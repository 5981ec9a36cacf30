"""Generated recommendations with their deadlines, progress and report sections, many at once."""

from __future__ import annotations

import datetime
import random
from typing import Any

from accounts.models import User
from demo import source
from demo.casework import Methodology
from inspections import deadlines
from inspections.models import Deadline, Inspection
from recommendations import publication
from recommendations.models import (
    ProgressStatus,
    ProgressUpdate,
    Recommendation,
    RecommendationPoint,
)
from reports.models import ReportSection, SectionKind


def write_follow_up(
    chance: random.Random,
    inspection: Inspection,
    methodology: Methodology,
    *,
    by: User,
    force_lead: User,
    today: datetime.date,
) -> None:
    """Write report sections and recommendations and, if it is published, deadlines and what the force reports.

    Nine in ten deadlines that have passed by `today` were met; of those to come, one in four is met already.
    """
    words = source.load("generated")
    _sections(inspection, methodology, by, words["sections"])
    recommendations = _recommendations(chance, inspection, methodology, by, words)
    if inspection.published_on is None:
        return
    publication.set_deadlines(inspection, inspection.published_on)
    used = {recommendation.timescale.code for recommendation in recommendations}
    deadlines.start_follow_up(inspection, inspection.published_on, used)
    _meet(chance, inspection, force_lead, today)
    _progress(chance, recommendations, force_lead, words["progress"])


def _meet(
    chance: random.Random, inspection: Inspection, force_lead: User, today: datetime.date
) -> None:
    met = []
    for deadline in inspection.deadlines.order_by("due_on", "pk"):
        if chance.random() < (0.9 if deadline.due_on < today else 0.25):
            deadline.met_on = min(deadline.due_on, today)
            deadline.met_by = force_lead
            met.append(deadline)
    Deadline.objects.bulk_update(met, ["met_on", "met_by"])


def _sections(
    inspection: Inspection, methodology: Methodology, by: User, words: dict[str, str]
) -> None:
    def section(kind: SectionKind, **fields: Any) -> ReportSection:
        return ReportSection(inspection=inspection, framework=methodology.framework, kind=kind,
                             body=words[kind.value], version=1, updated_by=by, **fields)  # fmt: skip

    ReportSection.objects.bulk_create(
        [section(kind) for kind in SectionKind if kind != SectionKind.THEME]
        + [section(SectionKind.THEME, theme=theme) for theme in methodology.themes.values()]
    )


def _recommendations(
    chance: random.Random,
    inspection: Inspection,
    methodology: Methodology,
    by: User,
    words: dict[str, Any],
) -> list[Recommendation]:
    themes = sorted(
        chance.choices(list(methodology.themes.values()), k=chance.randint(6, 12)),
        key=lambda theme: theme.order,
    )
    recommendations = [
        Recommendation(
            inspection=inspection,
            framework=methodology.framework,
            number=number,
            theme=theme,
            timescale=chance.choice(list(methodology.timescales.values())),
            stem=words["recommendations"].get(theme.code, words["any"]),
            version=1,
            updated_by=by,
        )
        for number, theme in enumerate(themes, start=1)
    ]
    Recommendation.objects.bulk_create(recommendations)
    RecommendationPoint.objects.bulk_create(
        RecommendationPoint(recommendation=recommendation, order=order, text=text)
        for recommendation in recommendations
        for order, text in enumerate(
            chance.sample(words["points"], chance.choice([0, 0, 2, 3, 4])), start=1
        )
    )
    return recommendations


def _progress(
    chance: random.Random,
    recommendations: list[Recommendation],
    force_lead: User,
    notes: list[str],
) -> None:
    """Let each recommendation's status agree with its deadline, and give those that have begun a note."""
    met = set(
        Deadline.objects.filter(
            recommendation__in=recommendations, met_on__isnull=False
        ).values_list("subject_id", flat=True)
    )
    for recommendation in recommendations:
        if recommendation.pk in met:
            recommendation.progress_status = ProgressStatus.COMPLETE
        else:
            recommendation.progress_status = chance.choice(
                [ProgressStatus.NOT_STARTED, ProgressStatus.IN_PROGRESS]
            )
    Recommendation.objects.bulk_update(recommendations, ["progress_status"])
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            recommendation=recommendation,
            status=recommendation.progress_status,
            note=chance.choice(notes),
            by=force_lead,
        )
        for recommendation in recommendations
        if recommendation.progress_status != ProgressStatus.NOT_STARTED
    )
