"""What people type and tick for a thematic report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Force
from config.forms import GovForm
from inspections.forms import ANY
from inspections.free_text import FreeTextForm
from inspections.models import Comparison, Framework, InspectionKind, InspectionQuerySet
from reports.models import ThematicReport

LONGEST_INTRODUCTION = 20_000


class ThematicFilter(GovForm):
    """Which published inspections to choose from."""

    years = forms.MultipleChoiceField(
        label=_("Year of fieldwork"), required=False, widget=forms.CheckboxSelectMultiple
    )
    force = forms.ModelMultipleChoiceField(
        Force.objects.none(),
        label=_("Force"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    framework = forms.ModelMultipleChoiceField(
        Framework.objects.none(),
        label=_("Framework"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        choices=[*ANY, *InspectionKind.choices], label=_("Kind"), required=False
    )

    def __init__(self, *args: Any, choosable: InspectionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        years = choosable.dates("fieldwork_start", "year", order="DESC")
        fields["years"].choices = [(str(day.year), str(day.year)) for day in years]
        fields["force"].queryset = Force.objects.filter(pk__in=choosable.values("force"))
        fields["framework"].queryset = Framework.objects.filter(
            pk__in=choosable.values("framework")
        )

    def narrow(self, inspections: InspectionQuerySet) -> InspectionQuerySet:
        """Return those of `inspections` that the filter wants; a choice that makes no sense is left aside."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("years"):
            inspections = inspections.filter(fieldwork_start__year__in=wanted["years"])
        for name in ("force", "framework"):
            if wanted.get(name):
                inspections = inspections.filter(**{f"{name}__in": wanted[name]})
        if wanted.get("kind"):
            inspections = inspections.filter(kind=wanted["kind"])
        return inspections


class ThematicForm(FreeTextForm):
    """A thematic report: title, introduction, and how grades of different scales are set side by side."""

    title = forms.CharField(
        label=_("Title"), max_length=ThematicReport._meta.get_field("title").max_length
    )
    introduction = forms.CharField(
        label=_("Introduction (optional)"),
        required=False,
        max_length=LONGEST_INTRODUCTION,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Markdown, as in the sections of a report. Figures are added by themselves."),
    )
    comparison = forms.ModelChoiceField(
        Comparison.objects.all(),
        label=_("Comparison"),
        required=False,
        empty_label=_("None: all inspections used the same framework"),
        help_text=_(
            "Grades of different frameworks are added up only where a comparison says which of them count as the same. "
            "Its caveat is printed with the figures."
        ),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    required_messages = {"title": _("Enter a title")}
