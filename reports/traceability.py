"""From weaknesses to recommendations: what the cases showed, where the report says it, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases.models import Audit, CommonTheme, Finding, FindingKind
from cases.models.audits import SUBMITTED_STATUSES, Reading
from inspections.models import Inspection, Side, Theme
from reports import sections
from reports.document import Document
from reports.figure_check import english, vocabulary
from reports.figure_check.reading import sentences
from reports.references import References

WEAK = (FindingKind.WEAKNESS, FindingKind.CONCERN)
# A theme has many cases of the lowest grade if a third of these show a weakness there, and at least three.
MANY_SHARE, MANY_AT_LEAST = 1 / 3, 3
# What a sentence of the summary says of an area for improvement.
IMPROVE = frozenset(
    english.stem(word)
    for word in (
        "improve",
        "improvement",
        "weak",
        "weakness",
        "poor",
        "concern",
        "fail",
        "should",
        "must",
        "needs",
    )
)


@dataclass
class Line:
    """One theme: the weaknesses found under it, in how many cases, its section, and what is recommended.

    `lowest` counts the cases of the lowest grade among them; `common` are the titles that inspectors gave to
    weaknesses of several cases, each with its number of cases and its key.
    """

    theme: Theme
    entry: sections.Entry | None
    weaknesses: int = 0
    cases: int = 0
    lowest: int = 0
    common: list[tuple[str, int, int]] = field(default_factory=list)
    recommendations: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Gap:
    """What does not lead on from weakness to recommendation, in a sentence, and the page to look at."""

    text: str
    url: str


def lines(inspection: Inspection, user: User) -> list[Line]:
    """Return a line for each theme of the report, in its order, with what `user` may read."""
    entries = {e.place.theme.pk: e for e in sections.outline(inspection) if e.place.theme}
    found = {
        key: Line(theme=entry.place.theme, entry=entry)
        for key, entry in entries.items()
        if entry.place.theme
    }
    # Named one by one: who may read what is a question of its own, and asked within another it is planned badly.
    audits = list(_audits(inspection, user).values_list("pk", flat=True))
    lowest = _lowest(inspection)
    counted = (
        Finding.objects.filter(audit__in=audits, theme__in=found)
        .exclude(kind=FindingKind.STRENGTH)  # texts older than the kinds have none
        .order_by()
        .values("theme")
        .annotate(
            number=Count("pk"),
            cases=Count("audit__case", distinct=True),
            lowest=Count("audit__case", distinct=True, filter=Q(audit__final_grade__in=lowest)),
        )
    )
    for row in counted:
        line = found[row["theme"]]
        line.weaknesses, line.cases, line.lowest = row["number"], row["cases"], row["lowest"]
    common = (
        CommonTheme.objects.visible_to(user)
        .filter(inspection=inspection, kind__in=WEAK, findings__audit__in=audits)
        .order_by("title")
        .values_list("findings__theme", "title", "pk")
        .annotate(cases=Count("findings__audit__case", distinct=True))
    )
    for theme, title, key, cases in common:
        if theme in found:
            found[theme].common.append((title, cases, key))
    for each in inspection.recommendations.order_by("number"):
        if each.theme_id in found:
            found[each.theme_id].recommendations.append((each.number, each.get_absolute_url()))
    return list(found.values())


def _audits(inspection: Inspection, user: User) -> QuerySet[Audit]:
    """Return the inspectors' audits of counted cases that tell what was found."""
    return Audit.objects.visible_to(user).filter(
        case__inspection=inspection,
        case__excluded_at__isnull=True,
        side=Side.INSPECTORATE,
        reading=Reading.MAIN,
        status__in=SUBMITTED_STATUSES,
    )


def _lowest(inspection: Inspection) -> list[int]:
    last = inspection.framework.grades.order_by("-order").first()
    return [last.pk] if last else []


def gaps(inspection: Inspection, document: Document, known: Iterable[Line]) -> list[Gap]:
    """Return what does not lead on, in report order, then cases that are told twice."""
    known = list(known)
    found = [*_unanswered(inspection, document, known)]
    for line in known:
        found += _of_line(inspection, document, line)
    return found + _told_twice(inspection)


def _of_line(inspection: Inspection, document: Document, line: Line) -> list[Gap]:
    assert line.entry
    url = sections.section_url(inspection, line.entry.place)
    found = []
    if line.recommendations and not line.weaknesses:
        numbers = ", ".join(str(number) for number, _url in line.recommendations)
        text = ngettext(
            "Recommendation %(numbers)s is about “%(theme)s”, where no weakness was found in any case.",
            "Recommendations %(numbers)s are about “%(theme)s”, where no weakness was found in any case.",
            len(line.recommendations),
        )
        found.append(
            Gap(text % {"numbers": numbers, "theme": line.theme.label}, line.recommendations[0][1])
        )
    all_lowest = document.figures.headline.counts[-1] if document.figures.grades else 0
    many = line.lowest >= max(MANY_AT_LEAST, MANY_SHARE * all_lowest)
    if many and not line.entry.is_written:
        text = _(
            "“%(theme)s” has no text, and %(count)d cases of the lowest grade show a weakness there."
        )
        found.append(Gap(text % {"theme": line.theme.label, "count": line.lowest}, url))
    return found


def _unanswered(inspection: Inspection, document: Document, known: list[Line]) -> list[Gap]:
    """Areas for improvement that the summary names and nothing is recommended for."""
    summary = document.section("summary")
    if summary is None:
        return []
    references, found, told = References(document), [], set()
    url = reverse("reports:section", args=[inspection.pk, summary.key])
    for text in summary.texts:
        for sentence in sentences(text, references):
            said = set(vocabulary.stems(sentence.text))
            if not IMPROVE & said:
                continue
            for line in known:
                name = set(vocabulary.stems(line.theme.label)) - vocabulary.COMMON
                if line.recommendations or line.theme.pk in told or not name or not name <= said:
                    continue
                told.add(line.theme.pk)
                words = _(
                    "The summary calls for better “%(theme)s”, and no recommendation is about it: “%(sentence)s”"
                ) % {"theme": line.theme.label, "sentence": sentence.text}
                found.append(Gap(words, url))
    return found


def _told_twice(inspection: Inspection) -> list[Gap]:
    rows = (
        inspection.case_examples.order_by()
        .values("case", "case__reference")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
        .order_by("case__reference")
    )
    return [
        Gap(
            _("Case %(reference)s is told %(times)d times.")
            % {"reference": row["case__reference"], "times": row["times"]},
            reverse("reports:examples", args=[inspection.pk]),
        )
        for row in rows
    ]
