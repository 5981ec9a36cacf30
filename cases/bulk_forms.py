"""What people type about many cases at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import assignment, lists, sampling
from config.forms import GovForm
from inspections.models import Inspection


class ExcludeManyForm(GovForm):
    required_messages = {"reason": _("Enter why the cases are excluded")}
    reason = forms.CharField(
        label=_("Why are these cases excluded?"),
        max_length=sampling.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stays on record with each of them. The force can read it."),
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PersonForm(GovForm):
    """One inspector of the team."""

    person = forms.ChoiceField(label=_("Who?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in assignment.inspectors(inspection)}
        choices = [(key, user.name) for key, user in self.people.items()]
        self.fields["person"].choices = choices + self.others  # type: ignore[attr-defined]

    others: list[tuple[str, Any]] = []

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["person"]]


class AssignManyForm(PersonForm):
    person = forms.ChoiceField(label=_("Who is to grade these cases?"), widget=forms.RadioSelect)
    required_messages = {"person": _("Select who is to grade the cases")}
    others = [(lists.NOBODY, _("Nobody"))]

    @property
    def chosen_or_nobody(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])


class ReadManyForm(PersonForm):
    person = forms.ChoiceField(
        label=_("Who is to read these cases?"),
        widget=forms.RadioSelect,
        help_text=_("Blind: they see no other audit of a case before they have submitted theirs."),
    )
    required_messages = {"person": _("Select who is to read the cases")}
