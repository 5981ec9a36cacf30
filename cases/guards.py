"""What cases have to say about a stage move: why it may not happen yet (settings.STAGE_GUARDS)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import moderation, readings, sampling
from cases.models import Audit, CaseFile, CaseFileQuerySet, Route
from inspections.models import Inspection, Side, Stage

NAMED = 5  # so many cases are named; of the others it is said how many there are


def guard(inspection: Inspection, transition_code: str) -> list[str]:
    """Return why `transition_code` may not happen yet, in plain sentences; [] if nothing speaks against it.

    Fieldwork begins when the force's sample is complete and graded; drafting, when the inspectorate has graded every
    case that counts, every further reading that was asked for is submitted, and where a second reading disagrees the
    lead has settled the grade. A lead who cannot wait for a case excludes it with a reason.
    """
    if transition_code == "begin_fieldwork" and inspection.stage == Stage.SELF_ASSESSMENT:
        return missing_from_sample(inspection)
    if transition_code == "begin_drafting":
        return [
            *_inspectors_have_to_submit(inspection),
            *_readings_are_owed(inspection),
            *_readings_disagree(inspection),
        ]
    return []


def missing_from_sample(inspection: Inspection) -> list[str]:
    """Return what the force's sample and its grades still lack, in plain sentences; [] if it is complete."""
    return [*_sample_is_short(inspection), *_force_has_to_submit(inspection)]


def ungraded(inspection: Inspection, side: Side) -> CaseFileQuerySet:
    """Cases that count and of which `side` owes a submitted audit."""
    return ungraded_in([inspection], side)


def ungraded_in(inspections: Collection[Inspection], side: Side) -> CaseFileQuerySet:
    """Cases of any of `inspections` that count and of which `side` owes a submitted audit."""
    submitted = Audit.objects.main().submitted().filter(case=OuterRef("pk"), side=side)
    cases = CaseFile.objects.counted().filter(~Exists(submitted), inspection__in=inspections)
    return cases.filter(route=Route.SELF_ASSESSED) if side == Side.FORCE else cases


def _sample_is_short(inspection: Inspection) -> list[str]:
    room: Counter[int] = sampling.room_in_sample(inspection) or Counter()
    return [
        ngettext(
            "The force’s sample lacks %(count)d case of “%(area)s”.",
            "The force’s sample lacks %(count)d cases of “%(area)s”.",
            room[area.pk],
        )
        % {"count": room[area.pk], "area": area.label}
        for area in inspection.framework.areas.all()
        if room[area.pk] > 0
    ]


def _force_has_to_submit(inspection: Inspection) -> list[str]:
    waiting = list(
        ungraded(inspection, Side.FORCE).order_by("reference").values_list("reference", flat=True)
    )
    if not waiting:
        return []
    return [
        ngettext(
            "The force has not submitted its audit of %(count)d case: %(names)s.",
            "The force has not submitted its audits of %(count)d cases: %(names)s.",
            len(waiting),
        )
        % {"count": len(waiting), "names": _names(waiting)}
    ]


def _inspectors_have_to_submit(inspection: Inspection) -> list[str]:
    waiting = list(
        ungraded(inspection, Side.INSPECTORATE)
        .order_by("reference")
        .values_list("reference", flat=True)
    )
    if not waiting:
        return []
    return [
        ngettext(
            "%(count)d case lacks a submitted audit of the inspectorate: %(names)s.",
            "%(count)d cases lack a submitted audit of the inspectorate: %(names)s.",
            len(waiting),
        )
        % {"count": len(waiting), "names": _names(waiting)}
        + " "
        + _("Submit it, or exclude the case with a reason.")
    ]


def _readings_are_owed(inspection: Inspection) -> list[str]:
    owed = list(readings.under_way(inspection).values_list("case__reference", "reader__name"))
    if not owed:
        return []
    return [
        ngettext(
            "%(count)d further reading is not submitted: %(names)s.",
            "%(count)d further readings are not submitted: %(names)s.",
            len(owed),
        )
        % {"count": len(owed), "names": _names([f"{case} ({name})" for case, name in owed])}
        + " "
        + _("Have it submitted, or withdraw what was asked.")
    ]


def _readings_disagree(inspection: Inspection) -> list[str]:
    """Differences from the force's grades are no obstacle: they are what an inspection finds out."""
    waiting = list(moderation.unsettled_readings(inspection).values_list("reference", flat=True))
    if not waiting:
        return []
    return [
        ngettext(
            "A second reading disagrees on %(count)d case, whose final grade is not settled: %(names)s.",
            "Second readings disagree on %(count)d cases, whose final grades are not settled: %(names)s.",
            len(waiting),
        )
        % {"count": len(waiting), "names": _names(waiting)}
    ]


def _names(references: list[str]) -> str:
    shown = ", ".join(references[:NAMED])
    more = len(references) - NAMED
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(count)d more", "%(shown)s and %(count)d more", more) % {
        "shown": shown,
        "count": more,
    }
