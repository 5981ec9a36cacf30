"""A mail server that keeps every message as a file, so that a demo can show its mail without sending any.

`python -m stack.mail --port 1025 --folder .assay/mail`. A message whose Message-ID it has already kept for the same
people is accepted and kept once, as mailboxes do: whoever sends mail again after a crash counts on that.
"""

import argparse
import asyncio
import contextlib
import email
import hashlib
import os
import re
import signal
import time
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE_BYTES = 32 * 1024 * 1024


class Folder:
    """A folder of .eml files, named by time, first recipient and a hash of Message-ID and recipients."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        if isinstance(content, str):
            content = content.encode()
        try:
            self.keep(content, envelope.rcpt_tos)
        except OSError as error:
            print(f"could not keep a message: {error}", flush=True)
            return "452 Requested action not taken: insufficient storage"
        return "250 OK"

    def keep(self, content: bytes, recipients: list[str]) -> Path:
        """Write the message unless it is here already; return its file."""
        message_id = (
            email.message_from_bytes(content, policy=default)["Message-ID"] or content.hex()
        )
        identity = "\n".join([str(message_id).strip(), *sorted(recipients)])
        key = hashlib.sha256(identity.encode()).hexdigest()[:16]
        known = next(self.path.glob(f"*.{key}.eml"), None)
        if known:
            return known
        to = re.sub(r"[^A-Za-z0-9@.+-]", "_", recipients[0] if recipients else "nobody")
        file = self.path / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.{to}.{key}.eml"
        unfinished = file.with_suffix(".part")
        delivered = "".join(f"Delivered-To: {person}\r\n" for person in recipients).encode()
        with unfinished.open("wb") as part:
            part.write(delivered + content)
            part.flush()
            os.fsync(part.fileno())
        unfinished.replace(file)
        print(f"kept {file.name}", flush=True)
        return file


async def serve(port: int, folder: Path) -> None:
    """Listen on 127.0.0.1 until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    handler = Folder(folder)
    server = await loop.create_server(
        lambda: SMTP(
            handler,
            hostname="assay.example",
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_MESSAGE_BYTES,
            loop=loop,
        ),
        "127.0.0.1",
        port,
    )
    async with server:
        with contextlib.suppress(asyncio.CancelledError):
            await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stack.mail", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.folder))


if __name__ == "__main__":
    main()
