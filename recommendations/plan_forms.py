"""The forms of the action plan, of the update on what was immediate, and of the commissioner's comments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.forms import DateField
from inspections.free_text import FreeTextForm
from recommendations import plans
from recommendations.models import (
    Action,
    PlanGap,
    PlanVersion,
    Recommendation,
    RecommendationPoint,
)

TEXT_LENGTH, NOTE_LENGTH, ACCOUNT_LENGTH, COMMENTS_LENGTH = 2000, 2000, 5000, 20_000  # characters


class PointsField(forms.MultipleChoiceField):
    """Points of one recommendation, by their order."""

    widget = forms.CheckboxSelectMultiple


def _points(recommendation: Recommendation) -> list[tuple[str, str]]:
    return [(str(point.order), point.text) for point in recommendation.points.all()]


class PointsForm(FreeTextForm):
    """A form about one recommendation, some of whose points it is about."""

    def __init__(self, *args: Any, recommendation: Recommendation, **kwargs: Any) -> None:
        self.recommendation = recommendation
        super().__init__(*args, **kwargs)
        choices = _points(recommendation)
        if choices:
            self.fields["points"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["points"]

    def chosen(self) -> list[RecommendationPoint]:
        """Return the points that were ticked."""
        orders = set(self.cleaned_data.get("points", []))
        return [point for point in self.recommendation.points.all() if str(point.order) in orders]


class ActionForm(PointsForm):
    """One action; owner and dates may come later, the plan is checked for them when it is submitted."""

    required_messages = {"text": _("Enter what the force will do")}

    text = forms.CharField(
        label=_("What will be done"),
        help_text=_("One action that one person or partner answers for. Name no child."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    points = PointsField(required=False, label=_("Which points does it answer?"))
    owner = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label=_("Owner"),
        help_text=_("A person of the force, who is reminded of the date."),
        empty_label=_("Nobody yet, or a partner"),
    )
    partner = forms.CharField(
        required=False,
        label=_("Partner"),
        help_text=_("Who does it if not the force, for example “Wexmouth children’s services”."),
        max_length=200,
    )
    starts_on = DateField(required=False, label=_("Start"))
    due_on = DateField(required=False, label=_("Due date"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["text", "points", "owner", "partner", "starts_on", "due_on"]

    def __init__(self, *args: Any, recommendation: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, recommendation=recommendation, **kwargs)
        self.fields["owner"].queryset = plans.people(recommendation.inspection)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("owner") and cleaned.get("partner"):
            self.add_error("partner", _now("Select an owner or enter a partner, not both"))
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", _now("Due date must not be before the start"))
        return cleaned

    def content(self) -> plans.Content:
        """Return what was typed, for the verbs."""
        typed = self.cleaned_data
        return plans.Content(
            text=typed["text"],
            points=self.chosen(),
            owner=typed["owner"],
            partner=typed["partner"],
            starts_on=typed["starts_on"],
            due_on=typed["due_on"],
        )


def action_initial(action: Action) -> dict[str, Any]:
    """Return what `ActionForm` shows of `action` before anything is typed."""
    return {
        "text": action.text,
        "points": [str(point.order) for point in action.points.all()],
        "owner": action.owner_id,
        "partner": action.partner,
        "starts_on": action.starts_on,
        "due_on": action.due_on,
        "version": action.version,
    }


class GapForm(PointsForm):
    """Why nothing is planned; an empty reason takes back what was said."""

    points = PointsField(required=False, label=_("About which points is nothing planned?"))
    reason = forms.CharField(
        required=False,
        label=_("Why is nothing planned?"),
        help_text=_(
            "The inspectorate reads this with the plan. Empty the box to take the reason back."
        ),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reason") and "points" in self.fields and not cleaned.get("points"):
            self.add_error("points", _now("Select the points about which nothing is planned"))
        return cleaned


def gap_initial(gap: PlanGap | None) -> dict[str, Any]:
    """Return what `GapForm` shows before anything is typed."""
    if gap is None:
        return {"version": 0}
    return {
        "reason": gap.reason,
        "points": [str(point.order) for point in gap.points.all()],
        "version": gap.version,
    }


class SubmitForm(FreeTextForm):
    note = forms.CharField(
        required=False,
        label=_("Note to the inspectorate (optional)"),
        help_text=_("For example what has changed since the last version."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DecisionForm(FreeTextForm):
    """What the inspectorate says to a version: as a whole, and at each recommendation."""

    answer = forms.CharField(
        required=False,
        label=_("About the plan as a whole"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, version: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recommendations = version.plan.inspection.recommendations.order_by("number")
        self.numbers = list(recommendations.values_list("number", flat=True))
        for number in self.numbers:
            field = forms.CharField(
                required=False,
                label=_now("About recommendation %(number)d") % {"number": number},
                validators=[MaxLengthValidator(NOTE_LENGTH)],
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self._word_errors(f"comment-{number}", field)
            self.fields[f"comment-{number}"] = field

    def comments(self) -> dict[int, str]:
        """Return what was typed, by number of recommendation."""
        return {number: self.cleaned_data[f"comment-{number}"] for number in self.numbers}


class UpdateForm(FreeTextForm):
    """What was done about each recommendation that was immediate; all of them, in the first update."""

    def __init__(
        self, *args: Any, recommendations: list[Recommendation], first: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [each.number for each in recommendations]
        for number in self.numbers:
            field = forms.CharField(
                required=first,
                label=_now("What was done about recommendation %(number)d") % {"number": number},
                max_length=ACCOUNT_LENGTH,
                widget=forms.Textarea(attrs={"rows": 5}),
            )
            field.error_messages["required"] = _now(
                "Enter what was done about recommendation %(number)d"
            ) % {"number": number}
            self._word_errors(f"account-{number}", field)
            self.fields[f"account-{number}"] = field
        self.fields["note"] = forms.CharField(
            required=False,
            label=_now("Anything else (optional)"),
            max_length=NOTE_LENGTH,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def accounts(self) -> dict[int, str]:
        """Return what was typed, by number of recommendation."""
        return {number: self.cleaned_data[f"account-{number}"] for number in self.numbers}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        accounts = [cleaned.get(f"account-{number}") for number in self.numbers]
        if not self.errors and not any(accounts):
            self.add_error(f"account-{self.numbers[0]}", _now("Enter what was done"))
        return cleaned


class CommentsForm(FreeTextForm):
    required_messages = {"text": _("Enter the commissioner’s comments")}

    text = forms.CharField(
        label=_("Comments"),
        help_text=_(
            "The force and the inspectorate read them. They stay on record as you send them."
        ),
        validators=[MaxLengthValidator(COMMENTS_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
