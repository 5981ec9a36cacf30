"""Many cases at once: what will happen and to how many is said before anything happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError, NotAllowed
from cases import assignment, readings
from cases import bulk as verbs
from cases.bulk_forms import AssignManyForm, ExcludeManyForm, ReadManyForm
from cases.models import CaseFileQuerySet
from cases.views.lists import Asked, asked_for
from config import numbers
from inspections.models import Inspection
from inspections.navigation import subnav

NAMED = 20  # so many cases are named; of the others it is said how many there are
NAMED_IN_MESSAGE = 5


def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, with all that the action needs to know; then do it to the cases that are (still) meant.

    They are the ticked ones, or everything that the query of the address asks for; never others than that, and never
    others than the person may open.
    """
    asked = asked_for(request, pk)
    possible = verbs.actions(asked.inspection, request.user)
    if request.method != "POST":
        return redirect(asked.href)
    action = possible.get(request.POST.get("action", ""))
    if action is None:
        raise PermissionDenied
    chosen = _chosen(request, asked)
    count = chosen.count()
    if not count:
        messages.error(request, _("Select at least one case."))
        return redirect(asked.href)
    try:
        verbs.check_number(action, count)
    except verbs.TooMany as refused:
        messages.error(request, str(refused))
        return redirect(asked.href)
    step = STEPS[action.name]
    sent = request.POST if "expected" in request.POST else None
    form = step.form(sent, inspection=asked.inspection)
    if sent is not None and form.is_valid():
        if sent["expected"] != str(count):
            form.add_error(None, _("The list has changed meanwhile. Look again, and confirm"))
        else:
            try:
                step.do(request, asked.inspection, chosen, form)
            except NotAllowed as refused:
                raise PermissionDenied from refused
            except DomainError as refused:
                form.add_error(step.field, str(refused))
            else:
                return redirect(asked.href)
    return _ask_once_more(request, asked, action, chosen, count, form)


def _chosen(request: HttpRequest, asked: Asked) -> CaseFileQuerySet:
    if request.POST.get("everything") == "1":
        return asked.found
    return asked.found.filter(pk__in=numbers.wholes(request.POST.getlist("case")))


def _ask_once_more(
    request: HttpRequest,
    asked: Asked,
    action: verbs.Action,
    chosen: CaseFileQuerySet,
    count: int,
    form: Any,
) -> HttpResponse:
    step = STEPS[action.name]
    return render(
        request,
        "cases/bulk.html",
        {
            "inspection": asked.inspection,
            "subnav": subnav(asked.inspection, request.user, "cases"),
            "form": form,
            "action": action,
            "title": step.title(count),
            "what": step.what(),
            "untouched": step.untouched(chosen),
            "count": count,
            "named": list(chosen.values_list("reference", flat=True)[:NAMED]),
            "everything": request.POST.get("everything") == "1",
            "keys": numbers.wholes(request.POST.getlist("case")),
            "query": asked.query,
            "back": asked.href,
        },
    )


# -- What each action says and does -----------------------------------------------------------------------------------


class Step(NamedTuple):
    """The page of one action; `field` is where a refusal is shown."""

    form: Callable[..., Any]
    field: str
    title: Callable[[int], str]
    what: Callable[[], str]
    untouched: Callable[[CaseFileQuerySet], str]
    do: Callable[[HttpRequest, Inspection, CaseFileQuerySet, Any], None]


def _title_of_assignment(count: int) -> str:
    return ngettext("Assign %(count)s case", "Assign %(count)s cases", count) % _figure(count)


def _assigned_already(chosen: CaseFileQuerySet) -> str:
    count = chosen.filter(assigned_to__isnull=False).count()
    if not count:
        return ""
    return ngettext(
        "%(count)s of them is assigned to somebody now.",
        "%(count)s of them are assigned to somebody now.",
        count,
    ) % _figure(count)


def _assign(
    request: HttpRequest, inspection: Inspection, chosen: CaseFileQuerySet, form: AssignManyForm
) -> None:
    to = form.chosen_or_nobody
    cases = chosen.order_by().only("inspection_id")
    count = assignment.assign(cases, to, by=request.user)
    if to is None:
        done = ngettext(
            "%(count)s case is assigned to nobody now.",
            "%(count)s cases are assigned to nobody now.",
            count,
        )
    else:
        done = ngettext(
            "%(count)s case is newly assigned to %(name)s.",
            "%(count)s cases are newly assigned to %(name)s.",
            count,
        )
    messages.success(request, done % {**_figure(count), "name": to.name if to else ""})


def _title_of_exclusion(count: int) -> str:
    return ngettext("Exclude %(count)s case", "Exclude %(count)s cases", count) % _figure(count)


def _excluded_already(chosen: CaseFileQuerySet) -> str:
    count = chosen.filter(excluded_at__isnull=False).count()
    if not count:
        return ""
    return ngettext(
        "%(count)s of them is excluded already and keeps its reason.",
        "%(count)s of them are excluded already and keep their reasons.",
        count,
    ) % _figure(count)


def _exclude(
    request: HttpRequest, inspection: Inspection, chosen: CaseFileQuerySet, form: ExcludeManyForm
) -> None:
    reason = form.cleaned_data["reason"]
    count = verbs.exclude(chosen, inspection, reason=reason, by=request.user)
    done = ngettext("%(count)s case is excluded.", "%(count)s cases are excluded.", count)
    messages.success(request, done % _figure(count))


def _title_of_reading(count: int) -> str:
    return ngettext(
        "Send %(count)s case to a second reading",
        "Send %(count)s cases to a second reading",
        count,
    ) % _figure(count)


def _ask(
    request: HttpRequest, inspection: Inspection, chosen: CaseFileQuerySet, form: ReadManyForm
) -> None:
    asked, refused = readings.ask_many(chosen, form.chosen, by=request.user)
    if asked:
        done = ngettext(
            "%(name)s is asked to read %(count)s case.",
            "%(name)s is asked to read %(count)s cases.",
            len(asked),
        )
        messages.success(request, done % {"name": form.chosen.name, **_figure(len(asked))})
    if refused:
        messages.warning(request, _not_asked(refused))


def _not_asked(refused: dict[str, str]) -> str:
    """Why some cases were left out: one sentence for each reason, with the cases that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for reference, reason in refused.items():
        by_reason.setdefault(reason, []).append(reference)
    sentences = []
    for reason, references in by_reason.items():
        shown = ", ".join(references[:NAMED_IN_MESSAGE])
        more = len(references) - NAMED_IN_MESSAGE
        if more > 0:
            shown = _("%(shown)s and %(count)s more") % {"shown": shown, **_figure(more)}
        sentences.append(f"{shown}: {reason}")
    return _("Not asked for:") + " " + " ".join(sentences)


def _figure(count: int) -> dict[str, str]:
    return {"count": f"{count:,}"}


STEPS = {
    verbs.ASSIGN: Step(
        AssignManyForm,
        "person",
        _title_of_assignment,
        lambda: _("What somebody has written of a case so far stays with the case."),
        _assigned_already,
        _assign,
    ),
    verbs.EXCLUDE: Step(
        ExcludeManyForm,
        "reason",
        _title_of_exclusion,
        lambda: _(
            "They stay here to read, with your reason, and count in no figure. You can include each of them again "
            "until the report is published."
        ),
        _excluded_already,
        _exclude,
    ),
    verbs.ASK: Step(
        ReadManyForm,
        "person",
        _title_of_reading,
        lambda: _(
            "One inspector reads each of these cases and grades it without seeing its audit. Whoever knows an audit "
            "already is not asked to read that case; you will be told which."
        ),
        lambda chosen: "",
        _ask,
    ),
}
