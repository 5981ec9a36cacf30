"""Every component on one page, in every state that it has: for the tests of the presentation layer only."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.safestring import mark_safe

from config.forms import DateField, GovForm

TODAY = dt.date(2026, 3, 3)
TEMPLATES = Path(__file__).parent / "pages"
SECTIONS = (
    "Overview",
    "Sample",
    "Cases",
    "Figures",
    "Recommendations",
    "Report",
    "People",
    "History",
)


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
    theme = forms.ChoiceField(
        choices=[("", "---------"), ("1", "Initial contact"), ("2", "Custody")]
    )
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


@dataclass
class Inspection:
    pk: int = 1

    def __str__(self) -> str:
        return "Gwent Police, 2019 inspection"


def _render(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    page = Paginator(range(312), 50).get_page(request.GET.get("page", 3))
    common = {
        "today": TODAY,
        "now": dt.datetime(2026, 3, 3, 14, 32, tzinfo=dt.UTC),
        "later": lambda days: TODAY + dt.timedelta(days=days),
        "grades": GRADES,
        "page": page,
    }
    template = engines["jinja2"].from_string((TEMPLATES / name).read_text())
    return HttpResponse(template.render(common | context, request))


def components(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The audit is saved.")
    messages.error(request, mark_safe('Somebody else saved this. <a href="#">See both</a>'))
    subnav = [{"text": name, "href": f"#{name}", "active": name == "Cases"} for name in SECTIONS]
    return _render(request, "components.html", inspection=Inspection(), subnav=subnav)


def form(request: HttpRequest) -> HttpResponse:
    return _render(
        request, "form.html", form=EveryField(request.POST or None, request.FILES or None)
    )


def filtered_list(request: HttpRequest) -> HttpResponse:
    return _render(request, "list.html", form=Filter(request.GET))


urlpatterns = [
    path("gallery/components", components),
    path("gallery/form", form),
    path("gallery/list", filtered_list),
    path("", include("config.urls")),
]
