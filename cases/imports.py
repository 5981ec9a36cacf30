"""Many cases from one CSV or XLSX file, all rows or none; and the template of such a file."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_uppercase
from typing import IO

from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from cases import personal_data, sampling, uploads
from cases.models import CaseFile, Route
from cases.sampling import NewCase
from cases.uploads import Problem
from config.spreadsheets import harmless
from inspections.free_text import excerpts
from inspections.models import Area, Inspection

REFERENCE, AREA, OPENED, SUMMARY = "reference", "area", "date opened", "summary"
SELECTION = "reason for selection"  # only of cases that inspectors select
COLUMNS = (REFERENCE, AREA, OPENED, SUMMARY, SELECTION)
REQUIRED = (REFERENCE, AREA)
WIDTHS = {REFERENCE: 18, AREA: 44, OPENED: 16, SUMMARY: 60, SELECTION: 60}  # in characters
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y")
FIELD_COLUMNS = {
    "reference": REFERENCE,
    "area": AREA,
    "opened_on": OPENED,
    "summary": SUMMARY,
    "selection_reason": SELECTION,
}


class ImportErrors(DomainError):
    """Nothing was imported; `problems` says why, row by row."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            ngettext(
                "Nothing was imported: the file has %(count)d problem.",
                "Nothing was imported: the file has %(count)d problems.",
                len(problems),
            )
            % {"count": len(problems)}
        )

    @property
    def may_be_confirmed(self) -> bool:
        """Whether all that is wrong is that texts look personal, of which somebody may say that they are not."""
        return all(problem.excerpts for problem in self.problems)


def import_cases(
    inspection: Inspection,
    upload: IO[bytes],
    *,
    personal_data_reason: str = "",
    by: User,
) -> list[CaseFile]:
    """Add every case of the file, or none.

    The first row names the columns. Raises NotAllowed, or ImportErrors with all that is wrong.
    """
    if sampling.may_add(inspection, by) is None:  # before reading what they sent
        raise NotAllowed(_("You cannot add cases to this inspection at this stage."))
    try:
        rows = uploads.read_table(upload, columns=COLUMNS, required=REQUIRED)
    except uploads.Unreadable as unreadable:
        raise ImportErrors([unreadable.problem]) from unreadable
    return import_rows(inspection, rows, personal_data_reason=personal_data_reason, by=by)


def import_rows(
    inspection: Inspection,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    personal_data_reason: str = "",
    by: User,
) -> list[CaseFile]:
    """Add the case of every row, or none. A row is its number, for what is wrong with it, and texts by column.

    Raises NotAllowed, ImportErrors with all that is wrong, or LooksPersonal if the reason itself is (rule 9).
    """
    route = sampling.may_add(inspection, by)
    if route is None:
        raise NotAllowed(_("You cannot add cases to this inspection at this stage."))
    reader = _Reader(inspection, route, personal_data.says_something(personal_data_reason))
    for number, values in rows:
        reader.read(number, values)
    if reader.problems:
        raise ImportErrors(reader.problems)
    try:
        with transaction.atomic():
            added = sampling.add_cases(inspection, reader.cases, route=route, by=by)
            texts = [
                (
                    personal_data.Place.of_case(case),
                    {"summary": case.summary, "selection_reason": case.selection_reason},
                )
                for case in added
            ]
            personal_data.check_all(texts, by=by, reason=personal_data_reason)
        return added
    except sampling.CaseRefused as refused:  # somebody added cases meanwhile
        problem = Problem(None, FIELD_COLUMNS.get(refused.field, ""), str(refused))
        raise ImportErrors([problem]) from refused


class _Reader:
    """Turns rows of text into cases, and notes what is wrong with them."""

    def __init__(self, inspection: Inspection, route: Route, confirmed: bool) -> None:
        self.route = route
        self.cases: list[NewCase] = []
        self.problems: list[Problem] = []
        self.areas = sampling.areas_by_name(inspection.framework.areas.all())
        self.taken = sampling.taken_references(inspection)
        self.room = sampling.room_in_sample(inspection) if route == Route.SELF_ASSESSED else None
        self.confirmed = confirmed
        self.rows_by_reference: dict[str, int] = {}

    def read(self, number: int, values: Mapping[str, str]) -> None:
        before = len(self.problems)
        for column in REQUIRED:
            if not values[column]:
                self._note(number, column, _("Enter the %(column)s") % {"column": column})
        area = self._area(number, values[AREA])
        opened_on = self._date(number, values.get(OPENED, ""))
        summary, selection_reason = values.get(SUMMARY, ""), values.get(SELECTION, "")
        for column, text in ((SUMMARY, summary), (SELECTION, selection_reason)):
            found = [] if self.confirmed else personal_data.suspicions(text)
            if found:
                self._note(
                    number, column, personal_data.sentence(found), tuple(excerpts(text, found))
                )
        self._note_repeat(number, values[REFERENCE])
        if area is None or len(self.problems) > before:
            return
        case = NewCase(values[REFERENCE], area, summary, opened_on, selection_reason)
        refused = sampling.problem_with(case, self.route, self.taken, self.room)
        if refused:
            self._note(number, FIELD_COLUMNS[refused.field], str(refused))
        else:
            self.cases.append(case)

    def _note(
        self, number: int, column: str, sentence: str, excerpts: tuple[SafeString, ...] = ()
    ) -> None:
        self.problems.append(Problem(number, column, sentence, excerpts))

    def _note_repeat(self, number: int, reference: str) -> None:
        first = self.rows_by_reference.setdefault(reference.upper(), number)
        if reference and first != number:
            self._note(
                number,
                REFERENCE,
                _("Row %(row)d of this file has the same reference") % {"row": first},
            )

    def _area(self, number: int, name: str) -> Area | None:
        area = self.areas.get(name.casefold())
        if name and area is None:
            self._note(
                number,
                AREA,
                _("“%(name)s” is not an area of this framework") % {"name": name[:60]},
            )
        return area

    def _date(self, number: int, text: str) -> dt.date | None:
        if not text:
            return None
        for form in DATE_FORMATS:
            try:
                return dt.datetime.strptime(text, form).date()
            except ValueError:
                continue
        self._note(
            number,
            OPENED,
            _("“%(text)s” is not a date such as 27/3/2026 or 2026-03-27") % {"text": text[:30]},
        )
        return None


# -- The template ---------------------------------------------------------------------------------------------------


def columns_for(route: Route | None) -> tuple[str, ...]:
    """The columns that somebody fills in who adds cases by `route`."""
    return COLUMNS if route == Route.SELECTED else tuple(c for c in COLUMNS if c != SELECTION)


def csv_template(columns: Sequence[str] = COLUMNS) -> bytes:
    """The names of the columns, with the mark by which Excel knows UTF-8."""
    return ("\ufeff" + ",".join(columns) + "\r\n").encode()


def xlsx_template(areas: Iterable[Area], columns: Sequence[str] = COLUMNS) -> bytes:
    """A workbook with the columns to fill in, and a second sheet that lists the areas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    for letter, column in zip(ascii_uppercase, columns, strict=False):
        sheet.column_dimensions[letter].width = WIDTHS[column]
    sheet.append(columns)
    names = book.create_sheet(_("Areas"))
    names.column_dimensions["A"].width = 60
    names.append([_("Write one of these in the column “area”")])
    for area in areas:
        names.append([harmless(area.label)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
