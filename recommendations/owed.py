"""What is owed on a recommendation now, and by whom."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inspections.models import Extension, Party, Stage
from recommendations.models import Outcome, ProgressStatus, Recommendation


class Owed(NamedTuple):
    """One thing that somebody has to do; `party` is None if nobody has to do anything any more."""

    text: str
    party: Party | None
    dated: bool = False  # whether the deadline of the recommendation is when


def owed(recommendation: Recommendation, extension: Extension | None = None) -> list[Owed]:
    """Return what is owed now, the recommendation itself first.

    `recommendation` is published and has its inspection's force and its deadline at hand; `extension` is the one that
    waits for an answer.
    """
    found = [_itself(recommendation)]
    if extension is not None:
        found.append(
            Owed(
                _("The lead inspector has to answer the request to move the date to %(date)s.")
                % {"date": date_format(extension.wanted_on, "j F Y")},
                Party.INSPECTORATE,
            )
        )
    return found


def _itself(recommendation: Recommendation) -> Owed:
    force = {"force": recommendation.inspection.force}
    if recommendation.settled_on:
        return Owed(_nothing(recommendation), None)
    if recommendation.inspection.stage == Stage.CLOSED:
        return Owed(_("Nothing. The inspection is closed."), None)
    if recommendation.progress_status == ProgressStatus.COMPLETE:
        return Owed(
            _("The inspectorate has to judge it: %(force)s says that it is ready for closure.")
            % force,
            Party.INSPECTORATE,
        )
    if recommendation.outcome:
        text = _("%(force)s has to carry out what is left, and report it ready for closure again.")
    else:
        text = _("%(force)s has to carry this out and report it ready for closure.")
    if recommendation.deadline is None:
        text += " " + _("There is no date.")
    return Owed(text % force, Party.FORCE, dated=recommendation.deadline is not None)


def _nothing(recommendation: Recommendation) -> str:
    if recommendation.continued_by_id:
        return _("Nothing. A later recommendation has taken its place.")
    if recommendation.outcome == Outcome.NO_LONGER_APPLICABLE:
        return _("Nothing. It is no longer applicable.")
    return _("Nothing. It is implemented.")
