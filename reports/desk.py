"""The manager's desk: every inspection by its stage, what blocks its next step, its files, and PDFs being made."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import stages
from inspections.models import Inspection, InspectionQuerySet, Stage
from reports import blocking, public
from reports.copies import FORMATS
from reports.models import (
    Approval,
    BuildStatus,
    FileKind,
    Publication,
    PublishedFile,
    ReportBuild,
    ThematicBuild,
)

# The nearest to publication first; what is over last.
ORDER = (
    *(Stage.FACTUAL_ACCURACY, Stage.DRAFTING, Stage.FIELDWORK, Stage.SELF_ASSESSMENT),
    *(Stage.PLANNED, Stage.PUBLISHED, Stage.FOLLOW_UP, Stage.CLOSED),
)
MOST_BUILDS = 50


@dataclasses.dataclass(frozen=True)
class File:
    """Something to download."""

    label: str | Promise
    href: str


@dataclasses.dataclass(frozen=True)
class Row:
    """One inspection: its next step (None: there is none), what blocks that, and what can be downloaded.

    `blocks` are short counts, of all but what the text is checked for (`reads_text`: it is before this step). `reasons`
    are the guards' own sentences, of the row that was opened; None of others.
    """

    inspection: Inspection
    next_step: str | Promise | None
    blocks: list[str]
    reads_text: bool
    reasons: list[str] | None
    approval: Approval | None
    publication: Publication | None
    files: list[File]


def may_see(user: User) -> bool:
    """Whether `user` has a desk: managers do."""
    return user.is_manager


def in_order(inspections: InspectionQuerySet) -> InspectionQuerySet:
    """Return `inspections` as the desk lists them: the nearest to publication first, then by fieldwork."""
    places = [When(stage=stage, then=Value(place)) for place, stage in enumerate(ORDER)]
    return (
        inspections.annotate(place=Case(*places, output_field=IntegerField()))
        .select_related("force", "framework")
        .order_by("place", "fieldwork_start", "pk")
    )


def by_stage(inspections: InspectionQuerySet) -> dict[Stage, int]:
    """Return how many there are at each stage, in the order of an inspection's life (one query)."""
    counted = dict(inspections.order_by().values_list("stage").annotate(Count("pk")))
    return {stage: counted.get(stage.value, 0) for stage in Stage}


def rows(
    inspections: Sequence[Inspection], user: User, opened: Inspection | None = None
) -> list[Row]:
    """Return what the desk says of a page of inspections, in some twenty queries at most however many they are.

    Of `opened` alone everything that stands in the way is said: the guards that a move asks, which read its draft.
    """
    moves = stages.main_transitions(inspections)
    publications = _last_publications(inspections)
    drafts = _last_drafts(inspections, user)
    approvals = {
        each.inspection_id: each
        for each in Approval.objects.standing()
        .filter(inspection__in=inspections)
        .select_related("lead", "manager")
    }
    blocks = blocking.words(inspections, moves, approvals)
    found = []
    for inspection in inspections:
        move = moves.get(inspection.pk)
        publication = publications.get(inspection.pk)
        files = _files_of_draft(inspection, drafts.get(inspection.pk))
        if publication is not None:
            files = _files(publication) + files
        found.append(
            Row(
                inspection=inspection,
                next_step=move.label if move else None,
                blocks=blocks.get(inspection.pk, []),
                reads_text=move is not None and move.code in blocking.TEXT_READ_BEFORE,
                reasons=(
                    stages.reasons_against(inspection, move)
                    if move and inspection == opened
                    else None
                ),
                approval=approvals.get(inspection.pk),
                publication=publication,
                files=files,
            )
        )
    return found


def _last_publications(inspections: Iterable[Inspection]) -> dict[int, Publication]:
    """Return the last publication of each, with the `kinds` of its files, without what is heavy (two queries)."""
    own = {each.pk: each for each in inspections}
    found = list(
        Publication.objects.last_versions()
        .filter(inspection__in=own)
        .only("number", "published_on", "sha256", "inspection")
    )
    kinds: dict[int, list[str]] = defaultdict(list)
    for pk, kind in PublishedFile.objects.filter(publication__in=found).values_list(
        "publication", "kind"
    ):
        kinds[pk].append(kind)
    for each in found:
        each.inspection = own[each.inspection_id]
        each.kinds = kinds[each.pk]  # type: ignore[attr-defined]
    return {each.inspection_id: each for each in found}


def _files(publication: Publication) -> list[File]:
    slug = public.slug(publication.inspection)

    def file(label: str | Promise, name: str) -> File:
        return File(label, reverse("public:file", args=[slug, publication.number, name]))

    kinds = publication.kinds  # type: ignore[attr-defined]
    found = [file("PDF", public.PDF_NAME)] if publication.sha256 else []
    return found + [
        file(FileKind(kind).label, form.name) for kind, form in FORMATS.items() if kind in kinds
    ]


def _last_drafts(inspections: Iterable[Inspection], user: User) -> dict[int, ReportBuild]:
    """Return the last draft PDF of each that is ready (one query)."""
    return {
        each.inspection_id: each
        for each in ReportBuild.objects.visible_to(user)
        .filter(inspection__in=inspections, publication__isnull=True, status=BuildStatus.DONE)
        .only("inspection", "finished_at")
        .order_by("inspection_id", "-finished_at", "-pk")
        .distinct("inspection_id")
    }


def _files_of_draft(inspection: Inspection, build: ReportBuild | None) -> list[File]:
    if build is None or build.finished_at is None or inspection.is_published:
        return []
    href = reverse("reports:draft_pdf", args=[inspection.pk, build.pk])
    return [
        File(_("Draft PDF of %(date)s") % {"date": date_format(build.finished_at, "j F")}, href)
    ]


def report_builds(user: User) -> QuerySet[ReportBuild]:
    """Return the PDFs of reports that wait for a worker or are being made, the oldest first."""
    return (
        ReportBuild.objects.visible_to(user)
        .active()
        .defer("pdf")
        .select_related("inspection__force", "requested_by")
        .order_by("requested_at", "pk")[:MOST_BUILDS]
    )


def thematic_builds(user: User) -> QuerySet[ThematicBuild]:
    """Return the PDFs of thematic reports that wait for a worker or are being made, the oldest first."""
    return (
        ThematicBuild.objects.visible_to(user)
        .active()
        .defer("pdf")
        .select_related("report", "requested_by")
        .order_by("requested_at", "pk")[:MOST_BUILDS]
    )
