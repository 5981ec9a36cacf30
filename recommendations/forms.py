"""The form of a draft recommendation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from inspections.free_text import FreeTextForm
from inspections.models import Inspection, Theme, Timescale
from recommendations.models import Recommendation

STEM_LENGTH, POINTS_LENGTH = (
    4000,
    20_000,
)  # characters


class DraftForm(FreeTextForm):
    """A recommendation as the team writes it; the points are lines of one box, so that it works without scripts."""

    required_messages = {
        "theme": _("Select a theme"),
        "timescale": _("Select a timescale"),
        "stem": _("Enter what the force must do"),
    }

    theme = forms.ModelChoiceField(Theme.objects.none(), label=_("Theme"))
    stem = forms.CharField(
        label=_("Recommendation"),
        help_text=_(
            "What the force must do. With points below, this is the sentence that leads to them."
        ),
        validators=[MaxLengthValidator(STEM_LENGTH)],  # no max_length: no counter under the box
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    points = forms.CharField(
        required=False,
        label=_("Points"),
        help_text=_("One on each line. Leave empty if there are none."),
        validators=[MaxLengthValidator(POINTS_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    timescale = forms.ModelChoiceField(
        Timescale.objects.none(),
        label=_("Timescale"),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["theme", "stem", "points", "timescale"]

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        framework = inspection.framework
        self.fields["theme"].queryset = framework.themes.all()  # type: ignore[attr-defined]
        self.fields["timescale"].queryset = framework.timescales.all()  # type: ignore[attr-defined]

    def clean_points(self) -> list[str]:
        """Return the points, one for each line that says something."""
        lines = self.cleaned_data["points"].splitlines()
        return [line.strip() for line in lines if line.strip()]


def draft_initial(recommendation: Recommendation) -> dict[str, Any]:
    """Return what `DraftForm` shows of `recommendation` before anything is typed."""
    return {
        "theme": recommendation.theme_id,
        "timescale": recommendation.timescale_id,
        "stem": recommendation.stem,
        "points": "\n".join(point.text for point in recommendation.points.all()),
        "version": recommendation.version,
    }
