"""What people type about urgent referrals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import referrals
from cases.forms import FreeTextForm


class ReferralForm(FreeTextForm):
    """What inspectors fear, and who must act on it."""

    required_messages = {
        "concern": _("Enter what is feared"),
        "must_act": _("Enter who must act"),
    }
    concern = forms.CharField(
        label=_("What is feared?"),
        max_length=referrals.CONCERN_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For which child, and from what. No names: child A, child B."),
    )
    must_act = forms.CharField(
        label=_("Who must act?"),
        max_length=referrals.MUST_ACT_LENGTH,
        help_text=_("A part of the force or another body, for example the duty inspector."),
    )
    field_order = ["concern", "must_act"]


class AnswerForm(FreeTextForm):
    """What the force did."""

    required_messages = {"answer": _("Enter what was done")}
    answer = forms.CharField(
        label=_("What was done to keep the child safe?"),
        max_length=referrals.ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What, by whom and when, without names of children or their families."),
    )
    field_order = ["answer"]
