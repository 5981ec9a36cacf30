"""What people type about cases and audits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import grading, personal_data, sampling
from cases.models import AuditStatus, Route
from config.forms import DateField, GovForm
from inspections.models import Area, Framework, Grade, Side, Theme

ANY = ("", _("Any"))
EXCLUDED, NOT_GRADED, COUNTED = "excluded", "not_graded", "counted"
STATES = [
    (NOT_GRADED, _("Not graded")),
    (AuditStatus.DRAFT.value, _("Draft")),
    (AuditStatus.SUBMITTED.value, _("Submitted")),
    (EXCLUDED, _("Excluded")),
    (COUNTED, _("Not excluded")),
]
BIGGEST_VERSION = 2**31 - 1


class FreeTextForm(GovForm):
    """A form whose texts are checked for what looks like personal data; the person may say that it is none."""

    confirmed = forms.BooleanField(
        label=_("This is not personal data"),
        required=False,
        help_text=_("Names nobody, and nobody could be found by it."),
    )

    @property
    def asks_to_confirm(self) -> bool:
        """Whether the check has objected, or was overruled a moment ago."""
        return getattr(self, "_objected", False) or bool(
            self.data.get(self.add_prefix("confirmed"))
        )

    def object_to(self, refused: personal_data.LooksPersonal) -> None:
        """Show at each field what looks like personal data in it, and offer to overrule that."""
        self._objected = True
        for name, suspicions in refused.fields.items():
            self.add_error(self.field_of(name), personal_data.sentence(suspicions))

    def field_of(self, name: str) -> str:
        """Return the field that holds what a verb calls `name`."""
        return name


class CaseForm(FreeTextForm):
    """One case to add."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=sampling.REFERENCE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("A number or code that names nobody, for example DA-2026-014."),
    )
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"), widget=forms.RadioSelect)
    opened_on = DateField(label=_("Date opened"), required=False, help_text=_("If it is known."))
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=sampling.SUMMARY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the case is about, without names or addresses."),
    )
    field_order = ["reference", "area", "opened_on", "summary", "confirmed"]

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        area.queryset = framework.areas.all()  # type: ignore[attr-defined]
        area.empty_label = None  # type: ignore[attr-defined]


class ImportForm(FreeTextForm):
    """A file of cases."""

    required_messages = {"file": _("Select a CSV or XLSX file")}
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel workbook (.xlsx), up to 10,000 cases and 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": _("The file is empty")},
    )
    field_order = ["file", "confirmed"]


class ExcludeForm(FreeTextForm):
    reason = forms.CharField(
        label=_("Why is this case excluded?"),
        max_length=sampling.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stays on record with the case. The force can read it."),
    )
    required_messages = {"reason": _("Enter why the case is excluded")}
    field_order = ["reason", "confirmed"]


class ReopenForm(FreeTextForm):
    reason = forms.CharField(
        label=_("Why is this audit reopened?"),
        max_length=sampling.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stays on record beside the grade that was submitted."),
    )
    required_messages = {"reason": _("Enter why the audit is reopened")}
    field_order = ["reason", "confirmed"]


class AuditForm(FreeTextForm):
    """One side's audit of a case: a text for each theme, a grade of the framework's scale, the reason.

    A draft may lack anything; with `submitting`, grade and reason are asked for.
    """

    required_messages = {
        "grade": _("Select a grade"),
        "reason": _("Enter the reason for the grade"),
    }
    version = forms.IntegerField(
        min_value=0, max_value=BIGGEST_VERSION, widget=forms.HiddenInput, initial=0
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for the grade"),
        required=False,
        max_length=grading.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(
        self,
        *args: Any,
        grades: list[Grade],
        themes: list[Theme],
        submitting: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grades, self.themes = {grade.code: grade for grade in grades}, themes
        grade = self.fields["grade"]
        grade.choices = [(g.code, g.label) for g in grades]  # type: ignore[attr-defined]
        grade.choice_hints = {g.code: g.description for g in grades}  # type: ignore[attr-defined]
        grade.required = self.fields["reason"].required = submitting
        for theme in themes:
            # a validator instead of max_length, which would put a counter under every box
            field = forms.CharField(
                label=theme.label,
                required=False,
                validators=[MaxLengthValidator(grading.FINDING_LENGTH)],
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[self.field_of(theme.code)] = field
            self._word_errors(theme.code, field)

    def field_of(self, name: str) -> str:
        return name if name in ("reason", "grade") else f"finding-{name}"

    @property
    def findings(self) -> dict[str, str]:
        """The texts by theme code."""
        return {
            theme.code: self.cleaned_data.get(self.field_of(theme.code), "")
            for theme in self.themes
        }

    @property
    def chosen_grade(self) -> Grade | None:
        return self.grades.get(self.cleaned_data.get("grade", ""))

    @property
    def finding_fields(self) -> list[forms.BoundField]:
        """The themes' boxes in report order."""
        return [self[self.field_of(theme.code)] for theme in self.themes]


class CaseFilter(GovForm):
    """Narrows the cases of an inspection. Each side's grade can be asked for only by who may see it at all."""

    q = forms.CharField(label=_("Reference or summary"), required=False, max_length=100)
    area = forms.ModelChoiceField(
        Area.objects.none(),
        to_field_name="code",
        label=_("Area"),
        required=False,
        empty_label=ANY[1],  # type: ignore[arg-type]
    )
    route = forms.ChoiceField(choices=[ANY, *Route.choices], label=_("Route"), required=False)
    state = forms.ChoiceField(choices=[ANY, *STATES], label=_("State"), required=False)
    grade = forms.ModelChoiceField(
        Grade.objects.none(),
        to_field_name="code",
        label=_("Inspectorate’s grade"),
        required=False,
        empty_label=ANY[1],  # type: ignore[arg-type]
    )
    force_grade = forms.ModelChoiceField(
        Grade.objects.none(),
        to_field_name="code",
        label=_("Force’s grade"),
        required=False,
        empty_label=ANY[1],  # type: ignore[arg-type]
    )

    def __init__(
        self, *args: Any, framework: Framework, sides: list[Side], state_side: Side, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = framework.areas.all()  # type: ignore[attr-defined]
        for name, side in (("grade", Side.INSPECTORATE), ("force_grade", Side.FORCE)):
            self.fields[name].queryset = framework.grades.all()  # type: ignore[attr-defined]
            if side not in sides:
                del self.fields[name]
        if len(sides) > 1:
            whose = (
                _("inspectorate’s audit") if state_side == Side.INSPECTORATE else _("force’s audit")
            )
            self.fields["state"].label = format_lazy("{} ({})", _("State"), whose)
