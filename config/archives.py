"""Office files: text that their XML can hold, and the same bytes whenever the same is written."""

from __future__ import annotations

import io
import re
import zipfile

FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # that a ZIP archive can name
CORE = "docProps/core.xml"
_MOMENTS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def for_xml(text: str) -> str:
    """Return `text` with a space for each character that XML has no way to write."""
    return _NOT_IN_XML.sub(" ", text)


def steady(content: bytes) -> bytes:
    """Return the Office file `content` without the moment at which it was made.

    Such a file is a ZIP archive, which says of itself and of each part when it was written.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for name in made.namelist():
            part = made.read(name)
            if name == CORE:
                part = _MOMENTS.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", part)
            entry = zipfile.ZipInfo(name, FIRST_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, part)
    return out.getvalue()
