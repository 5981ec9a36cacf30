"""Files as honest people send them, and as others do."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def image(kind: str = "PNG", size: tuple[int, int] = (4, 4)) -> bytes:
    """A small picture of that kind."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def package(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes | str) -> bytes:
    """A Word document, as far as its parts go."""
    return office("word/document.xml", "wordprocessingml.document.main+xml", more)


def xlsx() -> bytes:
    """An Excel workbook."""
    return office("xl/workbook.xml", "spreadsheetml.sheet.main+xml", {})


def pptx() -> bytes:
    """A PowerPoint file."""
    return office("ppt/presentation.xml", "presentationml.presentation.main+xml", {})


def office(part: str, main: str, more: dict[str, bytes | str]) -> bytes:
    """An Office document with one part and `more`."""
    return package(
        {"[Content_Types].xml": TYPES.format(part=part, main=main), part: "<x/>", **more}
    )


def bomb(megabytes: int) -> bytes:
    """A Word document whose one part unpacks to that much, and says so."""
    return docx(**{"word/media/a.bin": b"\0" * (megabytes * 1024 * 1024)})


def lying_bomb(megabytes: int) -> bytes:
    """The same, stating in all of its records that the part has ten bytes, with the checksum of those."""
    content = b"\0" * (megabytes * 1024 * 1024)
    honest = docx(**{"word/media/a.bin": content})
    true = struct.pack("<LL", zlib.crc32(content), len(zlib.compress(content)))  # crc alone is used
    size, small = struct.pack("<L", len(content)), struct.pack("<L", 10)
    lied = honest.replace(true[:4], struct.pack("<L", zlib.crc32(b"\0" * 10)))
    return lied.replace(size, small)


def pixel_bomb() -> bytes:
    """A PNG of a few bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", checksum)

    header = struct.pack(">LLBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
