"""The list of cases as a table to take away: the same cases, in the same order, with what the same person may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from accounts.models import User
from cases import lists, reading_record
from cases.models import (
    Answer,
    Audit,
    CaseFile,
    CaseFileQuerySet,
    IndicatorAnswer,
    Reading,
    Route,
)
from cases.presentation import state_tag
from config.spreadsheets import Cell
from inspections import methodology
from inspections.models import Grade, Indicator, Inspection, Side

AT_ONCE = 500


class Table(NamedTuple):
    """A table to write: texts of its first row, and rows, which are read from the database as they are asked for."""

    head: list[str]
    rows: Iterator[list[Cell]]


def table(
    inspection: Inspection, found: CaseFileQuerySet, user: User, *, with_answers: bool = False
) -> Table:
    """Return the cases `found` in their order, for `user`.

    With answers, each indicator has a column: what the audit answers to it that the list is about. Who takes those
    has read the audits, and it is written down so.
    """
    keys = list(found.values_list("pk", flat=True))
    columns = _Columns(inspection, user, with_answers)
    return Table(columns.head(), _rows(inspection, keys, user, columns))


def _rows(
    inspection: Inspection, keys: list[int], user: User, columns: _Columns
) -> Iterator[list[Cell]]:
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        cases = {case.pk: case for case in columns.loaded(lists.cases_of(inspection, user), some)}
        if columns.indicators:
            reading_record.opened(*cases, by=user)
        yield from (columns.row(cases[key]) for key in some if key in cases)


class _Columns:
    """What the table says of a case: as much as the list shows this person, and the texts and dates of the case."""

    def __init__(self, inspection: Inspection, user: User, with_answers: bool) -> None:
        framework = methodology.of(inspection.framework)
        self.user = user
        self.sides = lists.sides_shown(inspection, user)
        self.main = lists.main_side(inspection, user)
        self.areas = {area.pk: area.label for area in framework.areas}
        self.grades = {grade.pk: grade for grade in framework.grades}
        self.routes = {route.value: str(route.label) for route in Route}
        self.answers = {answer.value: str(answer.label) for answer in Answer}
        self.indicators: tuple[Indicator, ...] = framework.indicators if with_answers else ()

    def head(self) -> list[str]:
        sides = {Side.INSPECTORATE: _("Inspectorate"), Side.FORCE: _("Force")}
        found = [_("Reference"), _("Area"), _("Route"), *(sides[side] for side in self.sides)]
        if len(self.sides) > 1:
            found.append(_("Steps between the grades"))
        found.append(_("State"))
        if self.user.is_inspectorate:
            found.append(_("Assigned to"))
        found += [
            *(_("Urgent referrals"), _("Date opened"), _("Added"), _("Submitted")),
            *(_("Excluded"), _("Why it is excluded"), _("Why inspectors selected it")),
            _("Summary"),
        ]
        return found + [indicator.code for indicator in self.indicators]

    def loaded(self, there: CaseFileQuerySet, keys: list[int]) -> CaseFileQuerySet:
        """The cases of `keys` with all that `row` needs, in a few queries."""
        audits = Audit.objects.readable_by(self.user).filter(
            Q(reading=Reading.MAIN), side__in=self.sides
        )
        audits = audits.only(*lists.SHOWN_OF_AUDIT, "submitted_at")
        if self.indicators:
            given = IndicatorAnswer.objects.only("audit_id", "indicator_id", "answer")
            audits = audits.prefetch_related(Prefetch("answers", given.order_by()))
        cases = lists.for_rows(there.filter(pk__in=keys), self.user, audits)
        return cases.only(
            *lists.SHOWN_OF_CASE,
            *("opened_on", "added_at", "excluded_reason", "selection_reason", "summary"),
        )

    def row(self, case: CaseFile) -> list[Cell]:
        audits: dict[str, Audit] = {audit.side: audit for audit in case.readable_audits}  # type: ignore[attr-defined]
        of_list = audits.get(self.main)
        grades = [self._grade(audits.get(side)) for side in self.sides]
        cells: list[Cell] = [
            *(case.reference, self.areas[case.area_id], self.routes[case.route]),
            *(grade.label if grade else None for grade in grades),
        ]
        if len(grades) > 1:
            ours, theirs = grades
            cells.append(ours.order - theirs.order if ours and theirs else None)
        cells.append(state_tag(case, of_list)["text"])
        if self.user.is_inspectorate:
            cells.append(case.assigned_to.name if case.assigned_to else None)
        cells += [
            len(case.known_referrals),  # type: ignore[attr-defined]
            *(case.opened_on, case.added_at),
            of_list.submitted_at if of_list else None,
            *(case.excluded_at, case.excluded_reason, case.selection_reason, case.summary),
        ]
        return cells + self._answers(of_list)

    def _grade(self, audit: Audit | None) -> Grade | None:
        key = (audit.final_grade_id or audit.grade_id) if audit else None
        return self.grades[key] if key else None

    def _answers(self, audit: Audit | None) -> list[Cell]:
        if not self.indicators:
            return []
        given = {one.indicator_id: one.answer for one in audit.answers.all()} if audit else {}
        return [self.answers.get(given.get(one.pk, "")) for one in self.indicators]
