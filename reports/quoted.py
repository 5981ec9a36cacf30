"""Every count that a report's text may quote, by the key that a reference names it with.

Made of the document alone: what a text quotes is what the tables show, in a draft as it stands now, in a published
report as it was frozen. Labels and codes come from the framework; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.text import slugify
from django.utils.translation import gettext as _

from cases.figures import AreaMatrix, Figures
from reports.document import Document

Unit = Literal["cases", "recommendations", "examples"]


@dataclass(frozen=True)
class Quoted:
    """One count: what it is in words, of which unit, and which grade, area, route, theme or timescale it is about.

    These are codes of the framework (a route is a `cases.models.Route`); None where it is not narrowed by that.
    `side` says whose grade `grade` is. Where both sides' grades are compared, `force_grade` is the force's and `grade`
    the inspectorate's.
    """

    key: str
    value: int
    label: str
    unit: Unit
    grade: str | None = None
    area: str | None = None
    route: str | None = None
    side: Literal["inspectorate", "force"] = "inspectorate"
    theme: str | None = None
    timescale: str | None = None
    force_grade: str | None = None


def catalogue(document: Document) -> dict[str, Quoted]:
    """Return every count of `document` by its key, in the order in which a picker shows them.

    The language is the active one. Where the codes of a framework would give two counts the same key, the later one has
    its parts named: `cases.area-good`.
    """
    found: dict[str, Quoted] = {}
    parts = (_cases, _by_route, _by_area, _of_the_force, _compared)
    for part in parts:
        for quoted in part(document.figures):
            found.setdefault(quoted.key, quoted)
    for quoted in (*_recommendations(document), *_earlier(document), *_examples(document)):
        found.setdefault(quoted.key, quoted)
    return found


def _key(*codes: str) -> str:
    return ".".join(code.replace("_", "-") for code in codes)


def _cases(figures: Figures) -> Iterator[Quoted]:
    yield Quoted("cases", figures.cases, _("Cases examined"), "cases")
    yield Quoted("cases.graded", figures.graded, _("Cases graded by inspectors"), "cases")
    for grade, count in zip(figures.grades, figures.headline.counts, strict=True):
        label = _("Cases graded %(grade)s") % {"grade": grade.label}
        yield Quoted(_key("cases", grade.code), count, label, "cases", grade=grade.code)


def _by_route(figures: Figures) -> Iterator[Quoted]:
    totals = figures.sample_totals
    for row, count in zip(figures.by_route, (totals.self_assessed, totals.selected), strict=True):
        label = _("Cases examined: %(which)s") % {"which": row.label}
        yield Quoted(_key("cases", row.code), count, label, "cases", route=row.code)
        for grade, count in zip(figures.grades, row.counts, strict=True):
            label = _("Cases graded %(grade)s: %(which)s") % {
                "grade": grade.label,
                "which": row.label,
            }
            key = _key("cases", row.code, grade.code)
            yield Quoted(key, count, label, "cases", grade=grade.code, route=row.code)


def _by_area(figures: Figures) -> Iterator[Quoted]:
    taken = {grade.code for grade in figures.grades}
    taken |= {row.code.replace("_", "-") for row in figures.by_route} | {"graded"}
    totals = figures.sample_totals
    label = _("Cases that the force was asked to assess")
    yield Quoted("asked", totals.quota, label, "cases", side="force")
    for sample, row in zip(figures.sample, figures.by_area, strict=True):
        area = f"area-{row.code}" if row.code in taken else row.code
        label = _("Cases examined: %(which)s") % {"which": row.label}
        yield Quoted(_key("cases", area), sample.examined, label, "cases", area=row.code)
        for grade, count in zip(figures.grades, row.counts, strict=True):
            label = _("Cases graded %(grade)s: %(which)s") % {
                "grade": grade.label,
                "which": row.label,
            }
            key = _key("cases", area, grade.code)
            yield Quoted(key, count, label, "cases", grade=grade.code, area=row.code)
        for route, count in zip(
            figures.by_route, (sample.self_assessed, sample.selected), strict=True
        ):
            label = _("Cases examined: %(which)s") % {"which": f"{row.label}, {route.label}"}
            key = _key("cases", area, route.code)
            yield Quoted(key, count, label, "cases", area=row.code, route=route.code)
        label = _("Cases that the force was asked to assess: %(which)s") % {"which": row.label}
        key = _key("asked", row.code)
        yield Quoted(key, sample.quota, label, "cases", area=row.code, side="force")


def _of_the_force(figures: Figures) -> Iterator[Quoted]:
    label = _("Cases graded by the force itself")
    yield Quoted("force", figures.force_sample.total, label, "cases", side="force")
    for grade, count in zip(figures.grades, figures.force_sample.counts, strict=True):
        label = _("Cases graded %(grade)s by the force itself") % {"grade": grade.label}
        yield Quoted(
            _key("force", grade.code), count, label, "cases", grade=grade.code, side="force"
        )


def _compared(figures: Figures) -> Iterator[Quoted]:
    """The agreement of both sides, over the cases that both have graded; then each area's."""
    yield Quoted("compared", figures.compared, _("Cases graded by both sides"), "cases")
    yield Quoted("same", figures.same, _("Cases given the same grade by both sides"), "cases")
    label = _("Cases graded better by the force than by inspectors")
    yield Quoted("force-higher", figures.force_higher, label, "cases")
    label = _("Cases graded worse by the force than by inspectors")
    yield Quoted("force-lower", figures.force_lower, label, "cases")
    grades = figures.grades
    for grade, row in zip(grades, figures.matrix, strict=True):
        label = _("Cases graded by both sides, %(grade)s by the force") % {"grade": grade.label}
        yield Quoted(
            _key("compared", "force", grade.code), row.total, label, "cases", force_grade=grade.code
        )
        for ours, count in zip(grades, row.counts, strict=True):
            label = _("Cases graded %(theirs)s by the force and %(ours)s by inspectors") % {
                "theirs": grade.label,
                "ours": ours.label,
            }
            key = _key("compared", "force", grade.code, ours.code)
            yield Quoted(key, count, label, "cases", grade=ours.code, force_grade=grade.code)
    for grade, count in zip(grades, figures.matrix_totals.counts, strict=True):
        label = _("Cases graded by both sides, %(grade)s by inspectors") % {"grade": grade.label}
        key = _key("compared", "inspectors", grade.code)
        yield Quoted(key, count, label, "cases", grade=grade.code)
    for area in figures.matrix_by_area:
        yield from _compared_in(area)


def _compared_in(area: AreaMatrix) -> Iterator[Quoted]:
    compared = sum(row.total for row in area.rows)
    same = sum(row.counts[place] for place, row in enumerate(area.rows))
    higher = sum(sum(row.counts[place + 1 :]) for place, row in enumerate(area.rows))
    for code, count, label in (
        ("compared", compared, _("Cases graded by both sides: %(which)s")),
        ("same", same, _("Cases given the same grade by both sides: %(which)s")),
        (
            "force-higher",
            higher,
            _("Cases graded better by the force than by inspectors: %(which)s"),
        ),
        (
            "force-lower",
            compared - same - higher,
            _("Cases graded worse by the force than by inspectors: %(which)s"),
        ),
    ):
        label = label % {"which": area.label}
        yield Quoted(_key(code, "area", area.code), count, label, "cases", area=area.code)


def _recommendations(document: Document) -> Iterator[Quoted]:
    total = len(document.recommendations)
    yield Quoted("recommendations", total, _("Recommendations"), "recommendations")
    for timescale, label, count in _timescales(document):
        words = _("Recommendations: %(which)s") % {"which": label}
        key = _key("recommendations", timescale)
        yield Quoted(key, count, words, "recommendations", timescale=timescale)
    for theme, label, count in _themes(document):
        words = _("Recommendations: %(which)s") % {"which": label}
        key = _key("recommendations", "theme", theme)
        yield Quoted(key, count, words, "recommendations", theme=theme)


def _timescales(document: Document) -> Iterable[tuple[str, str, int]]:
    if document.recommendations_by_timescale:
        return [(s.code, s.label, s.count) for s in document.recommendations_by_timescale]
    return [(slugify(g.label), g.label, len(g.numbers)) for g in document.timescales]


def _themes(document: Document) -> Iterable[tuple[str, str, int]]:
    if document.recommendations_by_theme:
        return [(s.code, s.label, s.count) for s in document.recommendations_by_theme]
    return [
        (section.key.removeprefix("theme-"), section.title, len(section.recommendations))
        for section in document.sections
        if section.recommendations
    ]


def _earlier(document: Document) -> Iterator[Quoted]:
    """What became of the recommendations of the inspection that a review looks back at."""
    if document.earlier is None:
        return
    total = len(document.earlier.recommendations)
    label = _("Recommendations of the earlier inspection")
    yield Quoted("earlier.recommendations", total, label, "recommendations")
    outcomes = [judgement.outcome for judgement in document.earlier.judgements]
    for outcome in dict.fromkeys(outcomes):
        label = _("Recommendations of the earlier inspection: %(which)s") % {"which": outcome}
        key = _key("earlier.recommendations", slugify(outcome))
        yield Quoted(key, outcomes.count(outcome), label, "recommendations")


def _examples(document: Document) -> Iterator[Quoted]:
    examples = document.examples.values()
    yield Quoted("examples", len(examples), _("Case examples"), "examples")
    good = sum(example.good for example in examples)
    yield Quoted("examples.good", good, _("Case examples of good practice"), "examples")
    poor = len(examples) - good
    yield Quoted("examples.poor", poor, _("Case examples of poor practice"), "examples")
