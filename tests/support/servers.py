"""PostgreSQL and Redis for one test run, shared by its parallel processes."""

import atexit
import contextlib
import os
import shutil
import tempfile

from stack.environment import temporary_servers

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
    folder = tempfile.mkdtemp(prefix="assay-evidence-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(
        EVIDENCE_ROOT=folder,  # every process keeps its files to itself, as it does its rows
        ASSAY_ENV="test",
        DJANGO_SETTINGS_MODULE="config.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright runs an event loop in the thread of the test
        # Hundreds of programs start in a run. Where the environment forbids Python to keep what it compiled, as the
        # environments of many images do, each of them would compile Django anew.
        PYTHONDONTWRITEBYTECODE="",
    )


def _start() -> None:
    running = contextlib.ExitStack()
    os.environ.update(running.enter_context(temporary_servers()))
    atexit.register(running.close)
