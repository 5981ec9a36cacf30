"""What people type about cases and audits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import sampling
from cases.models import Route
from config.forms import DateField
from inspections.free_text import FreeTextForm
from inspections.models import Area, Framework

BIGGEST_VERSION = 2**31 - 1


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
    selection_reason = forms.CharField(
        label=_("Why do you select this case?"),
        max_length=sampling.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays with the case. The force can read it once it can read the grades."),
    )
    required_messages = {"selection_reason": _("Enter why you select this case")}

    def __init__(self, *args: Any, framework: Framework, route: Route, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if route != Route.SELECTED:
            del self.fields["selection_reason"]
        self.order_fields(["reference", "area", "opened_on", "selection_reason", "summary"])
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
    field_order = ["file"]

    def ask_to_confirm(self, may_be_confirmed: bool) -> None:
        """Show the box for a reason, and only if personal data is all that is wrong with the file."""
        self.show_own_fields(may_be_confirmed)


class ExcludeForm(FreeTextForm):
    reason = forms.CharField(
        label=_("Why is this case excluded?"),
        max_length=sampling.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stays on record with the case. The force can read it."),
    )
    required_messages = {"reason": _("Enter why the case is excluded")}
    field_order = ["reason"]


class ReopenForm(FreeTextForm):
    reason = forms.CharField(
        label=_("Why is this audit reopened?"),
        max_length=sampling.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stays on record beside the grade that was submitted."),
    )
    required_messages = {"reason": _("Enter why the audit is reopened")}
    field_order = ["reason"]
