"""What a force must do, and what it says that it has done."""

from __future__ import annotations

import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from config.clock import now
from inspections.models import (
    PUBLISHED_STAGES,
    Deadline,
    Framework,
    Inspection,
    Theme,
    Timescale,
)
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES


class ProgressStatus(models.TextChoices):
    """The force's word on how far it is; the inspectorate's judgement is another thing."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETE = "complete", _("Reported complete")


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: User) -> RecommendationQuerySet:
        """Recommendations that `user` may read: published ones, drafts for those who work on them.

        A force reads its own from the factual accuracy check on; inspectors and managers every published one.
        """
        inspections = Inspection.objects.visible_to(user)
        if user.is_force:
            return self.filter(
                inspection__in=inspections.filter(stage__in=FORCE_SEES_FINDINGS_STAGES)
            )
        return self.filter(
            Q(inspection__in=inspections.filter(stage__in=PUBLISHED_STAGES))
            | Q(inspection__in=inspections.with_content_visible_to(user))
        )

    def overdue(self, today: datetime.date) -> RecommendationQuerySet:
        """Recommendations whose deadline is open and over on `today` (Europe/London, domain rule 6)."""
        return self.filter(deadline__met_on__isnull=True, deadline__due_on__lt=today)


@track_every_change()
class Recommendation(models.Model):
    """What the force must do, under one theme: a stem with, often, points under it, and a timescale."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="recommendations"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("number"))
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    timescale = models.ForeignKey(Timescale, on_delete=models.PROTECT, related_name="+")
    stem = models.TextField(_("recommendation"))
    deadline = models.OneToOneField(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendation"
    )
    progress_status = models.CharField(
        _("progress"), max_length=12, choices=ProgressStatus, default=ProgressStatus.NOT_STARTED
    )
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "number"],
                name="recommendation_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="recommendation_has_a_stem", condition=~Q(stem="")),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.stem}"

    def get_absolute_url(self) -> str:
        return reverse("recommendations:detail", args=[self.pk])


@track_every_change()
class RecommendationPoint(models.Model):
    """One of the points under a recommendation's stem."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="points"
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.TextField(_("point"))

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "order"], name="point_order_once")
        ]


class ProgressUpdate(models.Model):
    """The force's word on a recommendation, as it stood when it was given: it is never changed."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="progress"
    )
    status = models.CharField(_("status"), max_length=12, choices=ProgressStatus)
    note = models.TextField(_("what has been done"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="progress_update_has_a_note", condition=~Q(note=""))
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
