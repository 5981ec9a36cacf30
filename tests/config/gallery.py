"""Every component on one page, in every state that it has: for the tests of the presentation layer only."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.safestring import mark_safe

from config.forms import DateField, GovForm

TODAY = dt.date(2026, 3, 3)


@dataclass
class Grade:
    label: str
    letter: str
    colour_role: str


GRADES = [
    Grade("Very good", "V", "strong"),
    Grade("Good", "G", "sound"),
    Grade("Requires improvement", "R", "weak"),
    Grade("Inadequate", "I", "poor"),
]


class EveryField(GovForm):
    required_messages = {"grade": "Select a grade"}

    reference = forms.CharField(max_length=20, help_text="Names nobody, for example GW-014.")
    email = forms.EmailField(label="Email address")
    password = forms.CharField(widget=forms.PasswordInput)
    cases = forms.IntegerField(label="How many cases")
    reason = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    notes = forms.CharField(widget=forms.Textarea, required=False)
    theme = forms.ChoiceField(choices=[("", "---------"), ("1", "Initial contact"), ("2", "Custody")])
    grade = forms.ChoiceField(
        choices=[("1", "Good"), ("2", "Requires improvement"), ("3", "Inadequate")],
        widget=forms.RadioSelect,
    )
    areas = forms.MultipleChoiceField(
        choices=[("a", "Missing"), ("b", "Domestic abuse")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="I have read the case file")
    due = DateField(label="Deadline", help_text="For example, 27 3 2026.")
    file = forms.FileField(label="Evidence")
    token = forms.CharField(widget=forms.HiddenInput, initial="7")

    def clean(self) -> None:
        if self.data.get("reference") == "twice":
            raise forms.ValidationError("This case is already in the sample")


class Filter(GovForm):
    search = forms.CharField(label="Reference", required=False)
    area = forms.MultipleChoiceField(
        label="Area",
        required=False,
        choices=[("a", "Missing"), ("b", "Domestic abuse"), ("c", "Police protection")],
        widget=forms.CheckboxSelectMultiple,
    )
    state = forms.ChoiceField(
        label="Audit", required=False, choices=[("", "All"), ("d", "Draft"), ("s", "Submitted")]
    )
    after = DateField(label="Due after", required=False)
    mine = forms.BooleanField(label="Only mine", required=False)


COMPONENTS = """
{% extends "layout/page.html" %}
{% from "components/ui.jinja" import data_table, due, empty_state, details, grade_tag, inset, link_button, button, link,
   pagination, progress, steps, sub_navigation, summary_list, tag, timeline, warning %}
{% block title %}Every component{% endblock %}
{% block before_main %}{{ sub_navigation(subnav, "Parts of this inspection") }}{% endblock %}
{% block caption %}{{ inspection }}{% endblock %}
{% block lede %}<p class="govuk-body-l">What this page is for, in one sentence.</p>{% endblock %}
{% block actions %}{{ link_button("Submit the audit", "#") }}{% endblock %}
{% block content %}
{{ steps([{"name": "Planned", "state": "done", "date": today}, {"name": "Self-assessment", "state": "done"},
          {"name": "Fieldwork", "state": "current", "detail": "3 cases lack a submitted audit"},
          {"name": "Drafting", "state": "todo"}, {"name": "Factual accuracy check", "state": "todo"},
          {"name": "Published", "state": "todo"}], "Stages of the inspection") }}
{{ progress(17, 31, "Cases graded") }}
<p class="govuk-body">{% for colour in ("grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow") %}{{ tag(colour|title, colour) }} {% endfor %}</p>
<p class="govuk-body">{% for grade in grades %}{{ grade_tag(grade) }} &nbsp; {% endfor %}{{ grade_tag(none) }} {{ grade_tag(grades[0], short=true) }}</p>
{% for days in (-3, -1, 0, 1, 6, 40) %}<p class="govuk-body">{{ due(later(days), today) }}</p>{% endfor %}
<p class="govuk-body">{{ due(today, today, met=later(-2)) }} {{ due(today, today, met=true) }}</p>
{% set rows = [] %}
{% for number in range(1, 7) %}{% do rows.append([{"text": "GW-00%d" % number, "href": "#"}, "Domestic abuse", grade_tag(grades[number % 4]), due(later(number * 5 - 8), today), number * 117]) %}{% endfor %}
{{ data_table("Cases of this inspection", [{"text": "Reference", "sort": "reference"}, {"text": "Area", "sort": "area"}, "Grade", "Due", {"text": "Days", "numeric": true, "sort": "days"}], rows,
   totals=["All", none, none, none, {"text": "2,457"}], request=request, sticky=true) }}
{{ pagination(page, request, "cases") }}
{{ data_table("Grades by area", ["Area", {"text": "Good", "numeric": true}, {"text": "Inadequate", "numeric": true}],
   [["Missing", {"text": 3, "href": "#"}, 12], ["Custody", 11, none]], sortable=true, caption_size="s") }}
{{ data_table("Nothing", ["A", "B"], [], empty="No case has been added yet.") }}
{{ summary_list([("Force", "Gwent Police"), {"key": "Deadline", "value": due(later(6), today), "href": "#", "action": "Change"}, ("Languages", none)]) }}
{{ warning("Publishing freezes the report. Nobody can change it afterwards.") }}
{{ inset("The force has until 9 March 2026 to reply.") }}
{% call details("Which cases count?") %}<p class="govuk-body">Those with a submitted audit.</p>{% endcall %}
<div class="govuk-button-group">{{ button("Save draft", kind="secondary") }}{{ button("Submit") }}{{ button("Withdraw", kind="warning") }}{{ link("Cancel", "#", about="grading") }}</div>
{{ empty_state("No cases yet", "The cases that the force puts in its sample will be here.", link_button("Add a case", "#")) }}
{% endblock %}
{% block aside %}
<h2 class="govuk-heading-m">What happened</h2>
{{ timeline([{"title": "Audit submitted", "by": "Indira Inspector", "at": now, "text": "Graded good."}, {"title": "Case added", "at": today}]) }}
{% endblock %}
"""
FORM = '{% extends "layout/form.html" %}{% block title %}Every field{% endblock %}{% block caption %}Gwent Police, 2019{% endblock %}'
LIST = """
{% extends "layout/page.html" %}
{% from "components/ui.jinja" import data_table, due, pagination %}
{% from "components/filters.jinja" import filtered %}
{% block title %}Cases{% endblock %}
{% block content %}
{% call filtered(form, request) %}
{{ data_table("Cases", ["Reference", "Area", "Due"], [["GW-001", "Missing", due(today, today)], ["GW-002", "Missing", due(later(-9), today)]]) }}
{{ pagination(page, request, "cases") }}
{% endcall %}
{% endblock %}
"""


@dataclass
class Inspection:
    pk: int = 1

    def __str__(self) -> str:
        return "Gwent Police, 2019 inspection"


def _render(request: HttpRequest, source: str, **context: object) -> HttpResponse:
    page = Paginator(range(312), 50).get_page(request.GET.get("page", 3))
    common = {
        "today": TODAY,
        "now": dt.datetime(2026, 3, 3, 14, 32, tzinfo=dt.UTC),
        "later": lambda days: TODAY + dt.timedelta(days=days),
        "grades": GRADES,
        "page": page,
    }
    return HttpResponse(engines["jinja2"].from_string(source).render(common | context, request))


def components(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The audit is saved.")
    messages.error(request, mark_safe('Somebody else saved this. <a href="#">See both</a>'))
    sections = "Overview Sample Cases Figures Recommendations Report People History".split()
    subnav = [{"text": name, "href": f"#{name}", "active": name == "Cases"} for name in sections]
    return _render(request, COMPONENTS, inspection=Inspection(), subnav=subnav)


def form(request: HttpRequest) -> HttpResponse:
    return _render(request, FORM, form=EveryField(request.POST or None, request.FILES or None))


def filtered_list(request: HttpRequest) -> HttpResponse:
    return _render(request, LIST, form=Filter(request.GET))


urlpatterns = [
    path("gallery/components", components),
    path("gallery/form", form),
    path("gallery/list", filtered_list),
    path("", include("config.urls")),
]
