"""What people choose: how they are told, and which part of the record they look at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Force, User
from config.forms import DateField, GovForm
from inspections.models import DeadlineKind
from reminders.models import Channel, DigestStatus, Preference
from reminders.preferences import possible_stand_ins

ANY = [("", _("Any"))]


class PreferenceForm(GovForm):
    """How one person wants to be told, and who is told while they are away."""

    required_messages = {"channel": _("Select how you want to be told")}

    channel = forms.ChoiceField(
        choices=Channel.choices,
        label=_("How do you want to be told?"),
        widget=forms.RadioSelect,
        help_text=_("What is overdue, and urgent referrals, are mailed to you in any case."),
    )
    away_from = DateField(
        label=_("First day away"),
        required=False,
        help_text=_("Leave all three empty if you are not going to be away."),
    )
    away_until = DateField(label=_("Last day away"), required=False)
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who is told instead of you"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("They are told that it is instead of you."),
    )

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        current = Preference.objects.filter(user=user).first() or Preference()
        kwargs["initial"] = {"channel": current.channel}
        if current.away_until and current.away_until >= today:
            kwargs["initial"] |= {
                "away_from": current.away_from,
                "away_until": current.away_until,
                "stand_in": current.stand_in_id,
            }
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["stand_in"].queryset = possible_stand_ins(user)  # type: ignore[attr-defined]
        self.fields["channel"].choice_hints = {  # type: ignore[attr-defined]
            Channel.BOTH: _("A mail a day at most, and the same here."),
            Channel.MAIL: _("A mail a day at most. Nothing is counted as unread here."),
            Channel.IN_APP: _("No mail before something is overdue."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        first, last, instead = (data.get(k) for k in ("away_from", "away_until", "stand_in"))
        if not (first or last or instead):
            return data
        if not first:
            self.add_error("away_from", gettext("Enter your first day away"))
        if not last:
            self.add_error("away_until", gettext("Enter your last day away"))
        elif first and last < first:
            self.add_error("away_until", gettext("The last day must not come before the first"))
        elif last < self.today:
            self.add_error("away_until", gettext("The last day away must be today or later"))
        if not instead:
            self.add_error("stand_in", gettext("Select who is told instead of you"))
        return data


class RecordFilter(GovForm):
    """Narrows the record of what people were told; a force person sees their own force's only."""

    person = forms.CharField(
        label=_("Person"), required=False, max_length=100, help_text=_("Name or address.")
    )
    force = forms.ModelChoiceField(
        Force.objects.all(), label=_("Force"), required=False, empty_label=_("Any")
    )
    kind = forms.ChoiceField(
        choices=[*ANY, *DeadlineKind.choices, ("news", _("News"))],
        label=_("About"),
        required=False,
    )
    status = forms.ChoiceField(
        choices=[*ANY, *DigestStatus.choices], label=_("State"), required=False
    )
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)
    more = ("since", "until")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.is_force:
            del self.fields["force"]
