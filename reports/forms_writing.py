"""What people type while they write a report: its sections, comments on them, and who writes which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.forms import GovForm
from inspections.free_text import FreeTextForm
from inspections.models import SectionPart
from reports.section_comments import LONGEST_COMMENT_CHARACTERS
from reports.sections import LONGEST_SECTION_CHARACTERS, Entry

ROWS = {SectionPart.EARLIER: 6, SectionPart.SUMMARY: 6, SectionPart.BODY: 22}


def _text(part: SectionPart) -> forms.CharField:
    return forms.CharField(
        label=part.label,
        required=False,
        widget=forms.Textarea(attrs={"rows": ROWS[part], "spellcheck": "true"}),
    )


class SectionForm(FreeTextForm):
    """The texts of one section, and the version of it that the writer had read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    earlier = _text(SectionPart.EARLIER)
    summary = _text(SectionPart.SUMMARY)
    body = _text(SectionPart.BODY)
    leave_out = forms.BooleanField(
        label=_("This section goes without a text"),
        required=False,
        help_text=_(
            "Leave the text empty and tick this box, if there is nothing to say here. What Assay adds by itself, such "
            "as tables and recommendations, still stands in the report."
        ),
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = entry.place.parts
        for part in SectionPart:
            if part not in self.parts:
                del self.fields[part.value]
        if not entry.place.may_be_left_out:
            del self.fields["leave_out"]

    @classmethod
    def of(cls, entry: Entry, texts: dict[SectionPart, str] | None = None) -> SectionForm:
        """Return the form that shows what has been written so far, or `texts` of another version."""
        shown = entry.texts if texts is None else texts
        initial = {
            "version": entry.version,
            "leave_out": entry.is_left_out,
            **{part.value: text for part, text in shown.items()},
        }
        return cls(initial=initial, entry=entry)

    @property
    def texts(self) -> dict[SectionPart, str]:
        """Return what stands in the form by part, typed or saved; of one too long to be saved the beginning."""
        longest = LONGEST_SECTION_CHARACTERS
        return {part: (self[part.value].value() or "")[:longest] for part in self.parts}


class CommentForm(FreeTextForm):
    """What a colleague says of a section."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST_COMMENT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The team and managers read it; the force does not."),
    )


class AuthorsForm(GovForm):
    """Who writes each section; the hidden fields say who did when the page was shown."""

    def __init__(
        self, *args: Any, entries: list[Entry], writers: list[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        self.people = {str(each.pk): each for each in writers}
        choices = [("", _("Nobody yet")), *((key, each.name) for key, each in self.people.items())]
        for entry in entries:
            key, author = entry.place.key, entry.author
            given = str(author.pk) if author else ""
            there = given in self.people or not author
            self.fields[key] = forms.ChoiceField(
                label=entry.place.title,
                required=False,
                choices=choices if there else [*choices, (given, author.name if author else "")],
                initial=given,
            )
            self.fields[f"was-{key}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=given
            )

    @property
    def changed(self) -> list[tuple[Entry, str, str]]:
        """Return the sections that were given to somebody else: (entry, key of who it was, key of who it is)."""
        said = self.cleaned_data
        return [
            (entry, said[f"was-{key}"], said[key])
            for entry in self.entries
            if said[f"was-{(key := entry.place.key)}"] != said[key]
        ]
