"""All copies of what was published, made of its frozen document: stored once, and made again to prove them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from reports import copies, jobs, pdf
from reports.document import Document
from reports.models import FileKind, Publication, PublishedFile
from reports.pdf import Pdf


@dataclass(frozen=True)
class Difference:
    """A copy of a publication that is not what was published; `what` says why, in a few words."""

    copy: str
    what: str


def copies_of(publication: Publication) -> dict[FileKind, bytes]:
    """Return every copy of the publication but its PDF, made anew."""
    return copies.make(Document.from_json(publication.document))


def store(publication: Publication, made: Pdf, copied: dict[FileKind, bytes]) -> None:
    """Add the PDF and the other copies to the publication, in the caller’s transaction; what is there stays."""
    changed = Publication.objects.filter(pk=publication.pk, pdf__isnull=True)
    if not changed.update(**jobs.contents(made)):
        return
    PublishedFile.objects.bulk_create(
        PublishedFile(publication=publication, kind=kind, content=content, sha256=_hash(content))
        for kind, content in copied.items()
    )


def add_missing(publication: Publication) -> list[str]:
    """Make those copies that an older program did not make, of the frozen document; return which.

    What is stored stays. A publication that still waits for its PDF gets all copies with that, so none now.
    """
    if publication.pdf is None:
        return []
    stored = set(publication.files.values_list("kind", flat=True))
    missing = {kind: made for kind, made in copies_of(publication).items() if kind not in stored}
    PublishedFile.objects.bulk_create(
        (
            PublishedFile(publication=publication, kind=kind, content=made, sha256=_hash(made))
            for kind, made in missing.items()
        ),
        ignore_conflicts=True,  # somebody else adds them at the same moment: the same bytes
    )
    return [str(kind) for kind in missing]


def differences(publication: Publication) -> list[Difference]:
    """Make every copy again, and return those that differ from what was published: [] if all are the same bytes.

    What is stored is held to its hash first, so that damage to a file shows as such.
    """
    found = []
    stored = {file.kind: file for file in publication.files.all()}
    if publication.pdf is None:
        return [Difference("pdf", "has not been made yet")]
    files = [("pdf", bytes(publication.pdf), publication.sha256)]
    files += [(kind, bytes(file.content), file.sha256) for kind, file in stored.items()]
    for kind, content, sha256 in files:
        if _hash(content) != sha256:
            found.append(Difference(kind, "is not what its hash says"))
    document = Document.from_json(publication.document)
    again = {"pdf": pdf.make(document).content}
    again |= {str(kind): content for kind, content in copies.make(document).items()}
    hashes = {kind: sha256 for kind, _content, sha256 in files}
    for kind, content in again.items():
        if kind not in hashes:
            found.append(Difference(kind, "was not stored"))
        elif _hash(content) != hashes[kind]:
            found.append(Difference(kind, "comes out differently now"))
    return found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
