"""The paper for a force's monthly board: asked for with one click, made by a worker (`reports.jobs` says how)."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import Force, User
from inspections import dates
from reports import board_paper, jobs, pdf
from reports.models import BoardPaper
from reports.progress import COMPOSE, COUNT, Progress


def may_request(force: Force, user: User) -> bool:
    """Whether `user` may have the paper of `force` made: all of its own people."""
    return user.force_id == force.pk


def request(force: Force, *, by: User) -> BoardPaper:
    """Ask for the paper of `force` as of today and return it; if one is being made already, that one.

    Raises NotAllowed for people of another force and of the inspectorate.
    """
    if not may_request(force, by):
        raise NotAllowed(gettext("The paper for a force’s board is made for its own people."))
    paper: BoardPaper = _jobs.ask(force=force, as_of=dates.today(), requested_by=by)
    return paper


def _make(paper: BoardPaper, progress: Progress) -> pdf.Pdf:
    with translation.override(settings.LANGUAGE_CODE):
        progress.step(COUNT)
        content = board_paper.gather(paper.force, paper.requested_by, paper.as_of)
        progress.step(COMPOSE)
        html = board_paper.compose(content)
    return pdf.print_html(html, progress)


_jobs = jobs.register(
    jobs.Jobs(
        name="board_paper",
        model=BoardPaper,
        lock_space=0x4153_0001_0000_0000,  # beside that of `reports.builds`
        first_step=_("Counting what is open"),
        make=_make,
        related=("force", "requested_by"),
    )
)
STEPS = _jobs.steps
run = _jobs.run
sweep = _jobs.sweep
