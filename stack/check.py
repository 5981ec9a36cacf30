"""Everything about the code that can be checked without running it: `make check`.

All checks run, whatever the others find; the exit code says whether any found something.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stack.environment import temporary_servers
from stack.errors import StackError
from stack.processes import ROOT, bound_to_us, stop_with_parent

BIN = Path(sys.executable).parent
# As production would be: a key of full length, an address with TLS in front.
DEPLOYED = {
    "ASSAY_ENV": "production",
    "SECRET_KEY": "only-to-satisfy-the-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "assay.example",
    "BASE_URL": "https://assay.example",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def checks(extracted: Path) -> list[tuple[str, list[str]]]:
    """Return each check's name and command; a command finds nothing when it exits with 0."""
    manage = [str(BIN / "python"), "manage.py"]
    packages = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
    return [
        ("lint", [str(BIN / "ruff"), "check", "--output-format", "concise", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."]),
        ("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
        ("types", [str(BIN / "mypy"), *packages]),
        ("import direction", [str(BIN / "lint-imports"), "--no-cache"]),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        (
            "translations",
            [
                *(str(BIN / "pybabel"), "--quiet", "extract", "--mapping-file", "babel.cfg"),
                *("--keyword", "gettext_lazy", "--keyword", "ngettext_lazy:1,2"),
                *("--keyword", "pgettext_lazy:1c,2", "--output-file", str(extracted), "."),
            ],
        ),
        ("template syntax", [str(BIN / "python"), "-m", "stack.check_templates"]),
    ]


def run(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check and print its result, with what it wrote if it found something."""
    started = time.monotonic()
    if name == "deployment":
        environment = {**environment, **DEPLOYED}
    result = subprocess.run(
        bound_to_us(command),
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # Babel exits with 0 where it skips a file or a message that it cannot read.
    passed = result.returncode == 0 and not (name == "translations" and result.stdout.strip())
    print(
        f"{name:<18} {'ok' if passed else 'FAILED'}  ({time.monotonic() - started:.1f} s)",
        flush=True,
    )
    if not passed:
        print(result.stdout, flush=True)
    return passed


def main() -> int:
    if os.getppid() != 1:
        stop_with_parent()
    try:
        with temporary_servers() as found, tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                **found,
                "ASSAY_ENV": "test",
                "PYTHONWARNINGS": "error::SyntaxWarning",
            }
            wanted = checks(Path(folder) / "messages.pot")
            failed = [name for name, command in wanted if not run(name, command, environment)]
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(wanted) - len(failed)} of {len(wanted)} checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
