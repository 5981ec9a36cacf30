"""What the deadlines of recommendations and actions are called in lists, mails and calendars."""

from __future__ import annotations

import textwrap

from django.utils.translation import gettext

from recommendations.models import Action, Recommendation

CHARACTERS = 160  # long enough to know it by, short enough for a list and a mail


def of_recommendation(recommendation: Recommendation) -> str:
    """Return “Recommendation 4: …”; what stands before the colon names it where nothing may stand that was written."""
    return shortened(
        gettext("%(recommendation)s: %(text)s")
        % {"recommendation": recommendation.short_name, "text": in_short(recommendation)}
    )


def of_action(action: Action) -> str:
    """Return “Action 4.2: …”, as of a recommendation."""
    return shortened(
        gettext("Action %(number)s: %(text)s") % {"number": action.number, "text": action.text}
    )


def in_short(recommendation: Recommendation, characters: int = CHARACTERS) -> str:
    """Return the stem in at most `characters`; one that only leads to its points (“must:”), with the first of them.

    A query for the points, unless they are at hand.
    """
    stem = recommendation.stem.strip()
    if stem.endswith((".", "!", "?")):
        return shortened(stem, characters)
    points = [point.text for point in recommendation.points.all()]
    words = [stem, *points[:1], *("…" for _more in points[1:2])]
    return shortened(" ".join(words), characters)


def shortened(text: str, characters: int = CHARACTERS) -> str:
    """Return `text` on one line, cut between words and marked with “…” if it is longer than `characters`."""
    return textwrap.shorten(text, characters, placeholder="…")
