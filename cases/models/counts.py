"""How many cases there are of each kind, counted by triggers as they change: figures read these and no single case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from cases.models.content import Answer
from cases.models.files import Route
from inspections.models import Area, Grade, Indicator, Inspection, Side
from inspections.models.inspections import FORCE_SEES_FINDINGS_STAGES


class GradeCountQuerySet(models.QuerySet["GradeCount"]):
    def visible_to(self, user: User) -> GradeCountQuerySet:
        """Counts of cases that `user` may open, as `CaseFile.objects.visible_to` says.

        Which of the two grades they may know is not said here (`cases.counted`).
        """
        counts = self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))
        if user.is_force:
            counts = counts.filter(
                Q(route=Route.SELF_ASSESSED) | Q(inspection__stage__in=FORCE_SEES_FINDINGS_STAGES)
            )
        return counts


class AnswerCountQuerySet(models.QuerySet["AnswerCount"]):
    def visible_to(self, user: User) -> AnswerCountQuerySet:
        """Counts of answers that `user` may know (rule 3).

        A force: its own, and the inspectorate's from the factual accuracy check on. The inspectorate: its own only,
        as nothing here tells in which cases it may read the force's already.
        """
        counts = self.filter(inspection__in=Inspection.objects.with_content_visible_to(user))
        if user.is_force:
            return counts.filter(
                Q(side=Side.FORCE) | Q(inspection__stage__in=FORCE_SEES_FINDINGS_STAGES)
            )
        return counts.filter(side=Side.INSPECTORATE)


class GradeCount(models.Model):
    """How many counted cases of one inspection, area and route have these grades.

    `ours` and `theirs` are what counts of the inspectorate's and the force's own audit, None while it is not submitted;
    `opened` says whether the inspectorate has submitted its audit at least once, so that it may read the force's.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", db_index=False)
    route = models.CharField(max_length=15, choices=Route)
    ours = models.ForeignKey(
        Grade, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    theirs = models.ForeignKey(
        Grade, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    opened = models.BooleanField()
    cases = models.IntegerField()

    objects = GradeCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "area", "route", "ours", "theirs", "opened"],
                name="grade_count_once",
                nulls_distinct=False,
            )
        ]


class AnswerCount(models.Model):
    """In how many counted cases the submitted own audit of `side` gives this answer to an indicator of their area."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    side = models.CharField(max_length=12, choices=Side)
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    answer = models.CharField(max_length=15, choices=Answer)
    cases = models.IntegerField()

    objects = AnswerCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "side", "indicator", "answer"], name="answer_count_once"
            )
        ]
