"""What still stands between a draft and its publication."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases import confirmed, personal_data
from cases.figures import Figures
from cases.guards import ungraded
from inspections.models import Inspection, Side, Stage
from recommendations import judging
from reports import accuracy, approved, consistency, drafted, examples, loose_references, sections

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
    return found + [
        Obstacle(str(loose), loose.url) for loose in loose_references.find(inspection, outline)
    ]


def doubts(inspection: Inspection, counted: Figures, user: User) -> list[Obstacle]:
    """Return what somebody should read once more before it is published, and where; it forbids nothing.

    Numbers that no table has (domain rule 2), what looks like personal data in sections, recommendations and judgements
    although nobody confirmed that it is none, and how much was confirmed (rule 9).
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
    numbers = [
        Obstacle(str(found), sections.section_url(inspection, found.place))
        for found in consistency.contradictions(outline, counted)
    ]
    listed = confirmed.to_read(inspection, user)
    if listed:
        numbers.append(Obstacle(*listed))
    return numbers + [
        Obstacle(
            _("“%(title)s” holds what looks like personal data: %(what)s.")
            % {"title": title, "what": ", ".join(map(str, found))},
            url,
        )
        for place, title, words, url in texts
        if (found := _unresolved(inspection, place, words))
    ]


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
