"""Case files, and by which route they came into an inspection."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from cases.models.counting import triggers_of
from inspections.models import Area, Framework, Inspection
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES

SEARCH_LANGUAGE = "english"


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
    selection_reason = models.TextField(_("why inspectors selected it"), blank=True)
    # who is to write the inspectorate's audit; anybody of the team may take over
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
        verbose_name=_("assigned to"),
    )
    # who decided that; the events keep who was it before
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
        indexes = [
            GinIndex(OpClass(Upper("reference"), name="gin_trgm_ops"), name="case_reference_part"),
            GinIndex(SearchVector("summary", config=SEARCH_LANGUAGE), name="case_summary_words"),
        ]
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
            models.UniqueConstraint(fields=["id", "inspection"], name="case_with_inspection"),
            models.CheckConstraint(
                name="case_excluded_with_reason",
                condition=Q(excluded_at__isnull=True, excluded_by__isnull=True, excluded_reason="")
                | (Q(excluded_at__isnull=False) & ~Q(excluded_reason="")),
            ),
            models.CheckConstraint(
                name="case_selection_reason_only_of_selected",
                condition=Q(selection_reason="") | Q(route=Route.SELECTED),
            ),
        ]
        triggers = triggers_of("case")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])
