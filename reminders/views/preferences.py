"""How a person wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inspections import dates
from reminders import preferences
from reminders.forms import PreferenceForm


def edit(request: HttpRequest) -> HttpResponse:
    """Choose mail, Assay or both, and who is told while one is away."""
    user, today = request.user, dates.today()
    form = PreferenceForm(request.POST or None, user=user, today=today)
    if request.method == "POST" and form.is_valid():
        preferences.save(user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from the next message on."))
        return redirect("messages:preferences")
    context = {
        "form": form,
        "stands_in_for": preferences.stands_in_for(user, today),
        "today": today,
    }
    return render(request, "messages/preferences.html", context)
