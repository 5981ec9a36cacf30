"""What still stands between a draft and its publication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases import confirmed, personal_data
from cases.guards import ungraded
from inspections.models import Inspection, Side, Stage
from recommendations import judging
from reports import (
    accuracy,
    approved,
    drafted,
    examples,
    house_style,
    loose_references,
    sections,
    traceability,
)
from reports.figure_check import questions

# The force can check only what has been written, so both moves ask the same.
GUARDED = ["send_for_factual_accuracy", "publish"]


class Obstacle(NamedTuple):
    """One thing to do before publication, in a sentence, and the page to do it on."""

    text: str
    url: str


def obstacles(
    inspection: Inspection, outline: list[sections.Entry] | None = None
) -> list[Obstacle]:
    """Return what still stands between the report and its publication, the approval of a lead last of all."""
    return before_approval(inspection, outline) + of_approval(inspection)


def of_approval(inspection: Inspection) -> list[Obstacle]:
    """Return why a manager cannot publish yet as far as a lead's approval is concerned; [] before it can be given."""
    if not drafted.is_being_prepared(inspection):
        return []
    url = reverse("reports:approval", args=[inspection.pk])
    return [Obstacle(reason, url) for reason in approved.reasons_against(inspection)]


def before_approval(
    inspection: Inspection, outline: list[sections.Entry] | None = None
) -> list[Obstacle]:
    """Return what a lead waits for before approving: what the draft lacks, and what the force is still to say of it."""
    found = of_draft(inspection, outline)
    if inspection.stage == Stage.FACTUAL_ACCURACY:
        url = reverse("reports:accuracy", args=[inspection.pk])
        found += [Obstacle(reason, url) for reason in accuracy.reasons_against(inspection)]
    return found


def of_draft(inspection: Inspection, outline: list[sections.Entry] | None = None) -> list[Obstacle]:
    """Return what the draft still lacks.

    Sections that nobody wrote or left out, cases that no inspector graded, references that lead nowhere.
    """
    outline = sections.outline(inspection) if outline is None else outline
    found = [
        Obstacle(
            _("“%(section)s” has no text.") % {"section": entry.place.title},
            sections.section_url(inspection, entry.place),
        )
        for entry in outline
        if entry.is_missing
    ]
    waiting = ungraded(inspection, Side.INSPECTORATE).count()
    if waiting:
        text = ngettext(
            "%(count)d case has no grade that inspectors have submitted.",
            "%(count)d cases have no grade that inspectors have submitted.",
            waiting,
        )
        found.append(
            Obstacle(text % {"count": waiting}, reverse("cases:list", args=[inspection.pk]))
        )
    found += [
        Obstacle(str(loose), loose.url) for loose in loose_references.find(inspection, outline)
    ]
    return found + _figures_to_mend(inspection)


def doubts(inspection: Inspection, user: User) -> list[Obstacle]:
    """Return what somebody should read once more before it is published, and where; it forbids nothing.

    What the house style avoids, weaknesses without a recommendation and the reverse, what looks like personal data in
    sections, recommendations and judgements although nobody confirmed that it is none, and how much was confirmed
    (rule 9).
    """
    outline = sections.outline(inspection)
    texts = [
        (
            f"section {entry.place.key}",
            entry.place.title,
            "\n".join(entry.texts.values()),
            sections.section_url(inspection, entry.place),
        )
        for entry in outline
    ]
    for each in inspection.recommendations.prefetch_related("points"):
        words = "\n".join([each.stem, *(point.text for point in each.points.all())])
        title = _("Recommendation %(number)d") % {"number": each.number}
        texts.append((f"recommendation {each.pk}", title, words, each.get_absolute_url()))
    for told in inspection.case_examples.released().select_related("theme"):
        title = _("Case example from “%(section)s”") % {"section": told.theme.label}
        url = reverse("reports:example", args=[inspection.pk, told.pk])
        texts.append((examples.place_name(told), title, told.text, url))
    for judgement in judging.latest(inspection).select_related("recommendation"):
        earlier = judgement.recommendation
        title = _("Judgement of recommendation %(number)d") % {"number": earlier.number}
        url = reverse("recommendations:review_one", args=[inspection.pk, earlier.pk])
        texts.append((f"judgement {earlier.pk}", title, judgement.finding, url))
    found = [*_checks_to_read(inspection, user)]
    listed = confirmed.to_read(inspection, user)
    if listed:
        found.append(Obstacle(*listed))
    return found + [
        Obstacle(
            _("“%(title)s” holds what looks like personal data: %(what)s.")
            % {"title": title, "what": ", ".join(map(str, suspicions))},
            url,
        )
        for place, title, words, url in texts
        if (suspicions := _unresolved(inspection, place, words))
    ]


def _checks_to_read(inspection: Inspection, user: User) -> Iterator[Obstacle]:
    url = reverse("reports:checks", args=[inspection.pk])
    document = drafted.document(inspection)
    words = len(house_style.remarks(document, inspection.framework))
    if words:
        text = ngettext(
            "The house style has a remark on %(count)d text.",
            "The house style has remarks on %(count)d texts.",
            words,
        )
        yield Obstacle(text % {"count": words}, f"{url}#house-style")
    for gap in traceability.gaps(inspection, document, traceability.lines(inspection, user)):
        yield Obstacle(gap.text, gap.url)


def _figures_to_mend(inspection: Inspection) -> list[Obstacle]:
    """One obstacle for all sentences that state figures which the tables do not have (domain rule 2)."""
    waiting = len(questions.open_questions(inspection))
    if not waiting:
        return []
    text = ngettext(
        "%(count)d sentence states a figure that no table has. Mend it, or confirm it with a reason.",
        "%(count)d sentences state figures that no table has. Mend them, or confirm them with a reason.",
        waiting,
    )
    return [Obstacle(text % {"count": waiting}, reverse("reports:checks", args=[inspection.pk]))]


def _unresolved(inspection: Inspection, place: str, words: str) -> list[personal_data.Suspicion]:
    where = personal_data.Place(inspection, place)
    return personal_data.unresolved({"": words}, where).get("", [])


def guard(inspection: Inspection, transition_code: str) -> list[str]:
    """Return why `transition_code` may not happen yet: plain sentences; [] if nothing speaks against it."""
    if transition_code not in GUARDED:
        return []
    # Before the force has seen the draft there is nothing that it said of it, and nothing to approve.
    found = obstacles(inspection) if transition_code == "publish" else of_draft(inspection)
    return [obstacle.text for obstacle in found]
