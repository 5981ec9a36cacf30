"""The folder of one running copy (`ASSAY_HOME`): its data, its secrets, its logs, and the lock on it."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from stack.errors import StackError, from_os_error
from stack.processes import ROOT

DEFAULT_FOLDER = ".assay"
MEGABYTE = 1024 * 1024
FIRST_RUN_NEEDS_BYTES = 300 * MEGABYTE
LATER_RUNS_NEED_BYTES = 50 * MEGABYTE


class InUse(StackError):
    """Another copy holds the lock of this folder."""


class Home:
    """The folder of one copy. Creating the object creates the folder, closed to other people."""

    def __init__(self, folder: Path | None = None) -> None:
        chosen = folder or Path(os.environ.get("ASSAY_HOME") or ROOT / DEFAULT_FOLDER)
        self.folder = chosen.expanduser().absolute()
        self.logs = self.folder / "logs"
        self.mail = self.folder / "mail"
        self.static = self.folder / "static"
        self.evidence = self.folder / "evidence"
        try:
            if not self.folder.exists():
                self.folder.mkdir(parents=True)
                # Root's database server runs as somebody else, who must pass through but not look around.
                self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for place in (self.logs, self.mail, self.static, self.evidence):
                place.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise from_os_error(error, self.folder) from error
        self._check_room()

    def _check_room(self) -> None:
        needed = (
            LATER_RUNS_NEED_BYTES if (self.folder / "postgres").exists() else FIRST_RUN_NEEDS_BYTES
        )
        status = os.statvfs(self.folder)
        room = status.f_bavail * status.f_frsize
        if room < needed:
            raise StackError(
                f"The disk that holds {self.folder} is full: {room // MEGABYTE} MB are left and Assay needs "
                f"{needed // MEGABYTE} MB; free some, or set ASSAY_HOME to a folder on another disk."
            )

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process; raises InUse if another one does. The kernel lets go when we die."""
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise from_os_error(error, self.folder) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(descriptor, 20).decode().strip() or "unknown"
                raise InUse(
                    f"Assay is already running from {self.folder} (process {holder}): stop it, "
                    "or set ASSAY_HOME to another folder."
                ) from None
            os.truncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
            self.unpublish()  # what one that was killed could not take back
            yield
        finally:
            os.close(descriptor)

    def secret(self, name: str) -> str:
        """Return the secret `name` of this copy, made up once and kept where only its owner reads it."""
        path = self.folder / "secrets.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(50)
            self.write_private("secrets.json", json.dumps(known))
        return str(known[name])

    def publish(self, environment: dict[str, str]) -> None:
        """Let later commands on this folder find the servers that run now (`python -m stack run`)."""
        self.write_private("services.json", json.dumps(environment))

    def unpublish(self) -> None:
        """Forget the servers, which are about to stop."""
        (self.folder / "services.json").unlink(missing_ok=True)

    def published(self, *, within_seconds: float) -> dict[str, str]:
        """Return what the process that holds the lock has published, waiting while it is still starting."""
        deadline = time.monotonic() + within_seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                found = json.loads((self.folder / "services.json").read_text())
                return {str(name): str(value) for name, value in found.items()}
            time.sleep(0.1)
        raise StackError(f"The copy of Assay that holds {self.folder} has not started its servers.")

    def write_private(self, name: str, text: str) -> None:
        """Write a file of this folder, whole or not at all, that only its owner reads."""
        unfinished = self.folder / f"{name}.new"
        unfinished.unlink(missing_ok=True)
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
            unfinished.replace(self.folder / name)
        except OSError as error:
            raise from_os_error(error, self.folder) from error

    def demo(self) -> tuple[str, list[dict[str, str]]]:
        """Return the password of the demo's people and who they are; nothing before the first run."""
        try:
            kept = json.loads((self.folder / "demo.json").read_text())
        except FileNotFoundError:
            return "", []
        return kept["password"], kept["people"]
