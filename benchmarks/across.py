"""A thematic report of every published inspection, for the pages that look across inspections."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from accounts.models import User
from cases import figures
from inspections import comparisons
from inspections.models import PUBLISHED_STAGES, Comparison, Inspection
from reports import thematic_reports
from reports.compilation import compile_document
from reports.models import Publication, ThematicReport
from reports.thematic import MOST_INSPECTIONS


def make_thematic_report(manager: User) -> ThematicReport:
    """Freeze what the published inspections say, as publishing would, and choose as many as one report takes."""
    for file in sorted((Path(settings.BASE_DIR) / "inspections" / "comparisons").glob("*.yaml")):
        comparisons.load(file)
    published = list(
        Inspection.objects.filter(stage__in=PUBLISHED_STAGES)
        .select_related("force", "framework", "parent")
        .order_by("pk")[:MOST_INSPECTIONS]
    )
    Publication.objects.bulk_create(
        [
            Publication(
                inspection=inspection,
                published_on=inspection.published_on or inspection.fieldwork_end,
                document=compile_document(inspection, figures.for_report(inspection)).to_json(),
            )
            for inspection in published
        ]
    )
    return thematic_reports.make(
        title="Every published inspection",
        introduction="",
        inspections=published,
        comparison=Comparison.objects.get(),
        by=manager,
    )
