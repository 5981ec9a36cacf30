"""When reminders go out, what has to go out, and what went out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models import Deadline


def default_days_before() -> list[int]:
    return [28, 7]


class ReminderPolicy(models.Model):
    """The one row that says when reminders go out; administrators change it."""

    days_before = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(365)]),
        default=default_days_before,
        blank=True,
        verbose_name=_("days before the deadline"),
    )
    on_the_day = models.BooleanField(_("on the day"), default=True)
    overdue_every_days = models.PositiveSmallIntegerField(
        _("days between reminders of what is overdue"),
        default=7,
        validators=[MinValueValidator(1)],
    )

    class Meta:
        verbose_name = _("reminder policy")
        verbose_name_plural = _("reminder policy")
        constraints = [
            models.CheckConstraint(name="reminder_policy_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="reminder_policy_interval", condition=Q(overdue_every_days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return str(_("Reminder policy"))


class DigestStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Nothing left to say")


class DigestKind(models.TextChoices):
    DAILY = "daily", _("All that is due")
    URGENT = "urgent", _("Urgent referral, at once")


class Digest(models.Model):
    """One mail to one person; an outbox row until a mail server has accepted it.

    The DAILY one lists all that a person has to be told on a day. An URGENT one is about one urgent referral and goes
    out by itself.

    `attempts` counts the times that it was handed to a mail server; after the first no line is added, because the
    person may have it already. An attempt without `last_error` that is not SENT either is under way, or died.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DigestKind, default=DigestKind.DAILY)
    day = models.DateField(_("day"))
    status = models.CharField(
        _("status"), max_length=10, choices=DigestStatus, default=DigestStatus.QUEUED
    )
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    last_error = models.TextField(_("what went wrong"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "user"]
        indexes = [
            models.Index(
                fields=["created_at"], name="digest_queued", condition=Q(status=DigestStatus.QUEUED)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"],
                name="digest_once_a_person_a_day",
                condition=Q(kind=DigestKind.DAILY),
            ),
            models.CheckConstraint(
                name="digest_sent_has_its_time",
                condition=~Q(status=DigestStatus.SENT) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"


class Reminder(models.Model):
    """One person is told of one deadline on one occasion, at most once (rule 8).

    `occasion` is what brought it about: `before:7`, `on_the_day`, `overdue:14` (days); of an urgent referral `raised`,
    `overdue`, `acknowledged`, `answered`. `due_on` is the date it speaks of, so that a deadline that moves has
    occasions of its own.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    occasion = models.CharField(max_length=20)
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="reminders")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "deadline", "due_on", "occasion"],
                name="reminder_once_per_person_deadline_occasion",
            )
        ]
