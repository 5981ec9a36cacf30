"""Free text and what looks like personal data in it, as forms show it (domain rule 9).

What looks personal is known to `cases.personal_data`, which this app cannot import; the settings name its functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import TextRefused
from accounts.models import User
from config import hooks
from config.forms import GovForm
from config.numbers import wholes
from inspections.models import Inspection

REASON_LENGTH = 1000
MOST_EXCERPTS = 5
AROUND = 70  # characters shown on either side of a fragment, at most its sentence
END_OF_SENTENCE = re.compile(r"(?<=\w\w)[.!?]\s|[\r\n]+")  # not after an initial


def check(
    texts: Mapping[str, str], *, inspection: Inspection, place: str, by: User, reason: str = ""
) -> None:
    """Raise TextRefused for what looks personal in `texts` unless confirmed for `place`, now (`reason`) or before."""
    hooks.load(settings.TEXT_CHECK)[0](texts, inspection, place, by=by, reason=reason)


def suspicions(text: str) -> list[Any]:
    """Return what in `text` looks personal, each with `kind`, `what`, `found`, `start` and `end`."""
    found: list[Any] = hooks.load(settings.TEXT_SUSPICIONS)[0](text)
    return found


def titles(inspection: Inspection, names: Iterable[str], user: User) -> dict[str, tuple[str, str]]:
    """Return title and address of those places of texts in `names` that are still there and open to `user`."""
    wanted = frozenset(names)
    found: dict[str, tuple[str, str]] = {}
    for describe in hooks.load(*settings.TEXT_PLACES):
        found |= describe(inspection, wanted, user)
    return found


def numbers(names: Iterable[str], kind: str) -> set[int]:
    """Return the keys of the places in `names` that are of one kind: {12} for “case 12” and the kind “case”."""
    parts = [name.rsplit(" ", 1) for name in names]
    return set(wholes(part[1] for part in parts if len(part) == 2 and part[0] == kind))


class FreeTextForm(GovForm):
    """A form whose texts are checked for what looks like personal data; the person may say why it is none.

    The box for that is part of the form only once the check has objected. Its answer is for what the page showed:
    what was typed afterwards is asked about anew.
    """

    confirmed_reason = forms.CharField(
        label=gettext_lazy("Why is this not personal data?"),
        required=False,
        validators=[MaxLengthValidator(REASON_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "For example: the name of a place, or of a public inquiry. The words and your reason are listed for the "
            "lead of the inspection."
        ),
    )
    confirmed_words = forms.CharField(required=False, widget=forms.HiddenInput)
    own_fields = ("confirmed_reason", "confirmed_words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.excerpts: dict[str, list[SafeString]] = {}
        self._own = {name: self.fields[name] for name in self.own_fields}
        self.asks_to_confirm = any(self.add_prefix(name) in self.data for name in self.own_fields)
        self.show_own_fields(self.asks_to_confirm)

    def show_own_fields(self, shown: bool) -> None:
        """Make the box for a reason part of the form, or take it out."""
        self.asks_to_confirm = shown
        for name in self.own_fields:
            if shown:
                self.fields[name] = self._own[name]
            else:
                self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """Take the reason back if the texts hold something that the page had not shown when it was given."""
        super().clean()
        wanted = self.cleaned_data
        wanted.setdefault("confirmed_reason", "")
        shown = wanted.pop("confirmed_words", "")
        if wanted["confirmed_reason"] and shown and not self._fragments() <= _read(shown):
            wanted["confirmed_reason"] = ""
        return wanted

    def object_to(self, refused: TextRefused) -> None:
        """Show at each field what looks like personal data in it, and ask why it is none."""
        self.show_own_fields(True)
        typed = self.data.get(self.add_prefix("confirmed_reason"), "")
        words = sorted(
            self._fragments() | {each.found for those in refused.fields.values() for each in those}
        )
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("confirmed_words")] = json.dumps(words)
        for name, those in refused.fields.items():
            target = self.field_of(name)
            self.add_error(target, refused.about(name))
            self.excerpts[target] = excerpts(refused.texts.get(name, ""), those)
        if typed and not any(character.isalnum() for character in typed):
            self.add_error("confirmed_reason", _("Enter why this is not personal data"))

    def field_of(self, name: str) -> str:
        """Return the field that holds what a verb calls `name`."""
        return "confirmed_reason" if name == "personal_data_reason" else name

    def _fragments(self) -> set[str]:
        values = [
            "\n".join(value) if isinstance(value, list) else value
            for name, value in getattr(self, "cleaned_data", {}).items()
            if name not in self.own_fields
        ]
        return {each.found for text in values if isinstance(text, str) for each in suspicions(text)}


def _read(shown: str) -> set[str]:
    try:
        words = json.loads(shown)
    except ValueError:
        return set()
    return {word for word in words if isinstance(word, str)} if isinstance(words, list) else set()


def excerpts(text: str, found: Iterable[Any]) -> list[SafeString]:
    """Return the fragments marked in their sentences, as markup: at most five pieces of `text`.

    Fragments close to each other stand in one piece; words that were shown before are not shown again.
    """
    pieces: list[tuple[int, int, list[tuple[int, int]]]] = []
    seen = set()
    for each in found:
        if each.found in seen or not text:
            continue
        seen.add(each.found)
        start, end = _around(text, each.start, each.end)
        if pieces and start < pieces[-1][1]:
            start, _end, marks = pieces.pop()
            pieces.append((start, max(end, _end), [*marks, (each.start, each.end)]))
        else:
            pieces.append((start, end, [(each.start, each.end)]))
    return [_marked(text, *piece) for piece in pieces[:MOST_EXCERPTS]]


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a fragment starts and ends, as far as it stands close by."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    for match in END_OF_SENTENCE.finditer(text, first, start):
        first = match.end()
    stop = END_OF_SENTENCE.search(text, end, last)
    return first, stop.end() if stop else last


def _marked(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> SafeString:
    """Return `text[start:end]` with its `marks`, and dots where it is cut within a sentence."""
    parts: list[SafeString] = []
    at = start
    for mark, mark_end in marks:
        parts.append(format_html("{}<mark>{}</mark>", text[at:mark], text[mark:mark_end]))
        at = mark_end
    parts.append(format_html("{}", text[at:end]))
    begins = "…" if start > 0 and not END_OF_SENTENCE.search(text, max(0, start - 4), start) else ""
    ends = (
        "…" if end < len(text) and not END_OF_SENTENCE.search(text, max(at, end - 4), end) else ""
    )
    return format_html(
        "{}{}{}", begins, format_html_join("", "{}", ((part,) for part in parts)), ends
    )
