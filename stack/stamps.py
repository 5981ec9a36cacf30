"""Remembering which files a step was last done from, so that it is not done again for the same."""

import hashlib
import sys
from pathlib import Path

from stack.processes import ROOT


def fingerprint(*paths: Path) -> str:
    """Return a hash of the contents of files, of all files in folders, and of the version of Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def done(stamp: Path, mark: str) -> bool:
    """Say whether `stamp` holds `mark`."""
    return stamp.exists() and stamp.read_text() == mark
