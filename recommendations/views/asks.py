"""The same ask across forces: all asks, one of them, and the search for others like one recommendation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from cases.personal_data import LooksPersonal
from config import numbers
from inspections import dates
from inspections.deadlines import SOON_DAYS
from recommendations import asks, lists, wording
from recommendations.ask_forms import AskForm, WordsForm
from recommendations.models import Ask, RecommendationQuerySet

PER_PAGE = 50


@require_safe
def ask_list(request: HttpRequest) -> HttpResponse:
    """Every ask that somebody has confirmed; with `q`, recommendations in words like these, to begin with."""
    _must_read(request)
    form = WordsForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    alike = wording.alike(words, lists.published(request.user), most=asks.MOST_CANDIDATES)
    page = Paginator(asks.all_asks(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "words": words, "alike": alike, "page": page}
    return render(request, "recommendations/asks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """One ask: what each force was told, in its own words, and by when; a POST renames it."""
    _must_read(request)
    found = get_object_or_404(Ask, pk=pk)
    form = AskForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST":
        _must_confirm(request)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                asks.rename(
                    found,
                    typed["title"],
                    by=request.user,
                    personal_data_reason=typed["confirmed_reason"],
                )
            except LooksPersonal as refused:
                form.object_to(refused)
            except DomainError as error:
                form.add_error("title", str(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("recommendations:ask", found.pk)
    theirs = asks.of_ask(found, request.user)
    context = {
        "ask": found,
        "recommendations": theirs,
        "timescales": asks.timescales(theirs),
        "may_confirm": asks.may_confirm(request.user),
        "form": form,
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def same_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Recommendations to other forces in words like those of this one; a POST confirms the ticked ones."""
    _must_confirm(request)
    recommendation = get_object_or_404(
        lists.for_rows(lists.published(request.user)).prefetch_related("points"), pk=pk
    )
    form = AskForm(request.POST or None)
    if recommendation.ask or _chosen(request).filter(ask__isnull=False).exists():
        form.fields["title"].required = False
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            confirmed = asks.confirm(
                recommendation,
                list(_chosen(request)),
                title=typed["title"],
                by=request.user,
                personal_data_reason=typed["confirmed_reason"],
            )
        except LooksPersonal as refused:
            form.object_to(refused)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Confirmed as the same ask."))
            return redirect("recommendations:ask", confirmed.pk)
    context = {
        "recommendation": recommendation,
        "candidates": asks.candidates(recommendation, request.user),
        "ticked": {each.pk for each in _chosen(request)},
        "form": form,
        "today": dates.today(),
        "soon_days": SOON_DAYS,
    }
    return render(request, "recommendations/same_ask.html", context)


@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one recommendation out of its ask."""
    _must_confirm(request)
    recommendation = get_object_or_404(lists.published(request.user), pk=pk)
    before = recommendation.ask_id
    asks.take_out(recommendation, by=request.user)
    if before and Ask.objects.filter(pk=before).exists():
        messages.success(request, _("It is no longer part of this ask."))
        return redirect("recommendations:ask", before)
    messages.success(request, _("One recommendation was left, so this ask is gone."))
    return redirect("recommendations:asks")


def _chosen(request: HttpRequest) -> RecommendationQuerySet:
    keys = numbers.wholes(request.POST.getlist("same")[:100])
    return lists.published(request.user).filter(pk__in=keys)


def _must_read(request: HttpRequest) -> None:
    if not asks.may_read(request.user):
        raise PermissionDenied


def _must_confirm(request: HttpRequest) -> None:
    if not asks.may_confirm(request.user):
        raise PermissionDenied
