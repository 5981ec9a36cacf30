"""An inspection, the team that does it, and the stages it has been through."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import Force, User
from inspections.models.frameworks import Framework, InspectionKind


class Stage(models.TextChoices):
    """The life of an inspection, in order (domain, “The life of an inspection”)."""

    PLANNED = "planned", _("Planned")
    SELF_ASSESSMENT = "self_assessment", _("Self-assessment")
    FIELDWORK = "fieldwork", _("Fieldwork")
    DRAFTING = "drafting", _("Drafting")
    FACTUAL_ACCURACY = "factual_accuracy", _("Factual accuracy check")
    PUBLISHED = "published", _("Published")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")

    @property
    def position(self) -> int:
        """Place in the order, from 0, so that stages can be compared."""
        return list(Stage).index(self)


PUBLISHED_STAGES = [Stage.PUBLISHED.value, Stage.FOLLOW_UP.value, Stage.CLOSED.value]
# From the factual accuracy check on, a force sees what the inspectorate found (rule 3).
FORCE_SEES_FINDINGS_STAGES = [Stage.FACTUAL_ACCURACY.value, *PUBLISHED_STAGES]


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> InspectionQuerySet:
        """Inspections that `user` may know of.

        Managers and administrators: all. Inspectors: those whose team they are in, and published ones. A force
        person: their own force's, once the force has been asked for its self-assessment.
        """
        if user.is_force:
            return self.filter(force=user.force_id).exclude(stage=Stage.PLANNED)
        if user.is_manager or user.is_administrator:
            return self
        return self.filter(
            Q(stage__in=PUBLISHED_STAGES)
            | Q(pk__in=TeamMember.objects.filter(user=user).values("inspection"))
        )

    def with_content_visible_to(self, user: User) -> InspectionQuerySet:
        """Inspections whose case material and drafts `user` may read: managers all, inspectors their teams'.

        Administrators see none of it (domain, “People”); what a force sees depends on stage and side besides.
        """
        if user.is_force:
            return self.visible_to(user)
        if user.is_manager:
            return self
        if user.is_inspector:
            return self.filter(pk__in=TeamMember.objects.filter(user=user).values("inspection"))
        return self.none()

    def with_urgent_referrals_visible_to(self, user: User) -> InspectionQuerySet:
        """Inspections of whose urgent referrals `user` may know.

        Of a force, those who answer for it or assessed its cases, at every stage; viewers, who may be of another body,
        do not. Of the inspectorate, whoever may read the case material.
        """
        if user.is_force and not (user.is_force_lead or user.is_force_assessor):
            return self.none()
        return self.with_content_visible_to(user)


@track_every_change()
class Inspection(models.Model):
    """One examination of one force under one framework."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="inspections")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="inspections")
    kind = models.CharField(_("kind"), max_length=30, choices=InspectionKind)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("earlier inspection that it looks back at"),
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.PLANNED)
    self_assessment_due = models.DateField(_("self-assessment due"), null=True, blank=True)
    # The force says that its sample is complete and graded, and can change neither until it is returned to it.
    handed_in_at = models.DateTimeField(_("self-assessment handed in"), null=True, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_at = models.DateTimeField(_("self-assessment returned"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_reason = models.TextField(_("why it was returned"), blank=True)
    fieldwork_start = models.DateField(_("fieldwork starts"))
    fieldwork_end = models.DateField(_("fieldwork ends"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_on_assumed = models.BooleanField(
        _("publication date assumed"),
        default=False,
        help_text=_("The source prints no date; this one is plausible, and every page says so."),
    )
    published_month_only = models.BooleanField(
        _("only the month of publication is known"), default=False
    )
    # The day from which timescales count; empty while a doubtful date of publication waits for a lead to confirm it.
    counts_from = models.DateField(_("timescales count from"), null=True, blank=True)
    counts_from_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts_from_reason = models.TextField(_("why it is this day"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-fieldwork_start", "-pk"]
        indexes = [
            models.Index(fields=["force", "stage"]),
            models.Index(fields=["-fieldwork_start", "-id"], name="inspection_newest_first"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "framework"], name="inspection_with_framework"),
            models.CheckConstraint(
                name="inspection_fieldwork_ends_after_it_starts",
                condition=Q(fieldwork_end__gte=F("fieldwork_start")),
                violation_error_message=_("Fieldwork must not end before it starts."),
            ),
            models.CheckConstraint(
                name="inspection_review_has_a_parent",
                condition=Q(kind=InspectionKind.FULL, parent__isnull=True)
                | (~Q(kind=InspectionKind.FULL) & Q(parent__isnull=False)),
                violation_error_message=_(
                    "A review or re-inspection needs the earlier inspection; a full inspection has none."
                ),
            ),
            models.CheckConstraint(
                name="inspection_published_with_date",
                condition=Q(stage__in=PUBLISHED_STAGES, published_on__isnull=False)
                | (~Q(stage__in=PUBLISHED_STAGES) & Q(published_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="inspection_counts_from_once_published",
                condition=Q(counts_from__isnull=True, counts_from_by__isnull=True)
                | Q(counts_from__isnull=False, stage__in=PUBLISHED_STAGES),
            ),
            models.CheckConstraint(
                name="inspection_handed_in_by_somebody_once_asked",
                condition=Q(handed_in_at__isnull=True, handed_in_by__isnull=True)
                | (
                    Q(handed_in_at__isnull=False, handed_in_by__isnull=False)
                    & ~Q(stage=Stage.PLANNED)
                ),
            ),
            models.CheckConstraint(
                name="inspection_returned_with_reason_while_not_handed_in",
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, returned_reason="")
                | (
                    Q(
                        returned_at__isnull=False,
                        returned_by__isnull=False,
                        handed_in_at__isnull=True,
                    )
                    & ~Q(returned_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(force)s, %(year)s %(kind)s") % {
            "force": self.force.name,
            "year": self.fieldwork_start.year,
            "kind": str(InspectionKind(self.kind).label).lower(),
        }

    def get_absolute_url(self) -> str:
        return reverse("inspections:detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.stage in PUBLISHED_STAGES

    @property
    def force_self_assesses(self) -> bool:
        """Whether the force may change its sample and its grades: at that stage, until it hands them in."""
        return self.stage == Stage.SELF_ASSESSMENT and self.handed_in_at is None

    @property
    def force_sees_findings(self) -> bool:
        """Whether the stage lets the force read the inspectorate's audits and draft (rule 3)."""
        return self.stage in FORCE_SEES_FINDINGS_STAGES


@track_every_change()
class TeamMember(models.Model):
    """An inspector on an inspection's team; one or more of them lead it."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="teams"
    )
    is_lead = models.BooleanField(_("leads the inspection"), default=False)

    class Meta:
        ordering = ["-is_lead", "user__name"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "user"], name="team_member_once")
        ]


class StageChange(models.Model):
    """One move of an inspection from stage to stage: which transition, who, when and why."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="stage_changes"
    )
    transition = models.CharField(_("transition"), max_length=40)
    from_stage = models.CharField(_("from"), max_length=20, choices=Stage)
    to_stage = models.CharField(_("to"), max_length=20, choices=Stage)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
