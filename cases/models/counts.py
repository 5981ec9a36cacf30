"""How many cases there are of each kind, counted by triggers as they change: figures read these and no single case.

Read them through `cases.counted`, which knows what of them a person may be told.
"""

from __future__ import annotations

from django.db import models

from cases.models.content import Answer
from cases.models.files import Route
from inspections.models import Area, Grade, Indicator, Inspection, Side


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "side", "indicator", "answer"], name="answer_count_once"
            )
        ]
