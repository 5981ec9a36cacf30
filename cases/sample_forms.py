"""What people type about the sample: its random draw, its handing in, and who grades which case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import hand_in
from config.forms import GovForm
from inspections.free_text import FreeTextForm
from inspections.models import Area, Framework

NOBODY = "none"
UNASSIGNED, NOT_BEGUN = "unassigned", "not_begun"


class EligibleListForm(GovForm):
    """The force's list of cases from which its sample may be drawn."""

    required_messages = {"file": _("Select a CSV or XLSX file")}
    file = forms.FileField(
        label=_("List of eligible cases"),
        help_text=_("CSV or Excel workbook (.xlsx), up to 10,000 cases and 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": _("The file is empty")},
    )


class ReturnForm(FreeTextForm):
    """Why the self-assessment goes back to the force."""

    required_messages = {"reason": _("Enter why the self-assessment is returned")}
    reason = forms.CharField(
        label=_("Why is the self-assessment returned?"),
        max_length=hand_in.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The force reads it. Say what it should add or change."),
    )


class OpenCasesFilter(GovForm):
    """Narrows the open cases of an inspection by whom they are assigned to, and by area."""

    assigned = forms.ChoiceField(label=_("Assigned to"), required=False)
    area = forms.ModelChoiceField(
        Area.objects.none(),
        to_field_name="code",
        label=_("Area"),
        required=False,
        empty_label=_("Any"),  # type: ignore[arg-type]
    )

    def __init__(self, *args: Any, people: list[User], framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(person.pk), person.name) for person in people]
        self.fields["assigned"].choices = [  # type: ignore[attr-defined]
            ("", _("Any")),
            (NOBODY, _("Nobody")),
            *names,
        ]
        self.fields["area"].queryset = framework.areas.all()  # type: ignore[attr-defined]


class AssignForm(GovForm):
    """Ticked cases, and who is to grade them; no inspector means nobody."""

    required_messages = {"case": _("Select one case or more"), "to": _("Select an inspector")}
    case = forms.TypedMultipleChoiceField(coerce=int)
    to = forms.ChoiceField(label=_("Assign ticked cases to"))

    def __init__(self, *args: Any, people: list[User], cases: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["case"].choices = [(pk, pk) for pk in cases]  # type: ignore[attr-defined]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Select an inspector")),
            *[(key, person.name) for key, person in self.people.items()],
            (NOBODY, _("Nobody")),
        ]

    @property
    def chosen(self) -> User | None:
        """The inspector; None for nobody."""
        return self.people.get(self.cleaned_data["to"])


class SpreadForm(GovForm):
    """Which cases to deal out among whom."""

    required_messages = {"inspector": _("Select one inspector or more")}
    which = forms.ChoiceField(
        label=_("Which cases?"),
        choices=[
            (UNASSIGNED, _("Open cases that are assigned to nobody")),
            (NOT_BEGUN, _("All open cases that nobody has begun, whoever has them now")),
        ],
        widget=forms.RadioSelect,
        initial=UNASSIGNED,
    )
    inspector = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Among whom?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["inspector"]
        field.queryset = User.objects.filter(pk__in=[p.pk for p in people])  # type: ignore[attr-defined]
        field.choices = [(person.pk, person.name) for person in people]  # type: ignore[attr-defined]
