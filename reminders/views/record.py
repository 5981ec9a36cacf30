"""The record of what everybody was told, and of what was told of one deadline."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from config import spreadsheets
from config.paging import PER_PAGE, LongPaginator
from inspections.models import Deadline
from inspections.presentation import deadline_page
from reminders import record
from reminders.forms import RecordFilter
from reminders.models import Reminder, ReminderQuerySet

MOST_OF_A_DEADLINE = 200


def everything(request: HttpRequest) -> HttpResponse:
    """Every message that is the person's business, newest first; narrowed by person, force, kind, state and day."""
    form = RecordFilter(request.GET, user=request.user)
    paginator = LongPaginator(_asked_for(request, form), _load, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "entries": record.entries(list(page), request.user)}
    return render(request, "messages/record.html", context)


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send what the record with the same query shows, all its pages, as CSV or XLSX."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    found = _asked_for(request, RecordFilter(request.GET, user=request.user))
    most = spreadsheets.MOST_IN_XLSX
    if kind == spreadsheets.XLSX and found.order_by()[: most + 1].count() > most:
        messages.warning(
            request,
            _(
                "An Excel workbook holds up to %(count)s messages, and more than that match. Take the CSV file, which "
                "Excel opens, too, or narrow the list."
            )
            % {"count": f"{most:,}"},
        )
        return redirect(f"{reverse('messages:record')}?{request.GET.urlencode()}")
    rows = record.rows(found, request.user)
    return spreadsheets.response(kind, slugify(_("Messages")), _("Messages"), record.head(), rows)


def of_deadline(request: HttpRequest, deadline_pk: int) -> HttpResponse:
    """Who was told of one deadline, when and why."""
    deadline = get_object_or_404(
        Deadline.objects.visible_to(request.user).select_related("inspection__force"),
        pk=deadline_pk,
    )
    found = list(record.load(record.of_deadline(deadline, request.user))[:MOST_OF_A_DEADLINE])
    context = {
        "deadline": deadline,
        "entries": record.entries(found, request.user),
        "back": deadline_page(deadline, request.user),
    }
    return render(request, "messages/told.html", context)


def _asked_for(request: HttpRequest, form: RecordFilter) -> ReminderQuerySet:
    """Return what the filter wants of the record; a choice that makes no sense is left aside."""
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    return record.narrow(Reminder.objects.visible_to(request.user), **chosen).order_by("-pk")


def _load(keys: list[int]) -> ReminderQuerySet:
    return record.load(Reminder.objects.filter(pk__in=keys))
