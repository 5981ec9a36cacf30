"""Everything that both sides said and did about a recommendation since its report was published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from inspections.models import Deadline, DeadlineBasis, Extension, ExtensionDecision
from recommendations.models import (
    Audience,
    Evidence,
    ImmediateUpdate,
    Judgement,
    PlanDecision,
    PlanVersion,
    ProgressStatus,
    ProgressUpdate,
    Recommendation,
    Remark,
)

_OPENING = dt.time(0)  # where a date without a time stands among the moments of its day


class EntryKind(StrEnum):
    """What happened, in one word for programs."""

    PUBLISHED = "published"
    PROGRESS = "progress"
    CLOSURE_ASKED = "closure_asked"
    REMARK = "remark"
    NOTE = "note"
    RETURNED = "returned"
    JUDGEMENT = "judgement"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    DEADLINE_MOVED = "deadline_moved"
    PLAN_SUBMITTED = "plan_submitted"
    PLAN_DECIDED = "plan_decided"
    IMMEDIATE_UPDATE = "immediate_update"


@dataclass(frozen=True)
class Entry:
    """One event, as `components/ui.jinja: timeline` shows it; `at` is a moment, or a date where no time is known."""

    title: str
    at: dt.datetime | dt.date
    by: str = ""
    text: str = ""
    kind: EntryKind = EntryKind.PUBLISHED
    # What it is about, if not the whole recommendation, and how it came to be seen by one side only.
    about: str = ""
    private: bool = False
    evidence: tuple[Evidence, ...] = ()
    hidden_files: int = 0  # how many files there are that the reader may not open
    url: str = ""

    @property
    def html(self) -> str:
        """The text with its line breaks, as somebody typed it."""
        return format_html('<span class="assay-as-typed">{}</span>', self.text) if self.text else ""


def entries(recommendation: Recommendation, user: User) -> list[Entry]:
    """Return what `user` may know of what happened, newest first. Costs ten queries, however much that is.

    `recommendation` has its inspection and its deadline at hand.
    """
    versions = _versions(recommendation, user)
    found = [
        *_progress(recommendation, user, versions),
        *_remarks(recommendation, user),
        *_judgements(recommendation, user),
        *_plans(recommendation, versions),
        *_immediate_updates(recommendation, user),
        *_of_the_deadline(recommendation.deadline, user),
    ]
    published_on = recommendation.inspection.published_on
    if published_on is not None:
        found.append(
            Entry(gettext("Report published"), published_on, text=_first_date(recommendation))
        )
    return sorted(found, key=_moment, reverse=True)


def _progress(
    recommendation: Recommendation, user: User, versions: list[PlanVersion]
) -> list[Entry]:
    updates = list(recommendation.progress.select_related("by", "point", "action"))
    files: dict[int, list[Evidence]] = {}
    for each in (
        Evidence.objects.visible_to(user)
        .filter(recommendation=recommendation)
        .select_related("uploaded_by")
        .prefetch_related("points")
        .order_by("pk")
    ):
        files.setdefault(each.update_id, []).append(each)
    hidden = {} if files or not updates else _counts(recommendation)
    texts = _texts_of_actions(versions)
    return [
        _word(update, files.get(update.pk, []), hidden.get(update.pk, 0), texts)
        for update in updates
    ]


def _texts_of_actions(versions: list[PlanVersion]) -> dict[int, str]:
    """Return by primary key what each action says in the last of `versions` (newest first) that has it.

    What the force has changed since then is its own until it submits that.
    """
    return {
        action["id"]: action["text"]
        for version in reversed(versions)
        for part in version.content
        for action in part["actions"]
    }


def _counts(recommendation: Recommendation) -> dict[int, int]:
    """Return how many files go with each update, for whoever may not know more of them."""
    counts: dict[int, int] = {}
    for update_id in recommendation.evidence.values_list("update_id", flat=True):
        counts[update_id] = counts.get(update_id, 0) + 1
    return counts


def _word(
    update: ProgressUpdate, files: Iterable[Evidence], hidden: int, texts: dict[int, str]
) -> Entry:
    part = update.point.text if update.point else texts.get(update.action_id or 0, "")
    title = str(ProgressStatus(update.status).label)
    kind = EntryKind.PROGRESS
    if update.point:
        title = gettext("Point %(number)d: %(status)s") % {
            "number": update.point.order,
            "status": _done(update.status),
        }
    elif update.action:
        title = gettext("Action: %(status)s") % {"status": _done(update.status)}
    elif update.status == ProgressStatus.COMPLETE:
        kind = EntryKind.CLOSURE_ASKED
    return Entry(
        title,
        update.at,
        update.by.name,
        update.note,
        kind=kind,
        about=part,
        evidence=tuple(files),
        hidden_files=hidden,
    )


def _done(status: str) -> str:
    """A part of a recommendation is done; only the whole is ready for closure."""
    if status == ProgressStatus.COMPLETE:
        return gettext("done")
    return str(ProgressStatus(status).label).lower()


def _remarks(recommendation: Recommendation, user: User) -> list[Entry]:
    found = Remark.objects.visible_to(user).filter(recommendation=recommendation)
    return [
        Entry(
            gettext("Returned with questions")
            if remark.returns_id
            else gettext("Discussion")
            if remark.audience == Audience.BOTH
            else gettext("Note"),
            remark.at,
            remark.by.name,
            remark.text,
            kind=EntryKind.RETURNED
            if remark.returns_id
            else EntryKind.REMARK
            if remark.audience == Audience.BOTH
            else EntryKind.NOTE,
            private=remark.audience != Audience.BOTH,
        )
        for remark in found.select_related("by")
    ]


def _judgements(recommendation: Recommendation, user: User) -> list[Entry]:
    found = Judgement.objects.visible_to(user).filter(recommendation=recommendation)
    return [
        Entry(
            gettext("Judged: %(outcome)s") % {"outcome": judgement.get_outcome_display()},
            judgement.took_effect_at or judgement.at,
            judgement.by.name,
            judgement.finding,
            kind=EntryKind.JUDGEMENT,
            about=_where(judgement),
        )
        for judgement in found.select_related("by", "made_in__force")
    ]


def _where(judgement: Judgement) -> str:
    if judgement.made_in is None:
        return ""
    if judgement.took_effect_at is None:
        return gettext("In %(inspection)s, which is not published yet.") % {
            "inspection": judgement.made_in
        }
    return gettext("In %(inspection)s.") % {"inspection": judgement.made_in}


def _versions(recommendation: Recommendation, user: User) -> list[PlanVersion]:
    return list(
        PlanVersion.objects.visible_to(user)
        .filter(plan__inspection=recommendation.inspection_id)
        .select_related("submitted_by", "decided_by")
        .prefetch_related("comments")
        .order_by("-number")
    )


def _plans(recommendation: Recommendation, versions: list[PlanVersion]) -> list[Entry]:
    found = []
    for version in versions:
        number = {"number": version.number}
        found.append(
            Entry(
                gettext("Action plan submitted, version %(number)d") % number,
                version.submitted_at,
                version.submitted_by.name,
                kind=EntryKind.PLAN_SUBMITTED,
            )
        )
        if version.decided_at is not None and version.decided_by is not None:
            comments = [
                c.text for c in version.comments.all() if c.recommendation_id == recommendation.pk
            ]
            found.append(
                Entry(
                    gettext("Action plan accepted, version %(number)d") % number
                    if version.decision == PlanDecision.ACCEPTED
                    else gettext("Action plan returned, version %(number)d") % number,
                    version.decided_at,
                    version.decided_by.name,
                    "\n".join(comments),
                    kind=EntryKind.PLAN_DECIDED,
                )
            )
    return found


def _immediate_updates(recommendation: Recommendation, user: User) -> list[Entry]:
    number = str(recommendation.number)
    sent = (
        ImmediateUpdate.objects.visible_to(user)
        .filter(inspection=recommendation.inspection_id, accounts__has_key=number)
        .select_related("by")
    )
    return [
        Entry(
            gettext("Update on what was immediate"),
            update.at,
            update.by.name,
            str(update.accounts.get(number, "")),
            kind=EntryKind.IMMEDIATE_UPDATE,
        )
        for update in sent
    ]


def _first_date(recommendation: Recommendation) -> str:
    if recommendation.deadline is None:
        return ""
    return gettext("The recommendation was to be carried out by %(date)s.") % {
        "date": _words(recommendation.deadline.first_due_on)
    }


def _of_the_deadline(deadline: Deadline | None, user: User) -> list[Entry]:
    if deadline is None:
        return []
    extensions = list(
        Extension.objects.visible_to(user)
        .filter(deadline=deadline)
        .select_related("asked_by", "decided_by")
    )
    found = [entry for extension in extensions for entry in _extension(extension)]
    agreed = {(e.from_on, e.agreed_on) for e in extensions if e.agreed_on}
    return found + _moves(deadline, agreed)


_DECIDED: dict[str, str | Promise] = {
    ExtensionDecision.AGREED: gettext_lazy("Extension agreed"),
    ExtensionDecision.REFUSED: gettext_lazy("Extension refused"),
    ExtensionDecision.WITHDRAWN: gettext_lazy("Extension withdrawn"),
}


def _extension(extension: Extension) -> list[Entry]:
    asked = gettext("From %(before)s to %(after)s.") % {
        "before": _words(extension.from_on),
        "after": _words(extension.wanted_on),
    }
    found = [
        Entry(
            gettext("Extension asked for"),
            extension.asked_at,
            extension.asked_by.name,
            f"{asked}\n{extension.reason}",
            kind=EntryKind.EXTENSION_ASKED,
        )
    ]
    if extension.decided_at is not None and extension.decided_by is not None:
        lines = [extension.answer] if extension.answer else []
        if extension.agreed_on:
            lines.insert(
                0, gettext("The new date is %(date)s.") % {"date": _words(extension.agreed_on)}
            )
        found.append(
            Entry(
                str(_DECIDED[extension.decision]),
                extension.decided_at,
                extension.decided_by.name,
                "\n".join(lines),
                kind=EntryKind.EXTENSION_DECIDED,
            )
        )
    return found


def _moves(deadline: Deadline, agreed: set[tuple[dt.date, dt.date]]) -> list[Entry]:
    """Return each change of the due date that no extension tells of, from the record that the database keeps."""
    moves: list[Entry] = []
    before = None
    history = Deadline.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        Q(pgh_obj_id=deadline.pk)
    )
    for at, due_on in history.order_by("pgh_id").values_list("pgh_created_at", "due_on"):
        if before is not None and due_on != before and (before, due_on) not in agreed:
            moved = gettext("From %(before)s to %(after)s.") % {
                "before": _words(before),
                "after": _words(due_on),
            }
            if deadline.basis == DeadlineBasis.PUBLICATION:
                moved += " " + gettext("The day from which it counts was corrected.")
            moves.append(
                Entry(gettext("Deadline moved"), at, text=moved, kind=EntryKind.DEADLINE_MOVED)
            )
        before = due_on
    return moves


def _moment(entry: Entry) -> dt.datetime:
    if isinstance(entry.at, dt.datetime):
        return entry.at
    return timezone.make_aware(dt.datetime.combine(entry.at, _OPENING))


def _words(day: dt.date) -> str:
    return date_format(day, "j F Y")
