"""What blocks the next step of many inspections, as short counts: a fixed number of queries however many they are.

The stage guards say the same of one inspection, in sentences and with names (`stages.reasons_against`); both ask the
same querysets. What has to read a whole draft is left to the guards: references, figures, and whether an approval still
holds. So an inspection of which nothing is said here may yet be stopped by its text (`TEXT_READ_BEFORE`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import guards as cases_guards
from cases import moderation, readings, sampling
from inspections import stages
from inspections.models import Inspection, Side, Stage
from inspections.stages import Transition
from recommendations import guards as recommendation_guards
from recommendations import reviewing
from reports import accuracy, guards, sections
from reports.models import AccuracyComment

Words = dict[int, list[str]]  # by the inspection's primary key
TEXT_READ_BEFORE = guards.GUARDED  # the moves before which the guards read the whole draft


def words(
    inspections: Collection[Inspection], moves: Mapping[int, Transition], approved: Collection[int]
) -> Words:
    """Return what stands in the way of the next step (`moves`) of each of `inspections`, in a few words each.

    `approved` are the primary keys of those with a standing approval. At most sixteen queries.
    """
    at: dict[str, list[Inspection]] = defaultdict(list)
    for each in inspections:
        if each.pk in moves:
            at[moves[each.pk].code].append(each)
    found: Words = defaultdict(list)
    _planning(at, found)
    _sample([each for each in at["begin_fieldwork"] if each.stage != Stage.PLANNED], found)
    _grades(at["begin_drafting"], found)
    _draft([each for code in guards.GUARDED for each in at[code]], found)
    _check(at["publish"], approved, found)
    _closing(at["close"], found)
    return found


def _planning(at: Mapping[str, list[Inspection]], found: Words) -> None:
    for each in at["open_self_assessment"]:
        if not each.self_assessment_due:
            found[each.pk].append(_("No date for the self-assessment"))
    planned = [each for moved in at.values() for each in moved if each.stage == Stage.PLANNED]
    led = stages.led(planned)
    for each in planned:
        if each.pk not in led:
            found[each.pk].append(_("Nobody leads it"))


def _sample(inspections: list[Inspection], found: Words) -> None:
    for pk, room in sampling.rooms_in_samples(inspections).items():
        lacking = sum(count for count in room.values() if count > 0)
        if lacking:
            text = ngettext(
                "%(count)d case missing from the force’s sample",
                "%(count)d cases missing from the force’s sample",
                lacking,
            )
            found[pk].append(text % {"count": lacking})
    for pk, count in _counted(cases_guards.ungraded_in(inspections, Side.FORCE)):
        text = ngettext(
            "%(count)d case not graded by the force",
            "%(count)d cases not graded by the force",
            count,
        )
        found[pk].append(text % {"count": count})


def _ungraded(inspections: list[Inspection], found: Words) -> None:
    for pk, count in _counted(cases_guards.ungraded_in(inspections, Side.INSPECTORATE)):
        text = ngettext("%(count)d ungraded case", "%(count)d ungraded cases", count)
        found[pk].append(text % {"count": count})


def _grades(inspections: list[Inspection], found: Words) -> None:
    _ungraded(inspections, found)
    for pk, count in _counted(readings.under_way_in(inspections), "case__inspection"):
        text = ngettext(
            "%(count)d further reading not submitted",
            "%(count)d further readings not submitted",
            count,
        )
        found[pk].append(text % {"count": count})
    for pk, count in _counted(moderation.unsettled_readings_in(inspections)):
        text = ngettext(
            "%(count)d case whose second reading disagrees",
            "%(count)d cases whose second readings disagree",
            count,
        )
        found[pk].append(text % {"count": count})


def _draft(inspections: list[Inspection], found: Words) -> None:
    for pk, left in reviewing.left_open(inspections).items():
        if count := len(left.unjudged):
            text = ngettext(
                "%(count)d earlier recommendation not judged",
                "%(count)d earlier recommendations not judged",
                count,
            )
            found[pk].append(text % {"count": count})
        if count := len(left.dangling):
            text = ngettext(
                "%(count)d earlier recommendation to carry forward or replace",
                "%(count)d earlier recommendations to carry forward or replace",
                count,
            )
            found[pk].append(text % {"count": count})
    for pk, places in sections.missing(inspections).items():
        if count := len(places):
            text = ngettext(
                "%(count)d section without text", "%(count)d sections without text", count
            )
            found[pk].append(text % {"count": count})
    _ungraded(inspections, found)


def _check(inspections: list[Inspection], approved: Collection[int], found: Words) -> None:
    for pk, due_on in accuracy.awaited_in(inspections).values_list("inspection", "due_on"):
        text = _("Reply of the force awaited until %(date)s")
        found[pk].append(text % {"date": date_format(due_on, "j F Y")})
    comments = AccuracyComment.objects.unanswered().filter(inspection__in=inspections)
    for pk, count in _counted(comments):
        text = ngettext(
            "%(count)d comment of the force without an answer",
            "%(count)d comments of the force without an answer",
            count,
        )
        found[pk].append(text % {"count": count})
    for each in inspections:
        if each.pk not in approved:
            found[each.pk].append(_("Not approved by a lead"))


def _closing(inspections: list[Inspection], found: Words) -> None:
    for each in inspections:
        if each.counts_from is None:
            found[each.pk].append(_("Nobody has confirmed from which day the timescales count"))
    for pk, count in _counted(stages.keeping_open().filter(inspection__in=inspections)):
        text = ngettext("%(count)d open deadline", "%(count)d open deadlines", count)
        found[pk].append(text % {"count": count})
    for pk, count in _counted(recommendation_guards.unsettled_in(inspections)):
        text = ngettext(
            "%(count)d recommendation not judged, or still owed",
            "%(count)d recommendations not judged, or still owed",
            count,
        )
        found[pk].append(text % {"count": count})


def _counted(rows: QuerySet[Any], inspection: str = "inspection") -> QuerySet[Any]:
    """Return how many of `rows` each inspection has (one query)."""
    return rows.order_by().values_list(inspection).annotate(Count("pk"))
