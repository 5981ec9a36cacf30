"""What people type about reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from config.forms import GovForm
from inspections.free_text import FreeTextForm
from reports.models import Publication
from reports.sections import Entry


class SectionForm(FreeTextForm):
    """The text of one section, and the version of it that the writer had read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
    )
    leave_out = forms.BooleanField(
        label=_("This section goes without a text"),
        required=False,
        help_text=_(
            "Leave the text empty and tick this box, if there is nothing to say here. What Assay adds by itself, such "
            "as tables and recommendations, still stands in the report."
        ),
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not entry.place.may_be_left_out:
            del self.fields["leave_out"]

    @classmethod
    def of(cls, entry: Entry) -> SectionForm:
        """Return the form that shows what has been written so far."""
        initial = {
            "version": entry.version,
            "body": entry.body,
            "leave_out": entry.is_left_out,
        }
        return cls(initial=initial, entry=entry)


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
