"""A thematic report: what many published inspections say together, made of what was published of each.

The document refers to no row, as a report's own does. Grades come from the frozen documents, so that a figure here is
the sum of figures that everybody can read; what became of recommendations is as it stands today.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.utils.translation import get_language, gettext

from accounts.errors import DomainError
from cases import across
from cases.across import Across, Part, Places
from cases.figures import Figures, GradeOfScale
from cases.models import Answer, AnswerCount
from cases.tally import APPLICABLE
from inspections import dates
from inspections.models import (
    ComparedAs,
    ComparedPart,
    Comparison,
    Deadline,
    Framework,
    Inspection,
    InspectionQuerySet,
    Side,
)
from recommendations.models import Outcome, Recommendation
from reports.models import Publication, ThematicReport

MOST_INDICATORS = 10  # of each framework
MOST_INSPECTIONS = 500
FORMAT = 1  # of the plain values that `to_json` returns; raise it when they change


class NotComparable(DomainError):
    """These inspections cannot be added up: their frameworks differ and no comparison sets them side by side."""


@dataclasses.dataclass(frozen=True)
class Chosen:
    """One inspection of the report, as it was published."""

    inspection: int
    publication: int
    title: str
    force: str
    framework: str
    year: int
    published_on: dt.date
    version: int
    graded: int


@dataclasses.dataclass(frozen=True)
class IndicatorNotMet:
    """How often inspectors found an indicator not met, of the cases to which it applies; partly met counts as met."""

    framework: str
    area: str
    text: str
    not_met: int
    applicable: int
    inspections: int


@dataclasses.dataclass(frozen=True)
class Fate:
    """What became of the recommendations of one theme. `open` ones may have been judged; the outcomes are the last."""

    code: str
    label: str
    all: int
    open: int
    overdue: int
    implemented: int
    partly: int
    not_implemented: int
    no_longer_applicable: int
    not_judged: int


@dataclasses.dataclass(frozen=True)
class ThematicDocument:
    """All that the page, the PDF and the data of a thematic report say."""

    language: str
    title: str
    introduction: str
    as_of: dt.date
    comparison: str
    caveat: str
    chosen: tuple[Chosen, ...]
    across: Across
    indicators: tuple[IndicatorNotMet, ...]
    fates: tuple[Fate, ...]

    @property
    def recommendations(self) -> int:
        """How many recommendations the inspections made."""
        return sum(fate.all for fate in self.fates)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values, which `from_json` reads again."""
        plain = dataclasses.asdict(self)
        plain["as_of"] = self.as_of.isoformat()
        for each in plain["chosen"]:
            each["published_on"] = each["published_on"].isoformat()
        return {"format": FORMAT, **plain}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ThematicDocument:
        """Return the document that `to_json` wrote. Raises ValueError for another format."""
        given = dict(data)
        if given.pop("format") != FORMAT:
            raise ValueError(data["format"])
        given["as_of"] = dt.date.fromisoformat(given["as_of"])
        given["chosen"] = tuple(
            Chosen(**{**each, "published_on": dt.date.fromisoformat(each["published_on"])})
            for each in given["chosen"]
        )
        given["across"] = Across.from_dict(given["across"])
        given["indicators"] = tuple(IndicatorNotMet(**each) for each in given["indicators"])
        given["fates"] = tuple(Fate(**each) for each in given["fates"])
        return cls(**given)


@dataclasses.dataclass(frozen=True)
class _Lines:
    """What the parts of each framework (by primary key) count as."""

    grades: tuple[GradeOfScale, ...]
    areas: list[tuple[str, str]]
    themes: list[tuple[str, str]]
    places: dict[tuple[int, str], Places]


def gather(report: ThematicReport) -> ThematicDocument:
    """Return what the inspections of `report` say together today, in a fixed number of queries.

    Raises NotComparable if their frameworks differ and the report has no comparison that covers them.
    """
    publications = latest(report.inspections.all())
    inspections = [publication.inspection for publication in publications]
    frameworks = {each.framework_id: each.framework for each in inspections}
    lines = _lines(frameworks, report.comparison)
    parts = [_part(publication, lines) for publication in publications]
    return ThematicDocument(
        language=get_language() or settings.LANGUAGE_CODE,
        title=report.title,
        introduction=report.introduction,
        as_of=dates.today(),
        comparison=report.comparison.title if report.comparison else "",
        caveat=report.comparison.caveat if report.comparison else "",
        chosen=tuple(
            Chosen(
                inspection=publication.inspection_id,
                publication=publication.pk,
                title=str(publication.inspection),
                force=publication.inspection.force.name,
                framework=publication.inspection.framework.title,
                year=publication.inspection.fieldwork_start.year,
                published_on=publication.published_on,
                version=publication.number,
                graded=part.figures.graded,
            )
            for publication, part in zip(publications, parts, strict=True)
        ),
        across=across.add_up(parts, lines.grades, lines.areas),
        indicators=_indicators(inspections),
        fates=_fates(inspections, lines),
    )


def latest(inspections: InspectionQuerySet | Iterable[Inspection]) -> list[Any]:
    """Return the latest publication of each of `inspections` (a queryset) that has one, by fieldwork (one query).

    Each has its figures as `counted`, and nothing else of its document.
    """
    found = (
        Publication.objects.public()
        .last_versions()
        .filter(inspection__in=inspections)
        .defer("pdf", "document")
        .annotate(counted=F("document__figures"))
        .select_related("inspection__force", "inspection__framework")
    )
    return sorted(found, key=lambda each: (each.inspection.fieldwork_start, each.inspection_id))


def parts_of(
    publications: Sequence[Any], comparison: Comparison | None
) -> tuple[list[Part], tuple[GradeOfScale, ...], list[tuple[str, str]]]:
    """Return what `latest` found as parts to add up, with the grades and areas that they count as.

    Raises NotComparable as `gather` does.
    """
    frameworks = {each.inspection.framework_id: each.inspection.framework for each in publications}
    lines = _lines(frameworks, comparison)
    return [_part(each, lines) for each in publications], lines.grades, lines.areas


def _part(publication: Any, lines: _Lines) -> Part:
    inspection = publication.inspection
    return Part(
        Figures.from_dict(publication.counted),
        lines.places[inspection.framework_id, ComparedAs.GRADE],
        lines.places[inspection.framework_id, ComparedAs.AREA],
        inspection.fieldwork_start.year,
    )


def covering(frameworks: Iterable[int]) -> Comparison | None:
    """Return the comparison loaded last that covers every one of `frameworks` (primary keys); None without one.

    Two queries.
    """
    covered: dict[int, set[int]] = {}
    grades = ComparedPart.objects.filter(grade__isnull=False)
    for comparison, framework in grades.values_list("comparison", "grade__framework").distinct():
        covered.setdefault(comparison, set()).add(framework)
    wanted = set(frameworks)
    found = [pk for pk, those in covered.items() if wanted <= those]
    return Comparison.objects.filter(pk__in=found).order_by("-loaded_at", "-pk").first()


def check_comparable(inspections: Sequence[Inspection], comparison: Comparison | None) -> None:
    """Raise NotComparable, in words for the person who chose them, unless their figures may be added up."""
    _lines({each.framework_id: each.framework for each in inspections}, comparison)


def _lines(frameworks: dict[int, Framework], comparison: Comparison | None) -> _Lines:
    if comparison is None:
        if len(frameworks) > 1:
            raise NotComparable(
                gettext(
                    "These inspections used different frameworks. Choose a comparison that sets them side by side, or "
                    "inspections of one framework."
                )
            )
        return _own_lines(frameworks)
    return _compared_lines(frameworks, comparison)


def _own_lines(frameworks: dict[int, Framework]) -> _Lines:
    for pk, framework in frameworks.items():
        grades, areas, themes = (
            list(framework.grades.all()),
            list(framework.areas.all()),
            list(framework.themes.all()),
        )
        return _Lines(
            tuple(GradeOfScale(g.code, g.label, g.letter, g.colour_role) for g in grades),
            [(area.code, area.label) for area in areas],
            [(theme.code, theme.label) for theme in themes],
            {
                (pk, kind.value): {part.code: part.code for part in found}
                for kind, found in (
                    (ComparedAs.GRADE, grades),
                    (ComparedAs.AREA, areas),
                    (ComparedAs.THEME, themes),
                )
            },
        )
    return _Lines((), [], [], {})


def _compared_lines(frameworks: dict[int, Framework], comparison: Comparison) -> _Lines:
    lines = list(comparison.lines.all())
    places: dict[tuple[int, str], dict[str, str]] = {}
    for part in comparison.parts.select_related("line", "grade", "area", "theme"):
        own = part.grade or part.area or part.theme
        assert own is not None
        places.setdefault((own.framework_id, part.line.kind), {})[own.code] = part.line.code
    left_out = [
        each.title for pk, each in frameworks.items() if (pk, ComparedAs.GRADE) not in places
    ]
    if left_out:
        raise NotComparable(
            gettext("The comparison “%(title)s” does not cover %(frameworks)s.")
            % {"title": comparison.title, "frameworks": "; ".join(sorted(left_out))}
        )

    def of(kind: ComparedAs) -> list[tuple[str, str]]:
        return [(line.code, line.label) for line in lines if line.kind == kind]

    return _Lines(
        tuple(
            GradeOfScale(line.code, line.label, line.letter, line.colour_role)
            for line in lines
            if line.kind == ComparedAs.GRADE
        ),
        of(ComparedAs.AREA),
        of(ComparedAs.THEME),
        dict(places),
    )


def _indicators(inspections: Sequence[Inspection]) -> tuple[IndicatorNotMet, ...]:
    """Return the indicators of each framework that were most often not met, the most frequent first (one query).

    Frameworks ask in words of their own, so indicators of one are not counted with those of another.
    """
    applies = Q(answer__in=APPLICABLE)
    rows = (
        AnswerCount.objects.filter(inspection__in=[each.pk for each in inspections])
        .filter(applies, side=Side.INSPECTORATE)
        .values("indicator")
        .annotate(
            not_met=Sum("cases", filter=Q(answer=Answer.NOT_MET), default=0),
            applicable=Sum("cases"),
            inspections=Count("inspection", distinct=True, filter=Q(cases__gt=0)),
        )
        .filter(not_met__gt=0)
        .order_by(
            "indicator__framework__title",
            "-not_met",
            "applicable",
            "indicator__area__order",
            "indicator__order",
        )
    )
    found = [
        IndicatorNotMet(*row)
        for row in rows.values_list(
            "indicator__framework__title",
            "indicator__area__label",
            "indicator__text",
            "not_met",
            "applicable",
            "inspections",
        )
    ]
    return tuple(
        each
        for _framework, group in itertools.groupby(found, key=lambda one: one.framework)
        for each in itertools.islice(group, MOST_INDICATORS)
    )


def _fates(inspections: Sequence[Inspection], lines: _Lines) -> tuple[Fate, ...]:
    """Count the recommendations of each theme by what became of them, in one grouped query."""
    names = [field.name for field in dataclasses.fields(Fate)][2:]
    found = {code: dict.fromkeys(names, 0) for code, _label in lines.themes}
    rows = (
        Recommendation.objects.filter(inspection__in=[each.pk for each in inspections])
        .order_by()
        .values("framework", "theme__code")
        .annotate(
            all=Count("pk"),
            open=Count("pk", filter=Q(settled_on__isnull=True)),
            overdue=Count("pk", filter=Q(deadline__in=Deadline.objects.overdue(dates.today()))),
            not_judged=Count("pk", filter=Q(outcome="")),
            **{each.value: Count("pk", filter=Q(outcome=each)) for each in Outcome},
        )
    )
    for row in map(dict[str, Any], rows):
        code = lines.places[row["framework"], ComparedAs.THEME][row["theme__code"]]
        for name in names:
            found[code][name] += row[name]
    return tuple(Fate(code=code, label=label, **found[code]) for code, label in lines.themes)
