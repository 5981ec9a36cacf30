"""`make demo` as a person would run it, for tests."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from typing import Self

import psycopg2

from stack.processes import ROOT, bound_to_us
from stack.services import free_port

OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "ASSAY_ENV",
    "DJANGO_SETTINGS_MODULE",
)
READY_WITHIN_SECONDS = 240
ENDED_WITHIN_SECONDS = 60


class DemoRun:
    """One run of `make demo` with a port and a folder of its own; a context manager that ends it in any case."""

    def __init__(self, home: Path, *, port: int | None = None, **environment: str) -> None:
        self.home = home
        self.port = port or free_port()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in OURS and not name.startswith(("PYTEST_", "DJANGO_", "MAKE", "MFLAGS"))
        }
        self.environment = {**kept, "PORT": str(self.port), "ASSAY_HOME": str(home), **environment}
        self.output = ""
        self.started_at = 0.0
        self._seen: set[tuple[int, str]] = set()

    def __enter__(self) -> Self:
        self.started_at = time.monotonic()
        self.make = subprocess.Popen(
            bound_to_us(["make", "--no-print-directory", "demo"]),
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.make.pid, signal.SIGTERM)
        try:
            self.make.wait(60)
        except subprocess.TimeoutExpired:
            self.make.kill()
        self._reader.join(5)
        assert self.make.stdout
        self.make.stdout.close()

    def _read(self) -> None:
        assert self.make.stdout
        for line in self.make.stdout:
            self.output += line

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def wait_until_ready(self) -> float:
        """Return after how many seconds the ready line came; fails if `make` ends first."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while (
            f"Assay is ready at {self.address}\n" not in self.output or "Stop:" not in self.output
        ):
            assert self.make.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)
        return time.monotonic() - self.started_at

    def wait_until_it_says(self, text: str, *, seconds: float = 60) -> None:
        """Wait for `text` in what the demo prints."""
        deadline = time.monotonic() + seconds
        while text not in self.output:
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def wait_until_ended(self, *, seconds: float = 60) -> int:
        """Return make's exit code once it has ended and everything that it printed was read."""
        code = self.make.wait(seconds)
        self._reader.join(5)
        return code

    def get(self, path: str) -> str:
        """Return the text of a page."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def process(self, pattern: str) -> int:
        """Return the number of the eldest process of this run whose command line matches `pattern`."""
        found = [
            pid for pid, _ in sorted(self.processes()) if re.search(pattern, command_line(pid))
        ]
        assert found, f"no process matches {pattern}"
        return found[0]

    def processes(self) -> set[tuple[int, str]]:
        """Return the number and start time of make and all its descendants, those seen earlier included."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (parent := _parent(int(entry.name))):
                children.setdefault(parent, []).append(int(entry.name))
        waiting = [self.make.pid]
        while waiting:
            pid = waiting.pop()
            if started := _started(pid):
                self._seen.add((pid, started))
            waiting += children.get(pid, [])
        return {(pid, started) for pid, started in self._seen if _started(pid) == started}

    def survivors(self, *, seconds: float = ENDED_WITHIN_SECONDS) -> list[str]:
        """Return the command lines of processes seen by `processes` that still run after `seconds`."""
        deadline = time.monotonic() + seconds
        while (left := self._left()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left

    def _left(self) -> list[str]:
        return [command_line(pid) for pid, started in self._seen if _started(pid) == started]

    def run(self, *command: str, **environment: str) -> str:
        """Run a command beside this demo (`python -m stack run`) and return what it wrote."""
        line = [str(ROOT / ".venv" / "bin" / "python"), "-m", "stack", "run", "--", *command]
        return subprocess.run(
            line,
            cwd=ROOT,
            env={**self.environment, **environment},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Run SQL on the demo's database as its owner; return the rows, if there are any."""
        url = self.run("printenv", "DATABASE_URL").strip()
        with (
            contextlib.closing(psycopg2.connect(url)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []


def command_line(pid: int) -> str:
    """Return a process's command line, or nothing if it has ended."""
    with contextlib.suppress(OSError):
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    return ""


def _status(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if fields[0] not in "ZX":  # it has ended, and somebody has yet to take note
            return fields
    return []


def _parent(pid: int) -> int:
    fields = _status(pid)
    return int(fields[1]) if fields else 0


def _started(pid: int) -> str:
    fields = _status(pid)
    return fields[19] if fields else ""
