"""Making the PDFs of reports in a worker: asked for as a row, done once (`reports.jobs` says how)."""

from __future__ import annotations

import functools
import hashlib
import json
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import User
from inspections import team
from inspections.models import Inspection
from reports import drafted, freezing, jobs, pdf
from reports.document import Document
from reports.models import BuildStatus, Publication, ReportBuild, ReportBuildQuerySet
from reports.pdf import Pdf
from reports.progress import COUNT, Progress

LOCK_SPACE = 0x4153_0000_0000_0000  # keeps our advisory locks apart from everybody else's


def may_request(inspection: Inspection, user: User) -> bool:
    """Whether `user` may have a draft PDF made: the team and managers, while there is a draft."""
    return _has_draft(inspection) and (user.is_manager or team.works_on(inspection, user))


def _has_draft(inspection: Inspection) -> bool:
    return not inspection.is_published or drafted.open_correction(inspection) is not None


def request_build(inspection: Inspection, *, by: User) -> ReportBuild:
    """Ask for a draft PDF and return its build; if the draft has not changed since one, or one is under way, that one.

    What is under way may be of an earlier draft: `is_of_earlier_draft` says so, and whoever shows it should.
    Raises NotAllowed for people who may not see drafts, and after publication.
    """
    if not may_request(inspection, by):
        raise NotAllowed(gettext("A draft is made for the team and managers, until publication."))
    same = _finished(inspection, content_hash(drafted.document(inspection))).first()
    if same is not None:
        return same
    build: ReportBuild = _jobs.ask(inspection=inspection, publication=None, requested_by=by)
    return build


def request_final(publication: Publication, *, by: User | None) -> ReportBuild:
    """Ask for the PDF of a publication, which a worker adds to it once. Publishing does; managers may ask again."""
    build: ReportBuild = _jobs.ask(
        inspection=publication.inspection, publication=publication, requested_by=by
    )
    return build


def cancel(build: ReportBuild, *, by: User) -> bool:
    """Stop the making of a draft; False if it had ended before. A report that is published always gets its PDF.

    Raises NotAllowed for people who may not ask for one either, and for the PDF of a publication.
    """
    if build.publication_id is not None or not may_request(build.inspection, by):
        raise NotAllowed(gettext("Whoever may ask for a draft may cancel it; nothing else can be."))
    return _jobs.cancel(build.pk)


def is_of_earlier_draft(build: ReportBuild) -> bool | None:
    """Whether what the draft says, or what prints it, has changed since `build` took it from the database.

    None if there is nothing to say: it has no PDF and none to come, has not been counted yet, or there is no draft any
    more. Compiles the draft, so ask it of one build, not of a list.
    """
    counted = build.status == BuildStatus.DONE or (
        build.status == BuildStatus.RUNNING and build.step > COUNT
    )
    if build.publication_id is not None or not build.content_hash or not counted:
        return None
    if not _has_draft(build.inspection):
        return None
    return build.content_hash != content_hash(drafted.document(build.inspection))


def content_hash(document: Document) -> str:
    """Return the SHA-256 (hexadecimal) of all that the PDF of `document` depends on: content and what prints it."""
    content = json.dumps(document.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{_press()}\n{content}".encode()).hexdigest()


@functools.cache
def _press() -> str:
    """A hash of the templates, styles and program that print: after an upgrade the same content is another file."""
    folder = Path(settings.BASE_DIR)
    files = [
        *sorted(pdf.ASSETS.iterdir()),
        *sorted((folder / "templates" / "reports").glob("**/*.jinja")),
        *sorted((folder / "templates" / "reports" / "pdf").iterdir()),
        *sorted((folder / "reports").glob("*.py")),
        folder / "templates" / "components" / "chart.jinja",
        folder / "cases" / "charts.py",
    ]
    hashed = hashlib.sha256(metadata.version("weasyprint").encode())
    for file in files:
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def _drafts(inspection: Inspection) -> ReportBuildQuerySet:
    return ReportBuild.objects.filter(inspection=inspection, publication__isnull=True)


def _finished(inspection: Inspection, content: str) -> QuerySet[ReportBuild]:
    return _drafts(inspection).filter(status=BuildStatus.DONE, content_hash=content)


def _make(build: ReportBuild, progress: Progress) -> Pdf:
    progress.step(COUNT)
    if build.publication is not None:
        return pdf.make(Document.from_json(build.publication.document), progress)
    document = drafted.document(build.inspection)
    build.content_hash = content_hash(document)
    # At once, so that who looks on, or asks meanwhile, is told if the draft has changed since.
    _jobs.ours(build).update(content_hash=build.content_hash)
    same = _finished(build.inspection, build.content_hash).first()
    if same is not None:
        assert same.pdf is not None and same.pages is not None
        return Pdf(bytes(same.pdf), same.sha256, same.pages)
    return pdf.make(document, progress)


def _store(build: ReportBuild, ours: QuerySet[ReportBuild], made: Pdf) -> None:
    publication = build.publication
    if publication is None:
        ours.update(**jobs.finished(), **jobs.contents(made), content_hash=build.content_hash)
        return
    copied = freezing.copies_of(publication)
    with transaction.atomic():
        if ours.update(**jobs.finished(), pages=None):
            freezing.store(publication, made, copied)


_jobs = jobs.register(
    jobs.Jobs(
        name="report",
        model=ReportBuild,
        lock_space=LOCK_SPACE,
        first_step=_("Counting the grades"),
        make=_make,
        related=("inspection__force", "inspection__framework", "publication"),
        store=_store,
    )
)
STEPS = _jobs.steps
run_build = _jobs.run
sweep = _jobs.sweep
_is_held = _jobs.is_held
