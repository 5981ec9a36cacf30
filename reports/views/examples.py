"""The pages of case examples: the list, making one of a case, reading, changing and releasing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotAllowed
from cases import reading_record
from cases.models import CaseFile
from cases.personal_data import LooksPersonal
from cases.views import get_case
from config import numbers
from inspections import team
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import drafted, examples, markdown, navigation, word_changes
from reports.examples import ExampleRefused, StaleExample
from reports.forms_examples import ExampleForm, initial_of
from reports.models import CaseExample
from reports.views import get_drafted, person


def _ours(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection if the person who asks works with its examples: not the force; else 404."""
    inspection = get_drafted(request, pk)
    if not examples.are_read_by(inspection, person(request)):
        raise Http404
    return inspection


def _get(request: HttpRequest, pk: int, example_pk: int) -> CaseExample:
    inspection = _ours(request, pk)
    found = get_object_or_404(examples.visible(inspection, person(request)), pk=example_pk)
    found.inspection = inspection
    found.case.inspection = inspection
    return found


def _around(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    user = person(request)
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, "examples"),
    }


@require_safe
def example_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every case example of the report, in the order of its sections, and which a lead has still to release."""
    inspection, user = _ours(request, pk), person(request)
    order = {theme.pk: place for place, theme in enumerate(examples.themes(inspection))}
    found = sorted(
        examples.visible(inspection, user),
        key=lambda each: (order.get(each.theme_id, len(order)), each.created_at, each.pk),
    )
    context = {
        **_around(request, inspection),
        "examples": found,
        "may_release": examples.may_release(inspection, user),
        "is_open": examples.is_open(inspection) and team.works_on(inspection, user),
    }
    return render(request, "reports/examples.html", context)


def add(request: HttpRequest, case_pk: int) -> HttpResponse:
    """Make an example of a case."""
    case, user = get_case(request, case_pk), person(request)
    if not examples.may_make(case, user):
        raise PermissionDenied
    reading_record.opened(case, by=user)
    form = _form(request, case)
    if request.method == "POST" and form.is_valid():
        try:
            made = examples.make(case, by=user, **_content(form))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except (LooksPersonal, ExampleRefused) as refused:
            return _objected(request, case, form, refused)
        messages.success(request, _("The example has been saved. A lead can release it now."))
        return redirect("reports:example", made.inspection_id, made.pk)
    return _form_page(request, case, form)


def example(request: HttpRequest, pk: int, example_pk: int) -> HttpResponse:
    """Read an example; for its author and leads, change it, and see what somebody else changed meanwhile."""
    found, user = _get(request, pk, example_pk), person(request)
    case = found.case
    reading_record.opened(case, by=user)
    may_change = examples.may_change(found, user)
    if request.method != "POST":
        form = _form(request, case, found) if may_change else None
        return _form_page(request, case, form, example=found)
    if not may_change:
        raise PermissionDenied
    form = _form(request, case, found)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            examples.change(found, version=version, by=user, **_content(form))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except StaleExample as stale:
            return _conflict(request, case, form, stale.current)
        except (LooksPersonal, ExampleRefused) as refused:
            return _objected(request, case, form, refused, found)
        messages.success(request, _("The example has been saved. A lead has to release it."))
        return redirect("reports:example", pk, example_pk)
    return _form_page(request, case, form, example=found)


@require_POST
def release(request: HttpRequest, pk: int, example_pk: int) -> HttpResponse:
    """Release an example as it was read, take it out of the report again, or remove it."""
    found, user = _get(request, pk, example_pk), person(request)
    version = numbers.whole(request.POST.get("version", "")) or 0
    what = request.POST.get("what", "release")
    try:
        if what == "remove":
            examples.remove(found, version=version, by=user)
            messages.success(request, _("The example has been removed."))
            return redirect("reports:examples", pk)
        if what == "take-back":
            examples.take_back(found, by=user)
            messages.success(request, _("The report does not tell this example any more."))
        else:
            examples.release(found, version=version, by=user)
            messages.success(request, _("The example is released: the report tells it."))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except (StaleExample, ExampleRefused, LooksPersonal) as refused:
        messages.error(request, str(refused))
    return redirect("reports:example", pk, example_pk)


def _form(
    request: HttpRequest, case: CaseFile, example: CaseExample | None = None, **initial: Any
) -> ExampleForm:
    return ExampleForm(
        request.POST if request.method == "POST" and not initial else None,
        initial=initial or (initial_of(example) if example else {}),
        themes=examples.themes(case.inspection),
        is_told_before=examples.others_of(case, example).exists(),
    )


def _content(form: ExampleForm) -> dict[str, Any]:
    wanted = form.cleaned_data
    return {
        "theme": wanted["theme"],
        "good": wanted["good"],
        "text": wanted["text"],
        "told_again": wanted.get("told_again", ""),
        "personal_data_reason": wanted["confirmed_reason"],
    }


def _objected(
    request: HttpRequest,
    case: CaseFile,
    form: ExampleForm,
    refused: LooksPersonal | ExampleRefused,
    example: CaseExample | None = None,
) -> HttpResponse:
    if isinstance(refused, LooksPersonal):
        form.object_to(refused)
    elif refused.field in form.fields:
        form.add_error(refused.field, str(refused))
    else:  # somebody told the case while this was being written: now the page asks why it is told again
        form = _form(request, case, example)
        form.is_valid()
        if refused.field not in form.errors:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return _form_page(request, case, form, example=example)


def _conflict(
    request: HttpRequest, case: CaseFile, form: ExampleForm, current: CaseExample | None
) -> HttpResponse:
    """Show what differs between what somebody else saved and what was typed; saving again replaces theirs."""
    if current is None:
        messages.error(request, _("Somebody has removed this example. Your text is below."))
        return _form_page(request, case, form, status=409)
    wanted = form.cleaned_data
    mine = _form(
        request,
        case,
        current,
        **{
            "version": current.version,
            "theme": wanted["theme"].pk,
            "good": "good" if wanted["good"] else "poor",
            "text": wanted["text"],
            "told_again": wanted.get("told_again", ""),
        },
    )
    changes = word_changes.changes(current.text, wanted["text"])
    return _form_page(request, case, mine, example=current, changes=changes, status=409)


def _form_page(
    request: HttpRequest,
    case: CaseFile,
    form: ExampleForm | None,
    *,
    example: CaseExample | None = None,
    changes: list[word_changes.Change] | None = None,
    status: int = 200,
) -> HttpResponse:
    inspection, user = case.inspection, person(request)
    base = reverse("reports:preview", args=[inspection.pk])
    context = {
        **_around(request, inspection),
        "case": case,
        "example": example,
        "form": form,
        "changes": changes,
        "others": list(examples.others_of(case, example)),
        "may_release": example is not None and examples.may_release(inspection, user),
        "markdown": markdown.Reading(drafted.document(inspection), base=base) if example else None,
    }
    return render(request, "reports/example.html", context, status=status)
