"""`make bench` measures what it says, and leaves figures that a program can read."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks import prints
from stack.processes import ROOT

PAGES = [
    "home",
    "case_list",
    "case_list_filtered",
    "case_list_by_grade",
    "case_list_searched",
    "case_list_last_page",
    "audit_page",
    "save_grade",
    "figures",
    "tally",
    "deadlines",
    "calendar",
    "national_list",
    "recommendations",
    "tracker",
    "board",
    "same_ask",
    "thematic",
    "desk",
    "force",
    "sweep",
]
KEYS = {"page", "rows", "queries", "p50_ms", "p95_ms", "cpu_ms", "floor_ratio"}


def test_every_page_is_measured_and_written_down(tmp_path):
    output = tmp_path / "latest.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks", "--sizes", "tiny"),
            *("--requests", "3", "--output", str(output), "--reports"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(output.read_text())
    assert [result["page"] for result in found] == PAGES
    for result in found:
        assert set(result) == KEYS
        assert result["rows"] == 80
        assert 0 < result["queries"] < (40 if result["page"] == "desk" else 25)
        assert 0 < result["p50_ms"] <= result["p95_ms"]
        assert result["cpu_ms"] > 0
        assert result["floor_ratio"] > 0
    for page in PAGES:
        assert page in done.stdout


def test_printing_is_measured_beside_chromium():
    rows = prints.measure([12])
    assert [row["printer"] for row in rows] == ["assay", "chromium"]
    for row in rows:
        assert row["pages"] > 5
        assert row["cpu_s"] > 0
        assert row["memory_mb"] > 30
    assert str(rows[0]["pages"]) in prints.table(rows)
