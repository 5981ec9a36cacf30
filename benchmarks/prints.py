"""What a report of 40, 200 and 1,000 pages costs to print, with Chromium's print of the same HTML beside it.

Each is measured in a process of its own: processor time of that process and of all that it started, and the most
memory that they had at once (PSS: what several share counts once). Starting Python, Django and WeasyPrint is included,
which a worker does once for many reports.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SIZES = (40, 200, 1_000)
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"),
]
LOOK_EVERY_SECONDS = 0.05
# Nothing is asked of database and broker, but the settings want to know where they would be.
ENVIRONMENT = {
    "SECRET_KEY": "benchmarks",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ASSAY_ENV": "development",
    "DEBUG": "false",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    **os.environ,
}
COLUMNS = ["printer", "pages", "cpu_s", "memory_mb", "file_kb"]


def measure(sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """Return a row for each size and printer; Chromium's are missing where there is none."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        html, pdf = Path(folder) / "report.html", Path(folder) / "report.pdf"
        for size in sizes:
            ours = [sys.executable, "-m", "benchmarks.prints", str(size)]
            subprocess.run([*ours, "html", str(html)], check=True, env=ENVIRONMENT)
            found.append(_measured("assay", size, [*ours, "pdf", str(pdf)], pdf))
            if Path(CHROMIUM).exists():
                pdf.unlink()
                profile = f"--user-data-dir={folder}/profile"
                command = [CHROMIUM, *CHROMIUM_FLAGS, profile, f"--print-to-pdf={pdf}", str(html)]
                found.append(_measured("chromium", size, command, pdf))
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows of `measure` as a table to read."""
    lines = ["".join(f"{name:>14}" for name in COLUMNS)]
    lines += ["".join(f"{row[name]:>14}" for name in COLUMNS) for row in rows]
    return "\n".join(lines)


def _measured(printer: str, size: int, command: list[str], pdf: Path) -> dict[str, Any]:
    from pypdf import PdfReader

    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    spent: dict[int, float] = {}
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(_look_at(pid, spent) for pid in _tree(process.pid)))
        time.sleep(LOOK_EVERY_SECONDS)
    if process.returncode:
        raise RuntimeError(f"{printer} could not print {size} pages: {command}")
    return {
        "printer": printer,
        "size": size,
        "pages": len(PdfReader(pdf).pages),
        "cpu_s": round(sum(spent.values()), 1),
        "memory_mb": round(most),
        "file_kb": pdf.stat().st_size // 1024,
    }


def _tree(pid: int) -> Iterator[int]:
    """The process and all below it, for as long as they run."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = thread.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))


def _look_at(pid: int, spent: dict[int, float]) -> float:
    """Note the processor time that a process has spent so far, in seconds; return its memory in MB."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        shared = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    except (OSError, IndexError, StopIteration):  # it has ended meanwhile
        return 0.0
    return int(shared.split()[1]) / 1024


def _print(size: int, what: str, file: Path) -> None:
    """Print an invented report as a worker does; or keep its HTML with the style sheet inside, for Chromium."""
    import django

    django.setup()
    from benchmarks import report_texts
    from reports import pdf

    document = report_texts.make(size)
    if what == "pdf":
        file.write_bytes(pdf.make(document).content)
        return
    style = f"<style>{(pdf.ASSETS / 'report.css').read_text()}</style>"
    linked = '<link rel="stylesheet" href="report:report.css">'
    file.write_text(pdf.compose(document).replace(linked, style))


if __name__ == "__main__":
    _print(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
