"""The factual accuracy check: what the force says of the draft, and what the inspectorate answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from config.clock import now
from inspections.models import Inspection
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES


class AccuracyDecision(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")


class AccuracyCommentQuerySet(models.QuerySet["AccuracyComment"]):
    def visible_to(self, user: User) -> AccuracyCommentQuerySet:
        """The team, and from its check on the force: not its commissioner's office, which is another body."""
        found = self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))
        if user.works_for_commissioner:
            return self.none()
        if user.is_force:
            return found.filter(inspection__stage__in=FORCE_SEES_FINDINGS_STAGES)
        return found

    def unanswered(self) -> AccuracyCommentQuerySet:
        """Those that wait for the inspectorate's answer."""
        return self.filter(decision="", withdrawn_at__isnull=True)


@track_every_change()
class AccuracyComment(models.Model):
    """What the force says of a passage of the draft; the inspectorate accepts it, or answers why not.

    `passage` is quoted as it stood then. `round` counts how often the draft had been sent.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="accuracy_comments"
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    section_key = models.CharField(_("section"), max_length=60)
    passage = models.TextField(_("passage"))
    text = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(
        _("decision"), max_length=12, choices=AccuracyDecision, blank=True, default=""
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = AccuracyCommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="accuracy_comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="accuracy_comment_answered_by_somebody",
                condition=Q(decision="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(decision="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="accuracy_comment_refused_with_a_reason",
                condition=~Q(decision=AccuracyDecision.NOT_ACCEPTED) | ~Q(answer=""),
            ),
        ]


class AccuracyReply(models.Model):
    """The force says that it has checked the draft of one round; without it, publication waits for the deadline."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="accuracy_replies"
    )
    round = models.PositiveSmallIntegerField(_("round"))
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "round"], name="accuracy_reply_once")
        ]
