"""What a force must do, and where that stands."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
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
    COMPLETE = "complete", _("Ready for closure")


class Outcome(models.TextChoices):
    """The inspectorate's word on a recommendation at follow-up (domain, “Review judgement”)."""

    IMPLEMENTED = "implemented", _("Implemented")
    PARTLY = "partly", _("Partly implemented")
    NOT_IMPLEMENTED = "not_implemented", _("Not implemented")
    NO_LONGER_APPLICABLE = "no_longer_applicable", _("No longer applicable")


# With these nothing more is owed; with the others only if a later recommendation takes its place.
SETTLING_OUTCOMES = [Outcome.IMPLEMENTED.value, Outcome.NO_LONGER_APPLICABLE.value]


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
        return self.filter(deadline__in=Deadline.objects.overdue(today))

    def open(self) -> RecommendationQuerySet:
        """Published recommendations on which something is still owed."""
        return self.filter(inspection__stage__in=PUBLISHED_STAGES, settled_on__isnull=True)

    def ready_for_closure(self) -> RecommendationQuerySet:
        """Open ones that the force reports complete, and that wait for the inspectorate's judgement."""
        return self.open().filter(progress_status=ProgressStatus.COMPLETE)


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
    # What the last judgement said, and since when nothing more is owed; `judging` alone writes them.
    outcome = models.CharField(_("judgement"), max_length=20, choices=Outcome, blank=True)
    settled_on = models.DateField(_("nothing more owed since"), null=True, blank=True)
    # The recommendation of a later inspection that this one was carried forward to, or that replaces it.
    continued_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continues"
    )
    ask = models.ForeignKey(
        "recommendations.Ask",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("the ask that it shares with others"),
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
            models.CheckConstraint(
                name="recommendation_settled_by_its_outcome",
                condition=Q(outcome__in=SETTLING_OUTCOMES, settled_on__isnull=False)
                | Q(
                    outcome__in=[Outcome.PARTLY, Outcome.NOT_IMPLEMENTED],
                    settled_on__isnull=False,
                    continued_by__isnull=False,
                )
                | ~Q(outcome__in=SETTLING_OUTCOMES)
                & Q(settled_on__isnull=True, continued_by__isnull=True),
            ),
        ]
        indexes = [
            # Hands out the nearest wordings in their order, however many there are; 256 bytes tell long texts apart.
            GistIndex(
                fields=["stem"],
                opclasses=["gist_trgm_ops(siglen=256)"],
                name="recommendation_nearest_stem",
            ),
            models.Index(
                fields=["inspection"],
                name="recommendation_open",
                condition=Q(settled_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.stem}"

    def get_absolute_url(self) -> str:
        return reverse("recommendations:detail", args=[self.pk])

    @property
    def short_name(self) -> str:
        """What it is called where nothing may stand that somebody wrote: “Recommendation 4”."""
        return gettext("Recommendation %(number)d") % {"number": self.number}


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


class Ask(models.Model):
    """The same ask of several forces, as a person has confirmed it; the recommendations keep their own words."""

    title = models.CharField(_("what is asked"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
