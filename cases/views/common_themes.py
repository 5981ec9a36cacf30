"""Findings of an area's cases in one view, to be put under common themes; and one theme with what is under it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import NotAllowed
from accounts.models import User
from cases import common_themes, navigation
from cases.common_theme_forms import NOT_YET, FindingFilter, GatherForm, RenameForm
from cases.common_themes import StaleTheme, ThemeRefused
from cases.lists import GRADED
from cases.models import CommonTheme, Finding, TaggedFinding
from cases.personal_data import LooksPersonal
from cases.views import get_inspection
from cases.views.figures import Links
from config import numbers
from config.paging import LongPaginator
from inspections import methodology
from inspections.models import Inspection
from inspections.navigation import subnav

MOST_UNDER_A_THEME = 500


def theme_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The themes, and the findings, narrowed by the address; ticked ones are put under a theme."""
    inspection, user = _inspection(request, pk), request.user
    narrowing = FindingFilter(request.GET, parts=methodology.of(inspection.framework))
    narrowing.is_valid()  # a choice that makes no sense is left aside
    wanted = narrowing.cleaned_data
    gathered = common_themes.gathered(inspection, user)
    themes = [one.theme for one in gathered]
    may = common_themes.may_gather(inspection, user)
    form = GatherForm(themes=themes, initial={"kind": wanted.get("kind") or None})
    status = 200
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        form = GatherForm(request.POST, themes=themes)
        theme = _gather(inspection, form, user) if form.is_valid() else None
        if theme:
            messages.success(request, _("Put under “%(title)s”.") % {"title": theme.title})
            return redirect(request.get_full_path())
        status = 400
    page = LongPaginator(_narrowed(inspection, user, wanted), _loaded).get_page(
        request.GET.get("page")
    )
    links = Links(reverse("cases:list", args=[inspection.pk]))
    return render(
        request,
        "cases/common_themes.html",
        {
            **_frame(inspection, user),
            "narrowing": narrowing,
            "is_filtered": narrowing.has_changed(),
            "themes": [
                {
                    "theme": one.theme,
                    "findings": one.findings,
                    "cases": links.cell(one.cases, common_theme=str(one.theme.pk), state=GRADED),
                }
                for one in gathered
            ],
            "page": page,
            "areas": _areas(inspection),
            "form": form,
            "may_gather": may,
        },
        status=status,
    )


def theme_page(request: HttpRequest, pk: int, theme_pk: int) -> HttpResponse:
    """One theme: its findings, which can be taken out again, and its title, which can be changed."""
    inspection, user = _inspection(request, pk), request.user
    theme = get_object_or_404(
        CommonTheme.objects.visible_to(user).filter(inspection=inspection).select_related("area"),
        pk=theme_pk,
    )
    theme.inspection = inspection
    may = common_themes.may_gather(inspection, user)
    form = RenameForm(initial={"title": theme.title, "was": theme.title})
    status = 200
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        done, form, status = _changed(request, theme)
        if done is not None:
            return done
    under = common_themes.findings(inspection, user).filter(tagged__common_theme=theme)
    keys = under.order_by("audit__case__area__order", "audit__case__reference", "position", "pk")
    found = _loaded(list(keys.values_list("pk", flat=True)[:MOST_UNDER_A_THEME]))
    cases = {finding.audit.case_id for finding in found}
    links = Links(reverse("cases:list", args=[inspection.pk]))
    return render(
        request,
        "cases/common_theme.html",
        {
            **_frame(inspection, user),
            "theme": theme,
            "found": found,
            "cases": len(cases),
            "is_empty": not found and not theme.tagged.exists(),
            "cases_href": links.to(common_theme=str(theme.pk), state=GRADED),
            "areas": _areas(inspection),
            "form": form,
            "may_gather": may,
        },
        status=status,
    )


def _gather(inspection: Inspection, form: GatherForm, user: User) -> CommonTheme | None:
    """Do what the form says; None, with an error in it, if that was refused."""
    try:
        return common_themes.gather(
            inspection,
            form.ticked,
            under=form.under,
            by=user,
            personal_data_reason=form.cleaned_data["confirmed_reason"],
        )
    except ThemeRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except StaleTheme as refused:
        form.add_error("common_theme", str(refused))
    except LooksPersonal as refused:
        form.object_to(refused)
    return None


def _changed(
    request: HttpRequest, theme: CommonTheme
) -> tuple[HttpResponse | None, RenameForm, int]:
    """Take out, delete or rename; return where to go next, or None with the form and the status of a refusal."""
    user, action = request.user, request.POST.get("action")
    form = RenameForm(initial={"title": theme.title, "was": theme.title})
    here = redirect("cases:common_theme", theme.inspection_id, theme.pk)
    try:
        if action == "take_out":
            taken = common_themes.take_out(theme, _keys(request), by=user)
            if taken:
                words = ngettext("%(n)d finding taken out.", "%(n)d findings taken out.", taken)
                messages.success(request, words % {"n": taken})
            else:
                messages.warning(request, _("Select at least one finding to take out."))
            return here, form, 302
        if action == "delete":
            common_themes.delete(theme, by=user)
            messages.success(request, _("Theme “%(title)s” deleted.") % {"title": theme.title})
            return redirect("cases:common_themes", theme.inspection_id), form, 302
        form = RenameForm(request.POST)
        if not form.is_valid():
            return None, form, 400
        common_themes.rename(
            theme,
            form.cleaned_data["title"],
            was=form.cleaned_data["was"],
            by=user,
            personal_data_reason=form.cleaned_data["confirmed_reason"],
        )
    except LooksPersonal as refused:
        form.object_to(refused)
        return None, form, 400
    except StaleTheme as refused:
        return _stale(request, theme, form, refused)
    except ThemeRefused as refused:
        if action == "delete":
            messages.warning(request, str(refused))
            return here, form, 302
        form.add_error("title", str(refused))
        return None, form, 400
    except NotAllowed as refused:
        raise PermissionDenied from refused
    messages.success(request, _("Theme renamed."))
    return here, form, 302


def _stale(
    request: HttpRequest, theme: CommonTheme, form: RenameForm, refused: StaleTheme
) -> tuple[HttpResponse | None, RenameForm, int]:
    """Show the other person's title beside what was typed; if the theme is gone, go to the list."""
    current = CommonTheme.objects.filter(pk=theme.pk).values_list("title", flat=True).first()
    if current is None:
        messages.warning(request, str(refused))
        return redirect("cases:common_themes", theme.inspection_id), form, 302
    if form.is_bound:
        form.data = {**request.POST.dict(), "was": current}
        form.add_error(
            "title",
            _("Somebody else has named it “%(title)s” meanwhile. Save again to use your words.")
            % {"title": current},
        )
    theme.title = current
    return None, form, 409


def _inspection(request: HttpRequest, pk: int) -> Inspection:
    if request.user.is_force:
        raise Http404
    return get_inspection(request, pk)


def _frame(inspection: Inspection, user: User) -> dict[str, Any]:
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "figures"),
        "sections": navigation.sections(inspection, user, "figures", "common_themes"),
    }


def _narrowed(inspection: Inspection, user: User, wanted: dict[str, Any]) -> QuerySet[Finding]:
    found = common_themes.findings(inspection, user)
    if wanted.get("area"):
        found = found.filter(audit__case__area__code=wanted["area"])
    if wanted.get("theme"):
        found = found.filter(theme__code=wanted["theme"])
    if wanted.get("kind"):
        found = found.filter(kind=wanted["kind"])
    if wanted.get("gathered") == NOT_YET:
        found = common_themes.untagged(found)
    return found.order_by(
        *("audit__case__area__order", "theme__order", "audit__case__reference", "position", "pk")
    )


def _loaded(keys: list[int]) -> list[Finding]:
    """Return the findings with these keys, in their order, with their cases and common themes, in two queries."""
    tagged = TaggedFinding.objects.select_related("common_theme").order_by("common_theme__title")
    found = (
        Finding.objects.filter(pk__in=keys)
        .select_related("audit__case", "theme")
        .prefetch_related(Prefetch("tagged", tagged))
    )
    by_key = {finding.pk: finding for finding in found}
    return [by_key[key] for key in keys if key in by_key]


def _areas(inspection: Inspection) -> dict[int, str]:
    return {area.pk: area.label for area in methodology.of(inspection.framework).areas}


def _keys(request: HttpRequest) -> list[int]:
    """The ticked findings; what is no number is left aside."""
    return numbers.wholes(request.POST.getlist("finding"))
