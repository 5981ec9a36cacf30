"""What a person was told: their messages, one message, and that they have read them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inspections import dates
from reminders import inbox, operating, record
from reminders.models import Digest

PER_PAGE = 50


def message_list(request: HttpRequest) -> HttpResponse:
    """Everything that the person was told, newest first; `?unread=1` leaves out what they have read."""
    own = Digest.objects.visible_to(request.user)
    only_unread = bool(request.GET.get("unread"))
    shown = Digest.objects.unread_by(request.user) if only_unread else own
    page = Paginator(shown.order_by("-day", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    on_page = list(
        inbox.with_counts(own.filter(pk__in=[digest.pk for digest in page])).order_by("-day", "-pk")
    )
    abouts = inbox.abouts(on_page, request.user)
    context = {
        "page": page,
        "rows": [
            {"digest": digest, "title": inbox.title(digest), "about": abouts.get(digest.pk)}
            for digest in on_page
        ],
        "unread": inbox.unread_count(request.user),
        "only_unread": only_unread,
        "keeps_record": record.concerns(request.user),
        "operates": operating.may_operate(request.user),
    }
    return render(request, "messages/list.html", context)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, which is read once it has been opened; where things stand by now is beside what was said."""
    digest = get_object_or_404(inbox.with_counts(Digest.objects.visible_to(request.user)), pk=pk)
    inbox.mark_as_read(digest)
    groups, hidden = inbox.groups(digest, request.user)
    now = dates.now()
    context = {
        "digest": digest,
        "groups": groups,
        "hidden": hidden,
        "title": inbox.title(digest),
        "today": now.date(),
        "now": now,
    }
    return render(request, "messages/detail.html", context)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    count = inbox.mark_all_as_read(request.user)
    if count:
        text = ngettext(
            "%(count)d message marked as read.", "%(count)d messages marked as read.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There was nothing left to read."))
    return redirect("messages:list")
