"""What the figure check asks of those who write a report: to mend a sentence, or to say why it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import team
from inspections.models import Inspection
from reports import drafted, house_style, sections
from reports.document import Document
from reports.figure_check.checking import Found, check
from reports.figure_check.outcomes import Verdict
from reports.figure_check.passages import JUDGEMENT, NOTICE, RECOMMENDATION
from reports.models import FigureConfirmation

FLAGGED = {Verdict.DISAGREES, Verdict.CANNOT_PLACE}
PLACE = "figure check"  # what the check for personal data calls the reasons


class NoReason(DomainError):
    """Nobody can be told why the sentence stands."""


class NotAsked(Conflict):
    """The sentence was mended or confirmed in the meantime, or the cases changed."""


class Answered(NamedTuple):
    """A sentence that the tables contradict or do not know, and who said why it stands."""

    found: Found
    confirmation: FigureConfirmation


class Check(NamedTuple):
    """The figure check of a draft: what is to be mended or confirmed, what was confirmed, and how many agree."""

    open: list[Found]
    answered: list[Answered]
    agreeing: int


def of_draft(inspection: Inspection, document: Document | None = None) -> Check:
    """Return the figure check of the report as it stands now (`document`, if that was made already)."""
    document = document or drafted.document(inspection)
    with translation.override(settings.LANGUAGE_CODE):
        found = check(document, house_style.names(inspection.framework))
    confirmed = {
        (each.section_key, each.sentence, each.holds_for): each
        for each in inspection.figure_confirmations.select_related("by")
    }
    flagged = [each for each in found if each.verdict in FLAGGED]
    waiting, answered = [], []
    for each in flagged:
        confirmation = confirmed.get((each.passage.settled_under, each.sentence, name_of(each)))
        if confirmation is None:
            waiting.append(each)
        else:
            answered.append(Answered(each, confirmation))
    return Check(waiting, answered, len(found) - len(flagged))


def open_questions(inspection: Inspection, document: Document | None = None) -> list[Found]:
    """Return the sentences that somebody has to mend, or to confirm with a reason, before the report is published."""
    return of_draft(inspection, document).open


def name_of(found: Found) -> str:
    """Return a name for the sentence in an address, which is also what a confirmation holds for.

    The same as long as its words and its section are, what it is about, and what the tables say instead.
    """
    said = f"{found.verdict.value} {found.counted} {found.about}"
    words = f"{found.passage.settled_under}\n{found.sentence}\n{said}"
    return hashlib.sha256(words.encode()).hexdigest()[:20]


def urls_of(inspection: Inspection, keys: Iterable[str]) -> dict[str, str]:
    """Return the pages on which the texts with those keys are written (three queries)."""
    keys = set(keys)
    found = {
        place.key: sections.section_url(inspection, place)
        for place in sections.places(inspection)
        if place.key in keys
    }
    judged = _numbered(keys, JUDGEMENT)
    if judged and inspection.parent is not None:
        for row in inspection.parent.recommendations.filter(number__in=judged):
            address = reverse("recommendations:review_one", args=[inspection.pk, row.pk])
            found[judged[str(row.number)]] = address
    recommended = _numbered(keys, RECOMMENDATION)
    if recommended:
        for row in inspection.recommendations.filter(number__in=recommended):
            found[recommended[str(row.number)]] = row.get_absolute_url()
    if NOTICE in keys:
        found[NOTICE] = reverse("reports:correction", args=[inspection.pk])
    outline = reverse("reports:outline", args=[inspection.pk])
    return {key: found.get(key, outline) for key in keys}


def _numbered(keys: Iterable[str], prefix: str) -> dict[str, str]:
    """Return the keys that begin with `prefix`, by the number behind it."""
    return {key.removeprefix(prefix): key for key in keys if key.startswith(prefix)}


def may_confirm(inspection: Inspection, user: User) -> bool:
    """Whether `user` may say that a sentence stands: somebody of the team, until the report is published."""
    before = sections.is_open(inspection) or drafted.is_being_prepared(inspection)
    return before and team.works_on(inspection, user)


def confirm(
    inspection: Inspection, name: str, *, reason: str, by: User, personal_data_reason: str = ""
) -> FigureConfirmation:
    """Say why the sentence of that name stands although no table has its figures, or other ones.

    It holds for these words, as long as they are about the same cases and the tables say the same. Raises NotAllowed,
    NoReason, LooksPersonal, and NotAsked if nobody asks that any more.
    """
    reason = reason.strip()
    with transaction.atomic():
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if not may_confirm(locked, by):
            raise NotAllowed(
                _("The team answers for the figures of a report until it is published.")
            )
        if not reason:
            raise NoReason(_("Enter why the sentence stands"))
        where = personal_data.Place(locked, PLACE)
        personal_data.check({"reason": reason}, place=where, by=by, reason=personal_data_reason)
        asked = {name_of(found): found for found in open_questions(locked)}
        if name not in asked:
            raise NotAsked(
                _(
                    "This sentence was changed or confirmed in the meantime, or its figures agree now."
                )
            )
        found = asked[name]
        return FigureConfirmation.objects.create(
            inspection=locked,
            section_key=found.passage.settled_under,
            sentence=found.sentence,
            holds_for=name,
            reason=reason,
            by=by,
        )
