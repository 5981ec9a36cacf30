"""What people type while a report is checked, approved and corrected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.forms import DateField, GovForm
from inspections.free_text import FreeTextForm
from reports import accuracy, approval
from reports.models import AccuracyDecision

LONGEST_NOTICE = 2_000


class CommentForm(FreeTextForm):
    """What the force says of a passage of the draft."""

    passage = forms.CharField(
        label=_("The words that you comment on"),
        required=False,
        max_length=accuracy.LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Select them in the section below, or copy them here as they stand. Leave this empty to comment on the "
            "section as a whole."
        ),
    )
    text = forms.CharField(
        label=_("What is not right, and what would be"),
        max_length=accuracy.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say where the inspectorate can see it. Name nobody."),
    )
    required_messages = {"text": _("Enter what is not right")}


class ReplyForm(FreeTextForm):
    """The force's word that it has checked the draft."""

    note = forms.CharField(
        label=_("Anything else about the draft as a whole (optional)"),
        required=False,
        max_length=accuracy.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(FreeTextForm):
    """What the team says to one comment of the force; `seen` is when it was last answered as this page knew it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("Do you accept the comment?"),
        choices=AccuracyDecision.choices,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the force"),
        required=False,
        max_length=accuracy.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Needed if you do not accept the comment. The force reads it."),
    )
    required_messages = {"decision": _("Select whether you accept the comment")}

    def clean_seen(self) -> dt.datetime | None:
        """Return the moment; None if nobody had answered yet."""
        typed = self.cleaned_data["seen"]
        try:
            return dt.datetime.fromisoformat(typed) if typed else None
        except ValueError:
            raise forms.ValidationError(gettext("Load this page again")) from None


class ScheduleForm(GovForm):
    """The minute at which an approved report is published, on the clocks of Europe/London."""

    publish_on = DateField(label=_("Day"), help_text=_("For example, 3 3 2026."))
    publish_time = forms.TimeField(
        label=_("Time"),
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M"),
        help_text=_("By the clocks of London, for example 09:30."),
        error_messages={"invalid": _("Enter a time like 09:30")},
    )
    required_messages = {"publish_on": _("Enter the day"), "publish_time": _("Enter the time")}

    def clean(self) -> dict[str, Any]:
        """Add `at`, the moment; refuse minutes that the clocks leave out, or show twice."""
        super().clean()
        wanted = self.cleaned_data
        if wanted.get("publish_on") and wanted.get("publish_time"):
            try:
                wanted["at"] = approval.minute(wanted["publish_on"], wanted["publish_time"])
            except approval.MinuteRefused as refused:
                self.add_error("publish_time", str(refused))
        return wanted


class CorrectionForm(FreeTextForm):
    """What a new version of a published report corrects, as its readers will see it on page one."""

    notice = forms.CharField(
        label=_("What is corrected"),
        max_length=LONGEST_NOTICE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Say what was wrong and what it says now. This stands on page one of the new version."
        ),
    )
    required_messages = {"notice": _("Enter what is corrected")}
