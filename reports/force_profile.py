"""What a force's page says of its reports: which were published, and the grades in them, then and now.

It reads what was published and nothing else, so that it tells a force nothing that it does not read anyway (rule 3).
"""

from __future__ import annotations

import dataclasses
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Force, User
from cases import across
from cases.across import Across
from cases.charts import stacked_bars
from cases.figures import Figures
from inspections.models import Comparison, Inspection
from reports import public, thematic
from reports.models import Publication


def tables(force: Force, user: User) -> list[dict[str, Any]]:
    """Return the tables for the page of `force` (settings.FORCE_PROFILE); a fixed number of queries."""
    visible = Inspection.objects.visible_to(user).filter(force=force)
    found = thematic.latest(visible)
    return [*_reports(found), *_grades(found)]


def _reports(found: list[Publication]) -> list[dict[str, Any]]:
    if not found:
        return []
    rows = [
        [
            {"text": each.inspection, "href": reverse("reports:publication", args=[each.pk])},
            date_format(each.published_on, "j F Y"),
            each.number,
            {"text": _("Public page"), "href": public.address(each)},
        ]
        for each in reversed(found)
    ]
    head = [
        _("Report"),
        _("Published on"),
        {"text": _("Version"), "numeric": True},
        _("For everybody"),
    ]
    return [{"title": _("Reports"), "head": head, "rows": rows}]


def _grades(found: list[Any]) -> list[dict[str, Any]]:
    """Return the grades of each report beside each other where that is allowed; of each framework alone where not."""
    graded = [each for each in found if Figures.from_dict(each.counted).graded]
    if not graded:
        return []
    frameworks = {each.inspection.framework_id: each.inspection.framework for each in graded}
    comparison = thematic.covering(frameworks)
    if len(frameworks) == 1 or comparison is not None:
        used = comparison if len(frameworks) > 1 else None
        return _of(graded, used, _("Grades then and now") if len(graded) > 1 else _("Grades"))
    return [
        table
        for pk, framework in frameworks.items()
        for table in _of(
            [each for each in graded if each.inspection.framework_id == pk],
            None,
            _("Grades: %(framework)s") % {"framework": framework.title},
        )
    ]


def _of(found: list[Any], comparison: Comparison | None, title: str) -> list[dict[str, Any]]:
    """Two tables: the grades of each report in all, and of each area in each report."""
    parts, grades, areas = thematic.parts_of(found, comparison)
    # Each report alone, so that two in one year stand apart.
    alone = [across.add_up([part], grades, areas) for part in parts]
    names = [str(each.inspection) for each in found]
    totals = [
        dataclasses.replace(one.headline, label=name)
        for one, name in zip(alone, names, strict=True)
    ]
    head = [{"text": grade.label, "numeric": True} for grade in grades]
    head.append({"text": _("Total"), "numeric": True})
    notes = [comparison.title, comparison.caveat] if comparison else []
    in_all = {
        "title": title,
        "head": [_("Report"), *head],
        "rows": [[row.label, *row.counts, row.total] for row in totals],
        "notes": notes,
        "chart": stacked_bars(title, totals, grades),
    }
    by_area = {
        "title": _("%(title)s, by area of practice") % {"title": title},
        "head": [_("Area of practice"), _("Report"), *head],
        "rows": _by_area(alone, names),
        "notes": notes,
        "folded": True,
    }
    return [in_all, by_area]


def _by_area(alone: list[Across], names: list[str]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for place, area in enumerate(alone[0].areas):
        for one, name in zip(alone, names, strict=True):
            total = one.areas[place].total
            if total.total:
                rows.append([area.label, name, *total.counts, total.total])
    return rows
