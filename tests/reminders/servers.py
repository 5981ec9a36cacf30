"""Mail servers that stop answering in the middle, and a way to wait for what a worker does."""

import contextlib
import socket
import threading
from typing import Self


class StallingServer:
    """Speaks SMTP up to a point and then says nothing more; `reached` is set when a client is there.

    `stall_at` is `connect` (no greeting), or `data`: it asks for the message and never confirms it.
    """

    def __init__(self, stall_at: str) -> None:
        self.stall_at = stall_at
        self.reached = threading.Event()
        self.received = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._clients: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        for each in [self._socket, *self._clients]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._socket.accept()
                self._clients.append(client)
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        if self.stall_at == "connect":
            self.reached.set()
            return
        client.sendall(b"220 assay.example\r\n")
        lines = client.makefile("rb")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                client.sendall(b"354 Go ahead\r\n")
                break
            client.sendall(b"250 OK\r\n")
        while not self.received.endswith(b"\r\n.\r\n"):
            line = lines.readline()
            if not line:
                return
            self.received += line
        self.reached.set()
