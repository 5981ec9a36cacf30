"""The forms on the page of a recommendation: the force's progress with its files, and what either side writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import TextRefused
from inspections.free_text import FreeTextForm
from recommendations import file_types
from recommendations.evidence import FilesRefused, Proof, Upload
from recommendations.models import Action, ProgressStatus, Recommendation, RecommendationPoint
from recommendations.progress import WHOLE, LacksEvidence, Subject

NOTE_LENGTH, SHOWS_LENGTH = 5000, 300  # characters
PART_LENGTH = 90  # characters of a point or an action in a list to choose from


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """No file, one, or several; what they are is looked at by the verb."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files that were sent, empty ones included."""
        sent = data if isinstance(data, list | tuple) else [data]
        return [each for each in sent if each]


class ProgressForm(FreeTextForm):
    """How far the force is, with what, and the files that prove it; what it is about is chosen if there are parts."""

    required_messages = {
        "about": gettext_lazy("Select what this is about"),
        "status": gettext_lazy("Select how far the force has got"),
        "note": gettext_lazy("Enter what has been done"),
    }

    about = forms.ChoiceField(required=False, label=gettext_lazy("What is this about?"))
    status = forms.ChoiceField(
        label=gettext_lazy("How far has the force got?"),
        choices=ProgressStatus.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What has been done"),
        help_text=gettext_lazy(
            "Name no child. What you report stays on record as you wrote it. If it is ready for closure, sum up "
            "what was done and how it is known to work."
        ),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    files = SeveralFilesField(required=False, label=gettext_lazy("Evidence"))  # type: ignore[assignment]
    shows = forms.CharField(
        required=False,
        label=gettext_lazy("What the evidence shows"),
        max_length=SHOWS_LENGTH,
    )
    proves = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Which points does it prove?"),
        widget=forms.CheckboxSelectMultiple,
    )
    although_unproved = forms.BooleanField(
        required=False, label=gettext_lazy("It is ready for closure all the same")
    )
    field_order = [
        *("about", "status", "note", "files", "shows", "proves"),
        *("although_unproved", "confirmed_reason", "confirmed_words"),
    ]

    def __init__(
        self,
        *args: Any,
        recommendation: Recommendation,
        actions: Iterable[Action] = (),
        whole: bool = True,
        **kwargs: Any,
    ) -> None:
        """`actions` are those that the person may report on; all but those are theirs too if `whole`."""
        super().__init__(*args, **kwargs)
        self.points: dict[str, RecommendationPoint] = {
            str(point.pk): point for point in recommendation.points.all()
        }
        self.actions = {str(action.pk): action for action in actions}
        self.whole = whole
        self._choices()
        self.fields["files"].help_text = _(
            "PDF, Word, Excel, PowerPoint, OpenDocument, images, text or CSV, up to %(size)d MB each. Do not name a "
            "child, not even in the name of a file."
        ) % {"size": self.max_megabytes}
        self._unproved = self.fields["although_unproved"]
        if "although_unproved" not in self.data:
            del self.fields["although_unproved"]

    @property
    def max_megabytes(self) -> int:
        """How large one file may be."""
        megabytes: int = settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
        return megabytes

    def _choices(self) -> None:
        about: list[tuple[str, str]] = (
            [("", str(_("The whole recommendation")))] if self.whole else []
        )
        if self.whole:
            about += [
                (f"point-{key}", _("Point: %(text)s") % {"text": _short(point.text)})
                for key, point in self.points.items()
            ]
        about += [
            (f"action-{key}", _("Action: %(text)s") % {"text": _short(action.text)})
            for key, action in self.actions.items()
        ]
        if len(about) > 1 or not self.whole:
            self.fields["about"].choices = about  # type: ignore[attr-defined]
            self.fields["about"].required = not self.whole
        else:
            del self.fields["about"]
        if self.points:
            self.fields["proves"].choices = [  # type: ignore[attr-defined]
                (key, point.text) for key, point in self.points.items()
            ]
        else:
            del self.fields["proves"]

    @property
    def subject(self) -> Subject:
        """What the word is about; the form is valid."""
        kind, _dash, key = self.cleaned_data.get("about", "").partition("-")
        if kind == "point":
            return Subject(point=self.points[key])
        if kind == "action":
            return Subject(action=self.actions[key])
        return WHOLE

    @property
    def asks_for_closure(self) -> bool:
        """Whether the whole recommendation is said to be ready for closure."""
        complete: bool = self.cleaned_data["status"] == ProgressStatus.COMPLETE
        return complete and self.subject.is_whole

    @property
    def proof(self) -> Proof:
        """The files with what they prove; about a point, they prove that one at least."""
        chosen = [self.points[key] for key in self.cleaned_data.get("proves", [])]
        point = self.subject.point
        if point is not None and point not in chosen:
            chosen.append(point)
        uploads = [Upload(file, file.name or "") for file in self.cleaned_data["files"]]
        return Proof(uploads, self.cleaned_data["shows"], chosen)

    def object_to_files(self, refused: FilesRefused) -> None:
        """Show what is wrong with the files."""
        for sentence in refused.problems:
            self.add_error("files", sentence)

    def object_to_lack(self, lacking: LacksEvidence) -> None:
        """Say which points nothing proves, and ask whether it is ready for closure all the same."""
        self.fields.setdefault("although_unproved", self._unproved)
        if lacking.points:
            sentence = _("No evidence proves these points yet: %(points)s") % {
                "points": "; ".join(_short(point.text) for point in lacking.points)
            }
        else:
            sentence = _("There is no evidence for this recommendation yet.")
        self.add_error("although_unproved", sentence)
        self._ask_for_files_again()

    def object_to(self, refused: TextRefused) -> None:
        """Say that the files have to be chosen again, too: no browser keeps them."""
        super().object_to(refused)
        if "files" not in self.errors:
            self._ask_for_files_again()

    def _ask_for_files_again(self) -> None:
        if self.cleaned_data.get("files"):
            self.add_error("files", _("Choose the files again"))


class RemarkForm(FreeTextForm):
    """A contribution to the discussion of a recommendation, for both sides or one's own."""

    required_messages = {"text": gettext_lazy("Enter what you want to say")}

    text = forms.CharField(
        label=gettext_lazy("What you want to say"),
        help_text=gettext_lazy("Name no child. It stays on record as you wrote it."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who reads it?"), widget=forms.RadioSelect, initial="both"
    )
    field_order = ["text", "audience", "confirmed_reason", "confirmed_words"]

    def __init__(self, *args: Any, of_force: bool, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "remark")
        super().__init__(*args, **kwargs)
        own = _("Only the force") if of_force else _("Only the inspectorate")
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            ("both", _("The force and the inspectorate")),
            ("own", own),
        ]


def accepted_endings() -> str:
    """Return what a browser offers to choose from."""
    return ",".join(f".{ending}" for ending in file_types.ENDINGS)


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(PART_LENGTH)
