"""What can go wrong while starting, as sentences that a person can act on."""

import errno
from pathlib import Path

LINES_OF_LOG_SHOWN = 15


class StackError(Exception):
    """Something that the person at the terminal can put right; its text is one plain sentence."""


class ProcessFailed(StackError):
    """A program ended, or did not answer; carries the end of what it wrote."""

    def __init__(self, sentence: str, log: Path) -> None:
        super().__init__(sentence)
        self.log = log

    def tail(self) -> str:
        """Return the last lines of the program's log, or nothing if it wrote none."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-LINES_OF_LOG_SHOWN:])


def from_os_error(error: OSError, folder: Path) -> StackError:
    """Turn what the operating system said while working in `folder` into a sentence."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    where = error.filename or folder
    return StackError(f"Assay cannot use {where}: {(error.strerror or str(error)).lower()}.")


def disk_full(folder: Path) -> StackError:
    """Say that the disk under `folder` has no room left."""
    return StackError(
        f"The disk that holds {folder} is full: free some space, or set ASSAY_HOME to a folder on another disk."
    )
