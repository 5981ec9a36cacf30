"""Making the PDFs of reports in a worker: asked for as a row, done once (`reports.jobs` says how)."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.errors import NotAllowed
from accounts.models import User
from cases import figures
from inspections import team
from inspections.models import Inspection
from reports import pdf
from reports.compilation import compile_document
from reports.document import Document
from reports.jobs import Jobs
from reports.models import BuildStatus, Publication, ReportBuild

logger = logging.getLogger(__name__)

COUNT, GATHER, STORE = 1, 2, len(pdf.STEPS)
LOCK_SPACE = 0x4153_0000_0000_0000  # keeps our advisory locks apart from everybody else's


def may_request(inspection: Inspection, user: User) -> bool:
    """Whether `user` may have a draft PDF made: the team and managers, until publication."""
    return not inspection.is_published and (user.is_manager or team.works_on(inspection, user))


def request_build(inspection: Inspection, *, by: User) -> ReportBuild:
    """Ask for a draft PDF and return its build; if one is being made already, that one.

    Raises NotAllowed for people who may not see drafts, and after publication.
    """
    if not may_request(inspection, by):
        raise NotAllowed(gettext("A draft is made for the team and managers, until publication."))
    return _queue(inspection, None, by)


def request_final(publication: Publication, *, by: User) -> ReportBuild:
    """Ask for the PDF of a publication, which a worker adds to it once. Publishing does; managers may ask again."""
    return _queue(publication.inspection, publication, by)


def _queue(inspection: Inspection, publication: Publication | None, by: User) -> ReportBuild:
    try:
        with transaction.atomic():
            build = ReportBuild.objects.create(
                inspection=inspection, publication=publication, requested_by=by
            )
            transaction.on_commit(lambda: _jobs.send(build.pk))
    except IntegrityError:  # one is under way already
        return ReportBuild.objects.active().get(inspection=inspection, publication=publication)
    return build


def run_build(pk: int) -> None:
    """Make the PDF of the build `pk`, unless it is done, given up, or in another worker's hands.

    Must not run inside a transaction: people watch its progress.
    """
    with _jobs.hold(pk) as ours:
        if not ours:
            return
        build = _begin(pk)
        if build is None:
            return
        try:
            made = pdf.make(_document(build), on_step=lambda step: _progress(build, step))
            _progress(build, STORE)
            _store(build, made)
        except Exception:
            logger.exception("build %s failed at attempt %s", pk, build.attempts)
            _jobs.put_back(build)


def sweep() -> int:
    """Send again every build whose message or worker was lost; return how many."""
    return _jobs.sweep()


def _task() -> Any:
    from reports.tasks import make_pdf

    return make_pdf


_jobs = Jobs(ReportBuild, LOCK_SPACE, _task)
_is_held = _jobs.is_held


def _begin(pk: int) -> ReportBuild | None:
    if not _jobs.begin(pk):
        return None
    return ReportBuild.objects.select_related("inspection__force", "publication").get(pk=pk)


def _document(build: ReportBuild) -> Document:
    if build.publication is not None:
        _progress(build, GATHER)
        return Document.from_json(build.publication.document)
    with translation.override(settings.LANGUAGE_CODE):
        _progress(build, COUNT)
        counted = figures.for_report(build.inspection)
        _progress(build, GATHER)
        return compile_document(build.inspection, counted)


def _progress(build: ReportBuild, step: int) -> None:
    _jobs.ours(build).update(step=step)


def _store(build: ReportBuild, made: pdf.Pdf) -> None:
    finished = {"status": BuildStatus.DONE, "finished_at": timezone.now(), "error": ""}
    result = {"pdf": made.content, "sha256": made.sha256, "pages": made.pages}
    with transaction.atomic():
        if build.publication is None:
            _jobs.ours(build).update(**finished, **result)
        elif _jobs.ours(build).update(**finished):
            Publication.objects.filter(pk=build.publication.pk, pdf__isnull=True).update(**result)
