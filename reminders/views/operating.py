"""The operator's page: is anything sent, and what was not."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config import numbers
from reminders import delivery, operating
from reminders.models import Digest, DigestStatus

PER_PAGE = 50


def outbox(request: HttpRequest) -> HttpResponse:
    """How the sending of messages does, and every mail that has not gone out; an administrator has it tried again."""
    if not operating.may_operate(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _try_again(request)
    rows = operating.unsent()
    wanted = request.GET.get("status", "")
    if wanted in (DigestStatus.FAILED, DigestStatus.QUEUED):
        rows = rows.filter(status=wanted)
    page = Paginator(rows.select_related("user__force"), PER_PAGE).get_page(request.GET.get("page"))
    shown = Digest.objects.filter(pk__in=[each.pk for each in page], status=DigestStatus.QUEUED)
    held = set(operating.held_for_a_working_day(shown).values_list("pk", flat=True))
    condition = operating.condition()
    context = {
        "condition": condition,
        "page": page,
        "rows": [
            {
                "digest": each,
                "next_attempt": delivery.next_attempt(each),
                "is_held": each.pk in held,
            }
            for each in page
        ],
        "wanted": wanted,
        "now": condition.now,
    }
    return render(request, "messages/outbox.html", context)


def _try_again(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("digest", "")
    if chosen == "all":
        count = operating.try_again(None, by=request.user)
    else:
        count = operating.try_again(numbers.wholes([chosen]), by=request.user)
    if count:
        text = ngettext(
            "%(count)d mail is tried again now.", "%(count)d mails are tried again now.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("It does not wait any more."))
    return redirect("messages:outbox")
