"""Makes the report's document out of the database, as it stands now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from accounts.models import Force
from cases.figures import Figures
from inspections import dates
from inspections.models import (
    Inspection,
    InspectionKind,
    Theme,
    Timescale,
    TimeUnit,
)
from inspections.presentation import side_name
from recommendations import judging
from recommendations.models import Outcome
from recommendations.models import Recommendation as RecommendationRow
from reports import renumbering, sections
from reports.document import (
    CorrectionNotice,
    Document,
    EarlierInspection,
    EarlierJudgement,
    Example,
    Fact,
    NextStep,
    Recommendation,
    Section,
    Share,
    Term,
    TimescaleGroup,
)
from reports.models import SectionKind

DATE = "j F Y"


def compile_document(
    inspection: Inspection,
    figures: Figures,
    *,
    number: int = 1,
    corrections: tuple[CorrectionNotice, ...] = (),
    correction_in_draft: bool = False,
) -> Document:
    """Return the report of `inspection` with its counted `figures`; a draft, unless it has a publication date.

    A fixed number of queries. Sections that were left out, or are still missing, are not in it. `corrections` are those
    of this version and the ones before it; the last is `correction_in_draft` until it is published.
    """
    rows = list(
        inspection.recommendations.select_related("theme", "timescale", "deadline")
        .prefetch_related("points")
        .order_by("number")
    )
    return Document(
        language=get_language() or settings.LANGUAGE_CODE,
        title=str(inspection),
        subtitle=_subtitle(inspection),
        force=inspection.force.name,
        framework=inspection.framework.title,
        fieldwork_start=inspection.fieldwork_start,
        fieldwork_end=inspection.fieldwork_end,
        published_on=inspection.published_on,
        published_on_assumed=inspection.published_on_assumed,
        published_month_only=inspection.published_month_only,
        number=number,
        figures=figures,
        facts=_facts(inspection.force),
        facts_note=_workforce_note(inspection.force),
        sections=_sections(inspection, rows),
        timescales=_timescales(inspection, rows),
        next_steps=_next_steps(inspection, rows),
        glossary=tuple(
            Term(term.term, term.definition) for term in inspection.framework.glossary.all()
        ),
        earlier=_earlier(inspection),
        corrections=corrections,
        kind=inspection.kind,
        correction_in_draft=correction_in_draft,
        recommendations_by_theme=_shares(
            inspection.framework.themes.all(), [row.theme_id for row in rows]
        ),
        recommendations_by_timescale=_shares(
            inspection.framework.timescales.all(), [row.timescale_id for row in rows]
        ),
    )


def _shares(parts: Iterable[Theme | Timescale], taken: list[int]) -> tuple[Share, ...]:
    return tuple(Share(part.code, part.label, taken.count(part.pk)) for part in parts)


def _subtitle(inspection: Inspection) -> str:
    return {
        InspectionKind.FULL: gettext("Inspection of how well the police protect children"),
        InspectionKind.POST_INSPECTION_REVIEW: gettext(
            "Post-inspection review of how well the police protect children"
        ),
        InspectionKind.RE_INSPECTION: gettext(
            "Re-inspection of how well the police protect children"
        ),
    }[InspectionKind(inspection.kind)]


def _sections(inspection: Inspection, rows: list[RecommendationRow]) -> tuple[Section, ...]:
    found = []
    examples = _examples(inspection)
    earlier = _numbers_by_theme(inspection.parent)
    for entry in sections.outline(inspection):
        theme, saved = entry.place.theme, entry.section
        own = tuple(_recommendation(row) for row in rows if theme and row.theme_id == theme.pk)
        told = examples.get(theme.pk, ()) if theme else ()
        # The analysis of the cases has its tables, and the context its facts, with or without a text.
        stands_alone = entry.place.kind in {SectionKind.CASE_ANALYSIS, SectionKind.CONTEXT}
        if entry.is_written or own or told or stands_alone:
            found.append(
                Section(
                    key=entry.place.key,
                    kind=entry.place.kind.value,
                    title=entry.place.title,
                    body=entry.body,
                    recommendations=own,
                    earlier=saved.earlier if saved else "",
                    earlier_recommendations=earlier.get(theme.code, ()) if theme else (),
                    summary=saved.summary if saved else "",
                    examples=told,
                )
            )
    return tuple(found)


def _examples(inspection: Inspection) -> dict[int, tuple[Example, ...]]:
    """Return the released examples by their theme, numbered in the order of the report's sections (one query)."""
    rows = renumbering.in_order(
        inspection, inspection.case_examples.released().select_related("case__area")
    )
    numbers = {row.pk: number for number, row in enumerate(rows, start=1)}
    found: dict[int, tuple[Example, ...]] = {}
    for row in rows:
        example = Example(
            number=numbers[row.pk],
            good=row.good,
            text=row.text,
            area=row.case.area.label,
            also=tuple(
                numbers[other.pk]
                for other in rows
                if other.case_id == row.case_id and other.pk != row.pk
            ),
        )
        found[row.theme_id] = (*found.get(row.theme_id, ()), example)
    return found


def _numbers_by_theme(parent: Inspection | None) -> dict[str, tuple[int, ...]]:
    """Return the numbers of an earlier inspection's recommendations by the codes of their themes."""
    found: dict[str, tuple[int, ...]] = {}
    if parent is not None:
        for code, number in parent.recommendations.order_by("number").values_list(
            "theme__code", "number"
        ):
            found[code] = (*found.get(code, ()), number)
    return found


def _recommendation(row: RecommendationRow) -> Recommendation:
    return Recommendation(
        number=row.number,
        stem=row.stem.strip(),
        points=tuple(point.text.strip() for point in row.points.all()),
        theme=row.theme.label,
        timescale=row.timescale.label,
        due_on=row.deadline.due_on if row.deadline else None,
    )


def _timescales(
    inspection: Inspection, rows: list[RecommendationRow]
) -> tuple[TimescaleGroup, ...]:
    groups = []
    for timescale in inspection.framework.timescales.all():
        numbers = tuple(row.number for row in rows if row.timescale_id == timescale.pk)
        if numbers:
            groups.append(
                TimescaleGroup(
                    label=timescale.label,
                    words=_when(timescale.unit, timescale.amount),
                    due_on=_due(timescale, inspection.published_on),
                    numbers=numbers,
                )
            )
    return tuple(groups)


def _due(timescale: Timescale, published_on: dt.date | None) -> dt.date | None:
    if published_on is None or timescale.amount is None:
        return None
    return dates.add(published_on, timescale.unit, timescale.amount)


def _when(unit: str, amount: int | None) -> str:
    """Return in words when something is due, counted from publication (rule 6)."""
    if unit == TimeUnit.NONE or amount is None:
        return gettext("no date is set")
    if amount == 0:
        return gettext("on the day of publication")
    words = {
        TimeUnit.DAYS: ngettext(
            "%(count)d day after publication", "%(count)d days after publication", amount
        ),
        TimeUnit.WEEKS: ngettext(
            "%(count)d week after publication", "%(count)d weeks after publication", amount
        ),
        TimeUnit.MONTHS: ngettext(
            "%(count)d month after publication", "%(count)d months after publication", amount
        ),
    }
    return words[TimeUnit(unit)] % {"count": amount}


def _next_steps(inspection: Inspection, rows: list[RecommendationRow]) -> tuple[NextStep, ...]:
    """Return what the framework wants after publication (rule 7), with the dates of its deadlines once there are."""
    used = {row.timescale.code for row in rows}
    due = dict(
        inspection.deadlines.filter(follow_up_rule__isnull=False).values_list(
            "follow_up_rule", "due_on"
        )
    )
    steps = [
        NextStep(
            label=rule.label,
            who=side_name(rule.responsible, inspection.force),
            words=_when(rule.unit, rule.amount),
            due_on=due.get(rule.pk),
        )
        for rule in inspection.framework.follow_up_rules.all()
        if rule.applies(used)
    ]
    return tuple(sorted(steps, key=lambda step: step.due_on or dt.date.max))


def _facts(force: Force) -> tuple[Fact, ...]:
    def number(value: int | None) -> str:
        return "" if value is None else f"{value:,}"

    population = number(force.population)
    if population and force.population_note:
        population = f"{population} ({force.population_note})"
    facts = [
        (gettext("Nation"), force.get_nation_display()),
        (gettext("Languages"), force.languages),
        (gettext("Area"), force.area_description),
        (gettext("Population"), population),
        (gettext("Policing areas"), ", ".join(area.name for area in force.policing_areas.all())),
        (gettext("Local authorities"), _authorities(force)),
        (gettext("Police officers"), number(force.officers)),
        (gettext("Police staff"), number(force.staff)),
        (gettext("Community support officers"), number(force.pcsos)),
        (gettext("Workforce in all"), number(force.workforce_total)),
    ]
    return tuple(Fact(name, str(value)) for name, value in facts if value)


def _authorities(force: Force) -> str:
    names = []
    for authority in force.local_authorities.all():
        judged = [authority.judgment] if authority.judgment else []
        if authority.judgment and authority.judgment_date:
            judged.append(date_format(authority.judgment_date, DATE))
        names.append(f"{authority.name} ({', '.join(judged)})" if judged else authority.name)
    return "; ".join(names) if any("(" in name for name in names) else ", ".join(names)


def _workforce_note(force: Force) -> str:
    if force.workforce_as_of is None:
        return ""
    note = gettext("Workforce as of %(date)s.") % {"date": date_format(force.workforce_as_of, DATE)}
    return f"{note} {force.workforce_source}".strip()


def _earlier(inspection: Inspection) -> EarlierInspection | None:
    parent = inspection.parent
    if parent is None or not parent.is_published:
        return None
    rows = (
        parent.recommendations.select_related("theme", "timescale", "deadline")
        .prefetch_related("points")
        .order_by("number")
    )
    return EarlierInspection(
        title=str(parent),
        published_on=parent.published_on,
        published_on_assumed=parent.published_on_assumed,
        published_month_only=parent.published_month_only,
        recommendations=tuple(_recommendation(row) for row in rows),
        judgements=tuple(
            EarlierJudgement(
                number=judgement.recommendation.number,
                outcome=str(Outcome(judgement.outcome).label),
                finding=judgement.finding,
                continued_by=judgement.continued_by.number if judgement.continued_by else None,
            )
            for judgement in judging.latest(inspection).select_related(
                "recommendation", "continued_by"
            )
        ),
    )
