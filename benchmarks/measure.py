"""Measures one size: `python -m benchmarks.measure SIZE REQUESTS RESULTS [PAGES]`, with servers in the environment."""

from __future__ import annotations

import gc
import json
import logging
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.pages import Page
    from benchmarks.sweep import Sweep

WARM_UPS = 5


def main(size: str, requests: int, results: Path, only: list[str]) -> None:
    """Fill the database, measure each page (or `only` some), write what was found to `results`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", message="No directory at")
    settings.ROOT_URLCONF = "benchmarks.floor"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)

    from benchmarks import world
    from benchmarks.pages import pages
    from benchmarks.sizes import SIZES

    began = time.monotonic()
    there = world.make(SIZES[size])
    print(f"  made in {time.monotonic() - began:.0f} s", flush=True)
    only = only or list(SIZES[size].pages)
    wanted = [page for page in pages(there) if not only or page.name in only]
    found = [{"rows": SIZES[size].rows, **measure(page, requests)} for page in wanted]
    results.write_text(json.dumps(found))


def measure(page: Page | Sweep, requests: int) -> dict[str, Any]:
    """Ask for `page` and its floor in turns `requests` times, after a warm-up, so that noise meets both alike."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shown = page.shown(page.ask())
    with CaptureQueriesContext(connection) as captured:
        page.ask()
    queries = len(captured)  # now: the next request empties the log
    for _warm_up in range(WARM_UPS):
        page.ask()
        page.floor(shown)
    times: list[tuple[float, float]] = []
    floor_times: list[tuple[float, float]] = []
    gc.collect()
    for _request in range(requests):
        times.append(_timed(page.ask))
        floor_times.append(_timed(lambda: page.floor(shown)))
    walls = sorted(wall for wall, _cpu in times)
    floor = statistics.median(wall for wall, _cpu in floor_times)
    return {
        "page": page.name,
        "shown": shown,
        "queries": queries,
        "p50_ms": _ms(statistics.median(walls)),
        "p95_ms": _ms(walls[min(int(len(walls) * 0.95), len(walls) - 1)]),
        "cpu_ms": _ms(statistics.median(cpu for _wall, cpu in times)),
        "floor_p50_ms": _ms(floor),
        "floor_cpu_ms": _ms(statistics.median(cpu for _wall, cpu in floor_times)),
        "floor_ratio": round(statistics.median(walls) / floor, 2),
    }


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds on the clock and of this process's processor time that `ask` took."""
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - wall, time.process_time() - cpu


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
