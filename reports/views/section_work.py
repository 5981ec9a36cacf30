"""What belongs to a section beside its text: its versions, colleagues' comments, its author and how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotAllowed
from cases.personal_data import LooksPersonal
from config import numbers
from inspections.models import Inspection
from inspections.navigation import subnav
from reports import authorship, navigation, section_comments, section_versions, sections
from reports.forms_writing import AuthorsForm, CommentForm
from reports.models import SectionComment, SectionStatus
from reports.sections import StaleSection
from reports.views import get_drafted, get_place, person


def _ours(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection if the person who asks works on its draft: not the force that checks it; else 404."""
    inspection = get_drafted(request, pk)
    if not section_comments.may_comment(inspection, person(request)):
        raise Http404
    return inspection


def _around(request: HttpRequest, inspection: Inspection) -> dict[str, object]:
    user = person(request)
    return {
        "inspection": inspection,
        "subnav": subnav(inspection, user, "report"),
        "sections": navigation.sections(inspection, user, ""),
    }


@require_safe
def versions(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Everything that was ever saved of one section: who wrote when, to compare."""
    inspection = _ours(request, pk)
    place = get_place(inspection, key)
    every = section_versions.versions(inspection, place)
    context = {
        **_around(request, inspection),
        "place": place,
        "sittings": section_versions.sittings(every),
        "saves": len(every),
    }
    return render(request, "reports/section_versions.html", context)


@require_safe
def compare(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What changed between two versions of a section, word by word; without an address, what changed last."""
    inspection = _ours(request, pk)
    place = get_place(inspection, key)
    every = section_versions.versions(inspection, place)
    if not every:
        raise Http404
    last = section_versions.sittings(every)[0]
    first = _number(request, "from", last.before)
    second = _number(request, "to", last.last.number)
    before = section_versions.texts(inspection, place, first)
    after = section_versions.texts(inspection, place, second)
    if before is None or after is None:
        raise Http404
    context = {
        **_around(request, inspection),
        "place": place,
        "first": first,
        "second": second,
        "choices": [sitting.last for sitting in section_versions.sittings(every)],
        "by_number": {each.number: each for each in every},
        "compared": section_versions.compare(before, after),
        "newest": every[-1].number,
        "may_edit": sections.may_edit(inspection, person(request)),
    }
    return render(request, "reports/section_compare.html", context)


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    typed = request.GET.get(name, "")
    if not typed:
        return otherwise
    number = numbers.whole(typed)
    if number is None:
        raise Http404
    return number


def comments(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Every comment on a section, open and settled, and one more."""
    inspection = _ours(request, pk)
    place = get_place(inspection, key)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            section_comments.comment(
                inspection,
                place,
                form.cleaned_data["text"],
                by=person(request),
                personal_data_reason=form.cleaned_data["confirmed_reason"],
            )
        except LooksPersonal as refused:
            form.object_to(refused)
        except section_comments.NothingSaid as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Your comment has been added."))
            return redirect(sections.section_url(inspection, place) + "#comments")
    found = SectionComment.objects.visible_to(person(request)).filter(
        inspection=inspection, section_key=place.key
    )
    context = {
        **_around(request, inspection),
        "place": place,
        "form": form,
        "comments": list(found.select_related("by", "settled_by")),
    }
    return render(request, "reports/section_comments.html", context)


@require_POST
def settle_comment(request: HttpRequest, pk: int, key: str, comment_pk: int) -> HttpResponse:
    """Say that a comment has been dealt with."""
    inspection = _ours(request, pk)
    place = get_place(inspection, key)
    visible = SectionComment.objects.visible_to(person(request)).select_related("inspection")
    found = get_object_or_404(visible, inspection=inspection, section_key=key, pk=comment_pk)
    try:
        section_comments.settle(found, by=person(request))
    except section_comments.AlreadySettled as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("The comment is settled."))
    return redirect(sections.section_url(inspection, place) + "#comments")


@require_POST
def status(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Say how far a section is, without changing its text."""
    inspection = _ours(request, pk)
    place = get_place(inspection, key)
    wanted, read = request.POST.get("status", ""), numbers.whole(request.POST.get("version", ""))
    if wanted not in SectionStatus.values or read is None:
        raise Http404
    try:
        authorship.set_status(
            inspection, place, SectionStatus(wanted), version=read, by=person(request)
        )
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except StaleSection:
        messages.error(
            request, _("Somebody has changed the text since you read it. Read it again first.")
        )
        return redirect(sections.section_url(inspection, place))
    except authorship.NothingToRead as refused:
        messages.error(request, str(refused))
        return redirect(sections.section_url(inspection, place))
    words = {
        SectionStatus.WRITING: _("“%(section)s” is being written again."),
        SectionStatus.READY: _("“%(section)s” is ready to be read."),
        SectionStatus.AGREED: _("“%(section)s” is agreed."),
    }
    messages.success(request, words[SectionStatus(wanted)] % {"section": place.title})
    return redirect(sections.section_url(inspection, place))


def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who writes which section."""
    inspection, user = _ours(request, pk), person(request)
    if not authorship.may_assign(inspection, user):
        raise PermissionDenied
    writers = list(authorship.writers(inspection))
    entries = sections.outline(inspection)
    form = AuthorsForm(
        request.POST if request.method == "POST" else None, entries=entries, writers=writers
    )
    if request.method == "POST" and form.is_valid():
        refusals = _give(inspection, form, request)
        for sentence in refusals:
            messages.error(request, sentence)
        if not refusals:
            messages.success(request, _("The authors have been saved."))
        return redirect("reports:assign" if refusals else "reports:outline", inspection.pk)
    context = {**_around(request, inspection), "form": form, "entries": entries}
    return render(request, "reports/authors.html", context)


def _give(inspection: Inspection, form: AuthorsForm, request: HttpRequest) -> list[str]:
    refusals = []
    for entry, was, now in form.changed:
        try:
            authorship.assign(
                inspection,
                entry.place,
                form.people.get(now),
                was=numbers.whole(was),
                by=person(request),
            )
        except (authorship.StaleAuthor, authorship.NotOfTheTeam) as refused:
            refusals.append(str(refused))
    return refusals
