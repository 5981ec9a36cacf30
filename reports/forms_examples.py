"""What people type about a case example."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.free_text import FreeTextForm
from inspections.models import Theme
from reports.models import CaseExample


class ExampleForm(FreeTextForm):
    """An account of a case that names nobody, for the findings on one theme."""

    required_messages = {
        "theme": _("Select a theme"),
        "good": _("Select what the case shows"),
        "text": _("Enter what happened in this case"),
        "told_again": _("Enter why this case is told again"),
    }

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        label=_("Section of the report"),
        empty_label=_("Select a section"),
    )
    good = forms.TypedChoiceField(
        label=_("What the case shows"),
        choices=[("good", _("Good practice")), ("poor", _("Poor practice"))],
        coerce=lambda value: value == "good",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What happened"),
        help_text=_(
            "In plain words, without names, exact ages, dates or places. Say what the police did and what it meant for "
            "the child. Readers must not be able to tell who it was."
        ),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
    )
    told_again = forms.CharField(
        label=_("Why this case is told again"),
        help_text=_("For the team. The report itself says which examples tell of the same case."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, themes: list[Theme], is_told_before: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ModelChoiceField)
        theme.queryset = Theme.objects.filter(pk__in=[each.pk for each in themes])
        if not is_told_before:
            del self.fields["told_again"]


def initial_of(example: CaseExample) -> dict[str, Any]:
    """Return what the form shows of `example` before anything is typed."""
    return {
        "version": example.version,
        "theme": example.theme_id,
        "good": "good" if example.good else "poor",
        "text": example.text,
        "told_again": example.told_again,
    }
