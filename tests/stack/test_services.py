"""The embedded PostgreSQL and Redis by themselves."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from stack.processes import ROOT
from stack.services import Postgres, Redis
from tests.support.demo import OURS


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with (
        contextlib.closing(psycopg2.connect(url)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a “home” with spaces"


def test_the_owner_of_the_database_is_no_superuser_but_may_use_the_extensions(home):
    with Postgres(home, durable=False) as database:
        assert ask(database.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [
            (False,)
        ]
        for extension in ("pg_trgm", "unaccent", "btree_gist", "citext"):
            ask(database.url, f"CREATE EXTENSION {extension}")


def test_nobody_gets_in_without_the_password(home):
    with Postgres(home, durable=False) as database, Redis(home) as broker:
        without = database.url.replace(database.url.split(":")[2].split("@")[0], "wrong")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(without)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=broker.port).ping()


def test_data_outlive_a_server_that_was_killed(home):
    with Postgres(home) as database:
        ask(database.url, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('this')")
        os.kill(database.process.pid, signal.SIGKILL)
    with Postgres(home) as database:
        assert ask(database.url, "SELECT what FROM kept") == [("this",)]


def test_an_unfinished_cluster_is_made_anew(home):
    (home / "postgres" / "data.unfinished").mkdir(parents=True)
    (home / "postgres" / "data.unfinished" / "PG_VERSION").write_text("18")
    with Postgres(home, durable=False) as database:
        assert ask(database.url, "SELECT 1") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root’s PostgreSQL runs as another user")
def test_roots_server_passes_through_folders_that_are_closed_to_others(home):
    home.mkdir()
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with Postgres(closed / "home", durable=False) as database:
        assert ask(database.url, "SELECT 1") == [(1,)]
        status = Path(f"/proc/{database.process.pid}/status").read_text()
        assert "Uid:\t0" not in status
    assert closed.stat().st_mode & 0o777 == 0o700


def run_beside(home: Path, *command: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.Popen(
        [sys.executable, "-m", "stack", "run", "--", *command],
        cwd=ROOT,
        env={**environment, "ASSAY_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_command_on_a_folder_uses_the_servers_of_the_first(home):
    first = run_beside(home, "sh", "-c", "echo $DATABASE_URL; exec sleep 100")
    assert first.stdout
    url = first.stdout.readline()
    second, _ = run_beside(home, "printenv", "DATABASE_URL").communicate(timeout=60)
    assert second == url
    first.terminate()
    first.communicate(timeout=60)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url.strip())


def test_the_servers_end_with_a_command_that_was_killed(home):
    first = run_beside(home, "sh", "-c", "echo $DATABASE_URL; exec sleep 100")
    assert first.stdout
    url = first.stdout.readline().strip()
    first.kill()
    first.communicate(timeout=60)  # returns when the command, too, has let go of our pipe
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            return
        time.sleep(0.1)
    pytest.fail("PostgreSQL still answers")


def test_a_command_passes_its_exit_code_on(home):
    command = run_beside(home, "sh", "-c", "exit 7")
    command.communicate(timeout=60)
    assert command.returncode == 7
