"""What lists and figures of recommendations can be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from config.forms import GovForm
from inspections.models import Inspection, Theme, Timescale
from recommendations import lists
from recommendations.models import Outcome, ProgressStatus

ALL = [("", _("All"))]
# What the list's filter takes for each number of `tracker.Counts` that leads to it.
COLUMNS = {
    "open": {"state": "open"},
    "overdue": {"overdue": "on"},
    "ready": {"state": "open", "status": "complete"},
    "extended": {"state": "open", "extension": "extended"},
    "asked": {"state": "open", "extension": "asked"},
    "settled": {"state": "settled"},
}


def _labels(model: type[Theme] | type[Timescale]) -> list[tuple[str, str]]:
    """Return the labels that any framework uses, each once: the same words under two frameworks are one choice."""
    used = model._default_manager.order_by("label").values_list("label", flat=True).distinct()
    return [("", str(_("All"))), *((label, label) for label in used)]


class RecommendationFilter(GovForm):
    """What the list of recommendations can be narrowed by; a force person has no choice of force."""

    more: tuple[str, ...] = ("timescale", "outcome", "extension", "age")

    force = forms.ModelChoiceField(
        Force.objects.all(), required=False, label=_("Force"), empty_label=_("All")
    )
    state = forms.ChoiceField(
        required=False,
        label=_("Open or settled"),
        choices=[*ALL, ("open", _("Something is owed")), ("settled", _("Nothing more is owed"))],
    )
    overdue = forms.BooleanField(required=False, label=_("Overdue only"))
    theme = forms.ChoiceField(required=False, label=_("Theme"))
    status = forms.ChoiceField(
        required=False, label=_("Progress"), choices=[*ALL, *ProgressStatus.choices]
    )
    timescale = forms.ChoiceField(required=False, label=_("Timescale"))
    outcome = forms.ChoiceField(
        required=False,
        label=_("Judgement"),
        choices=[*ALL, (lists.NOT_JUDGED, _("Not judged yet")), *Outcome.choices],
    )
    extension = forms.ChoiceField(
        required=False, label=_("Date and extension"), choices=[*ALL, *lists.EXTENSIONS.items()]
    )
    age = forms.ChoiceField(
        required=False,
        label=_("Since publication"),
        choices=[*ALL, *((age.key, age.label) for age in lists.AGES)],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = _labels(Theme)  # type: ignore[attr-defined]
        self.fields["timescale"].choices = _labels(Timescale)  # type: ignore[attr-defined]
        if user.is_force:
            del self.fields["force"]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen; a filter that makes no sense narrows nothing."""
        self.is_valid()
        return self.cleaned_data


class TrackerFilter(RecommendationFilter):
    """What the national tracker can be narrowed by: its own columns say what is open, overdue and settled."""

    more = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("state", "overdue", "outcome", "status"):
            del self.fields[name]


class BoardFilter(GovForm):
    """A force's board shows all its inspections together, or one."""

    inspection = forms.ModelChoiceField(
        Inspection.objects.none(), required=False, label=_("Inspection"), empty_label=_("All")
    )

    def __init__(self, *args: Any, inspections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspection"].queryset = inspections  # type: ignore[attr-defined]
