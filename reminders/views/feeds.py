"""One's deadlines in one's own calendar: the secret addresses, and the file that they lead to."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config.forms import GovForm
from inspections import dates
from reminders import feeds
from reminders.models import CalendarFeed


class FeedForm(GovForm):
    """Where an address will be used, so that one knows later which to revoke."""

    required_messages = {"name": gettext_lazy("Select where you will use it")}

    name = forms.ChoiceField(
        label=gettext_lazy("Where will you use it?"),
        widget=forms.RadioSelect,
        choices=[
            ("Outlook", gettext_lazy("Outlook")),
            ("Apple", gettext_lazy("iPhone, iPad or Mac")),
            ("Google", gettext_lazy("Google Calendar or Android")),
            ("Other", gettext_lazy("Something else")),
        ],
    )


def feed_list(request: HttpRequest) -> HttpResponse:
    """The person's addresses; a new one is shown once, on the page that answers to its making."""
    form, address = FeedForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            secret = feeds.open_feed(request.user, name=form.cleaned_data["name"])
        except feeds.TooManyFeeds as error:
            messages.error(request, str(error))
        else:
            address = f"{settings.BASE_URL}{reverse('messages:calendar', args=[secret])}"
            form = FeedForm()
    names = dict(FeedForm.base_fields["name"].choices)  # type: ignore[attr-defined]
    theirs = request.user.calendar_feeds.filter(revoked_at__isnull=True)
    context = {
        "form": form,
        "address": address,
        "webcal": address.replace("https:", "webcal:", 1).replace("http:", "webcal:", 1),
        "feeds": [{"feed": feed, "name": names.get(feed.name, feed.name)} for feed in theirs],
        "hours": feeds.REREAD_EVERY.total_seconds() // 3600,
    }
    answer = render(request, "messages/feeds.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to revoke one address, and do it."""
    feed = get_object_or_404(CalendarFeed, pk=pk, user=request.user, revoked_at__isnull=True)
    if request.method == "POST":
        feeds.revoke(feed)
        messages.success(request, _("Revoked. That address leads nowhere now."))
        return redirect("messages:feeds")
    return render(request, "messages/revoke_feed.html", {"feed": feed})


@login_not_required
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The file behind a secret address; “not modified” to a program that has it already."""
    feed = feeds.of_secret(secret)
    if feed is None:
        raise Http404
    feeds.note_reading(feed)
    found = feeds.entries(feed.user, dates.today())
    tag = feeds.etag(found)
    answer: HttpResponse
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(feeds.write(found), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="assay.ics"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
