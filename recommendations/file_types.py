"""What a file is by its content, whatever its name says: what is taken as evidence, and what is refused and why.

The file is a stranger's. It is read with limits on what it unpacks to; nothing in it is executed, rendered or fetched.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from typing import IO, NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageFile, UnidentifiedImageError

from accounts.errors import DomainError

MAX_UNPACKED_BYTES = 250 * 1024 * 1024
MAX_PARTS = 5000
MAX_PIXELS = 50_000_000  # more than any camera in use takes; a page of a scan has 9 million
MAX_CONTENT_TYPES_BYTES = 1024 * 1024
CHUNK = 1024 * 1024


class FileType(NamedTuple):
    """One kind of file: its media type, the endings its name may have, and what people call it."""

    media_type: str
    endings: tuple[str, ...]
    called: str | Promise


class Refused(DomainError):
    """The file is not taken; the message says why, for the person who chose it."""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
PDF = FileType("application/pdf", ("pdf",), gettext_lazy("a PDF"))
TEXT = FileType("text/plain", ("txt", "text"), gettext_lazy("plain text"))
CSV = FileType("text/csv", ("csv",), gettext_lazy("a CSV file"))
# The type of the main part, as [Content_Types].xml states it, and what the whole file then is.
_OFFICE_TYPES = {
    b"wordprocessingml.document.main+xml": FileType(
        f"{_OFFICE}wordprocessingml.document", ("docx",), gettext_lazy("a Word document")
    ),
    b"spreadsheetml.sheet.main+xml": FileType(
        f"{_OFFICE}spreadsheetml.sheet", ("xlsx",), gettext_lazy("an Excel workbook")
    ),
    b"presentationml.presentation.main+xml": FileType(
        f"{_OFFICE}presentationml.presentation", ("pptx",), gettext_lazy("a PowerPoint file")
    ),
}
_ODF_TYPES = {
    f"{_ODF}{kind}": FileType(f"{_ODF}{kind}", (ending,), gettext_lazy("an OpenDocument file"))
    for kind, ending in [("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp")]
}
_IMAGES = {
    "PNG": FileType("image/png", ("png",), gettext_lazy("a PNG image")),
    "JPEG": FileType("image/jpeg", ("jpg", "jpeg"), gettext_lazy("a JPEG image")),
    "GIF": FileType("image/gif", ("gif",), gettext_lazy("a GIF image")),
    "WEBP": FileType("image/webp", ("webp",), gettext_lazy("a WebP image")),
}
ENDINGS = sorted(
    ending
    for kind in (PDF, TEXT, CSV, *_OFFICE_TYPES.values(), *_ODF_TYPES.values(), *_IMAGES.values())
    for ending in kind.endings
)
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
# How pages, drawings and programs begin, or what gives them away in what passes for text.
_MARKUP = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<object", "<?xml")
_PROGRAMS = ("#!", "@echo")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def recognise(file: IO[bytes], name: str) -> FileType:
    """Return what `file` is, from the start; its `name` must agree. Raises Refused.

    Leaves the file at an unknown place: seek before reading on.
    """
    found = _by_content(file)
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    if found is TEXT and ending in CSV.endings:
        return CSV
    if ending not in found.endings:
        raise Refused(
            _("%(name)s is not what its name says: it is %(kind)s. Name it so, or choose another.")
            % {"name": name, "kind": found.called}
        )
    return found


def _by_content(file: IO[bytes]) -> FileType:
    size = file.seek(0, 2)
    if not size:
        raise Refused(_("The file is empty."))
    if size > settings.EVIDENCE_MAX_BYTES:
        raise Refused(too_large())
    file.seek(0)
    start = file.read(64)
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"PK\x03\x04"):
        return _office(file)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _(
                "This is an old or a password-protected Office file. Save it as .docx, .xlsx, .pptx or PDF, "
                "without a password."
            )
        )
    if start.startswith(_IMAGE_STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return _image(file)
    file.seek(0)
    return _text(file.read())


def too_large() -> str:
    """Return the sentence about a file that is larger than is taken."""
    return _("The file is larger than %(size)d MB.") % {
        "size": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
    }


def _office(file: IO[bytes]) -> FileType:
    """Look into a package of parts: every part is unpacked once, and counted, whatever it says of its own size."""
    damaged = _("The file is damaged, or is not an Office document.")
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _check_parts(parts)
            _unpack_all(package, parts)
            return _kind_of(package, {part.filename for part in parts})
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Refused(damaged) from error
    except (KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(damaged) from error  # zipfile raises these for names, methods and passwords


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Refused(_("The file unpacks to far more than a document needs."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(_("The file has a password. Save it without one."))
    odd = any(
        name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name
        for name in names
    )
    packed = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if odd or len(set(names)) != len(names) or any(p.compress_type not in packed for p in parts):
        raise Refused(_("The file is damaged, or is not an Office document."))


def _unpack_all(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    left = MAX_UNPACKED_BYTES
    for part in parts:
        # So that zipfile reads what is there, and we stop before it compares checksums.
        stated, part.file_size = part.file_size, left + 2 * CHUNK
        try:
            with package.open(part) as content:
                unpacked = 0
                while chunk := content.read(CHUNK):
                    unpacked += len(chunk)
                    if unpacked > left:
                        raise Refused(_("The file unpacks to far more than a document needs."))
        finally:
            part.file_size = stated
        if unpacked != stated:
            raise zipfile.BadZipFile(part.filename)
        left -= unpacked


def _kind_of(package: zipfile.ZipFile, names: set[str]) -> FileType:
    found: FileType | None = None
    macros = any(name.casefold().endswith("vbaproject.bin") for name in names)
    if "[Content_Types].xml" in names:
        types = package.read("[Content_Types].xml")[:MAX_CONTENT_TYPES_BYTES]
        macros = macros or b"macroenabled" in types.lower()
        found = next((kind for main, kind in _OFFICE_TYPES.items() if main in types), None)
    elif "mimetype" in names:
        stated = package.read("mimetype")[:200].decode("ascii", "replace").strip()
        macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
        found = _ODF_TYPES.get(stated)
    if macros:
        raise Refused(_("The file holds macros. Save it without them."))
    if found is None:
        raise Refused(_("This is an archive of files. Choose the files themselves, one by one."))
    return found


def _image(file: IO[bytes]) -> FileType:
    """Draw the image once, so that nothing else can pass for one."""
    damaged = _("The image is damaged, or is not an image.")
    file.seek(0)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, lets half an image pass
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=tuple(_IMAGES)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                image.load()
                return _IMAGES[str(image.format)]
    except Image.DecompressionBombError as error:
        raise Refused(
            _("The image has more than %(most)d million pixels. Make it smaller.")
            % {"most": MAX_PIXELS // 1_000_000}
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError) as error:
        raise Refused(damaged) from error


def _text(content: bytes) -> FileType:
    """Take what reads as text from its first to its last character, but no web page, drawing or program."""
    unknown = _(
        "This kind of file is not taken. Choose a PDF, an Office document, an image (PNG, JPEG, GIF, WebP), "
        "plain text or CSV."
    )
    text = _decoded(content)
    if text is None or _CONTROL.search(text):
        raise Refused(unknown)
    beginning = text.lstrip().casefold()
    if beginning.startswith(("<", *_PROGRAMS)) or any(mark in beginning for mark in _MARKUP):
        raise Refused(
            _(
                "The file holds a web page, a drawing or a program, not plain text. Save it as a PDF."
            )
        )
    return TEXT


def _decoded(content: bytes) -> str | None:
    encodings = ["utf-8-sig", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
