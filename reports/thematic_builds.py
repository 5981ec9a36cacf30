"""The PDF of a thematic report: asked for with one click, made by a worker (`reports.jobs` says how)."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import User
from reports import jobs, markdown, pdf, thematic, thematic_tables
from reports.models import ThematicBuild, ThematicReport
from reports.progress import COMPOSE, COUNT, Progress
from reports.thematic import ThematicDocument


def may_request(user: User) -> bool:
    """Whether `user` may have PDFs of thematic reports made: everybody in the inspectorate."""
    return user.is_inspectorate


def request(report: ThematicReport, *, by: User) -> ThematicBuild:
    """Ask for the PDF of `report` as of today and return its row; if one is being made already, that one.

    Raises NotAllowed for people of a force.
    """
    if not may_request(by):
        raise NotAllowed(gettext("Thematic reports are the inspectorate’s."))
    build: ThematicBuild = _jobs.ask(report=report, requested_by=by)
    return build


def cancel(build: ThematicBuild, *, by: User) -> bool:
    """Stop the making of a PDF; False if it had ended before. Raises NotAllowed for people of a force."""
    if not may_request(by):
        raise NotAllowed(gettext("Thematic reports are the inspectorate’s."))
    return _jobs.cancel(build.pk)


def compose(document: ThematicDocument) -> str:
    """Return the HTML of which the PDF is made, in the document's language."""
    with translation.override(document.language):
        html = render_to_string(
            "reports/pdf/thematic.html",
            {
                "document": document,
                "parts": thematic_tables.parts(document),
                "caveats": thematic_tables.caveats(document),
                "markdown": markdown.render,
            },
        )
    return pdf.printable(html)


def _make(build: ThematicBuild, progress: Progress) -> pdf.Pdf:
    with translation.override(settings.LANGUAGE_CODE):
        progress.step(COUNT)
        document = thematic.gather(build.report)
        progress.step(COMPOSE)
        html = compose(document)
    return pdf.print_html(html, progress)


_jobs = jobs.register(
    jobs.Jobs(
        name="thematic",
        model=ThematicBuild,
        lock_space=0x4153_0003_0000_0000,  # beside those of the other kinds
        first_step=_("Adding up what was published"),
        make=_make,
        related=("report__comparison",),
    )
)
STEPS = _jobs.steps
run = _jobs.run
