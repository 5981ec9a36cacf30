"""Asking for more time, and what was said to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from config.clock import now
from inspections.models.deadlines import Deadline


class ExtensionDecision(models.TextChoices):
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: User) -> ExtensionQuerySet:
        """Extensions of the deadlines that `user` may know of."""
        return self.filter(deadline__in=Deadline.objects.visible_to(user))

    def undecided(self) -> ExtensionQuerySet:
        """Those that wait for an answer; what is met or no longer wanted waits for none."""
        return self.filter(decision="", deadline__in=Deadline.objects.open())


@track_every_change()
class Extension(models.Model):
    """That somebody asked to move a deadline from one date to a later one, why, and what a lead answered (rule 6)."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="extensions")
    from_on = models.DateField(_("due when it was asked for"))
    wanted_on = models.DateField(_("new date asked for"))
    reason = models.TextField(_("why more time is needed"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=now)
    decision = models.CharField(_("decision"), max_length=10, choices=ExtensionDecision, blank=True)
    agreed_on = models.DateField(_("new date agreed"), null=True, blank=True)
    answer = models.TextField(_("reason for the decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"], name="extension_one_at_a_time", condition=Q(decision="")
            ),
            models.CheckConstraint(name="extension_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="extension_is_longer", condition=Q(wanted_on__gt=F("from_on"))
            ),
            models.CheckConstraint(
                name="extension_agreed_has_its_date",
                condition=Q(decision=ExtensionDecision.AGREED, agreed_on__gt=F("from_on"))
                | ~Q(decision=ExtensionDecision.AGREED) & Q(agreed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="extension_decided_by_somebody",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline}: {self.from_on} → {self.wanted_on}"
