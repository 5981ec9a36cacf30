"""The files by which a force proves what it says: taken in, kept, and found again.

What the file is called and what it is are in the database; the file itself lies under a random name in
`settings.STORAGES["evidence"]`. A file without its row is rubbish, which `check_evidence` finds.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access
from accounts.errors import DomainError
from accounts.models import User
from recommendations import file_types
from recommendations.file_types import FileType
from recommendations.models import (
    Evidence,
    ProgressUpdate,
    Recommendation,
    RecommendationPoint,
)
from recommendations.models.progress import evidence_storage

MAX_FILES = 10  # in one go
MAX_NAME = 150  # characters
SUBJECT = "evidence"  # what accounts.access calls it
_NOT_IN_A_NAME = re.compile(r'[<>:"|?*]')

logger = logging.getLogger(__name__)


class FilesRefused(DomainError):
    """Some of the files were not taken, and so none was; `problems` names each with why."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: what it is, under a name that is only a name."""

    file: IO[bytes]
    name: str
    type: FileType
    size: int
    sha256: str


@dataclass
class Upload:
    """What somebody sends: an open file and what they call it."""

    file: IO[bytes]
    name: str


@dataclass(frozen=True)
class Proof:
    """Files that go with one word on progress, what they show, and the points that they prove."""

    uploads: Sequence[Upload] = ()
    shows: str = ""
    points: Sequence[RecommendationPoint] = field(default_factory=tuple)


def plain_name(name: str) -> str:
    """Return `name` without any path, control or direction character, short enough to show; its ending stays."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if c.isprintable() and unicodedata.category(c)[0] != "C")
    kept = _NOT_IN_A_NAME.sub("_", kept).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > MAX_NAME and dot and len(ending) <= 10:
        return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
    return kept[:MAX_NAME] or _("file")


def examine(uploads: Sequence[Upload]) -> list[Examined]:
    """Look at every file before any is kept. Raises FilesRefused with all that is wrong."""
    if len(uploads) > MAX_FILES:
        raise FilesRefused([_("Choose no more than %(most)d files at once.") % {"most": MAX_FILES}])
    found: list[Examined] = []
    problems: list[str] = []
    for upload in uploads:
        name = plain_name(upload.name)
        try:
            kind = file_types.recognise(upload.file, name)
        except file_types.Refused as refused:
            sentence = str(refused)
            problems.append(sentence if name in sentence else f"{name}: {sentence}")
            continue
        size, sha256 = _measure(upload.file)
        if any(other.sha256 == sha256 for other in found):
            continue  # the same file chosen twice
        found.append(Examined(upload.file, name, kind, size, sha256))
    if problems:
        raise FilesRefused(problems)
    return found


def _measure(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(file_types.CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return size, digest.hexdigest()


@contextmanager
def all_or_nothing() -> Iterator[list[str]]:
    """One transaction that takes the files named in the list with it when it fails."""
    stored: list[str] = []
    try:
        with transaction.atomic():
            yield stored
    except BaseException:
        for name in stored:
            try:
                evidence_storage().delete(name)
            except Exception:
                logger.exception("A file of evidence stayed behind: %s", name)
        raise


def attach(
    update: ProgressUpdate,
    examined: Iterable[Examined],
    *,
    shows: str,
    points: Sequence[RecommendationPoint],
    stored: list[str],
) -> list[Evidence]:
    """Keep the files that prove `update`, within `all_or_nothing`, whose list is `stored`."""
    found = []
    for each in examined:
        each.file.seek(0)
        evidence = Evidence(
            recommendation_id=update.recommendation_id,
            update=update,
            name=each.name,
            media_type=each.type.media_type,
            size=each.size,
            sha256=each.sha256,
            description=shows.strip(),
            uploaded_by=update.by,
            uploaded_at=update.at,
        )
        evidence.file.save(each.name, File(each.file), save=False)
        stored.append(str(evidence.file.name))
        evidence.save(force_insert=True)
        evidence.points.set(points)
        found.append(evidence)
    return found


def opened(evidence: Evidence, *, by: User) -> None:
    """Write down that `by` takes this file away (rule 11)."""
    access.note(by, SUBJECT, evidence.pk)


def points_without(recommendation: Recommendation) -> list[RecommendationPoint]:
    """Return the points of `recommendation` that no file proves yet, in their order. One query."""
    return list(recommendation.points.filter(evidence__isnull=True).order_by("order"))
