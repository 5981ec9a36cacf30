"""Copies of the cases of an inspection with all that their audits hold, by the database itself: quick, and many."""

from __future__ import annotations

import pgtrigger
from django.db import connection, transaction
from django.db.models import Model

from cases.counting import recount
from cases.models import Audit, CaseFile, Finding, IndicatorAnswer
from inspections.models import Inspection


def multiply(inspection: Inspection, copies: int) -> None:
    """Add `copies` of every case of `inspection`, whose references end in the number of the copy.

    Their history is not written: nothing that is measured reads it.
    """
    if copies < 1:
        return
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        for statement in (_cases(), _audits(), _parts(Finding), _parts(IndicatorAnswer)):
            # pgtrigger adds parameters by position, so these two whole numbers go into the text
            cursor.execute(
                statement.replace(":inspection", str(inspection.pk)).replace(":copies", str(copies))
            )
            cursor.execute("ANALYZE cases_casefile, cases_audit")
    recount(inspection)  # what the silenced triggers would have counted


_NEW_CASE = """
    JOIN cases_casefile old ON old.id = audit.case_id
    CROSS JOIN generate_series(1, :copies) AS copy
    JOIN cases_casefile new
        ON new.inspection_id = old.inspection_id AND new.reference = old.reference || '-' || copy
"""
_OF_INSPECTION = (
    "WHERE old.inspection_id = :inspection AND old.id <= (SELECT max(id) FROM originals)"
)


def _cases() -> str:
    values = {"reference": "old.reference || '-' || copy"}
    return (
        "CREATE TEMPORARY TABLE originals ON COMMIT DROP AS"
        " SELECT id FROM cases_casefile WHERE inspection_id = :inspection; "
        + _insert(CaseFile, "old", values)
        + " FROM cases_casefile old CROSS JOIN generate_series(1, :copies) AS copy "
        + _OF_INSPECTION
    )


def _audits() -> str:
    return (
        f"{_insert(Audit, 'audit', {'case_id': 'new.id'})} FROM cases_audit audit"
        f"{_NEW_CASE} {_OF_INSPECTION}"
    )


def _parts(model: type[Model]) -> str:
    """What hangs on audits; the audit of the copied case is found by side, reading and reader."""
    return (
        f"{_insert(model, 'part', {'audit_id': 'its.id'})} FROM {model._meta.db_table} part"
        f" JOIN cases_audit audit ON audit.id = part.audit_id {_NEW_CASE}"
        " JOIN cases_audit its ON its.case_id = new.id AND its.side = audit.side"
        " AND its.reading = audit.reading AND its.reader_id IS NOT DISTINCT FROM audit.reader_id "
        + _OF_INSPECTION
    )


def _insert(model: type[Model], source: str, values: dict[str, str]) -> str:
    """An INSERT of every column of `model` but its key: `values` by column, else that of `source`."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    chosen = [values.get(column, f'{source}."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(chosen)}"
