"""Bare views: one query, as many rows as the real page shows, in the same layout, and nothing else.

The layout is the frame, the filter panel beside a list or the fields of a form, and the cells of a row with their
tags, by the same components; choices of filters are constants. What a page takes beyond that is what its own work
costs: permissions, narrowing, counting, choices from the database.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from cases.charts import Chart, stacked_bars
from cases.figures import GradeOfScale, Row
from cases.models import Audit, CaseFile, Finding, IndicatorAnswer
from config.forms import GovForm
from inspections import dates
from inspections.models import ColourRole, Deadline, Indicator, Inspection, Theme


def _table(layout: str, columns: int, cells: str, *, filtered: bool = True) -> str:
    """A page with one table whose rows have `cells`, written as the real pages write theirs."""
    table = f"""{{{{ data_table("Floor", {[f"Column {number}" for number in range(columns)]}, cells) }}}}"""
    if filtered:
        table = f"{{% call filtered(form, request) %}}{table}{{% endcall %}}"
    return f"""{{% extends "{layout}" %}}
{{% from "components/filters.jinja" import filtered %}}
{{% from "components/ui.jinja" import data_table, due, grade_tag, tag %}}
{{% block title %}}Floor{{% endblock %}}
{{% block content %}}{{% set cells = [] %}}
{{% for row in rows %}}{{% do cells.append([{cells}]) %}}{{% endfor %}}
{table}{{% endblock %}}"""


_LINK = '{"text": row[0], "href": "/"}'
_CASES = _table(
    "layout/inspection.html",
    7,
    f"{_LINK}, row[1], row[2], grade_tag(row[5]), none, tag(row[3]), row[4]",
)
_FIGURES = _table(
    "layout/inspection.html", 5, "row[0], row[1], row[2], row[3], row[4]", filtered=False
)
_TALLY = """{% extends "layout/inspection.html" %}
{% from "components/chart.jinja" import chart %}
{% from "components/ui.jinja" import data_table %}
{% block title %}Floor{% endblock %}
{% block content %}
{% for part in rows|batch(6) %}
{% set cells = [] %}
{% for row in part %}
{% set link = {"text": row[1]|string, "href": "/"} %}
{% do cells.append([row[0], link, link, link, link, link, "0"]) %}
{% endfor %}
<section class="assay-figure">
<div class="assay-figure__table">{{ data_table("Floor", ["A", "B", "C", "D", "E", "F", "G"], cells) }}</div>
<div class="assay-figure__chart">{{ chart(drawing) }}</div>
<div>{% for row in part %}<p class="govuk-body">{{ row[0] }}</p>{% endfor %}</div>
</section>
{% endfor %}
{% endblock %}"""
_DEADLINES = _table("layout/page.html", 4, f"{_LINK}, row[1], row[2], due(row[3], today, none)")
_INSPECTIONS = _table("layout/page.html", 5, f"{_LINK}, row[1], tag(row[2]), row[3]|date, row[4]")
_WORK = """{% extends "layout/page.html" %}
{% from "components/ui.jinja" import due %}
{% block title %}Floor{% endblock %}
{% block content %}<ul class="govuk-list assay-work">{% for row in rows %}
<li class="assay-work__item"><div class="assay-work__what">
<a class="govuk-link assay-work__title" href="/">{{ row[0] }}</a>
<span class="assay-work__detail">{{ row[1] }}</span></div>
<div class="assay-work__when">{{ due(row[2], today) }}</div></li>
{% endfor %}</ul>{% endblock %}"""
_FORM = """{% extends "layout/inspection.html" %}
{% from "components/forms.jinja" import field %}
{% from "components/ui.jinja" import button %}
{% block title %}Floor{% endblock %}
{% block content %}<form method="post" action="/" class="assay-audit">{{ csrf_input }}
{% for bound in form %}{{ field(bound) }}{% endfor %}{{ button("Save") }}</form>{% endblock %}"""


def _choices(number: int) -> list[tuple[str, str]]:
    return [("", "Any"), *((str(value), f"Choice {value}") for value in range(number))]


def _choice(number: int) -> forms.ChoiceField:
    return forms.ChoiceField(label="Filter", choices=_choices(number), required=False)


class CasesFilter(GovForm):
    """As many fields and choices as the filter of cases has."""

    more = ("indicator", "answer", "theme", "finding")
    q = forms.CharField(label="Filter", required=False)
    state, area, assigned, grade, force_grade = (_choice(n) for n in (7, 8, 8, 3, 3))
    disagreement, urgent, route = _choice(2), _choice(2), _choice(2)
    indicator, answer, theme, finding = _choice(42), _choice(5), _choice(8), _choice(3)


class DeadlinesFilter(GovForm):
    group, force, kind, responsible = _choice(4), _choice(43), _choice(3), _choice(2)


class InspectionsFilter(GovForm):
    force, kind, framework = _choice(43), _choice(3), _choice(4)
    stage = forms.MultipleChoiceField(
        label="Filter",
        choices=_choices(8)[1:],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class TextsForm(GovForm):
    """The grades to choose from and as many texts as `rows` has, as an audit's form holds them."""

    grade = forms.ChoiceField(label="Grade", choices=_choices(3)[1:], widget=forms.RadioSelect)

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        super().__init__()
        for number, (label, text) in enumerate(rows):
            self.fields[f"text-{number}"] = forms.CharField(
                label=label, initial=text, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
            )


_SUBNAV = [{"text": f"Part {number}", "href": "/", "active": number == 3} for number in range(8)]


def _show(
    request: HttpRequest,
    template: str,
    rows: Iterable[tuple[Any, ...]],
    form: forms.Form | None = None,
    **more: Any,
) -> HttpResponse:
    context = {
        "rows": rows,
        "form": form,
        "subnav": _SUBNAV,
        "inspection": "Inspection",
        "today": dates.today(),
        **more,
    }
    return HttpResponse(_template(template).render(context, request))


@functools.cache
def _template(source: str) -> Any:
    return engines["jinja2"].from_string(source)


def home(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """As many links with a line and a date as wait on “Your work”."""
    rows = Deadline.objects.values_list("label", "inspection__force__name", "due_on")[:shown]
    return _show(request, _WORK, rows)


def case_list(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """As many cases, with area, route, a grade and a state."""
    audits = Audit.objects.filter(case__inspection=inspection).select_related("case__area", "grade")
    rows = [
        (one.case.reference, one.case.area.label, one.case.route, one.status, None, one.grade)
        for one in audits[:shown]
    ]
    return _show(request, _CASES, rows, CasesFilter(request.GET))


def figures(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """As many rows of five cells."""
    rows = CaseFile.objects.filter(inspection=inspection).values_list(
        "reference", "area__order", "area__sample_quota", "pk", "framework_id"
    )
    return _show(request, _FIGURES, rows[:shown])


def tally(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """As many indicators, in tables of six with links, a chart and a text for each."""
    rows = Indicator.objects.order_by("pk").values_list("text", "pk")[:shown]
    return _show(request, _TALLY, rows, drawing=_drawing())


@functools.cache
def _drawing() -> Chart:
    """A chart of six bars, drawn once."""
    steps = [GradeOfScale(role, role, role[0], role) for role in ColourRole.values]
    bars = [Row(str(number), "Floor", (number, 2, 3, 4)) for number in range(1, 7)]
    return stacked_bars("Floor", bars, steps)


def audit_page(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """A form with as many texts as the audit has."""
    rows = Audit.objects.filter(case__inspection=inspection).values_list("side", "reason")[:shown]
    return _show(request, _FORM, (), TextsForm(rows))


def save_grade(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """Write the rows that a save writes (an audit, its answers, three findings) with the triggers that every write has.

    Which rows these are is asked once; nothing is checked, and nobody else's changes are looked after.
    """
    audit = Audit.objects.filter(case__inspection=inspection, answers__isnull=False)[0]
    answers = list(IndicatorAnswer.objects.filter(audit=audit))
    with transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(version=F("version") + 1)
        note = str(audit.version)
        IndicatorAnswer.objects.bulk_create(
            [
                IndicatorAnswer(
                    audit_id=row.audit_id,
                    framework_id=row.framework_id,
                    indicator_id=row.indicator_id,
                    answer=row.answer,
                    note=note,
                )
                for row in answers
            ],
            update_conflicts=True,
            unique_fields=["audit", "indicator"],
            update_fields=["answer", "note"],
        )
        Finding.objects.bulk_create(
            [
                Finding(
                    audit_id=audit.pk,
                    framework_id=audit.framework_id,
                    theme_id=_any_theme(audit.framework_id),
                    text=note,
                    key=f"floor-{number}",
                )
                for number in range(3)
            ],
            update_conflicts=True,
            unique_fields=["audit", "key"],
            update_fields=["text"],
        )
    return redirect("/")


@functools.cache
def _any_theme(framework: int) -> int:
    return Theme.objects.filter(framework=framework).values_list("pk", flat=True)[0]


def deadlines(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """As many deadlines, with force, side and date."""
    rows = Deadline.objects.values_list("label", "inspection__force__name", "responsible", "due_on")
    return _show(request, _DEADLINES, rows[:shown], DeadlinesFilter(request.GET))


def national_list(request: HttpRequest, inspection: int, shown: int) -> HttpResponse:
    """As many inspections, with framework, stage, date and a person."""
    rows = Inspection.objects.values_list(
        "force__name", "framework__title", "stage", "fieldwork_start", "created_by__name"
    )
    return _show(request, _INSPECTIONS, rows[:shown], InspectionsFilter(request.GET))


_VIEWS = (home, case_list, figures, tally, audit_page, save_grade, deadlines, national_list)
urlpatterns = [
    path("", include("config.urls")),
    *(
        path(f"floor/{view.__name__}/<int:inspection>/<int:shown>/", view, name=f"floor-{view.__name__}")
        for view in _VIEWS
    ),
]  # fmt: skip
