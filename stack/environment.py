"""Which servers a copy uses, ours or configured ones, and the environment that says so to every program."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stack.home import Home
from stack.processes import Process
from stack.services import Postgres, Redis

PUBLISHED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


@contextlib.contextmanager
def servers(home: Home, *, started: list[Process] | None = None) -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL, REDIS_URL and SECRET_KEY: as configured, else of servers that run until the block ends.

    The caller holds the lock of `home`. Servers that had to be started are added to `started`.
    """
    started = [] if started is None else started
    found = {name: os.environ[name] for name in PUBLISHED if os.environ.get(name)}
    with contextlib.ExitStack() as running:
        if "DATABASE_URL" not in found:
            password = home.secret("database_password")
            database = running.enter_context(Postgres(home.folder, password=password))
            started.append(database.process)
            found["DATABASE_URL"] = database.url
        if "REDIS_URL" not in found:
            broker = running.enter_context(Redis(home.folder))
            started.append(broker.process)
            found["REDIS_URL"] = broker.url
        found.setdefault("SECRET_KEY", home.secret("secret_key"))
        home.publish(found)
        running.callback(home.unpublish)
        yield found


@contextlib.contextmanager
def temporary_servers() -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL and REDIS_URL as configured, else of servers whose data goes when the block ends."""
    found = {name: os.environ[name] for name in PUBLISHED[:2] if os.environ.get(name)}
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="assay-")))
        folder.chmod(0o711)  # root's PostgreSQL runs as somebody else
        if "DATABASE_URL" not in found:
            found["DATABASE_URL"] = running.enter_context(Postgres(folder, durable=False)).url
        if "REDIS_URL" not in found:
            found["REDIS_URL"] = running.enter_context(Redis(folder)).url
        yield found


def for_programs(home: Home, found: dict[str, str], **more: str) -> dict[str, str]:
    """Return the whole environment for a program of this copy: ours, the servers', and `more`."""
    return {
        **os.environ,
        "ASSAY_HOME": str(home.folder),
        "STATIC_ROOT": str(home.static),
        "EVIDENCE_ROOT": str(home.evidence),
        "PYTHONUNBUFFERED": "1",
        **found,
        **more,
    }
