"""What people choose and type to gather findings under common themes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.common_themes import TITLE_LENGTH, NewTheme
from cases.models import CommonTheme, FindingKind
from config import numbers
from config.forms import GovForm
from inspections.free_text import FreeTextForm
from inspections.methodology import Methodology

ANY = ("", _("Any"))
NOT_YET = "not_yet"


class FindingFilter(GovForm):
    """Narrows the findings of an inspection."""

    area = forms.ChoiceField(label=_("Area"), required=False)
    kind = forms.ChoiceField(choices=[ANY, *FindingKind.choices], label=_("Kind"), required=False)
    theme = forms.ChoiceField(label=_("Theme of the framework"), required=False)
    gathered = forms.ChoiceField(
        choices=[ANY, (NOT_YET, _("Under no common theme yet"))],
        label=_("Gathered"),
        required=False,
    )

    def __init__(self, *args: Any, parts: Methodology, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, objects in (("area", parts.areas), ("theme", parts.themes)):
            self.fields[name].choices = [ANY, *((one.code, one.label) for one in objects)]  # type: ignore[attr-defined]


class GatherForm(FreeTextForm):
    """Under which theme the ticked findings go: one that is there, or a new one."""

    common_theme = forms.ChoiceField(label=_("Common theme"), required=False)
    title = forms.CharField(
        label=_("Or a new one: what do they have in common?"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput,
    )
    kind = forms.ChoiceField(
        choices=FindingKind.choices,
        label=_("A new theme is a"),
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ["common_theme", "title", "kind"]

    def __init__(self, *args: Any, themes: Iterable[CommonTheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {str(theme.pk): theme for theme in themes}
        choices = [("", _("Choose one")), *((key, one.title) for key, one in self.themes.items())]
        self.fields["common_theme"].choices = choices  # type: ignore[attr-defined]
        if not self.themes:
            self.fields["title"].label = _("What do they have in common?")
        ticked = self.data.getlist("finding") if hasattr(self.data, "getlist") else []
        self.ticked = set(numbers.wholes(ticked))

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if "title" in self.errors or "common_theme" in self.errors:
            return wanted
        theme, title = wanted.get("common_theme"), wanted.get("title")
        if theme and title:
            self.add_error("title", _("Choose a theme or enter a new one, not both"))
        elif not theme and not title:
            self.add_error(
                "common_theme" if self.themes else "title",
                _("Choose a theme, or enter what the findings have in common"),
            )
        elif title and not wanted.get("kind"):
            self.add_error("kind", _("Select what kind of theme it is"))
        return wanted

    @property
    def under(self) -> CommonTheme | NewTheme:
        wanted = self.cleaned_data
        if wanted["common_theme"]:
            return self.themes[wanted["common_theme"]]
        return NewTheme(wanted["title"], FindingKind(wanted["kind"]))


class RenameForm(FreeTextForm):
    """Another title; `was` is the one that was read."""

    required_messages = {"title": _("Enter what they have in common")}
    was = forms.CharField(widget=forms.HiddenInput, max_length=TITLE_LENGTH)
    title = forms.CharField(
        label=_("What do they have in common?"), max_length=TITLE_LENGTH, widget=forms.TextInput
    )
    field_order = ["was", "title"]
