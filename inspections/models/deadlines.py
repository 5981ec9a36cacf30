"""The one table of dates that somebody must meet."""

from __future__ import annotations

import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from config.clock import now as present
from inspections.models.frameworks import FollowUpKind, FollowUpRule, Party, TimeUnit
from inspections.models.inspections import PUBLISHED_STAGES, Inspection


class Side(models.TextChoices):
    """Whose word something is."""

    FORCE = "force", _("Force")
    INSPECTORATE = "inspectorate", _("Inspectorate")


class DeadlineKind(models.TextChoices):
    SELF_ASSESSMENT = "self_assessment", _("Self-assessment")
    FACTUAL_ACCURACY = "factual_accuracy", _("Factual accuracy check")
    RECOMMENDATION = "recommendation", _("Recommendation")
    ACTION = "action", _("Action")
    UPDATE = "update", _("Update on what was immediate")
    ACTION_PLAN = "action_plan", _("Action plan")
    REVISIT = "revisit", _("Revisit")
    PCC_COMMENTS = "pcc_comments", _("Comments of the police and crime commissioner")
    FOLLOW_UP = "follow_up", _("Follow-up")
    REFERRAL_ACKNOWLEDGEMENT = "referral_acknowledgement", _("Urgent referral: acknowledgement")
    REFERRAL_ANSWER = "referral_answer", _("Urgent referral: answer")


# What is counted in hours; who may know of it is narrower than for other deadlines.
REFERRAL_KINDS = [DeadlineKind.REFERRAL_ACKNOWLEDGEMENT.value, DeadlineKind.REFERRAL_ANSWER.value]
# What the framework's follow-up rules bring; the kind of the deadline follows from that of the rule.
KIND_OF_FOLLOW_UP = {
    FollowUpKind.UPDATE: DeadlineKind.UPDATE,
    FollowUpKind.ACTION_PLAN: DeadlineKind.ACTION_PLAN,
    FollowUpKind.REVISIT: DeadlineKind.REVISIT,
    FollowUpKind.PCC_COMMENTS: DeadlineKind.PCC_COMMENTS,
    FollowUpKind.OTHER: DeadlineKind.FOLLOW_UP,
}
# What a force or its commissioner does on a page of the inspection, and so meets.
PAGE_OF_FOLLOW_UP = {
    DeadlineKind.ACTION: "recommendations:plan",
    DeadlineKind.ACTION_PLAN: "recommendations:plan",
    DeadlineKind.UPDATE: "recommendations:update",
    DeadlineKind.PCC_COMMENTS: "recommendations:pcc_comments",
}
FOLLOW_UP_KINDS = [kind.value for kind in KIND_OF_FOLLOW_UP.values()]


class DeadlineBasis(models.TextChoices):
    """How a date came about; what counts from something keeps that day, the unit and the amount."""

    PUBLICATION = "publication", _("counted from publication")
    DRAFT_SENT = "draft_sent", _("counted from when the draft was sent")
    RAISED = "raised", _("counted from when the referral was raised")
    ACTION_PLAN = "action_plan", _("set by the force in its action plan")
    SET = "set", _("set by the inspectorate")


COUNTED_BASES = [DeadlineBasis.PUBLICATION.value, DeadlineBasis.DRAFT_SENT.value]


def is_over(today: datetime.date, now: datetime.datetime | None = None) -> Q:
    """The condition for a date that is over: its day is (rule 6), or, if it is counted in hours, its minute.

    `today` is the Europe/London date of `now`, which is this moment unless given.
    """
    return Q(due_on__lt=today) | Q(due_on=today, due_at__lt=now or present())


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def visible_to(self, user: User) -> DeadlineQuerySet:
        """Deadlines of the inspections that `user` may know of; of unpublished ones only where they work on it.

        Those of urgent referrals only where they may know of these. Managers, who work on every inspection, know all;
        said so at once, as their lists are the longest.
        """
        if user.is_manager and not user.is_force:
            return self.all()
        inspections = Inspection.objects.visible_to(user)
        of_referrals = Q(kind__in=REFERRAL_KINDS)
        told = of_referrals & Q(
            inspection__in=Inspection.objects.with_urgent_referrals_visible_to(user)
        )
        if user.is_force:
            return self.filter(told | (~of_referrals & Q(inspection__in=inspections)))
        return self.filter(
            told
            | ~of_referrals
            & (
                Q(inspection__in=inspections.filter(stage__in=PUBLISHED_STAGES))
                | Q(inspection__in=inspections.with_content_visible_to(user))
            )
        )

    def open(self) -> DeadlineQuerySet:
        """Deadlines that nobody has met yet and that still stand."""
        return self.filter(met_on__isnull=True, lapsed_on__isnull=True)

    def overdue(
        self, today: datetime.date, now: datetime.datetime | None = None
    ) -> DeadlineQuerySet:
        """Open deadlines that are over (`is_over`); met on its day is in time (rule 6)."""
        return self.open().filter(is_over(today, now))


@track_every_change()
class Deadline(models.Model):
    """A date (Europe/London) by which one side must do one thing.

    What it is about lives in another app (a recommendation, say), which keeps it up to date; `subject_id` is that
    object's primary key, and with `kind` says which page to open. A moved deadline keeps its first date on show.

    What was counted (`basis`) moves only to a date that an extension agreed to, or because the day it counts from was
    corrected; a trigger refuses anything else. Once nothing more is wanted it has lapsed, which is not the same as met.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(_("kind"), max_length=30, choices=DeadlineKind)
    subject_id = models.BigIntegerField(null=True, blank=True)
    follow_up_rule = models.ForeignKey(
        FollowUpRule, on_delete=models.PROTECT, null=True, blank=True
    )
    label = models.CharField(_("what is due"), max_length=300)
    responsible = models.CharField(_("who must act"), max_length=12, choices=Party)
    # A person who sees to it beside those who answer for all of it.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    basis = models.CharField(
        _("how it came about"), max_length=12, choices=DeadlineBasis, default=DeadlineBasis.SET
    )
    counts_from = models.DateField(_("counted from"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=6, choices=TimeUnit, blank=True)
    amount = models.PositiveSmallIntegerField(_("amount"), null=True, blank=True)
    due_on = models.DateField(_("due on"))
    first_due_on = models.DateField(_("first due on"))
    # Only of what is counted in hours; `due_on` is then its day.
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    met_on = models.DateField(_("met on"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    met_note = models.TextField(_("how it was met"), blank=True)
    lapsed_on = models.DateField(_("no longer wanted since"), null=True, blank=True)
    # The day on which the due date last moved, of which those concerned are told.
    moved_on = models.DateField(_("moved on"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="deadline_open",
                condition=Q(met_on__isnull=True, lapsed_on__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "subject_id", "follow_up_rule"],
                name="deadline_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="deadline_day_is_that_of_its_moment",
                condition=Q(due_at__isnull=True) | Q(due_on=TruncDate("due_at")),
            ),
            models.CheckConstraint(
                name="deadline_kind_has_its_subject",
                condition=Q(
                    kind__in=[DeadlineKind.RECOMMENDATION, DeadlineKind.ACTION],
                    subject_id__isnull=False,
                    follow_up_rule__isnull=True,
                )
                | Q(kind__in=FOLLOW_UP_KINDS, follow_up_rule__isnull=False)
                | Q(
                    kind__in=[DeadlineKind.SELF_ASSESSMENT, DeadlineKind.FACTUAL_ACCURACY],
                    follow_up_rule__isnull=True,
                )
                | Q(
                    kind__in=[DeadlineKind.REFERRAL_ACKNOWLEDGEMENT, DeadlineKind.REFERRAL_ANSWER],
                    subject_id__isnull=False,
                    follow_up_rule__isnull=True,
                    due_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="deadline_is_met_or_lapsed",
                condition=Q(met_on__isnull=True) | Q(lapsed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="deadline_knows_what_it_counts_from",
                condition=Q(
                    basis__in=COUNTED_BASES, counts_from__isnull=False, amount__isnull=False
                )
                & ~Q(unit="")
                | ~Q(basis__in=COUNTED_BASES)
                & Q(counts_from__isnull=True, amount__isnull=True, unit=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="moves_only_for_a_reason",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__due_on__df=pgtrigger.F("new__due_on"))
                | pgtrigger.Q(old__first_due_on__df=pgtrigger.F("new__first_due_on")),
                func="""
                    IF OLD.counts_from IS NOT NULL AND NEW.counts_from IS NOT DISTINCT FROM OLD.counts_from
                        AND NEW.basis = OLD.basis
                        AND (
                            NEW.first_due_on <> OLD.first_due_on
                            OR NOT EXISTS (
                                SELECT 1 FROM inspections_extension
                                WHERE deadline_id = OLD.id AND agreed_on = NEW.due_on
                            )
                        )
                    THEN
                        RAISE EXCEPTION 'a date that was counted moves only with an agreed extension'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The page on which the person who must act can do so."""
        if self.kind == DeadlineKind.RECOMMENDATION:
            return reverse("recommendations:detail", args=[self.subject_id])
        if self.kind == DeadlineKind.SELF_ASSESSMENT:
            return reverse("cases:sample", args=[self.inspection_id])
        if self.kind in REFERRAL_KINDS:
            return reverse("cases:referral", args=[self.subject_id])
        if self.kind in PAGE_OF_FOLLOW_UP:
            return reverse(PAGE_OF_FOLLOW_UP[DeadlineKind(self.kind)], args=[self.inspection_id])
        return reverse("deadlines:detail", args=[self.pk])

    def is_over(self, today: datetime.date, now: datetime.datetime) -> bool:
        """Say of this deadline what the condition `is_over` says of all."""
        if self.due_on == today and self.due_at is not None:
            return self.due_at.astimezone(datetime.UTC) < now.astimezone(datetime.UTC)
        return self.due_on < today
