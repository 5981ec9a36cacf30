"""What the web server takes in of an upload at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoLongerThanAllowed(FileUploadHandler):
    """Refuses a request with files that says it is longer than `UPLOAD_MAX_BYTES`, before a byte of it is kept.

    One without a length is empty to Django. A proxy in front should refuse it sooner still.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # type: ignore[override]
        """Raise RequestDataTooBig, which answers 400."""
        if content_length > settings.UPLOAD_MAX_BYTES:
            raise RequestDataTooBig("The request is longer than settings.UPLOAD_MAX_BYTES.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand everything on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
