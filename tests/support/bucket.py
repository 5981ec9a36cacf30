"""A server that speaks as much of S3 as a storage needs, over real HTTP: put, get, look at, list and delete objects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Bucket(ThreadingHTTPServer):
    """Objects by their path, as they were put, and every request that came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def _key(self) -> str:
        parts = urlsplit(self.path)
        self.query = parse_qs(parts.query)
        self.server.requests.append((self.command, self.path, dict(self.headers)))
        return unquote(parts.path).lstrip("/").partition("/")[2]

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _missing(self) -> None:
        self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", Content_Type="application/xml")

    def do_PUT(self) -> None:
        key = self._key()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = _unchunk(body)
        self.server.objects[key] = body
        self._answer(200, ETag='"x"')

    def do_GET(self) -> None:
        key = self._key()
        if not key:
            return self._list()
        if key not in self.server.objects:
            return self._missing()
        self._answer(200, self.server.objects[key], **_facts())

    def do_HEAD(self) -> None:
        key = self._key()
        if key and key not in self.server.objects:
            return self._missing()
        size = len(self.server.objects.get(key, b""))
        self._answer(200, Content_Length=str(size), **_facts())

    def do_DELETE(self) -> None:
        self.server.objects.pop(self._key(), None)
        self._answer(204)

    def _list(self) -> None:
        prefix = self.query.get("prefix", [""])[0]
        rows, folders = "", set()
        for key in sorted(self.server.objects):
            head, slash, _rest = key.removeprefix(prefix).partition("/")
            if not key.startswith(prefix):
                continue
            if slash:
                folders.add(f"{prefix}{head}/")
            else:
                rows += f"<Contents><Key>{escape(key)}</Key><Size>1</Size></Contents>"
        rows += "".join(
            f"<CommonPrefixes><Prefix>{escape(f)}</Prefix></CommonPrefixes>" for f in folders
        )
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        self._answer(200, body.encode(), Content_Type="application/xml")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _facts() -> dict[str, str]:
    return {"ETag": '"x"', "Last_Modified": formatdate(time() - 3 * 86400, usegmt=True)}


def _unchunk(body: bytes) -> bytes:
    found, at = b"", 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end].split(b";")[0], 16)
        if not size:
            return found
        found += body[end + 2 : end + 2 + size]
        at = end + 2 + size + 2


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Run one for as long as the block lasts."""
    server = Bucket()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
