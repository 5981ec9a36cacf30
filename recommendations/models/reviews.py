"""The inspectorate's judgement of a recommendation at follow-up, and the cases that it looked at for it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import CaseFile
from config.clock import now
from inspections.models import PUBLISHED_STAGES, Inspection
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES
from recommendations.models.progress import ProgressUpdate
from recommendations.models.recommendations import Outcome, Recommendation


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def visible_to(self, user: User) -> JudgementQuerySet:
        """Those of recommendations that `user` may read; one made in a review only as its report may be read."""
        found = self.filter(recommendation__in=Recommendation.objects.visible_to(user))
        if user.is_force:
            return found.filter(
                Q(made_in__isnull=True) | Q(made_in__stage__in=FORCE_SEES_FINDINGS_STAGES)
            )
        return found.filter(
            Q(made_in__isnull=True)
            | Q(made_in__stage__in=PUBLISHED_STAGES)
            | Q(made_in__in=Inspection.objects.with_content_visible_to(user))
        )


class Judgement(models.Model):
    """The inspectorate's word on a recommendation, with the finding behind it; never changed, a later one follows it.

    Made in a review or re-inspection (`made_in`), it takes effect (`took_effect_at`) when that is published; otherwise
    at once. `answers` is the force's request to close that it answers.
    """

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="judgements"
    )
    outcome = models.CharField(_("judgement"), max_length=20, choices=Outcome)
    finding = models.TextField(_("finding"))
    answers = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="judgements"
    )
    made_in = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="judgements"
    )
    # What becomes of a recommendation that is not implemented: carried forward, or replaced, by this later one.
    continued_by = models.ForeignKey(
        Recommendation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=now)
    took_effect_at = models.DateTimeField(_("took effect"), null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="judgement_has_a_finding", condition=~Q(finding="")),
            models.CheckConstraint(
                name="judgement_takes_effect_at_once_or_with_its_report",
                condition=Q(made_in__isnull=False) | Q(took_effect_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_takes_effect",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.took_effect_at IS NOT NULL
                        OR ROW(NEW.recommendation_id, NEW.outcome, NEW.finding, NEW.answers_id, NEW.made_in_id,
                               NEW.by_id, NEW.at)
                           IS DISTINCT FROM
                           ROW(OLD.recommendation_id, OLD.outcome, OLD.finding, OLD.answers_id, OLD.made_in_id,
                               OLD.by_id, OLD.at)
                    THEN
                        RAISE EXCEPTION 'a judgement never changes; make another'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(Outcome(self.outcome).label)


class ReviewedCase(models.Model):
    """That a case of a review was looked at because of one of the earlier recommendations."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="reviewed_cases"
    )
    case = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="reviewed_for")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["case__reference"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "case"], name="reviewed_case_once")
        ]
