"""Looks at a finished PDF before anybody gets it: can everybody read it, on every machine?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from pypdf import PageObject, PdfReader
from pypdf.generic import IndirectObject


def faults(content: bytes) -> list[str]:
    """Return in sentences what keeps `content` from being a PDF for everybody; none if all is well.

    It must have pages, structure for screen readers, a language, a title that is shown, and every font inside. The
    whole of PDF/UA-1 is held by the tests; this is what a broken installation would miss.
    """
    reader = PdfReader(io.BytesIO(content))
    if not reader.pages:
        return [_("The PDF has no pages.")]
    root = reader.root_object
    metadata = reader.metadata
    found = []
    if not _get(root, "/MarkInfo").get("/Marked") or "/StructTreeRoot" not in root:
        found.append(_("The PDF has no structure for screen readers."))
    if not root.get("/Lang"):
        found.append(_("The PDF does not say its language."))
    if metadata is None or not metadata.title:
        found.append(_("The PDF has no title."))
    if loose := sorted(set(_fonts_outside(reader))):
        found.append(
            _("These fonts are not inside the PDF: %(names)s.") % {"names": ", ".join(loose)}
        )
    return found


def _get(where: Any, name: str) -> Any:
    return where[name].get_object() if name in where else {}


def _fonts_outside(reader: PdfReader) -> Iterator[str]:
    seen: set[int] = set()
    for page in reader.pages:
        yield from _loose_in(page, seen)


def _loose_in(page: PageObject, seen: set[int]) -> Iterator[str]:
    fonts = _get(_get(page, "/Resources"), "/Font")
    for name in fonts:
        reference = fonts.raw_get(name)
        if isinstance(reference, IndirectObject):
            if reference.idnum in seen:
                continue
            seen.add(reference.idnum)
        font = fonts[name].get_object()
        described = [font, *(part.get_object() for part in font.get("/DescendantFonts", ()))]
        descriptors = [_get(part, "/FontDescriptor") for part in described]
        if not any(key.startswith("/FontFile") for found in descriptors for key in found):
            yield str(font.get("/BaseFont", name)).lstrip("/")
