"""Case files, and the audits in which each side grades them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from inspections.models import Area, Framework, Grade, Inspection, Side, Theme
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES


class Route(models.TextChoices):
    """How a case came into the inspection."""

    SELF_ASSESSED = "self_assessed", _("Self-assessed by the force")
    SELECTED = "selected", _("Selected by inspectors")


class CaseFileQuerySet(models.QuerySet["CaseFile"]):
    def visible_to(self, user: User) -> CaseFileQuerySet:
        """Cases that `user` may open.

        Managers: all; inspectors: those of their teams; administrators: none. A force: its own sample, and what
        inspectors selected once it may read the findings (rule 3).
        """
        inspections = Inspection.objects.with_content_visible_to(user)
        visible = self.filter(inspection__in=inspections)
        if user.is_force:
            visible = visible.filter(
                Q(route=Route.SELF_ASSESSED) | Q(inspection__stage__in=FORCE_SEES_FINDINGS_STAGES)
            )
        return visible

    def counted(self) -> CaseFileQuerySet:
        """Cases that no lead has excluded."""
        return self.filter(excluded_at__isnull=True)


@track_every_change()
class CaseFile(models.Model):
    """One child-protection case, by a reference that names nobody, in one area of practice."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="cases")
    # The inspection's framework again: a composite foreign key ties area and grades to it (rule 1). Here and below it
    # has no index: nothing looks for rows by framework alone, and the check of composite keys must not choose that one.
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(_("reference"), max_length=40)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(_("route"), max_length=15, choices=Route)
    summary = models.TextField(_("summary"), blank=True)
    opened_on = models.DateField(_("opened by the force on"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    excluded_at = models.DateTimeField(_("excluded"), null=True, blank=True)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    excluded_reason = models.TextField(_("why it is excluded"), blank=True)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "reference"],
                name="case_reference_once_per_inspection",
                violation_error_message=_(
                    "This inspection already has a case with this reference."
                ),
            ),
            models.UniqueConstraint(fields=["id", "framework"], name="case_with_framework"),
            models.UniqueConstraint(fields=["id", "route"], name="case_with_route"),
            models.CheckConstraint(
                name="case_excluded_with_reason",
                condition=Q(excluded_at__isnull=True, excluded_by__isnull=True, excluded_reason="")
                | (Q(excluded_at__isnull=False) & ~Q(excluded_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])


class AuditStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> AuditQuerySet:
        """Audits that `user` may read. This is where blindness lives (rule 3).

        The inspectorate reads the force's audit of a case only once the inspectorate's own audit of that case has
        been submitted. The force reads the inspectorate's only once submitted and from the factual accuracy check on.
        """
        return self.filter(case__in=CaseFile.objects.visible_to(user)).readable_by(user)

    def readable_by(self, user: User) -> AuditQuerySet:
        """The part of `visible_to` that is about audits, for where the cases are known to be visible already.

        In a subquery over thousands of cases, asking for the cases once more would take most of the time.
        """
        if user.is_force:
            return self.filter(
                Q(side=Side.FORCE)
                | Q(
                    side=Side.INSPECTORATE,
                    status=AuditStatus.SUBMITTED,
                    case__inspection__stage__in=FORCE_SEES_FINDINGS_STAGES,
                )
            )
        ours_was_submitted = Audit.objects.filter(
            case=OuterRef("case"), side=Side.INSPECTORATE, first_submitted_at__isnull=False
        )
        return self.filter(
            Q(side=Side.INSPECTORATE)
            | (Q(side=Side.FORCE, status=AuditStatus.SUBMITTED) & Exists(ours_was_submitted))
        )

    def submitted(self) -> AuditQuerySet:
        """Audits whose grade counts."""
        return self.filter(status=AuditStatus.SUBMITTED)


@track_every_change()
class Audit(models.Model):
    """One side's graded judgement of one case.

    `version` counts saves: whoever saves must say which version they read, so that nobody overwrites another
    person's words unseen (rule 5). A database trigger keeps every earlier state in the event table (rule 4).
    """

    case = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="audits")
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    route = models.CharField(max_length=15, choices=Route)  # the case's, tied to it by the database
    side = models.CharField(_("side"), max_length=12, choices=Side)
    status = models.CharField(
        _("status"), max_length=10, choices=AuditStatus, default=AuditStatus.DRAFT
    )
    grade = models.ForeignKey(
        Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason for the grade"), blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True)
    change_reason = models.TextField(_("why it was reopened"), blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "side"], name="audit_once_per_case_and_side"),
            models.UniqueConstraint(fields=["id", "framework"], name="audit_with_framework"),
            models.CheckConstraint(
                name="audit_by_force_only_of_its_sample",
                condition=Q(side=Side.INSPECTORATE) | Q(route=Route.SELF_ASSESSED),
            ),
            models.CheckConstraint(
                name="audit_submitted_is_complete",
                condition=Q(status=AuditStatus.DRAFT)
                | (
                    Q(
                        grade__isnull=False,
                        submitted_at__isnull=False,
                        first_submitted_at__isnull=False,
                    )
                    & ~Q(reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"

    @property
    def is_submitted(self) -> bool:
        return self.status == AuditStatus.SUBMITTED


@track_every_change()
class Finding(models.Model):
    """What an audit found under one theme."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("finding"), blank=True)

    class Meta:
        ordering = ["theme__order"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "theme"], name="finding_once_per_theme")
        ]
