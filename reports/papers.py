"""The paper for a force's monthly board: asked for with one click, made by a worker (`reports.jobs` says how)."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import Force, User
from inspections import dates
from reports import board_paper, pdf
from reports.jobs import Jobs
from reports.models import BoardPaper, BuildStatus

logger = logging.getLogger(__name__)

# What the making of a paper tells of itself while it goes on.
STEPS = [
    _("Counting what is open"),
    _("Composing the pages"),
    _("Laying out the pages"),
    _("Writing the PDF"),
    _("Storing it"),
]
COUNT, COMPOSE, LAY_OUT, STORE = 1, 2, 3, 5
LOCK_SPACE = 0x4153_0001_0000_0000  # beside that of `reports.builds`


def _task() -> Any:
    from reports.tasks import make_board_paper

    return make_board_paper


_jobs = Jobs(BoardPaper, LOCK_SPACE, _task)
sweep = _jobs.sweep


def may_request(force: Force, user: User) -> bool:
    """Whether `user` may have the paper of `force` made: all of its own people."""
    return user.force_id == force.pk


def request(force: Force, *, by: User) -> BoardPaper:
    """Ask for the paper of `force` as of today and return it; if one is being made already, that one.

    Raises NotAllowed for people of another force and of the inspectorate.
    """
    if not may_request(force, by):
        raise NotAllowed(gettext("The paper for a force’s board is made for its own people."))
    try:
        with transaction.atomic():
            paper = BoardPaper.objects.create(force=force, as_of=dates.today(), requested_by=by)
            transaction.on_commit(lambda: _jobs.send(paper.pk))
    except IntegrityError:  # one is under way already
        return BoardPaper.objects.active().get(force=force)
    return paper


def run(pk: int) -> None:
    """Make the PDF of the paper `pk`, unless it is done, given up, or in another worker's hands.

    Must not run inside a transaction: people watch its progress.
    """
    with _jobs.hold(pk) as ours:
        if not ours or not _jobs.begin(pk):
            return
        paper = BoardPaper.objects.select_related("force", "requested_by").get(pk=pk)
        try:
            made = _make(paper)
            _jobs.ours(paper).update(step=STORE)
            _jobs.ours(paper).update(
                status=BuildStatus.DONE,
                finished_at=timezone.now(),
                error="",
                pdf=made.content,
                sha256=made.sha256,
                pages=made.pages,
            )
        except Exception:
            logger.exception("board paper %s failed at attempt %s", pk, paper.attempts)
            _jobs.put_back(paper)


def _make(paper: BoardPaper) -> pdf.Pdf:
    def tell(step: int) -> None:
        _jobs.ours(paper).update(step=step)

    with translation.override(settings.LANGUAGE_CODE):
        tell(COUNT)
        content = board_paper.gather(paper.force, paper.requested_by, paper.as_of)
        tell(COMPOSE)
        html = board_paper.compose(content)
    # The printer counts the steps of a report, of which laying out is the first that it tells.
    return pdf.print_html(html, on_step=lambda step: tell(step - pdf.LAY_OUT + LAY_OUT))
