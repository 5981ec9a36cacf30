"""The papers for a force's board: asked for, watched while they are made, downloaded."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import NotAllowed
from accounts.models import Force
from reports import papers
from reports.models import BoardPaper, BuildStatus
from reports.views import person
from reports.views.pdfs import attachment, build_progress, reloading

MOST_LISTED = 24


@require_http_methods(["GET", "HEAD", "POST"])
def paper_list(request: HttpRequest, force_pk: int) -> HttpResponse:
    """The papers that a force has had made, newest first; a POST asks for one as of today."""
    user = person(request)
    force = get_object_or_404(Force.objects.visible_to(user), pk=force_pk)
    if not papers.may_request(force, user):
        raise PermissionDenied
    if request.method == "POST":
        try:
            made = papers.request(force, by=user)
        except NotAllowed as error:
            raise PermissionDenied from error
        return redirect("reports:board_paper", force.pk, made.pk)
    found = BoardPaper.objects.visible_to(user).filter(force=force).defer("pdf")
    context = {"force": force, "papers": found.select_related("requested_by")[:MOST_LISTED]}
    return render(request, "reports/board_papers.html", context)


@require_safe
def paper(request: HttpRequest, force_pk: int, pk: int) -> HttpResponse:
    """How far a paper is; the page reloads itself until there is an end to it, and then has it to download."""
    visible = BoardPaper.objects.visible_to(person(request)).filter(force=force_pk)
    made = get_object_or_404(visible.select_related("force").defer("pdf"), pk=pk)
    size = visible.filter(pk=pk).aggregate(size=Sum(Length("pdf")))["size"] or 0
    context = {
        "force": made.force,
        "paper": made,
        "size": size,
        **build_progress(made, papers.STEPS),
    }
    return reloading(render(request, "reports/board_paper.html", context), active=context["active"])


@require_safe
def download(request: HttpRequest, force_pk: int, pk: int) -> HttpResponse:
    """Download a paper."""
    visible = BoardPaper.objects.visible_to(person(request)).filter(force=force_pk)
    made = get_object_or_404(visible.select_related("force"), pk=pk, status=BuildStatus.DONE)
    assert made.pdf is not None
    name = slugify(f"{made.force} {made.as_of.isoformat()}")
    return attachment(bytes(made.pdf), f"{name}.pdf", made.sha256)
