"""What people type and tick to say that forces were asked the same."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from config.forms import GovForm
from inspections.free_text import FreeTextForm
from recommendations.models import Ask

TITLE_LENGTH = Ask._meta.get_field("title").max_length


class WordsForm(GovForm):
    """Words to look for in what was recommended."""

    q = forms.CharField(
        label=_("Find recommendations in words like these"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskForm(FreeTextForm):
    """What is asked, in a few words; `required` unless the recommendation has an ask already."""

    required_messages = {"title": _("Enter what is asked, in a few words")}

    title = forms.CharField(
        label=_("What is asked"),
        help_text=_("In a few words, without the name of a force."),
        max_length=TITLE_LENGTH,
    )
