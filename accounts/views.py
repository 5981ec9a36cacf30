"""“Your work”, the page on which everybody lands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.work import gather
from config.clock import now


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who asks, most urgent first."""
    moment = now()
    items = gather(request.user, moment.date())
    context = {"items": items, "today": moment.date(), "now": moment}
    return render(request, "accounts/home.html", context)
