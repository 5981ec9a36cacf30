"""PostgreSQL and Redis for one test run, shared by its parallel processes."""

import atexit
import contextlib
import os
import tempfile
from pathlib import Path

from stack.services import Postgres, Redis

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def prepare_environment() -> None:
    """Start what is not configured, and set the environment that config.settings reads.

    Parallel processes share the servers: each has its own database (pytest-django sees to it) and its own numbered
    database of Redis.
    """
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        _start()
    if _WORKER:
        number = int(_WORKER.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
    os.environ.update(
        ASSAY_ENV="test",
        DJANGO_SETTINGS_MODULE="config.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright runs an event loop in the thread of the test
    )


def _start() -> None:
    running = contextlib.ExitStack()
    folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="assay-tests-")))
    folder.chmod(0o711)  # root's PostgreSQL runs as somebody else
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = running.enter_context(Postgres(folder, durable=False)).url
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = running.enter_context(Redis(folder)).url
    atexit.register(running.close)
