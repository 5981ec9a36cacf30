"""What people type while they look after the figures of a report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.free_text import FreeTextForm

LONGEST_REASON = 1_000


class ConfirmForm(FreeTextForm):
    """Why a sentence stands although no table has its figures."""

    reason = forms.CharField(
        label=_("Why does the sentence stand?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For example: it counts something that is not graded, and who counted it when. It is kept with the report."
        ),
    )
    required_messages = {"reason": _("Enter why the sentence stands")}
