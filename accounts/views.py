"""“Your work”, the page on which everybody lands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.work import gather
from config.clock import today


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who asks, most urgent first."""
    day = today()
    return render(request, "accounts/home.html", {"items": gather(request.user, day), "today": day})
