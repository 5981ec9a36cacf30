"""Starts servers of its own for each size, measures in a process of its own, prints a table and keeps the figures."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import prints
from benchmarks.sizes import SIZES, USUAL
from stack.environment import temporary_servers

LATEST = Path(__file__).parent / "latest.json"
COLUMNS = [
    *("page", "rows", "shown", "queries", "p50_ms", "p95_ms", "cpu_ms"),
    *("floor_p50_ms", "floor_cpu_ms", "floor_ratio"),
]
KEPT = ["page", "rows", "queries", "p50_ms", "p95_ms", "cpu_ms", "floor_ratio"]


def main() -> int:
    """Measure every size and write LATEST; the exit code says whether all could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=USUAL)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--pages", nargs="+", default=[], help="measure only these")
    parser.add_argument(
        "--reports",
        nargs="*",
        type=int,
        default=prints.SIZES,
        help="print reports of so many pages; none: measure no printing",
    )
    parser.add_argument("--output", type=Path, default=LATEST)
    options = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL"):  # never fill a database that somebody uses
        os.environ.pop(name, None)
    results: list[dict[str, Any]] = []
    for name in options.sizes:
        print(f"Making and measuring the {name} data set …", flush=True)
        found = _measure(name, options.requests, options.pages)
        if found is None:
            return 1
        results += found
    _print(results)
    options.output.write_text(
        json.dumps([{key: result[key] for key in KEPT} for result in results], indent=1) + "\n"
    )
    print(f"\nWritten to {options.output}.")
    if options.reports:
        _measure_prints(options.reports, options.output.with_name("prints.json"))
    return 0


def _measure(size: str, requests: int, pages: list[str]) -> list[dict[str, Any]] | None:
    """Let a fresh process with an empty database measure `size`; None if it failed, which it has told itself."""
    with temporary_servers() as servers, tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.measure", size, str(requests), str(results), *pages],
            check=False,
            env={**os.environ, **servers, "ASSAY_ENV": "development", "DEBUG": "false"},
        )
        return json.loads(results.read_text()) if done.returncode == 0 else None


def _measure_prints(sizes: list[int], output: Path) -> None:
    print("\nPrinting reports …", flush=True)
    rows = prints.measure(sizes)
    print(prints.table(rows))
    output.write_text(json.dumps(rows, indent=1) + "\n")
    print(f"\nWritten to {output}.")


def _print(results: list[dict[str, Any]]) -> None:
    print()
    print("".join(f"{name:>14}" for name in COLUMNS))
    for result in sorted(results, key=lambda one: (one["page"], one["rows"])):
        print("".join(f"{result[name]:>14}" for name in COLUMNS))
    print(
        "\nrows: cases of the inspection that is measured; shown: rows on the page, which the bare view shows, too;"
        "\nqueries: SQL queries of one request; cpu_ms: processor time of this process, without PostgreSQL's;"
        "\nfloor_ratio: p50 divided by that of the bare view, asked for in turns."
    )


if __name__ == "__main__":
    sys.exit(main())
