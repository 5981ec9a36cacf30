"""Where published reports stand for everybody: their addresses, which stay, and the files of each version."""

from __future__ import annotations

import dataclasses
import re

from django.db.models.functions import Length
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from inspections.models import Inspection
from reports.copies import FORMATS
from reports.models import FileKind, Publication

PDF_NAME = "report.pdf"
PDF_TYPE = "application/pdf"
_ENDS_WITH_NUMBER = re.compile(r"(?:^|-)(\d{1,9})$")


def slug(inspection: Inspection) -> str:
    """Return the words that name a report in addresses; its number at the end finds it whatever the words become."""
    kind = inspection.kind.replace("_", "-")
    words = slugify(inspection.force.name)
    return f"{words}-{kind}-{inspection.fieldwork_start.year}-{inspection.pk}".strip("-")


def number_in(text: str) -> int | None:
    """Return the number of the inspection that a slug names; None if it names none."""
    match = _ENDS_WITH_NUMBER.search(text)
    return int(match[1]) if match else None


def address(publication: Publication) -> str:
    """Return where this version stands."""
    return reverse("public:version", args=[slug(publication.inspection), publication.number])


def kilobytes(size: int) -> int:
    """Return thousands of bytes, rounded up, of a `size` in bytes."""
    return -(-size // 1000)


@dataclasses.dataclass(frozen=True)
class Download:
    """One file of a version: its name, what it is, how long it is (bytes), and the hash that proves it."""

    name: str
    label: str
    size: int
    sha256: str
    href: str

    @property
    def kilobytes(self) -> int:
        """The size in thousands of bytes, rounded up."""
        return kilobytes(self.size)


def downloads(publication: Publication) -> list[Download]:
    """Return the files of a version that have been made so far, the PDF first, without reading them. Two queries."""
    words = slug(publication.inspection)

    def file(name: str, label: str, size: int, sha256: str) -> Download:
        href = reverse("public:file", args=[words, publication.number, name])
        return Download(name, label, size, sha256, href)

    found = []
    if publication.sha256:
        [size] = Publication.objects.filter(pk=publication.pk).values_list(Length("pdf"), flat=True)
        found.append(file(PDF_NAME, _("Report to print (PDF)"), size, publication.sha256))
    made = {
        FileKind(kind): (size, sha256)
        for kind, size, sha256 in publication.files.values_list("kind", Length("content"), "sha256")
    }
    found += [
        file(form.name, str(kind.label), *made[kind])
        for kind, form in FORMATS.items()
        if kind in made
    ]
    return found
