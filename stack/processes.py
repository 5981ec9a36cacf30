"""Programs that we start: each in a session of its own, with a log, and unable to outlive us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.errors import ProcessFailed, disk_full

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1
LARGEST_LOG_BYTES = 10 * 1024 * 1024


def bound_to_us(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGKILL,
    user: str | None = None,
    through_closed_folders: bool = False,
) -> list[str]:
    """Return `command` as it must be called to die with this process, as `user` if we are root.

    The kernel watches the thread that calls it: start such a command from one that lives as long as the command.
    """
    line = [sys.executable, "-I", "-S", str(Path(__file__).with_name("child.py"))]
    line += ["--parent", str(os.getpid()), "--death-signal", str(int(death_signal))]
    if user:
        line += ["--user", user]
    if through_closed_folders:
        line += ["--through-closed-folders"]
    return [*line, *map(str, command)]


class Process:
    """A running program; `stop` ends it and whatever it started."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        patience_seconds: float = 10,
        death_signal: signal.Signals = signal.SIGKILL,
        user: str | None = None,
        through_closed_folders: bool = False,
    ) -> None:
        """Start `command`, writing to `log`; at `stop` it gets `stop_signal`, then `patience_seconds`, then SIGKILL."""
        self.name = name
        self.log = log
        self.stop_signal = stop_signal
        self.patience_seconds = patience_seconds
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        self.log_start = log.stat().st_size if log.exists() else 0
        self._asked = False
        bound = bound_to_us(
            command,
            death_signal=death_signal,
            user=user,
            through_closed_folders=through_closed_folders,
        )
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                bound,
                cwd=ROOT,
                env=dict(env) if env is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C is for us; we stop them in order
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def written(self) -> str:
        """Return what the program has written since it was started."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")
        return ""

    def failure(self, what: str) -> ProcessFailed | Exception:
        """Return the error for `what` (“ended before it answered”), in plainer words if the log knows why."""
        if "No space left on device" in self.written():
            return disk_full(self.log.parent)
        return ProcessFailed(f"The {self.name} {what}; its log is {self.log}.", self.log)

    def how_it_ended(self) -> str:
        """Say how: `with exit code 1`, `by SIGKILL`."""
        code = self._popen.returncode
        if code is not None and code < 0:
            return f"by {signal.Signals(-code).name}"
        return f"with exit code {code}"

    def ask_to_stop(self) -> None:
        """Send the signal at which the program ends by itself, and do not wait."""
        if self.running and not self._asked:  # Celery takes a second request for impatience
            self._asked = True
            self._popen.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End the program and its descendants, gently first; does nothing if it has ended."""
        self.ask_to_stop()
        if self.running:
            try:
                self._popen.wait(self.patience_seconds)
            except subprocess.TimeoutExpired:
                pass
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()

    def kill(self) -> None:
        """End the program at once, as a crash would; its descendants follow."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()


def stop_with_parent() -> None:
    """Ask the kernel for SIGTERM when the process that started us dies: `make` may be killed alone."""
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


class InterruptedParent:
    """Notices that `make` was interrupted by a signal sent to it alone.

    On a terminal Ctrl-C reaches us as well. A SIGINT sent to make by its number does not: make then restores the
    default handler and waits for us, which shows in the set of signals that it catches.
    """

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._catches_interrupts = self._catches()

    def noticed(self) -> bool:
        return self._catches_interrupts and not self._catches()

    def _catches(self) -> bool:
        with contextlib.suppress(OSError, StopIteration):
            status = Path(f"/proc/{self._pid}/status").read_text()
            caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
            return bool(int(caught.split()[1], 16) & (1 << (signal.SIGINT - 1)))
        return False
