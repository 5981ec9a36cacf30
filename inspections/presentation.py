"""How inspections look on pages: the colour of each stage, the steps of its life, what happened to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import planning, stages, team
from inspections.models import Deadline, DeadlineKind, Inspection, Party, Stage, StageChange
from inspections.provenance import published_words

STAGE_COLOURS = {
    Stage.PLANNED: "grey",
    Stage.SELF_ASSESSMENT: "yellow",
    Stage.FIELDWORK: "blue",
    Stage.DRAFTING: "purple",
    Stage.FACTUAL_ACCURACY: "orange",
    Stage.PUBLISHED: "green",
    Stage.FOLLOW_UP: "teal",
    Stage.CLOSED: "grey",
}


def stage_tag(stage: str) -> dict[str, str]:
    """Return the words and the colour in which every page shows `stage`."""
    return {"text": str(Stage(stage).label), "colour": STAGE_COLOURS[Stage(stage)]}


def date_range(start: dt.date, end: dt.date) -> str:
    """“2 to 13 February 2026”, as short as both dates allow; whole months are told as months (“February 2026”)."""
    if start == end:
        return date_format(end, "j F Y")
    if start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        if (start.year, start.month) == (end.year, end.month):
            return date_format(end, "F Y")
        first = "F" if start.year == end.year else "F Y"
        return _("%(start)s to %(end)s") % {
            "start": date_format(start, first),
            "end": date_format(end, "F Y"),
        }
    first = "j F Y"
    if start.year == end.year:
        first = "j" if start.month == end.month else "j F"
    return _("%(start)s to %(end)s") % {
        "start": date_format(start, first),
        "end": date_format(end, "j F Y"),
    }


def steps(inspection: Inspection, changes: list[StageChange]) -> list[dict[str, Any]]:
    """Return the stages of `inspection` for the component `steps`; `changes` are its moves, newest first.

    A stage that is over shows when it ended, the present one since when it lasts, later ones what is planned.
    """
    position = Stage(inspection.stage).position
    entered = {change.to_stage: change.at for change in reversed(changes)}
    left = {change.from_stage: change.at for change in reversed(changes)}
    skips = Stage.SELF_ASSESSMENT not in entered and (
        position > Stage.SELF_ASSESSMENT.position or not stages.needs_self_assessment(inspection)
    )
    found = []
    for stage in Stage:
        if stage == Stage.SELF_ASSESSMENT and skips and inspection.stage != stage:
            continue
        date: dt.date | None  # a moment is one, too
        if stage.position < position:
            state, date = "done", left.get(stage)
        elif stage.position == position:
            state, date = "current", entered.get(stage)
        else:
            state, date = "todo", None
        if stage == Stage.PUBLISHED and inspection.published_on:
            date = None if inspection.published_month_only else inspection.published_on
        found.append(
            {
                "name": stage.label,
                "state": state,
                "date": date,
                "detail": _step_detail(inspection, stage, over=state == "done"),
            }
        )
    return found


def _step_detail(inspection: Inspection, stage: Stage, *, over: bool) -> str | None:
    """What is planned for a stage that is not over, and how sure its date is."""
    if stage == Stage.FIELDWORK and not over:
        return date_range(inspection.fieldwork_start, inspection.fieldwork_end)
    if stage == Stage.SELF_ASSESSMENT and not over and inspection.self_assessment_due:
        due = date_format(inspection.self_assessment_due, "j F Y")
        return _("due %(date)s") % {"date": due}
    if stage == Stage.PUBLISHED and inspection.published_month_only:
        return published_words(inspection)
    if stage == Stage.PUBLISHED and inspection.published_on_assumed:
        return _("date assumed")
    return None


def deadline_page(deadline: Deadline, user: User, content: bool | None = None) -> str:
    """Return the page of `deadline` that `user` may open: that of its subject, or its own.

    The sample is case material, so whoever of the inspectorate does not work on the inspection gets the deadline's
    page; `content` says whether this person does, if the caller knows already.
    """
    if deadline.kind == DeadlineKind.SELF_ASSESSMENT and not (user.is_force or user.is_manager):
        if content is None:
            content = team.reads_content(deadline.inspection, user)
        if not content:
            return reverse("deadlines:detail", args=[deadline.pk])
    return deadline.get_absolute_url()


def side_name(side: str, force: object) -> str:
    """Who has to act, by name: the force's, or the inspectorate."""
    return str(force) if side == Party.FORCE else str(Party(side).label)


def plan_review_page(inspection: Inspection, user: User) -> str:
    """Return the page on which `user` plans what looks back at `inspection`; “” if there is none."""
    if not (planning.may_plan(user) and inspection.is_published):
        return ""
    return f"{reverse('inspections:new')}?force={inspection.force_id}&parent={inspection.pk}"
