"""One deadline: when, who, how its date came about; asking for more time, and answering that."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed, TextRefused
from accounts.models import User
from inspections import dates, extensions
from inspections.deadlines import AlreadyMet, mark_as_done, may_mark_as_done
from inspections.forms import DoneForm
from inspections.forms_dates import AnswerForm, AskForm
from inspections.history import Event
from inspections.models import Deadline, DeadlineKind, Extension, ExtensionDecision
from inspections.presentation import deadline_page, plan_review_page, side_name
from inspections.provenance import how_it_came_about


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One deadline, all that was said about more time, and what the person can do about it."""
    deadline, user = _get_deadline(request, pk), request.user
    is_open = deadline.met_on is None and deadline.lapsed_on is None
    may_mark = may_mark_as_done(deadline, user)
    form = DoneForm(request.POST or None) if may_mark and is_open else None
    if request.method == "POST":
        if not may_mark:
            raise PermissionDenied
        answer = _mark(request, deadline, form) if form is None or form.is_valid() else None
        if answer:
            return answer
    said = list(deadline.extensions.select_related("asked_by", "decided_by"))
    waiting = next((each for each in said if not each.decision), None) if is_open else None
    subject = deadline_page(deadline, user)
    context = {
        **_facts(deadline),
        "subject": subject if subject != request.path else "",
        "form": form,
        "events": [event for each in said for event in _told(each)],
        "plan_review_href": plan_review_page(deadline.inspection, user)
        if is_open and deadline.kind == DeadlineKind.REVISIT
        else "",
        "may_ask": is_open and waiting is None and extensions.may_ask(deadline, user),
        "waiting": waiting,
        "may_answer": waiting is not None and _may_answer(waiting, user),
    }
    return render(request, "deadlines/detail.html", context)


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for more time, with a reason."""
    deadline = _get_deadline(request, pk)
    if not extensions.may_ask(deadline, request.user):
        raise PermissionDenied
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            extensions.ask(
                deadline,
                wanted_on=form.cleaned_data["wanted_on"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except TextRefused as refused:
            form.object_to(refused)
        except (extensions.UnusableDate, extensions.NoReason) as error:
            at = "reason" if isinstance(error, extensions.NoReason) else "wanted_on"
            form.add_error(at, str(error))
        except (Conflict, extensions.NotExtensible) as error:
            messages.warning(request, str(error))
            return redirect("deadlines:detail", deadline.pk)
        else:
            messages.success(
                request, _("You have asked for more time. The date stays as it is for now.")
            )
            return redirect("deadlines:detail", deadline.pk)
    return render(request, "deadlines/extension.html", {**_facts(deadline), "form": form})


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to more time or refuse it; whoever asked may take it back here."""
    extension = get_object_or_404(
        Extension.objects.visible_to(request.user).select_related(
            "deadline__inspection__force", "deadline__owner", "deadline__met_by", "asked_by"
        ),
        pk=pk,
    )
    deadline, user = extension.deadline, request.user
    may_decide = _may_answer(extension, user, whatever_was_decided=True)
    may_withdraw = extensions.may_withdraw(extension, user)
    may_act = (may_decide or may_withdraw) and not extension.decision
    if not may_act and request.method != "POST":  # who only reads finds all of it there
        return redirect("deadlines:detail", deadline.pk)
    typed = None if "withdraw" in request.POST else request.POST or None
    form = AnswerForm(typed, wanted_on=extension.wanted_on) if may_decide else None
    if request.method == "POST":
        response = _answer(request, extension, form)
        if response:
            return response
    context = {
        **_facts(deadline),
        "extension": extension,
        "form": form,
        "may_withdraw": may_withdraw,
    }
    return render(request, "deadlines/answer_extension.html", context)


def _answer(
    request: HttpRequest, extension: Extension, form: AnswerForm | None
) -> HttpResponse | None:
    """Do what was posted; None if the form has to be shown again."""
    try:
        if "withdraw" in request.POST:
            extensions.withdraw(extension, by=request.user)
            messages.success(request, _("The request is taken back."))
        elif form is None:
            raise PermissionDenied
        elif not form.is_valid() or not _decide(extension, form, request.user):
            return None
        else:
            messages.success(request, _("Your answer is sent."))
    except NotAllowed as error:
        raise PermissionDenied from error
    except (Conflict, extensions.NotExtensible) as error:
        messages.warning(request, str(error))
    return redirect("deadlines:detail", extension.deadline_id)


def _decide(extension: Extension, form: AnswerForm, by: User) -> bool:
    """Agree or refuse as the form says; False if it was refused itself, and says so."""
    typed = form.cleaned_data
    reason = typed["confirmed_reason"]
    try:
        if typed["decision"] == ExtensionDecision.AGREED:
            extensions.agree(
                extension,
                agreed_on=typed["agreed_on"],
                answer=typed["answer"],
                by=by,
                personal_data_reason=reason,
            )
        else:
            extensions.refuse(extension, answer=typed["answer"], by=by, personal_data_reason=reason)
    except TextRefused as refused:
        form.object_to(refused)
        return False
    except (extensions.UnusableDate, extensions.NoReason) as error:
        at = "answer" if isinstance(error, extensions.NoReason) else "agreed_on"
        form.add_error(at, str(error))
        return False
    return True


def _mark(request: HttpRequest, deadline: Deadline, form: DoneForm | None) -> HttpResponse | None:
    """Mark it as done; None if the form has to be shown again with what looks like personal data."""
    typed = form.cleaned_data if form else {"note": "", "confirmed_reason": ""}
    try:
        mark_as_done(
            deadline,
            by=request.user,
            note=typed["note"],
            personal_data_reason=typed["confirmed_reason"],
        )
    except TextRefused as refused:
        if form is None:
            raise
        form.object_to(refused)
        return None
    except NotAllowed as error:
        raise PermissionDenied from error
    except AlreadyMet:
        messages.warning(request, _("Somebody else has marked this as done. It is as they said."))
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Marked as done."))
    return redirect("deadlines:detail", deadline.pk)


def _get_deadline(request: HttpRequest, pk: int) -> Deadline:
    return get_object_or_404(
        Deadline.objects.visible_to(request.user).select_related(
            "inspection__force", "met_by", "owner"
        ),
        pk=pk,
    )


def _facts(deadline: Deadline) -> dict[str, object]:
    """What all pages about `deadline` show of it."""
    return {
        "deadline": deadline,
        "inspection": deadline.inspection,
        "today": dates.today(),
        "now": dates.now(),
        "who": side_name(deadline.responsible, deadline.inspection.force),
        "how": how_it_came_about(deadline),
    }


def _may_answer(extension: Extension, user: User, whatever_was_decided: bool = False) -> bool:
    """Whether the person decides this: not their own wish, and not what has been decided."""
    if extension.decision and not whatever_was_decided:
        return False
    return extensions.may_decide(extension.deadline, user) and extension.asked_by_id != user.pk


def _told(extension: Extension) -> list[Event]:
    """What happened to one extension, newest first."""
    asked = Event(
        extension.asked_at,
        _("More time asked for, until %(date)s") % {"date": _words(extension.wanted_on)},
        extension.asked_by.name,
        extension.reason,
    )
    if not extension.decision or extension.decided_at is None:
        return [asked]
    titles = {
        ExtensionDecision.AGREED: _("Extension agreed: from %(before)s to %(after)s")
        % {
            "before": _words(extension.from_on),
            "after": _words(extension.agreed_on or extension.wanted_on),
        },
        ExtensionDecision.REFUSED: _("Extension refused"),
        ExtensionDecision.WITHDRAWN: _("Request taken back"),
    }
    by = extension.decided_by.name if extension.decided_by else ""
    title = titles[ExtensionDecision(extension.decision)]
    return [Event(extension.decided_at, title, by, extension.answer), asked]


def _words(day: dt.date) -> str:
    return date_format(day, "j F Y")
