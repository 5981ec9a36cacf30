"""What leads type about further readings, moderation and calibration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import calibration, moderation
from cases.forms import BIGGEST_VERSION
from cases.readings import Candidate
from config.forms import GovForm
from inspections.free_text import FreeTextForm
from inspections.models import Grade


def _choices(candidates: list[Candidate]) -> list[tuple[str, str]]:
    return [(str(one.user.pk), one.user.name) for one in candidates if not one.obstacle]


class AskForm(GovForm):
    """Who is to read a case again."""

    required_messages = {"reader": _("Select who is to read the case")}
    reader = forms.ChoiceField(label=_("Who is to read it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.user.pk): one.user for one in candidates}
        self.fields["reader"].choices = _choices(candidates)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["reader"]]


class CalibrateForm(FreeTextForm):
    """Who are to read a case blind to each other, and what they should look at."""

    required_messages = {"readers": _("Select at least two inspectors")}
    readers = forms.MultipleChoiceField(
        label=_("Who are to read it?"), widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("What to look at"),
        required=False,
        max_length=calibration.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Every reader can read this. Say nothing of how you would grade the case."),
    )
    field_order = ["readers", "note"]

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.user.pk): one.user for one in candidates}
        self.fields["readers"].choices = _choices(candidates)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[User]:
        return [self.people[pk] for pk in self.cleaned_data["readers"]]


class SettleForm(FreeTextForm):
    """The final grade of a case, and why."""

    required_messages = {
        "grade": _("Select the final grade"),
        "reason": _("Enter why this grade is final"),
    }
    version = forms.IntegerField(min_value=0, max_value=BIGGEST_VERSION, widget=forms.HiddenInput)
    grade = forms.ChoiceField(label=_("Final grade"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why is this grade final?"),
        max_length=moderation.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "It stays on record beside all grades that were given. From the factual accuracy check on, the force can "
            "read it."
        ),
    )
    field_order = ["version", "grade", "reason"]

    def __init__(self, *args: Any, grades: list[Grade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grades = {grade.code: grade for grade in grades}
        grade = self.fields["grade"]
        grade.choices = [(g.code, g.label) for g in grades]  # type: ignore[attr-defined]
        grade.choice_hints = {g.code: g.description for g in grades}  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Grade:
        return self.grades[self.cleaned_data["grade"]]


class QueueFilter(GovForm):
    """Narrows the cases whose audits differ."""

    kind = forms.ChoiceField(
        label=_("Differs from"),
        required=False,
        choices=[
            ("", _("Any")),
            (moderation.READING, _("A second reading")),
            (moderation.FORCE, _("The force’s audit")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any")),
            (moderation.OPEN, _("Open")),
            (moderation.SETTLED, _("Settled")),
        ],
    )
