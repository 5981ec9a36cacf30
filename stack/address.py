"""The port of the web server, checked before anything is installed or started."""

import errno
import os
import socket

from stack.errors import StackError

DEFAULT_PORT = 8000


def chosen_port() -> int:
    """Return PORT from the environment; raises StackError unless it is a port number."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StackError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def require_free(port: int) -> None:
    """Raise StackError if another program listens on `port` of 127.0.0.1, or we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise StackError(
                    f"Port {port} is reserved for the system: choose one above 1023, for example PORT=8000."
                ) from None
            raise in_use(port) from None


def in_use(port: int) -> StackError:
    """Say that `port` is taken and what to do."""
    return StackError(
        f"Port {port} is in use by another program: stop that, or choose another port, "
        f"for example PORT={port + 1 if port < 65535 else 8000} make demo."
    )
