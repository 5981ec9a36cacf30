"""How cases and audits look on pages: words and colours of states, and both audits of a case side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from cases.forms import STATES
from cases.models import Audit, CaseFile
from inspections.models import Grade, Side, Theme

STATE_COLOURS = {
    "not_graded": "grey",
    "draft": "yellow",
    "submitted": "green",
    "excluded": "purple",
}


def state_tag(case: CaseFile, audit: Audit | None) -> dict[str, str]:
    """Return the words and colour of the state that the list can be filtered by, for one side's `audit`."""
    state = audit.status if audit else "not_graded"
    if case.excluded_at:
        state = "excluded"
    return {"text": str(dict(STATES)[state]), "colour": STATE_COLOURS[state]}


def side_name(side: str) -> str:
    """Return the heading of what one side says."""
    return _("Force") if side == Side.FORCE else _("Inspectorate")


class Compared(NamedTuple):
    """One part of both audits: what each side says, aligned with the columns."""

    label: str
    texts: list[str]
    grades: list[Grade | None] | None = None
    differs: bool = False


def comparison(audits: list[Audit], themes: list[Theme]) -> list[Compared]:
    """Return the parts of `audits` (one for each column, with their findings loaded) row by row.

    Differing grades are marked; a theme that nobody wrote on is left out.
    """
    grades = [audit.grade for audit in audits]
    rows = [
        Compared(_("Grade"), [], grades, differs=len({audit.grade_id for audit in audits}) > 1),
        Compared(_("Reason"), [audit.reason for audit in audits]),
    ]
    written = [{f.theme_id: f.text for f in audit.findings.all()} for audit in audits]
    for theme in themes:
        texts = [texts.get(theme.pk, "") for texts in written]
        if any(texts):
            rows.append(Compared(theme.label, texts))
    return rows


class Difference(NamedTuple):
    """One field that two people left different: theirs as it is saved, mine as it was typed."""

    label: str
    theirs: str
    mine: str
    field: str


def differences(current: Audit, form: Any) -> list[Difference]:
    """Return what differs between the saved audit `current` and what stands in the (valid) AuditForm `form`."""
    saved = {
        finding.theme.code: finding.text for finding in current.findings.select_related("theme")
    }
    mine = form.chosen_grade
    none = _("No grade")
    rows = [
        Difference(
            _("Grade"),
            current.grade.label if current.grade else none,
            mine.label if mine else none,
            "grade",
        ),
        Difference(_("Reason"), current.reason, form.cleaned_data["reason"], "reason"),
    ]
    rows += [
        Difference(
            theme.label,
            saved.get(theme.code, ""),
            form.findings[theme.code],
            form.field_of(theme.code),
        )
        for theme in form.themes
    ]
    return [row for row in rows if _plain(row.theirs) != _plain(row.mine)]


def _plain(text: str) -> str:
    """Return `text` as it would be saved: browsers send line ends as two characters."""
    return text.replace("\r\n", "\n").strip()


def is_submitted(audit: Audit | None) -> bool:
    return audit is not None and audit.is_submitted
