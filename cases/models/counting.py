"""Triggers that keep `GradeCount` and `AnswerCount` equal to what a count of all cases would give, whoever writes.

Each change of cases, audits or answers is counted by the statement that makes it: what the touched rows counted for
before is subtracted, what they count for now is added. Whatever changes a count holds the inspection's row, so two
changes of one inspection never meet; the verbs hold it anyway. Saving a draft changes no count and locks nothing.

`pgtrigger.ignore()` silences these triggers as well: call `cases.counting.recount` after it.
"""

from __future__ import annotations

import pgtrigger

INSERT, UPDATE, DELETE = pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete
_SUBMITTED = "('submitted', 'moderated')"


def cells(cases: str, audits: str) -> str:
    """SQL: a row for each of `cases` that counts, with the grades that count of the `audits` of both sides."""
    return f"""
        SELECT c.inspection_id, c.area_id, c.route, o.final_grade_id AS ours_id, t.final_grade_id AS theirs_id,
               o.first_submitted_at IS NOT NULL AS opened
        FROM {cases} c
        LEFT JOIN {audits} o ON o.case_id = c.id AND o.side = 'inspectorate' AND o.reading = 'main'
        LEFT JOIN {audits} t ON t.case_id = c.id AND t.side = 'force' AND t.reading = 'main'
        WHERE c.excluded_at IS NULL"""  # noqa: S608


def answers(cases: str, audits: str, given: str) -> str:
    """SQL: a row for each of the answers `given` in a submitted audit of a case that counts."""
    return f"""
        SELECT c.inspection_id, a.side, n.indicator_id, n.answer
        FROM {given} n
        JOIN {audits} a ON a.id = n.audit_id
        JOIN {cases} c ON c.id = a.case_id
        JOIN inspections_indicator i ON i.id = n.indicator_id AND i.area_id = c.area_id
        WHERE c.excluded_at IS NULL AND a.reading = 'main' AND a.status IN {_SUBMITTED} AND n.answer <> ''"""  # noqa: S608


CELL = "inspection_id, area_id, route, ours_id, theirs_id, opened"
ANSWER = "inspection_id, side, indicator_id, answer"


def _add(table: str, key: str, before: str, after: str) -> str:
    return f"""
        INSERT INTO {table} AS counted ({key}, cases)
        SELECT {key}, sum(change) FROM (
            SELECT *, -1 AS change FROM ({before}) AS before
            UNION ALL SELECT *, 1 FROM ({after}) AS after
        ) AS changes
        GROUP BY {key} HAVING sum(change) <> 0
        ON CONFLICT ({key}) DO UPDATE SET cases = counted.cases + excluded.cases;"""  # noqa: S608


def _hold(cases: str) -> str:
    """Wait for whoever else is changing counts of the inspections of these cases (a list of primary keys)."""
    return f"""
        PERFORM 1 FROM inspections_inspection
        WHERE id IN (SELECT inspection_id FROM cases_casefile WHERE id = ANY({cases}))
        ORDER BY id FOR NO KEY UPDATE;"""  # noqa: S608


def _changed(operation: pgtrigger.Operation, what: str, source: str) -> str:
    """SQL: `what` of the rows that the statement changed in what counts (`source` with {rows} for the table)."""
    old, new = source.format(rows="old_rows"), source.format(rows="new_rows")
    if operation is INSERT:
        return f"SELECT array_agg(DISTINCT {what}) INTO touched FROM ({new}) AS changed;"  # noqa: S608
    if operation is DELETE:
        return f"SELECT array_agg(DISTINCT {what}) INTO touched FROM ({old}) AS changed;"  # noqa: S608
    return f"""
        SELECT array_agg(DISTINCT {what}) INTO touched
        FROM (({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old})) AS changed;"""  # noqa: S608


def _trigger(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    old = None if operation is INSERT else "old_rows"
    new = None if operation is DELETE else "new_rows"
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        declare=[("touched", "bigint[]")],
        func=func,
    )


def _of_case(operation: pgtrigger.Operation) -> str:
    of_touched = "(SELECT * FROM {} WHERE id = ANY(touched))"
    nothing = "(SELECT * FROM cases_casefile WHERE false)"
    before = nothing if operation is INSERT else of_touched.format("old_rows")
    after = nothing if operation is DELETE else of_touched.format("new_rows")
    audits = "(SELECT * FROM cases_audit WHERE case_id = ANY(touched))"
    given = f"(SELECT n.* FROM cases_indicatoranswer n JOIN {audits} b ON b.id = n.audit_id)"  # noqa: S608
    # a case that is deleted is no longer there to tell its inspection
    inspections = " UNION ".join(
        f"SELECT inspection_id FROM {rows}"  # noqa: S608
        for rows, there in (
            ("old_rows", operation is not INSERT),
            ("new_rows", operation is not DELETE),
        )
        if there
    )
    what = "SELECT id, inspection_id, area_id, route, excluded_at IS NULL FROM {rows}"
    return f"""
        {_changed(operation, "id", what)}
        IF touched IS NULL THEN RETURN NULL; END IF;
        PERFORM 1 FROM inspections_inspection WHERE id IN ({inspections}) ORDER BY id FOR NO KEY UPDATE;
        {_add("cases_gradecount", CELL, cells(before, audits), cells(after, audits))}
        {_add("cases_answercount", ANSWER, answers(before, audits, given), answers(after, audits, given))}
        RETURN NULL;
    """


def _of_audit(operation: pgtrigger.Operation) -> str:
    now = "SELECT * FROM cases_audit WHERE case_id = ANY(touched)"
    was = now if operation is DELETE else f"{now} AND id NOT IN (SELECT id FROM new_rows)"  # noqa: S608
    if operation is not INSERT:
        was = f"{was} UNION ALL SELECT * FROM old_rows WHERE case_id = ANY(touched)"  # noqa: S608
    cases = "(SELECT * FROM cases_casefile WHERE id = ANY(touched))"
    given = "cases_indicatoranswer"
    what = (
        "SELECT id, case_id, side, status, final_grade_id, first_submitted_at IS NULL"
        " FROM {rows} WHERE reading = 'main'"
    )
    return f"""
        {_changed(operation, "case_id", what)}
        IF touched IS NULL THEN RETURN NULL; END IF;
        {_hold("touched")}
        {_add("cases_gradecount", CELL, cells(cases, f"({was})"), cells(cases, f"({now})"))}
        {_add("cases_answercount", ANSWER, answers(cases, f"({was})", given), answers(cases, f"({now})", given))}
        RETURN NULL;
    """


def _of_answer(operation: pgtrigger.Operation) -> str:
    nothing = "(SELECT * FROM cases_indicatoranswer WHERE false)"
    before = nothing if operation is INSERT else "old_rows"
    after = nothing if operation is DELETE else "new_rows"
    audits = "(SELECT * FROM cases_audit WHERE case_id = ANY(touched))"
    cases = "(SELECT * FROM cases_casefile WHERE id = ANY(touched))"
    either = " UNION ".join(
        f"SELECT audit_id FROM {rows}"  # noqa: S608
        for rows, there in (
            ("old_rows", operation is not INSERT),
            ("new_rows", operation is not DELETE),
        )
        if there
    )
    # FOR SHARE: nobody submits the audit, or makes it a draft again, between this look and the end
    return f"""
        SELECT array_agg(DISTINCT case_id) INTO touched FROM (
            SELECT case_id, reading, status FROM cases_audit WHERE id IN ({either}) ORDER BY id FOR SHARE
        ) AS theirs WHERE reading = 'main' AND status IN {_SUBMITTED};
        IF touched IS NULL THEN RETURN NULL; END IF;
        {_hold("touched")}
        {_add("cases_answercount", ANSWER, answers(cases, audits, before), answers(cases, audits, after))}
        RETURN NULL;
    """  # noqa: S608


def triggers_of(what: str) -> list[pgtrigger.Trigger]:
    """Return the triggers of the table of “case”, “audit” or “answer”."""
    func = {"case": _of_case, "audit": _of_audit, "answer": _of_answer}[what]
    return [
        _trigger(f"counted_on_{name}", operation, func(operation))
        for name, operation in (("insert", INSERT), ("update", UPDATE), ("delete", DELETE))
    ]
