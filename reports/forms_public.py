"""What a reader of published reports may search by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Force
from config.forms import GovForm
from inspections.models import InspectionKind
from reports.models import Publication

LONGEST_SEARCH = 100


class PublicFilter(GovForm):
    """Which published reports to list."""

    words = forms.CharField(
        label=_("Words in the report"), required=False, max_length=LONGEST_SEARCH
    )
    force = forms.ModelChoiceField(
        label=_("Force"), queryset=Force.objects.none(), required=False, empty_label=_("All forces")
    )
    year = forms.TypedChoiceField(
        label=_("Published in"), coerce=int, required=False, empty_value=None
    )
    kind = forms.ChoiceField(
        label=_("Kind of inspection"),
        required=False,
        choices=[("", _("All kinds")), *InspectionKind.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Publication.objects.public().order_by()
        forces = Force.objects.filter(pk__in=published.values("inspection__force"))
        self.fields["force"].queryset = forces  # type: ignore[attr-defined]
        years = published.dates("published_on", "year", order="DESC")
        choices = [("", _("All years")), *((str(day.year), str(day.year)) for day in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]
