"""Become another program that cannot outlive the one that started it.

Runs as a script of its own (`python -I -S child.py …`), because what it does to the process must happen between fork
and exec, and Python code there is unsafe once the parent has threads. The kernel sends the death signal when the
parent dies in whatever way, SIGKILL included. Changing user clears that request, so it comes after.
"""

import argparse
import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 28, 47
SECBIT_NO_SETUID_FIXUP = 1 << 2  # changing user keeps capabilities, and access(2) counts them
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE = 2, 1
CAPABILITY_VERSION_3 = 0x20080522
NO_WAY_THROUGH = "child: cannot change user"

libc = ctypes.CDLL(None, use_errno=True)


def prctl(*arguments: int) -> None:
    values = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:5]]
    if libc.prctl(*values) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def become(user: str, *, through_closed_folders: bool) -> None:
    """Give up root for `user`, keeping at most the right to pass through folders closed to that user."""
    person = pwd.getpwnam(user)
    if through_closed_folders:
        prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)
    if through_closed_folders:
        _keep_only(_strongest_needed())


def _strongest_needed() -> int:
    """Return the narrowest capability we hold that opens folders: reading and searching, else overriding."""
    with Path("/proc/self/status").open() as status:
        held = next(int(line.split()[1], 16) for line in status if line.startswith("CapPrm:"))
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held & (1 << capability):
            return capability
    sys.exit(NO_WAY_THROUGH)


def _keep_only(capability: int) -> None:
    """Hold `capability` across exec and drop all others."""
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--user")
    parser.add_argument("--through-closed-folders", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if options.user:
        try:
            become(options.user, through_closed_folders=options.through_closed_folders)
        except OSError:
            sys.exit(NO_WAY_THROUGH)
    prctl(PR_SET_PDEATHSIG, options.death_signal)
    if os.getppid() != options.parent:  # it died before the line above
        sys.exit(1)
    for ignored in (
        signal.SIGINT,
        signal.SIGQUIT,
    ):  # as a shell starts what it puts into the background
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execvp(options.command[0], options.command)
    except OSError as error:
        sys.exit(f"{options.command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
