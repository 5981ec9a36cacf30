"""Debian packages that wheels cannot bring: Pango and fonts for the PDF, a browser for the tests."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from stack.errors import StackError, disk_full

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FONTS = "fonts-liberation"
FONT_FILE = "LiberationSans-Regular.ttf"
FONT_FOLDERS = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"]
BROWSER = "chromium"


def require_system_packages(also: Iterable[str] = (), *, for_tests: bool = False) -> None:
    """Install the missing ones if we are root and there is apt; otherwise raise StackError with the command to run."""
    missing = [*also, *_missing(for_tests=for_tests)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not shutil.which("apt-get"):
        raise StackError(
            f"Assay needs what Debian calls {', '.join(missing)}: install them with your system’s package manager "
            "and start again."
        )
    if os.geteuid() != 0:
        raise StackError(
            f"Assay needs packages that only root may install; run `sudo {' '.join(command)}` and start again."
        )
    print(f"Installing {' '.join(missing)} …", flush=True)
    _apt(
        ["apt-get", "update"], required=False
    )  # a stale list may do; the next command says if it does not
    _apt(command, required=True)


def _missing(*, for_tests: bool) -> list[str]:
    missing = [package for package, library in LIBRARIES.items() if not _loads(library)]
    if not any(_has_font(Path(folder).expanduser()) for folder in FONT_FOLDERS):
        missing.append(FONTS)
    if for_tests and not shutil.which(BROWSER):
        missing.append(BROWSER)
    return missing


def _loads(library: str) -> bool:
    with contextlib.suppress(OSError):
        ctypes.CDLL(library)
        return True
    return False


def _has_font(folder: Path) -> bool:
    return next(folder.rglob(FONT_FILE), None) is not None


def _apt(command: list[str], *, required: bool) -> None:
    result = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if result.returncode == 0 or not required:
        return
    print(result.stdout, file=sys.stderr)
    if "No space left on device" in result.stdout:
        raise disk_full(Path("/"))
    raise StackError(f"`{' '.join(command)}` failed; what it said is above.")
