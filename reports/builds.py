"""Making PDFs in a worker: asked for as a row, done once, found again when a message or a worker is lost.

A worker holds a PostgreSQL advisory lock on its build for as long as its connection lives. A running build whose lock
is free has lost its worker, however long it has been running, and is begun again; three times at most.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from accounts.errors import NotAllowed
from accounts.models import User
from cases import figures
from inspections import team
from inspections.models import Inspection
from reports import pdf
from reports.compilation import compile_document
from reports.document import Document
from reports.models import BuildStatus, Publication, ReportBuild

logger = logging.getLogger(__name__)

ATTEMPTS = 3
COUNT, GATHER, STORE = 1, 2, len(pdf.STEPS)
# A message that no worker has taken by then may be lost, and is sent again; a second one does no harm.
RESEND_AFTER = dt.timedelta(seconds=20)
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
            transaction.on_commit(lambda: _send(build.pk))
    except IntegrityError:  # one is under way already
        return ReportBuild.objects.active().get(inspection=inspection, publication=publication)
    return build


def run_build(pk: int) -> None:
    """Make the PDF of the build `pk`, unless it is done, given up, or in another worker's hands.

    Must not run inside a transaction: people watch its progress.
    """
    with _hold(pk) as ours:
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
            _put_back(build)


def sweep() -> int:
    """Send again every build whose message or worker was lost; return how many."""
    waiting = ReportBuild.objects.active().filter(
        Q(status=BuildStatus.RUNNING) | Q(requested_at__lt=timezone.now() - RESEND_AFTER)
    )
    lost = [
        pk
        for pk, status in waiting.values_list("pk", "status")
        if status == BuildStatus.QUEUED or not _is_held(pk)
    ]
    for pk in lost:
        _send(pk)
    return len(lost)


def _send(pk: int) -> None:
    from reports.tasks import make_pdf

    try:
        make_pdf.apply_async([pk], retry=False)
    except OperationalError as error:  # the sweep will send it when the broker is back
        logger.warning("build %s waits for the broker: %s", pk, error)


@contextmanager
def _hold(pk: int) -> Iterator[bool]:
    """Hold the build's lock during the block; yields whether we got it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_SPACE + pk])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_SPACE + pk])


def _is_held(pk: int) -> bool:
    with _hold(pk) as ours:
        return not ours


def _begin(pk: int) -> ReportBuild | None:
    """Mark the build as running, once more; None if it is done or was begun too often."""
    active = ReportBuild.objects.active().filter(pk=pk)
    begun = active.filter(attempts__lt=ATTEMPTS).update(
        status=BuildStatus.RUNNING, step=0, started_at=timezone.now(), attempts=F("attempts") + 1
    )
    if begun:
        return ReportBuild.objects.select_related("inspection__force", "publication").get(pk=pk)
    active.update(
        status=BuildStatus.FAILED,
        finished_at=timezone.now(),
        error=gettext("The worker stopped %(count)d times while it made this PDF.")
        % {"count": ATTEMPTS},
    )
    return None


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
    _ours(build).update(step=step)


def _ours(build: ReportBuild) -> QuerySet[ReportBuild]:
    """The build's row, as long as nobody has begun it again since."""
    return ReportBuild.objects.filter(
        pk=build.pk, status=BuildStatus.RUNNING, attempts=build.attempts
    )


def _store(build: ReportBuild, made: pdf.Pdf) -> None:
    finished = {"status": BuildStatus.DONE, "finished_at": timezone.now(), "error": ""}
    result = {"pdf": made.content, "sha256": made.sha256, "pages": made.pages}
    with transaction.atomic():
        if build.publication is None:
            _ours(build).update(**finished, **result)
        elif _ours(build).update(**finished):
            Publication.objects.filter(pk=build.publication.pk, pdf__isnull=True).update(**result)


def _put_back(build: ReportBuild) -> None:
    """After an error: let the next sweep try again, or give up."""
    if build.attempts < ATTEMPTS:
        _ours(build).update(status=BuildStatus.QUEUED, step=0)
        return
    _ours(build).update(
        status=BuildStatus.FAILED,
        finished_at=timezone.now(),
        error=gettext("The PDF could not be made in %(count)d attempts.") % {"count": ATTEMPTS},
    )
