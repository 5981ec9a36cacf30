"""Work for a worker: PDFs that are asked for as a row first, and made once."""

from __future__ import annotations

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from inspections.models import Inspection
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES
from reports.models.sections import drafts_visible_to


class BuildStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


AnyJob = TypeVar("AnyJob", bound="Job")
ACTIVE_STATUSES = [BuildStatus.QUEUED.value, BuildStatus.RUNNING.value]


class JobQuerySet(models.QuerySet[AnyJob]):
    def active(self) -> Self:
        """Those that wait for a worker or that a worker is at."""
        return self.filter(status__in=ACTIVE_STATUSES)


class Job(models.Model):
    """One making of a PDF: a row first, a message to a worker second, so that neither loss matters (`reports.jobs`)."""

    status = models.CharField(
        _("status"), max_length=9, choices=BuildStatus, default=BuildStatus.QUEUED
    )
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at", "-pk"]


def done_has_its_pdf(name: str, unless: Q | None = None) -> models.CheckConstraint:
    """The constraint that a job that is done has a PDF, its hash and number of pages; `unless` it goes elsewhere."""
    has_it = Q(pdf__isnull=False, pages__isnull=False) & ~Q(sha256="")
    condition = ~Q(status=BuildStatus.DONE) | has_it
    return models.CheckConstraint(
        name=name, condition=condition if unless is None else condition | unless
    )


class ReportBuildQuerySet(JobQuerySet["ReportBuild"]):
    def visible_to(self, user: User) -> Self:
        """Drafts for managers and the team; the force never sees a draft PDF here."""
        if user.is_force:
            return self.none()
        return self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))


class ReportBuild(Job):
    """One making of a report's PDF.

    With a `publication` it makes the PDF that is published, which goes there; without, a draft, which stays here.
    `content_hash` is the SHA-256 of the document that it was made of: the same content is made once.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="report_builds"
    )
    publication = models.ForeignKey(
        "reports.Publication",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="builds",
    )
    content_hash = models.CharField(max_length=64, blank=True)

    objects = ReportBuildQuerySet.as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "publication"],
                name="report_build_one_at_a_time",
                condition=Q(status__in=ACTIVE_STATUSES),
                nulls_distinct=False,
            ),
            done_has_its_pdf("report_build_done_has_its_pdf", unless=Q(publication__isnull=False)),
        ]


class BoardPaperQuerySet(JobQuerySet["BoardPaper"]):
    def visible_to(self, user: User) -> Self:
        """A force's papers are its own: its people read them, nobody else does."""
        return self.filter(force=user.force_id) if user.is_force else self.none()


class BoardPaper(Job):
    """The paper for a force's monthly board: what was open on the day on which it was asked for, as PDF."""

    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="board_papers")
    as_of = models.DateField(_("as of"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = BoardPaperQuerySet.as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["force"],
                name="board_paper_one_at_a_time",
                condition=Q(status__in=ACTIVE_STATUSES),
            ),
            done_has_its_pdf("board_paper_done_has_its_pdf"),
        ]


class AccuracyRecordQuerySet(JobQuerySet["AccuracyRecord"]):
    def visible_to(self, user: User) -> Self:
        """The team, managers, and from its check on the force: not its commissioner’s office, as with the comments."""
        if user.works_for_commissioner:
            return self.none()
        if user.is_force:
            return self.filter(
                inspection__force=user.force_id, inspection__stage__in=FORCE_SEES_FINDINGS_STAGES
            )
        return self.filter(inspection__in=drafts_visible_to(user))


class AccuracyRecord(Job):
    """The record of a factual accuracy check as PDF: every comment of the force with its answer."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="accuracy_records"
    )

    objects = AccuracyRecordQuerySet.as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                name="accuracy_record_one_at_a_time",
                condition=Q(status__in=ACTIVE_STATUSES),
            ),
            done_has_its_pdf("accuracy_record_done_has_its_pdf"),
        ]
