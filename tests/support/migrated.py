"""One database a run that was migrated from nothing, of which every parallel process takes a copy.

Migrating takes half a minute of computing, copying less than a second. The first process of a run begins at once, in
the background, while the others still collect their tests. Nothing is kept for the next run.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from stack.processes import Process

TEMPLATE, UNFINISHED = "test_assay_migrated", "test_assay_migrating"
DONE_WITHIN_SECONDS = 280
LOG = "ASSAY_TEST_MIGRATIONS_LOG"


def start() -> None:
    """Begin to migrate in the background; parallel processes that start from now on know where its log is."""
    _drop()  # before anybody could take what an earlier run left on this server
    folder = Path(tempfile.mkdtemp(prefix="assay-migrations-"))
    os.environ[LOG] = str(folder / "log")
    environment = {
        **os.environ,
        "DATABASE_URL": _address(UNFINISHED),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.support.migrated"]
    process = Process("migrations", command, log=folder / "log", env=environment)
    atexit.register(_end, process, folder)


def _end(process: Process, folder: Path) -> None:
    process.kill()
    with suppress(psycopg2.Error):
        _drop()
    shutil.rmtree(folder, ignore_errors=True)


def is_shared() -> bool:
    """Say whether this is a parallel process of a run whose first one migrates."""
    return LOG in os.environ


def wait() -> str:
    """Return the name of the migrated database once it is there; fails with what the migrations wrote."""
    log = Path(os.environ[LOG])
    deadline = time.monotonic() + DONE_WITHIN_SECONDS
    while not _is_there():
        written = log.read_text()
        if "Traceback" in written or time.monotonic() > deadline:
            raise RuntimeError(f"The database was not migrated:\n{written}")
        time.sleep(0.1)
    return TEMPLATE


def _address(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _is_there() -> bool:
    return bool(_ask("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]))


def _drop() -> None:
    for name in (TEMPLATE, UNFINISHED):
        _ask(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _ask(
    statement: str | sql.Composed, values: list[str] | None = None
) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(_address("postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import connections

    names = {"unfinished": sql.Identifier(UNFINISHED), "template": sql.Identifier(TEMPLATE)}
    _ask(sql.SQL("CREATE DATABASE {unfinished}").format(**names))
    django.setup()
    call_command("migrate", verbosity=0)
    connections.close_all()
    _ask(sql.SQL("ALTER DATABASE {unfinished} RENAME TO {template}").format(**names))


if __name__ == "__main__":
    _migrate()
