"""What surrounds the grading of cases: draws, calibrations, urgent referrals, saved filters, confirmed texts."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import track_every_change
from accounts.models import User
from cases.models.audits import Audit
from cases.models.files import CaseFile
from inspections.models import Inspection, TeamMember

PERSON = settings.AUTH_USER_MODEL


class SampleDrawQuerySet(models.QuerySet["SampleDraw"]):
    def visible_to(self, user: User) -> SampleDrawQuerySet:
        """Draws of inspections whose case material `user` may read: the force's own, and the inspectorate's teams'."""
        return self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))


class SampleDraw(models.Model):
    """A random draw of the force's sample: who, when, from which list, with which seed, and what came of it.

    The list (`eligible`: references by area code) and the seed are kept, so that anybody can repeat the draw.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="draws")
    seed = models.CharField(_("seed"), max_length=64)
    eligible = models.JSONField(_("eligible references by area"))
    eligible_sha256 = models.CharField(_("SHA-256 of that list"), max_length=64)
    drawn = models.JSONField(_("drawn references by area"))
    drawn_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn"), auto_now_add=True)

    objects = SampleDrawQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:draw_detail", args=[self.inspection_id, self.pk])


@track_every_change()
class Calibration(models.Model):
    """One case that several inspectors read, blind to each other, so that they learn how alike they grade."""

    case = models.OneToOneField(CaseFile, on_delete=models.CASCADE, related_name="calibration")
    note = models.TextField(_("what to look at"), blank=True)
    started_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)


class UrgentReferralQuerySet(models.QuerySet["UrgentReferral"]):
    def visible_to(self, user: User) -> UrgentReferralQuerySet:
        """The inspectorate: those of case material it may read. A force: its own, at every stage.

        Those who answer for the force or assessed its cases see them, even where they may not open the case; viewers
        do not. `with_words_for` says who of them does not read the words yet.
        """
        return self.filter(
            case__inspection__in=Inspection.objects.with_urgent_referrals_visible_to(user)
        )

    def with_words_for(self, user: User) -> UrgentReferralQuerySet:
        """Annotate `words_hidden`: what is feared says how somebody else has read the case.

        Whoever was asked to read it blind does not learn that before they have submitted, unless they raised the
        referral themselves or lead the inspection, which somebody has to look after.
        """
        owed = Audit.objects.filter(case=OuterRef("case")).unfinished_readings_of(user)
        leads = TeamMember.objects.filter(
            inspection=OuterRef("case__inspection"), user=user, is_lead=True
        )
        hidden = Q(Exists(owed)) & ~Q(raised_by=user) & ~Q(Exists(leads))
        return self.annotate(words_hidden=Case(When(hidden, then=True), default=False))

    def open(self) -> UrgentReferralQuerySet:
        """Referrals that the force has not answered."""
        return self.filter(answered_at__isnull=True)


@track_every_change()
class UrgentReferral(models.Model):
    """A case goes back to the force at once because a child may still be at risk.

    The force acknowledges it and then says what it did, each within the hours that the framework sets.
    """

    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="referrals")
    concern = models.TextField(_("what is feared"))
    must_act = models.CharField(_("who must act"), max_length=300)
    raised_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("raised"))
    acknowledge_by = models.DateTimeField(_("to be acknowledged by"))
    answer_by = models.DateTimeField(_("to be answered by"))
    acknowledged_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    answer = models.TextField(_("what was done"), blank=True)
    answered_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = UrgentReferralQuerySet.as_manager()

    class Meta:
        ordering = ["answer_by", "pk"]
        constraints = [
            models.CheckConstraint(
                name="referral_says_what_and_who", condition=~Q(concern="") & ~Q(must_act="")
            ),
            models.CheckConstraint(
                name="referral_due_after_it_was_raised",
                condition=Q(acknowledge_by__gt=F("raised_at"), answer_by__gte=F("acknowledge_by")),
            ),
            models.CheckConstraint(
                name="referral_acknowledged_by_somebody",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_answered_after_acknowledged_with_words",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (
                    Q(
                        answered_at__isnull=False,
                        answered_by__isnull=False,
                        acknowledged_at__isnull=False,
                    )
                    & ~Q(answer="")
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:referral", args=[self.pk])


class SavedFilter(models.Model):
    """A way somebody likes to look at the cases of an inspection: the query of the list's address, under a name."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "inspection", "name"], name="saved_filter_name_once"
            )
        ]


@track_every_change()
class ConfirmedFragment(models.Model):
    """Somebody says, with a reason, that a piece of text that looks like personal data is none (rule 9).

    `place` is the object that the text belongs to (“case 12”, “section 4”), `field` the part of it.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="confirmed_fragments"
    )
    case = models.ForeignKey(
        CaseFile,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="confirmed_fragments",
    )
    place = models.CharField(max_length=120)
    field = models.CharField(max_length=100)
    kind = models.CharField(_("what it looks like"), max_length=30)
    fragment = models.CharField(_("fragment"), max_length=300)
    reason = models.TextField(_("why it is not personal data"))
    confirmed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), auto_now_add=True)

    class Meta:
        ordering = ["place", "kind", "fragment"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "place", "kind", "fragment"], name="fragment_confirmed_once"
            ),
            models.CheckConstraint(name="fragment_confirmed_with_reason", condition=~Q(reason="")),
        ]
