"""The factual accuracy check: the force says what is wrong in the draft, and gets an answer to each thing it said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from config.clock import now
from inspections import dates, deadlines, news, team
from inspections.models import (
    Deadline,
    DeadlineKind,
    DeadlineQuerySet,
    Inspection,
    NewsKind,
    Party,
    Stage,
)
from reports import drafted, pdf
from reports.chapters import Chapter
from reports.models import AccuracyComment, AccuracyDecision, AccuracyReply

SENT = "send_for_factual_accuracy"
# The team answers while the force checks, and after it has taken the draft back to mend it.
ANSWERED_AT = [Stage.FACTUAL_ACCURACY.value, Stage.DRAFTING.value]
LONGEST_TEXT = 5_000
LONGEST_PASSAGE = 2_000


class CommentRefused(DomainError):
    """The comment or its answer cannot stand as it is; `field` is what has to change."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def round_of(inspection: Inspection) -> int:
    """Return how often the draft has been sent to the force; 1 the first time."""
    return max(1, inspection.stage_changes.filter(transition=SENT).count())


def reply_of(inspection: Inspection) -> AccuracyReply | None:
    """Return the force's word that it has checked the present draft; None while there is none."""
    found = inspection.accuracy_replies.select_related("by")
    return found.filter(round=round_of(inspection)).first()


def awaited(inspection: Inspection) -> Deadline | None:
    """Return the deadline of a reply for which publication still has to wait; over, or met, there is none."""
    return awaited_in([inspection]).first()


def awaited_in(inspections: Collection[Inspection]) -> DeadlineQuerySet:
    """Return the deadlines of replies for which the publication of any of `inspections` still has to wait."""
    return Deadline.objects.open().filter(
        inspection__in=inspections,
        kind=DeadlineKind.FACTUAL_ACCURACY,
        due_on__gte=dates.today(),
    )


def reasons_against(inspection: Inspection) -> list[str]:
    """Return why the report cannot be published yet as far as the force's check goes: sentences."""
    reasons = []
    deadline = awaited(inspection)
    if deadline is not None:
        reasons.append(
            _("The force has until %(date)s to say what is wrong in the draft.")
            % {"date": date_format(deadline.due_on, "j F Y")}
        )
    waiting = AccuracyComment.objects.unanswered().filter(inspection=inspection).count()
    if waiting:
        text = ngettext(
            "%(count)d comment of the force has no answer.",
            "%(count)d comments of the force have no answer.",
            waiting,
        )
        reasons.append(text % {"count": waiting})
    return reasons


def may_comment(inspection: Inspection, user: User) -> bool:
    """Whether `user` may comment on the draft: a lead of its force, until the force has replied."""
    checking = inspection.stage == Stage.FACTUAL_ACCURACY and team.leads_force(inspection, user)
    return checking and reply_of(inspection) is None


def may_answer(inspection: Inspection, user: User) -> bool:
    """Whether `user` may answer the force's comments: the team, until publication."""
    return inspection.stage in ANSWERED_AT and team.works_on(inspection, user)


@dataclasses.dataclass(frozen=True)
class Passages:
    """The chapters of the draft as the force reads them, to find the words that it comments on."""

    chapters: tuple[Chapter, ...]
    texts: dict[str, str]

    def hold(self, key: str, passage: str) -> bool:
        """Whether `passage` stands in the chapter `key`, however it was broken into lines."""
        return _bare(passage) in self.texts.get(key, "")

    def title(self, key: str) -> str:
        """Return what the chapter is called; the key itself if the draft has it no more."""
        return next((each.title for each in self.chapters if each.id == key), key)


def passages(inspection: Inspection) -> Passages:
    """Return the chapters of the present draft, with their words."""
    document = drafted.document(inspection)
    with translation.override(settings.LANGUAGE_CODE):
        parts = pdf.parts(document)
        texts = {
            chapter.id: _bare(
                html.unescape(
                    strip_tags(
                        render_to_string(
                            "reports/accuracy_chapter.jinja",
                            {"document": document, "chapter": chapter, **parts},
                        )
                    )
                )
            )
            for chapter in parts["chapters"]
        }
    return Passages(tuple(parts["chapters"]), texts)


def comment(
    inspection: Inspection,
    *,
    section_key: str,
    passage: str,
    text: str,
    by: User,
    personal_data_reason: str = "",
) -> AccuracyComment:
    """The force says what is wrong in a passage of the draft, which it quotes; without one, of the whole section.

    Raises NotAllowed but for a lead of the force while it checks, CommentRefused, LooksPersonal (rule 9).
    """
    passage, text = passage.replace("\r\n", "\n").strip(), text.replace("\r\n", "\n").strip()
    if not text:
        raise CommentRefused("text", _("Enter what is not right"))
    with transaction.atomic():
        locked = _lock(inspection)
        if not may_comment(locked, by):
            raise NotAllowed(_("The force’s lead comments on the draft until the force replies."))
        draft = passages(locked)
        if section_key not in draft.texts:
            raise CommentRefused("passage", _("The draft has no such section"))
        if passage and not draft.hold(section_key, passage):
            raise CommentRefused(
                "passage", _("These words are not in this section. Copy them from it as they stand")
            )
        personal_data.check(
            {"text": text},
            place=personal_data.Place(locked, "accuracy"),
            by=by,
            reason=personal_data_reason,
        )
        return AccuracyComment.objects.create(
            inspection=locked,
            round=round_of(locked),
            section_key=section_key,
            passage=passage,
            text=text,
            by=by,
        )


def withdraw(said: AccuracyComment, *, by: User) -> None:
    """The force takes a comment back; it stays on record.

    Raises NotAllowed once the force has replied, Conflict if it was answered or taken back already.
    """
    with transaction.atomic():
        locked = _lock(said.inspection)
        if not may_comment(locked, by):
            raise NotAllowed(_("The force takes comments back until it replies."))
        changed = AccuracyComment.objects.unanswered().filter(pk=said.pk)
        if not changed.update(withdrawn_at=now()):
            raise Conflict(_("This comment has been answered or taken back in the meantime."))


def reply(
    inspection: Inspection, *, note: str, by: User, personal_data_reason: str = ""
) -> AccuracyReply:
    """The force says that it has checked the draft: its deadline is met, and the team is told.

    Raises NotAllowed but for a lead of the force while it checks (so the second of two is refused), LooksPersonal.
    """
    with transaction.atomic():
        locked = _lock(inspection)
        if not may_comment(locked, by):
            raise NotAllowed(_("The force’s lead replies once for each draft, while it checks it."))
        personal_data.check(
            {"note": note},
            place=personal_data.Place(locked, "accuracy"),
            by=by,
            reason=personal_data_reason,
        )
        replied = AccuracyReply.objects.create(
            inspection=locked, round=round_of(locked), note=note.strip(), by=by
        )
        for deadline in locked.deadlines.filter(kind=DeadlineKind.FACTUAL_ACCURACY):
            deadlines.meet(deadline, by=by, note=_("The force has checked the draft."))
        news.tell(
            locked,
            Party.INSPECTORATE,
            NewsKind.DRAFT_CHECKED,
            label=_("Factual accuracy of the draft"),
            by=by,
        )
    return replied


def answer(
    said: AccuracyComment,
    *,
    decision: str,
    text: str,
    seen: dt.datetime | None,
    by: User,
    personal_data_reason: str = "",
) -> AccuracyComment:
    """The team accepts a comment, or says why not; `seen` is when it was last answered as the writer knew it (rule 5).

    An answer may be changed until publication; earlier ones stay in its history. When the last is given, the force is
    told. Raises NotAllowed, Conflict, CommentRefused, LooksPersonal (rule 9).
    """
    text = text.replace("\r\n", "\n").strip()
    if decision == AccuracyDecision.NOT_ACCEPTED and not text:
        raise CommentRefused("answer", _("Enter why the comment is not accepted"))
    with transaction.atomic():
        locked = _lock(said.inspection)
        if not may_answer(locked, by):
            raise NotAllowed(_("The team of the inspection answers comments until publication."))
        current = AccuracyComment.objects.select_for_update(of=("self",)).get(pk=said.pk)
        if current.withdrawn_at is not None:
            raise Conflict(_("The force has taken this comment back."))
        if current.answered_at != seen:
            raise Conflict(_("Somebody else has answered this comment in the meantime."))
        personal_data.check(
            {"answer": text},
            place=personal_data.Place(locked, "accuracy"),
            by=by,
            reason=personal_data_reason,
        )
        first = not current.decision
        current.decision, current.answer = AccuracyDecision(decision), text
        current.answered_by, current.answered_at = by, now()
        current.save(update_fields=["decision", "answer", "answered_by", "answered_at"])
        if first and locked.stage == Stage.FACTUAL_ACCURACY:
            _tell_if_all_answered(locked, by)
    return current


def follow(inspection: Inspection, transition: str, by: User) -> None:
    """Tell the force of a draft that it can check (settings.STAGE_FOLLOWERS)."""
    if transition == SENT:
        label = _("Factual accuracy of the draft")
        news.tell(inspection, Party.FORCE, NewsKind.DRAFT_SENT, label=label, by=by)


def _tell_if_all_answered(inspection: Inspection, by: User) -> None:
    if not inspection.accuracy_comments.filter(decision="", withdrawn_at=None).exists():
        label = _("Factual accuracy of the draft")
        news.tell(inspection, Party.FORCE, NewsKind.DRAFT_ANSWERED, label=label, by=by)


def _bare(text: str) -> str:
    """Return `text` without any space: what is copied off a page breaks elsewhere than its source."""
    return "".join(text.split())


def _lock(inspection: Inspection) -> Inspection:
    return (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("force", "framework")
        .get(pk=inspection.pk)
    )
