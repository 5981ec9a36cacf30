"""When reminders go out, what has to go out, and what went out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inspections.models import Deadline, DeadlineKind, Inspection, News, TeamMember


def default_days_before() -> list[int]:
    return [28, 7]


class ReminderPolicy(models.Model):
    """When reminders of one kind of deadline go out; the one without a kind is for all that have none of their own."""

    kind = models.CharField(
        _("kind of deadline"),
        max_length=30,
        choices=DeadlineKind,
        blank=True,
        help_text=_("Leave empty for every kind without a policy of its own."),
    )
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
    working_days_only = models.BooleanField(
        _("not at weekends and bank holidays"),
        default=False,
        help_text=_(
            "Those of the force’s nation; what falls on one is said on the next working day."
        ),
    )

    class Meta:
        verbose_name = _("reminder policy")
        verbose_name_plural = _("reminder policies")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="reminder_policy_once_a_kind"),
            models.CheckConstraint(
                name="reminder_policy_interval", condition=Q(overdue_every_days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return str(DeadlineKind(self.kind).label) if self.kind else str(_("Every other kind"))


class ClimbsTo(models.TextChoices):
    """Who is told besides those who answer for it, once something has been overdue for long."""

    LEADS = "leads", _("Leads of the inspection")
    MANAGERS = "managers", _("Managers")


class Escalation(models.Model):
    """From how many days overdue on somebody else is told as well."""

    policy = models.ForeignKey(ReminderPolicy, on_delete=models.CASCADE, related_name="escalations")
    after_days = models.PositiveSmallIntegerField(
        _("days overdue"), validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    to = models.CharField(_("who is told"), max_length=10, choices=ClimbsTo)

    class Meta:
        ordering = ["policy", "after_days"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "to"], name="escalation_once_a_policy"),
            models.CheckConstraint(
                name="escalation_of_what_is_late", condition=Q(after_days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.after_days}: {self.get_to_display()}"


class Channel(models.TextChoices):
    BOTH = "both", _("By mail and in Assay")
    MAIL = "mail", _("By mail")
    IN_APP = "in_app", _("In Assay")


class Preference(models.Model):
    """How one person wants to be told; what is overdue, and urgent referrals, are mailed whatever it says."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preference"
    )
    channel = models.CharField(
        _("how to be told"), max_length=6, choices=Channel, default=Channel.BOTH
    )
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stands_in_for",
        verbose_name=_("who is told instead"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="preference_away_with_somebody_instead",
                condition=Q(away_from__isnull=True, away_until__isnull=True, stand_in__isnull=True)
                | Q(
                    away_from__isnull=False,
                    away_until__gte=F("away_from"),
                    stand_in__isnull=False,
                ),
                violation_error_message=_(
                    "Enter both dates, the later one last, and who is told instead."
                ),
            ),
            models.CheckConstraint(
                name="preference_stand_in_is_somebody_else",
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("user")),
                violation_error_message=_("Choose somebody else."),
            ),
        ]


class DigestStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Nothing left to say")


class DigestKind(models.TextChoices):
    DAILY = "daily", _("All that is due")
    URGENT = "urgent", _("Urgent referral, at once")


# What a person can read in Assay: what was sent to them, and what no mail server would take; also what is on its way,
# however long that takes.
TOLD_STATUSES = [DigestStatus.SENT.value, DigestStatus.FAILED.value]


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, user: User) -> DigestQuerySet:
        """What `user` was told; other people's messages are nobody's to open (`Reminder` is the record of them)."""
        told = Q(status__in=TOLD_STATUSES) | Q(status=DigestStatus.QUEUED, attempts__gt=0)
        return self.filter(told, user=user)

    def unread_by(self, user: User) -> DigestQuerySet:
        """What `user` has still to read in Assay: not what was mailed to somebody who wants mail only."""
        unread = self.visible_to(user).filter(read_at__isnull=True)
        return unread.exclude(
            user__reminder_preference__channel=Channel.MAIL, status=DigestStatus.SENT, by_mail=True
        )


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
    # Whether it goes to the mail server at all; every digest can be read in Assay.
    by_mail = models.BooleanField(_("by mail"), default=True)
    read_at = models.DateTimeField(_("read in Assay"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DigestQuerySet.as_manager()

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


class Reason(models.TextChoices):
    """Why somebody is told."""

    DUTY = "duty", _("answers for it")
    OWNER = "owner", _("sees to it")
    ESCALATION = "escalation", _("it has been overdue for long")
    STAND_IN = "stand_in", _("stands in for somebody")
    NEWS = "news", _("the other side has acted")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> ReminderQuerySet:
        """Who was told what, as far as it is `user`'s business; what it was about may be narrower (`reminders.record`).

        Managers and administrators: everything. Leads of an inspection: what is about it. Leads of a force: what its
        people were told, other than those of its commissioner. Everybody: what they were told themselves.
        """
        if user.is_manager or user.is_administrator:
            return self
        if user.is_force_lead:
            return self.filter(user__force=user.force_id, user__works_for_commissioner=False)
        if user.is_lead_inspector:
            led = Inspection.objects.filter(
                pk__in=TeamMember.objects.filter(user=user, is_lead=True).values("inspection")
            )
            return self.filter(
                Q(user=user) | Q(deadline__inspection__in=led) | Q(news__inspection__in=led)
            )
        return self.filter(user=user)


class Reminder(models.Model):
    """One person is told of one deadline, or one piece of news, on one occasion, at most once (rule 8).

    `occasion` is what brought it about: `before:7`, `on_the_day`, `overdue:14` (days), `moved`, `news`; of an urgent
    referral `raised`, `overdue`, `acknowledged`, `answered`. `due_on` is the date it speaks of, so that a deadline that
    moves has occasions of its own.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    deadline = models.ForeignKey(
        Deadline, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    due_on = models.DateField(null=True, blank=True)
    news = models.ForeignKey(
        News, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    occasion = models.CharField(max_length=20)
    reason = models.CharField(_("why"), max_length=10, choices=Reason, default=Reason.DUTY)
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("instead of"),
    )
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="reminders")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "deadline", "due_on", "occasion"],
                name="reminder_once_per_person_deadline_occasion",
            ),
            models.UniqueConstraint(fields=["user", "news"], name="reminder_once_per_person_news"),
            models.CheckConstraint(
                name="reminder_about_one_thing",
                condition=Q(deadline__isnull=False, due_on__isnull=False, news__isnull=True)
                | Q(deadline__isnull=True, due_on__isnull=True, news__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_stand_in_for_somebody",
                condition=Q(reason=Reason.STAND_IN, instead_of__isnull=False)
                | ~Q(reason=Reason.STAND_IN) & Q(instead_of__isnull=True),
            ),
        ]


class CalendarFeed(models.Model):
    """A secret address from which a calendar program reads one person's deadlines, until they revoke it.

    Only a hash of the secret is kept: the address is shown once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    name = models.CharField(_("where it is used"), max_length=100, blank=True)
    digest = models.CharField(_("SHA-256 of the secret"), max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
