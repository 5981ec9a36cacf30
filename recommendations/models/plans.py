"""The force's answer to all recommendations of one inspection: its action plan."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from config.clock import now
from inspections.models import Deadline, Inspection
from recommendations.models.recommendations import (
    ProgressStatus,
    Recommendation,
    RecommendationPoint,
)


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def visible_to(self, user: User) -> ActionPlanQuerySet:
        """A force's own people read theirs; everybody else those of which a version was submitted.

        Who works for the commissioner is of another body: what the force has not submitted yet is its own.
        """
        inspections = Inspection.objects.visible_to(user)
        if user.is_force and not user.works_for_commissioner:
            return self.filter(inspection__in=inspections)
        return self.filter(inspection__in=inspections, versions__isnull=False).distinct()


@track_every_change()
class ActionPlan(models.Model):
    """What a force works on together until it submits it; what it submitted is a `PlanVersion`."""

    inspection = models.OneToOneField(
        Inspection, on_delete=models.CASCADE, related_name="action_plan"
    )
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ActionPlanQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.inspection)


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> ActionQuerySet:
        """Actions of the plans that `user` may read; of one being changed, others than the force read the versions."""
        found = self.filter(plan__in=ActionPlan.objects.visible_to(user))
        if user.is_force and not user.works_for_commissioner:
            return found
        return found.filter(submitted=True)

    def standing(self) -> ActionQuerySet:
        """Those that the force has not taken out of its plan."""
        return self.filter(removed_at__isnull=True)


@track_every_change()
class Action(models.Model):
    """One thing that the force will do for a recommendation: who, from when, by when, and which points it answers.

    Its deadline stands from the submission of the plan. Until then owner and dates may be missing.
    """

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="actions")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="actions"
    )
    points = models.ManyToManyField(RecommendationPoint, related_name="actions", blank=True)
    text = models.TextField(_("action"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("owner"),
    )
    partner = models.CharField(
        _("partner"), max_length=200, blank=True, help_text=_("Who does it, if not the force.")
    )
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=ProgressStatus, default=ProgressStatus.NOT_STARTED
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    deadline = models.OneToOneField(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="action"
    )
    submitted = models.BooleanField(_("part of a submitted version"), default=False)
    removed_at = models.DateTimeField(_("taken out"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__number", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="action_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="action_of_one_owner", condition=Q(owner__isnull=True) | Q(partner="")
            ),
            models.CheckConstraint(
                name="action_ends_after_it_starts",
                condition=Q(starts_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("starts_on")),
                violation_error_message=_("The due date must not be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def number(self) -> str:
        """What people call it: “4.2” is the second action for recommendation 4. It stays when others are taken out."""
        return f"{self.recommendation.number}.{self.position}"


@track_every_change()
class PlanGap(models.Model):
    """Why the plan does nothing about a recommendation, or about some of its points; an empty reason is none."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="gaps")
    recommendation = models.OneToOneField(
        Recommendation, on_delete=models.CASCADE, related_name="plan_gap"
    )
    points = models.ManyToManyField(RecommendationPoint, related_name="plan_gaps", blank=True)
    reason = models.TextField(_("why nothing is planned"), blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["recommendation__number"]

    def __str__(self) -> str:
        return self.reason


class PlanDecision(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    def visible_to(self, user: User) -> PlanVersionQuerySet:
        """Submitted versions of the plans of inspections that `user` may know of."""
        return self.filter(plan__inspection__in=Inspection.objects.visible_to(user))

    def undecided(self) -> PlanVersionQuerySet:
        """Those that wait for the inspectorate's answer."""
        return self.filter(decision="")


class PlanVersion(models.Model):
    """An action plan as the force submitted it, and what the inspectorate said to it; nothing of it changes after.

    `content` is a list of {"recommendation": number, "actions": [{"id", "number", "text", "owner", "partner",
    "starts_on", "due_on", "points": [order]}], "gap": {"reason", "points": [order]} or None}, dates as ISO texts, the
    owner by name.
    """

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    note = models.TextField(_("note to the inspectorate"), blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), default=now)
    decision = models.CharField(_("decision"), max_length=10, choices=PlanDecision, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["plan"], name="plan_version_undecided_once", condition=Q(decision="")
            ),
            models.CheckConstraint(
                name="plan_version_decided_by_somebody",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision=""),
            ),
        ]

    def __str__(self) -> str:
        return str(_("version %(number)d") % {"number": self.number})


class PlanComment(models.Model):
    """What the inspectorate says to a submitted plan about one recommendation."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="comments")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("comment"))

    class Meta:
        ordering = ["recommendation__number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "recommendation"], name="plan_comment_once"),
            models.CheckConstraint(name="plan_comment_has_a_text", condition=~Q(text="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
