"""Counts anew what triggers keep, for after they were silenced (a copy in bulk, a repair)."""

from __future__ import annotations

from django.db import connection, transaction

from cases.models import AnswerCount, GradeCount
from cases.models.counting import ANSWER, CELL, answers, cells
from inspections.models import Inspection


def recount(inspection: Inspection) -> None:
    """Replace the counts of `inspection` by a count of all its cases; a second for each hundred thousand of them."""
    cases = f"(SELECT * FROM cases_casefile WHERE inspection_id = {inspection.pk:d})"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        Inspection.objects.select_for_update(of=("self",), no_key=True).get(pk=inspection.pk)
        for model, key, rows in (
            (GradeCount, CELL, cells(cases, "cases_audit")),
            (AnswerCount, ANSWER, answers(cases, "cases_audit", "cases_indicatoranswer")),
        ):
            model._default_manager.filter(inspection=inspection).delete()
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({key}, cases)"  # noqa: S608
                f" SELECT {key}, count(*) FROM ({rows}) AS counted GROUP BY {key}"
            )
