"""What people type about reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from config.forms import DateField, GovForm
from inspections import dates
from reports.models import Publication


class PublishForm(GovForm):
    """When a report is or was published: today unless the day has passed already or only its month is known."""

    published_on = DateField(
        label=_("Date of publication"),
        required=False,
        help_text=_("Change it if the report has been published before. For example, 3 3 2026."),
    )
    month_only = forms.BooleanField(
        label=_("Only the month is known"),
        required=False,
        help_text=_(
            "Enter any day of that month. Nothing is due before the lead of the inspection confirms from which day the "
            "timescales count."
        ),
    )

    def __init__(self, *args: Any, not_before: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"published_on": dates.today()})
        super().__init__(*args, **kwargs)
        self.not_before = not_before

    def clean_published_on(self) -> dt.date:
        """Return the day; today if none was entered."""
        day: dt.date = self.cleaned_data["published_on"] or dates.today()
        if day > dates.today():
            raise forms.ValidationError(gettext("Date of publication must be today or in the past"))
        if day < self.not_before:
            raise forms.ValidationError(
                gettext("Date of publication must be on or after the first day of fieldwork")
            )
        return day


class PublicationFilter(GovForm):
    """Which publications to list."""

    force = forms.ModelChoiceField(
        label=_("Force"), queryset=Force.objects.none(), required=False, empty_label=_("All forces")
    )
    year = forms.TypedChoiceField(
        label=_("Published in"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["force"].queryset = Force.objects.visible_to(user)  # type: ignore[attr-defined]
        years = Publication.objects.visible_to(user).dates("published_on", "year", order="DESC")
        choices = [("", _("All years")), *((str(day.year), str(day.year)) for day in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]
        if user.is_force:
            del self.fields["force"]
