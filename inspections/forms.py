"""What people type to plan, filter, move and staff inspections, and to say that something is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from config.forms import DateField, GovForm
from inspections import planning, stages
from inspections.free_text import FreeTextForm
from inspections.models import (
    Framework,
    Inspection,
    InspectionKind,
    Stage,
    TeamMember,
)

ANY = [("", _("Any"))]


class InspectionFilter(GovForm):
    """Narrows the list of inspections; a force person sees their own force's only, so has no force to choose."""

    force = forms.ModelChoiceField(
        Force.objects.all(), label=_("Force"), required=False, empty_label=_("Any")
    )
    stage = forms.MultipleChoiceField(
        choices=Stage.choices,
        label=_("Stage"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        choices=[*ANY, *InspectionKind.choices], label=_("Kind"), required=False
    )
    framework = forms.ModelChoiceField(
        Framework.objects.all(), label=_("Framework"), required=False, empty_label=_("Any")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.is_force:
            del self.fields["force"]


class DatesForm(GovForm):
    """The dates of an inspection that has not been through its fieldwork yet."""

    self_assessment_due = DateField(
        label=_("Self-assessment due"),
        required=False,
        help_text=_(
            "When the force must have put in and graded its sample. For example, 9 1 2026."
        ),
    )
    fieldwork_start = DateField(label=_("Fieldwork starts"))
    fieldwork_end = DateField(label=_("Fieldwork ends"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end, due = (
            data.get(name) for name in ("fieldwork_start", "fieldwork_end", "self_assessment_due")
        )
        if start and end and end < start:
            self.add_error("fieldwork_end", gettext("Fieldwork must not end before it starts"))
        if due and start and due > start:
            self.add_error(
                "self_assessment_due",
                gettext("The self-assessment must be due before fieldwork starts, or on that day"),
            )
        return data


class PlanForm(DatesForm):
    """A new inspection of one force."""

    required_messages = {
        "framework": _("Select a framework"),
        "kind": _("Select what kind of inspection it is"),
    }
    field_order = ["framework", "kind", "parent"]

    framework = forms.ModelChoiceField(
        Framework.objects.all(), label=_("Framework"), widget=forms.RadioSelect, empty_label=None
    )
    kind = forms.ChoiceField(
        choices=InspectionKind.choices, label=_("Kind of inspection"), widget=forms.RadioSelect
    )
    parent = forms.ModelChoiceField(
        Inspection.objects.none(),
        label=_("Earlier inspection"),
        required=False,
        empty_label=_("None"),
        help_text=_("For a review or re-inspection: the inspection that it looks back at."),
    )

    def __init__(self, *args: Any, force: Force, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = Inspection.objects.visible_to(user).filter(force=force).select_related("force")
        self.fields["parent"].queryset = earlier  # type: ignore[attr-defined]
        if not earlier:
            del self.fields["parent"]
        frameworks = list(Framework.objects.all())
        self.fields["framework"].choice_hints = {  # type: ignore[attr-defined]
            str(framework.pk): ", ".join(
                str(InspectionKind(kind).label) for kind in framework.kinds
            )
            for framework in frameworks
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        framework, kind, parent = (data.get(name) for name in ("framework", "kind", "parent"))
        if framework and kind and kind not in framework.kinds:
            self.add_error("kind", gettext("The framework is not made for this kind of inspection"))
        if kind and kind != InspectionKind.FULL and not parent:
            where = "parent" if "parent" in self.fields else "kind"
            self.add_error(where, gettext("A review or re-inspection needs an earlier inspection"))
        if kind == InspectionKind.FULL and parent:
            self.add_error(
                "parent", gettext("A full inspection looks back at no earlier inspection")
            )
        if framework and "self_assessment_due" not in self.errors:
            needed = stages.asks_for_self_assessment(framework)
            if needed and not data.get("self_assessment_due"):
                self.add_error(
                    "self_assessment_due",
                    gettext("Enter when the self-assessment is due: this framework asks for one"),
                )
        return data


class ForceForm(GovForm):
    """Which force a new inspection is of."""

    force = forms.ModelChoiceField(
        Force.objects.all(), label=_("Force"), empty_label=_("Choose one")
    )


class MoveForm(FreeTextForm):
    """A word on why an inspection moves, for its history; some moves need it."""

    required_messages = {"note": _("Enter why")}

    note = forms.CharField(
        label=_("Note for the history (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, needs_note: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_note:
            self.fields["note"].required = True
            self.fields["note"].label = _("Why, for the history")


class TeamForm(GovForm):
    """An inspector who joins a team."""

    required_messages = {"user": _("Select an inspector")}

    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Inspector"), empty_label=_("Choose one")
    )
    is_lead = forms.BooleanField(label=_("Leads the inspection"), required=False)

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = TeamMember.objects.filter(inspection=inspection).values("user")
        inspectors = planning.inspectors().exclude(pk__in=members)
        self.fields["user"].queryset = inspectors  # type: ignore[attr-defined]


class DoneForm(FreeTextForm):
    """How a follow-up was done."""

    required_messages = {"note": _("Say how it was done")}

    note = forms.CharField(
        label=_("How was it done?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The force and the inspectorate both read this."),
    )
