"""How gunicorn serves the pages: `gunicorn --config python:config.gunicorn config.wsgi`."""

import ctypes
import os
import signal
from typing import Any

from gunicorn import glogging

from config.log_filters import without_secrets

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True  # one import for all workers
timeout = 60
graceful_timeout = 20
accesslog = "-"
control_socket_disable = True  # it would be one for each person, and copies run side by side
PR_SET_PDEATHSIG = 1


class logger_class(glogging.Logger):
    """Gunicorn’s name for this setting: writes the access log without the secrets in the addresses of calendars."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*args)
        for name in ("r", "U"):
            found[name] = without_secrets(found[name])
        return found


def post_fork(server: Any, worker: Any) -> None:
    """Let a worker die with gunicorn's master, however that dies, instead of serving on by itself."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server.pid:
        os._exit(1)
