"""What people type to ask for more time, to answer that, and to say from which day timescales count."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.forms import DateField
from inspections.free_text import FreeTextForm
from inspections.models import ExtensionDecision

TEXT_LENGTH = 2000


class AskForm(FreeTextForm):
    """The new date that is asked for, and why."""

    required_messages = {"reason": _("Say why more time is needed")}

    wanted_on = DateField(label=_("New date"), help_text=_("For example, 27 3 2026."))
    reason = forms.CharField(
        label=_("Why is more time needed?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The force and the inspectorate both read this."),
    )


class AnswerForm(FreeTextForm):
    """Agreed, perhaps to another day; or refused, and why."""

    required_messages = {"decision": _("Select whether you agree")}

    decision = forms.ChoiceField(
        label=_("Do you agree?"),
        choices=[
            (ExtensionDecision.AGREED.value, _("Agree to more time")),
            (ExtensionDecision.REFUSED.value, _("Refuse, the date stays")),
        ],
        widget=forms.RadioSelect,
    )
    agreed_on = DateField(
        label=_("New date if you agree"),
        required=False,
        help_text=_("As it was asked for unless you change it."),
    )
    answer = forms.CharField(
        label=_("Reason for your decision"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You must say why you refuse. The force and the inspectorate both read this."),
    )

    def __init__(self, *args: Any, wanted_on: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"agreed_on": wanted_on})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        refused = data.get("decision") == ExtensionDecision.REFUSED
        if refused and not data.get("answer", "").strip() and "answer" not in self.errors:
            self.add_error("answer", gettext("Say why you refuse"))
        return data


class StartForm(FreeTextForm):
    """The day from which timescales count; a correction says why."""

    required_messages = {"reason": _("Say why the day was wrong")}

    day = DateField(label=_("Timescales count from"), help_text=_("For example, 3 3 2026."))
    reason = forms.CharField(
        label=_("How do you know? (optional)"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The force and the inspectorate both read this."),
    )

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            self.fields["day"].label = _("Right day")
            self.fields["reason"].label = _("Why was the day wrong?")
            self.fields["reason"].required = True
