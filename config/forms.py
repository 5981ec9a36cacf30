"""The way from a Django form to the Design System's markup, and the field for a date in three parts.

`templates/components/forms.jinja` renders what `field_view` says; errors read as the Design System writes them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple, TypedDict

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorList, pretty_name
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

PARTS = ("day", "month", "year")


class DateParts(NamedTuple):
    """A date as it was typed: three texts, each possibly empty or wrong."""

    day: str
    month: str
    year: str


class DateInput(forms.Widget):
    """Three text boxes: day, month, year, sent as `NAME-day`, `NAME-month`, `NAME-year`."""

    parts = PARTS

    def value_from_datadict(self, data: Any, files: Any, name: str) -> DateParts | str | None:
        typed = DateParts(*(str(data.get(f"{name}-{part}") or "").strip() for part in PARTS))
        # An address may carry the date in one piece ("?due=2026-03-03"), as may a test.
        return typed if any(typed) else (data.get(name) or None)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}-{part}" in data for part in PARTS)

    def format_value(self, value: Any) -> DateParts:  # type: ignore[override]
        """Return the three texts to show: what was typed, or the date in parts."""
        if isinstance(value, DateParts):
            return value
        if isinstance(value, str):
            value = _parse(value)
        if isinstance(value, dt.date):
            return DateParts(str(value.day), str(value.month), str(value.year))
        return DateParts("", "", "")

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day" if id_ else id_


def _parse(text: str) -> dt.date | None:
    """Return the date that ISO text such as “2026-03-03” names; None if it names none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


class DateField(forms.Field):
    """A date typed in three parts; its errors say what is missing or wrong about them.

    An error's `code` is `required`, `invalid`, or the part that it is about (`day`, `month`, `year`).
    """

    widget = DateInput

    def to_python(self, value: Any) -> dt.date | None:
        """Return the date; None if nothing was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        if isinstance(value, str):
            parsed = _parse(value)
            if parsed is None:
                raise self._error(_("%(label)s must be a real date"), "invalid")
            return parsed
        return self._from_parts(value)

    def _from_parts(self, typed: DateParts) -> dt.date:
        missing = [part for part in PARTS if not getattr(typed, part)]
        if missing:
            raise self._error(
                {
                    "day": _("%(label)s must include a day"),
                    "month": _("%(label)s must include a month"),
                    "year": _("%(label)s must include a year"),
                }[missing[0]],
                missing[0],
            )
        if not all(part.isdecimal() for part in typed):
            raise self._error(_("%(label)s must be a real date"), "invalid")
        if len(typed.year) != 4:
            raise self._error(_("Year must include 4 numbers"), "year")
        try:
            return dt.date(int(typed.year), int(typed.month), int(typed.day))
        except (ValueError, OverflowError) as error:
            raise self._error(_("%(label)s must be a real date"), "invalid") from error

    def _error(self, message: str, code: str) -> ValidationError:
        return ValidationError(message, code=code, params={"label": self.label or _("Date")})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


def _in_sentence(label: str) -> str:
    """Return `label` as it reads inside a sentence: “Reason” becomes “reason”, “PCC” stays."""
    if label[1:2].isupper() or label.startswith("I "):
        return label
    return label[:1].lower() + label[1:]


class PlainErrors:
    """Mixin for forms: errors as the Design System words them, no browser bubbles, no colons after labels.

    `required_messages` of the class overrides “Enter …” and “Select …” for a field.
    """

    required_messages: dict[str, str | Promise] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if field.label is None:
                field.label = pretty_name(name)
            self._word_errors(name, field)

    def _word_errors(self, name: str, field: forms.Field) -> None:
        messages, label = field.error_messages, str(field.label)
        if name in self.required_messages:
            messages["required"] = str(self.required_messages[name])
        elif messages.get("required") is forms.Field.default_error_messages["required"]:
            messages["required"] = _required_message(field)
        if isinstance(field, CHOOSING):
            messages["invalid_choice"] = _("Select %(label)s from the list") % {
                "label": _in_sentence(label)
            }
        for validator in field.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = _("%(label)s must be %%(limit_value)d characters or fewer") % {
                    "label": label.replace("%", "%%")
                }


CHOOSING = (forms.ChoiceField, forms.ModelChoiceField)


def _required_message(field: forms.Field) -> str:
    label = str(field.label)
    if isinstance(field, forms.BooleanField):
        return _("Select “%(label)s”") % {"label": label}
    if isinstance(field, (*CHOOSING, forms.FileField)):
        return _("Select %(label)s") % {"label": _in_sentence(label)}
    return _("Enter %(label)s") % {"label": _in_sentence(label)}


class GovForm(PlainErrors, forms.Form):
    """A form whose errors read as the Design System words them."""


class GovModelForm(PlainErrors, forms.ModelForm):
    """A model's form whose errors read as the Design System words them."""


class Option(TypedDict):
    value: str
    text: str
    selected: bool
    disabled: bool
    hint: str


class FieldView(TypedDict):
    """All that the macros need to know of one field."""

    kind: str
    id: str
    target: str
    name: str
    label: str
    hint: str
    errors: list[str]
    excerpts: list[SafeString]
    faulty_part: str
    value: Any
    value_text: str
    checked: bool
    options: list[Option]
    max_length: int | None
    rows: int
    attributes: dict[str, str]
    required: bool
    disabled: bool


# In order: the first class that a widget is an instance of says how the field is shown.
KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (DateInput, "date"),
    (forms.PasswordInput, "password"),
    (forms.EmailInput, "email"),
    (forms.NumberInput, "number"),
    (forms.URLInput, "url"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.TextInput, "text"),
]
# Attributes that the macros set themselves, or that the Design System advises against.
OWN_ATTRIBUTES = {
    "id",
    "class",
    "placeholder",
    "required",
    "rows",
    "cols",
    "maxlength",
    "aria-describedby",
}


def _kind(widget: forms.Widget) -> str:
    for widget_class, kind in KINDS:
        if isinstance(widget, widget_class):
            return kind
    raise TypeError(f"No component shows a {type(widget).__name__}; add it to config.forms.KINDS.")


def _faulty_part(bound: BoundField) -> str:
    """Return the part of a date that its first error is about; the day unless it says so."""
    for error in bound.form.errors.get(bound.name, ErrorList()).as_data():
        if error.code in PARTS:
            return error.code
    return ""


def field_view(bound: BoundField) -> FieldView:
    """Describe a form's field for the macros; `target` is the id that an error about it links to."""
    widget, field = bound.field.widget, bound.field
    kind = _kind(widget)
    value = bound.value()
    id_ = bound.auto_id or bound.html_name
    part = _faulty_part(bound) if kind == "date" else ""
    if kind == "date":
        value = widget.format_value(value)
    elif kind in {"password", "file"}:
        value = None
    return {
        "kind": kind,
        "id": id_,
        "target": f"{id_}-{part or 'day'}" if kind == "date" else id_,
        "name": bound.html_name,
        "label": str(bound.label),
        "hint": str(bound.help_text or ""),
        "errors": [str(error) for error in bound.errors],
        # what a form shows of a text beneath its error (inspections/free_text.py)
        "excerpts": getattr(bound.form, "excerpts", {}).get(bound.name, []),
        "faulty_part": part,
        "value": value,
        "value_text": _value_text(kind, value),
        "checked": kind == "checkbox" and bool(value),
        "options": _options(bound) if kind in {"radios", "checkboxes", "select"} else [],
        "max_length": getattr(field, "max_length", None),
        "rows": int(widget.attrs.get("rows") or 5),
        "attributes": {
            name: str(attribute)
            for name, attribute in bound.build_widget_attrs(dict(widget.attrs)).items()
            if name not in OWN_ATTRIBUTES and attribute is not False
        },
        "required": field.required,
        "disabled": field.disabled,
    }


def _value_text(kind: str, value: Any) -> str:
    if value is None or kind in {"checkbox", "checkboxes", "radios", "select"}:
        return ""
    if kind == "date":
        try:
            return date_format(dt.date(*(int(part) for part in reversed(value))), "j F Y")
        except (ValueError, OverflowError):
            return " ".join(part for part in value if part)
    return str(value)


def _options(bound: BoundField) -> list[Option]:
    hints = getattr(bound.field, "choice_hints", {})
    options: list[Option] = []
    for choice in bound.subwidgets:
        value = "" if choice.data["value"] is None else str(choice.data["value"])
        text = str(choice.data["label"])
        options.append(
            {
                "value": value,
                "text": _("Choose one") if not value and text.startswith("---") else text,
                "selected": bool(choice.data["selected"]),
                "disabled": bool(choice.data["attrs"].get("disabled")),
                "hint": str(hints.get(value, "")),
            }
        )
    return options


class ErrorLink(TypedDict):
    text: str
    href: str


def error_links(*all_forms: forms.BaseForm) -> list[ErrorLink]:
    """Return the error summary of one or more forms, in page order; every link leads to a box on the page.

    An error of the whole form leads to its first box; one of a hidden field is shown without a link.
    """
    links: list[ErrorLink] = []
    for form in all_forms:
        if not form.errors:
            continue
        shown = [bound for bound in form if not bound.is_hidden]
        first = f"#{field_view(shown[0])['target']}" if shown else ""
        links += [{"text": str(error), "href": first} for error in form.non_field_errors()]
        for bound in form:
            href = "" if bound.is_hidden else f"#{field_view(bound)['target']}"
            links += [{"text": str(error), "href": href} for error in bound.errors]
    return links
