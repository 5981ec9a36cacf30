"""What a force says that it has done, the files that prove it, and what both sides say about it."""

from __future__ import annotations

import secrets

import pgtrigger
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.clock import now
from inspections.models import PUBLISHED_STAGES, Inspection, TeamMember
from recommendations.models.plans import Action
from recommendations.models.recommendations import (
    ProgressStatus,
    Recommendation,
    RecommendationPoint,
)


class ProgressUpdate(models.Model):
    """The force's word on a recommendation, as it stood when it was given: it is never changed.

    It may be about one point or one action of it alone; `status` is then that one's.
    """

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="progress"
    )
    point = models.ForeignKey(
        RecommendationPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="progress",
    )
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="progress"
    )
    status = models.CharField(_("status"), max_length=12, choices=ProgressStatus)
    note = models.TextField(_("what has been done"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="progress_update_has_a_note", condition=~Q(note="")),
            models.CheckConstraint(
                name="progress_update_about_one_thing",
                condition=Q(point__isnull=True) | Q(action__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


def evidence_storage() -> Storage:
    """Where evidence lies: outside the web root, local or S3-compatible (`settings.STORAGES["evidence"]`)."""
    return storages["evidence"]


def random_name(evidence: Evidence, name: str) -> str:
    """A name that says nothing and that nobody can guess; what the file was called is in the database."""
    return f"{evidence.recommendation_id}/{secrets.token_urlsafe(32)}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> EvidenceQuerySet:
        """A force's own people; of the inspectorate managers, the team, and that of an inspection that looks back."""
        if user.is_force:
            return self.filter(
                recommendation__inspection__force=user.force_id,
                recommendation__inspection__stage__in=PUBLISHED_STAGES,
            )
        content = Inspection.objects.with_content_visible_to(user)
        found = Q(recommendation__inspection__in=content)
        if user.is_inspector:
            looking_back = TeamMember.objects.filter(user=user, inspection__parent__isnull=False)
            found |= Q(recommendation__inspection__in=looking_back.values("inspection__parent"))
        return self.filter(found)


class Evidence(models.Model):
    """A file by which the force proves what it says, with its hash; given with an update, never changed."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="evidence"
    )
    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="evidence")
    points = models.ManyToManyField(RecommendationPoint, related_name="evidence", blank=True)
    file = models.FileField(storage=evidence_storage, upload_to=random_name, max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    description = models.CharField(_("what it shows"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(name="evidence_is_not_empty", condition=Q(size__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.name


class Audience(models.TextChoices):
    """Who reads a remark."""

    BOTH = "both", _("Both sides")
    FORCE = "force", _("Only the force")
    INSPECTORATE = "inspectorate", _("Only the inspectorate")


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, user: User) -> RemarkQuerySet:
        """What both sides read, and what one's own side keeps to itself; of another force, nothing.

        Who works for the commissioner is of another body than the force, and reads no notes of it.
        """
        if user.is_force:
            own = [] if user.works_for_commissioner else [Audience.FORCE]
            return self.filter(
                recommendation__inspection__force=user.force_id,
                recommendation__inspection__stage__in=PUBLISHED_STAGES,
                audience__in=[Audience.BOTH, *own],
            )
        return self.filter(
            recommendation__in=Recommendation.objects.visible_to(user),
            audience__in=[Audience.BOTH, Audience.INSPECTORATE],
        )


class Remark(models.Model):
    """One contribution to the discussion of a recommendation; a question may return what was said to be ready."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="remarks"
    )
    audience = models.CharField(
        _("who reads it"), max_length=12, choices=Audience, default=Audience.BOTH
    )
    text = models.TextField(_("text"))
    # The force's request to close that this remark sends back.
    returns = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="returned_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=now)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="remark_has_a_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="remark_that_returns_is_for_both",
                condition=Q(returns__isnull=True) | Q(audience=Audience.BOTH),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class CommissionerCommentQuerySet(models.QuerySet["CommissionerComment"]):
    def visible_to(self, user: User) -> CommissionerCommentQuerySet:
        """Comments on the published inspections that `user` may know of: both sides read them."""
        inspections = Inspection.objects.visible_to(user).filter(stage__in=PUBLISHED_STAGES)
        return self.filter(inspection__in=inspections)


class CommissionerComment(models.Model):
    """What the police and crime commissioner says to the report (Police Act 1996 s.55); a later one adds to it."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="commissioner_comments"
    )
    text = models.TextField(_("comments"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=now)

    objects = CommissionerCommentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="commissioner_comment_has_a_text", condition=~Q(text=""))
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class ImmediateUpdateQuerySet(models.QuerySet["ImmediateUpdate"]):
    def visible_to(self, user: User) -> ImmediateUpdateQuerySet:
        """Accounts of the published inspections that `user` may know of: both sides read them."""
        inspections = Inspection.objects.visible_to(user).filter(stage__in=PUBLISHED_STAGES)
        return self.filter(inspection__in=inspections)


class ImmediateUpdate(models.Model):
    """The force's account of what was to be done immediately, as it was sent (rule 7); a later one adds to it."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="immediate_updates"
    )
    # {recommendation number as text: what was done}
    accounts = models.JSONField(_("what was done"))
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=now)

    objects = ImmediateUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
