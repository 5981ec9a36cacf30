"""The text of a report, the PDFs that a worker built of it, and what was published."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import Force, User
from inspections.models import PUBLISHED_STAGES, Framework, Inspection, Theme
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES


class SectionKind(models.TextChoices):
    """Sections that every report has, in report order; `THEME` stands for one findings section a theme."""

    SUMMARY = "summary", _("Summary")
    CONTEXT = "context", _("Context for the force")
    CASE_ANALYSIS = "case_analysis", _("Case file analysis")
    THEME = "theme", _("Findings")
    CONCLUSION = "conclusion", _("Conclusion")
    METHOD = "method", _("How we inspected")


class ReportSectionQuerySet(models.QuerySet["ReportSection"]):
    def visible_to(self, user: User) -> ReportSectionQuerySet:
        """Sections of drafts that `user` works on; a force reads its own from the factual accuracy check on."""
        inspections = Inspection.objects.with_content_visible_to(user)
        if user.is_force:
            inspections = inspections.filter(stage__in=FORCE_SEES_FINDINGS_STAGES)
        return self.filter(inspection__in=inspections)


@track_every_change()
class ReportSection(models.Model):
    """The inspectors' text for one section of an inspection's report, as Markdown."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="report_sections"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("section"), max_length=15, choices=SectionKind)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReportSectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "theme"],
                name="report_section_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="report_section_of_a_theme",
                condition=Q(kind=SectionKind.THEME, theme__isnull=False)
                | (~Q(kind=SectionKind.THEME) & Q(theme__isnull=True)),
            ),
        ]


class BuildStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class ReportBuildQuerySet(models.QuerySet["ReportBuild"]):
    def visible_to(self, user: User) -> ReportBuildQuerySet:
        """Drafts for managers and the team; the force never sees a draft PDF here."""
        if user.is_force:
            return self.none()
        return self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))

    def active(self) -> ReportBuildQuerySet:
        """Builds that wait for a worker or that a worker is at."""
        return self.filter(status__in=[BuildStatus.QUEUED, BuildStatus.RUNNING])


class ReportBuild(models.Model):
    """One making of a PDF: a row first, a message to a worker second, so that neither loss matters.

    With a `publication` it makes the PDF that is published, which goes there; without, a draft, which stays here.
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
    status = models.CharField(
        _("status"), max_length=8, choices=BuildStatus, default=BuildStatus.QUEUED
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

    objects = ReportBuildQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "publication"],
                name="report_build_one_at_a_time",
                condition=Q(status__in=[BuildStatus.QUEUED, BuildStatus.RUNNING]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="report_build_done_has_its_pdf",
                condition=~Q(status=BuildStatus.DONE)
                | Q(publication__isnull=False)
                | (Q(pdf__isnull=False, pages__isnull=False) & ~Q(sha256="")),
            ),
        ]


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> PublicationQuerySet:
        """A force reads its own; the inspectorate reads every publication."""
        published = self.filter(inspection__stage__in=PUBLISHED_STAGES)
        if user.is_force:
            return published.filter(inspection__force=user.force_id)
        return published


class Publication(models.Model):
    """What was published: the frozen document, and its PDF with the hash that proves it (rule 10).

    The document is frozen in the transaction that publishes; a worker adds the PDF, once. A database trigger refuses
    every other change.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="publications"
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    published_on = models.DateField(_("published on"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)
    document = models.JSONField(_("document"))
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "number"], name="publication_number_once"
            ),
            models.CheckConstraint(
                name="publication_pdf_with_its_hash",
                condition=Q(pdf__isnull=True, pages__isnull=True, sha256="")
                | (Q(pdf__isnull=False, pages__isnull=False) & ~Q(sha256="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.pdf IS NOT NULL
                        OR ROW(NEW.inspection_id, NEW.number, NEW.published_on, NEW.published_by_id,
                               NEW.published_at, NEW.document)
                           IS DISTINCT FROM
                           ROW(OLD.inspection_id, OLD.number, OLD.published_on, OLD.published_by_id,
                               OLD.published_at, OLD.document)
                    THEN
                        RAISE EXCEPTION 'a published report never changes'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class BoardPaperQuerySet(models.QuerySet["BoardPaper"]):
    def visible_to(self, user: User) -> BoardPaperQuerySet:
        """A force's papers are its own: its people read them, nobody else does."""
        return self.filter(force=user.force_id) if user.is_force else self.none()

    def active(self) -> BoardPaperQuerySet:
        """Papers that wait for a worker or that a worker is at."""
        return self.filter(status__in=[BuildStatus.QUEUED, BuildStatus.RUNNING])


class BoardPaper(models.Model):
    """The paper for a force's monthly board: what was open on the day on which it was asked for, as PDF."""

    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="board_papers")
    as_of = models.DateField(_("as of"))
    status = models.CharField(
        _("status"), max_length=8, choices=BuildStatus, default=BuildStatus.QUEUED
    )
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    pdf = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = BoardPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["force"],
                name="board_paper_one_at_a_time",
                condition=Q(status__in=[BuildStatus.QUEUED, BuildStatus.RUNNING]),
            ),
            models.CheckConstraint(
                name="board_paper_done_has_its_pdf",
                condition=~Q(status=BuildStatus.DONE)
                | (Q(pdf__isnull=False, pages__isnull=False) & ~Q(sha256="")),
            ),
        ]
