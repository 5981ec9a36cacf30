import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from config.forms import DateField, GovForm, error_links, field_view


class Plan(GovForm):
    required_messages = {"kind": "Select what kind of plan it is"}

    title = forms.CharField(label="Title of the plan", max_length=5)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    pcc = forms.ChoiceField(label="PCC office", choices=[("x", "X")])
    due = DateField(label="Deadline")
    secret = forms.CharField(widget=forms.HiddenInput)


def errors(**data):
    return {name: list(texts) for name, texts in Plan(data).errors.items()}


def test_errors_of_empty_fields_say_what_to_do():
    assert errors() == {
        "title": ["Enter title of the plan"],
        "kind": ["Select what kind of plan it is"],
        "pcc": ["Select PCC office"],
        "due": ["Enter deadline"],
        "secret": ["Enter secret"],
    }


def test_errors_of_wrong_values_say_what_is_wrong():
    found = errors(title="too long", kind="z", pcc="x", secret="1", due="2026-03-03")
    assert found == {
        "title": ["Title of the plan must be 5 characters or fewer"],
        "kind": ["Select kind from the list"],
    }


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("", "3", "2026", "Deadline must include a day"),
        ("3", "", "2026", "Deadline must include a month"),
        ("3", "3", "", "Deadline must include a year"),
        ("3", "3", "26", "Year must include 4 numbers"),
        ("29", "2", "2026", "Deadline must be a real date"),
        ("three", "3", "2026", "Deadline must be a real date"),
        ("3", "0", "2026", "Deadline must be a real date"),
    ],
)
def test_a_date_that_is_none_says_what_is_wrong_and_keeps_what_was_typed(
    day, month, year, expected
):
    form = Plan({"due-day": day, "due-month": month, "due-year": year})
    assert form.errors["due"] == [expected]
    assert tuple(field_view(form["due"])["value"]) == (day, month, year)


def test_a_date_in_three_parts_is_a_date():
    form = Plan({"due-day": " 3", "due-month": "03", "due-year": "2026"})
    form.is_valid()
    assert form.cleaned_data["due"] == dt.date(2026, 3, 3)


def test_a_date_in_one_piece_is_a_date_too_so_that_an_address_can_carry_it():
    form = Plan(QueryDict("due=2026-03-03"))
    form.is_valid()
    assert form.cleaned_data["due"] == dt.date(2026, 3, 3)
    assert tuple(field_view(form["due"])["value"]) == ("3", "3", "2026")


def test_an_impossible_date_in_one_piece_is_an_error():
    assert Plan({"due": "2026-02-30"}).errors["due"] == ["Deadline must be a real date"]


def test_a_date_knows_whether_it_changed():
    form = Plan(
        {"due-day": "3", "due-month": "3", "due-year": "2026"},
        initial={"due": dt.date(2026, 3, 3)},
    )
    assert "due" not in form.changed_data


def test_an_error_about_one_part_of_a_date_leads_to_that_part():
    form = Plan({"due-day": "3", "due-month": "3", "due-year": "26"})
    assert {"text": "Year must include 4 numbers", "href": "#id_due-year"} in error_links(form)


def test_an_error_of_a_hidden_field_has_no_link():
    assert {"text": "Enter secret", "href": ""} in error_links(Plan({}))


def test_an_error_of_the_whole_form_leads_to_its_first_box():
    form = Plan({})
    form.add_error(None, "These do not go together")
    assert error_links(form)[0] == {"text": "These do not go together", "href": "#id_title"}


def test_forms_without_errors_have_no_summary():
    assert error_links(Plan(), Plan()) == []


def test_a_password_is_never_written_back():
    class Secret(GovForm):
        word = forms.CharField(widget=forms.PasswordInput)

    assert field_view(Secret({"word": "hunter2"})["word"])["value_text"] == ""


def test_an_unknown_widget_is_refused_rather_than_shown_wrongly():
    class Odd(GovForm):
        colour = forms.CharField(widget=forms.Widget)

    with pytest.raises(TypeError, match="No component shows a Widget"):
        field_view(Odd()["colour"])
