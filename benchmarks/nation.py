"""`vsim run nation` on some counties, as a user types it: CPU seconds and peak memory, and what a nation would take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.children import ROOT, note
from benchmarks.summary import grid

COUNTIES = (8, 40)
NATION = 240_000_000
KINDS = ("none", "sample", "all")
LEVELS = {"1 %": str(ROOT / "benchmarks" / "nation_one.yaml"), "cn_registry": "nation"}       # who serves in a week
TARGETS = {"sample": (120, 2e9), "all": (240, 2e9)}        # CPU seconds of a nation and bytes of memory


def run(level: str, counties: int, records: str) -> dict[str, Any]:
    """Run the command once; return CPU seconds of the process, its peak of memory, and what it printed."""
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as folder:
        words = [sys.executable, "-m", "vsim.cli.main", "run", "nation", LEVELS[level], "--counties", str(counties),
                 "--records", records, "--threads", "2", "--out", str(Path(folder) / "run"), "--json", "--quiet"]
        with open(Path(folder) / "said", "w+", encoding="utf-8") as said:
            process = subprocess.Popen(words, stdout=said, stderr=subprocess.STDOUT, cwd=ROOT,
                                       env={**os.environ, "PYTHONPATH": str(ROOT)})
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            text = said.read()
    if process.returncode != 0:
        last = (text.strip() or "silently").splitlines()[-1]
        raise SystemExit(f"vsim run nation --counties {counties} failed: {last}")
    found = json.loads(text[text.index("{"):])
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"level": level, "counties": counties, "records": records,
            "cpu": usage.ru_utime + usage.ru_stime, "peak": peak,
            "residents": found["residents"], "attended": found["attended"], "rows": found["rows"],
            "bytes": found["bytes"]}


def measure() -> dict[str, Any]:
    """Return a run for each number of counties and kind of records; the first one compiles and is not counted."""
    if not hasattr(os, "wait4"):
        return {"rows": [], "missing": "this system does not tell the CPU time of one child (os.wait4)"}
    note("  nation: kernels are compiled or loaded")
    run("1 %", 1, "all")
    out = []
    for level in LEVELS:
        for records in KINDS:
            for counties in COUNTIES:
                note(f"  nation: level {level}, {counties} counties, records {records}")
                out.append(run(level, counties, records))
    note("")
    return {"rows": out}


def extrapolated(found: dict[str, Any], level: str, records: str) -> float:
    """Return CPU seconds of a nation: the start, and the difference of the two runs for each further resident."""
    few, many = (row for row in found["rows"] if (row["level"], row["records"]) == (level, records))
    each = (many["cpu"] - few["cpu"]) / (many["residents"] - few["residents"])
    return few["cpu"] + each * (NATION - few["residents"])


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table as text."""
    if not found["rows"]:
        return [f"not measured: {found['missing']}"]
    rows = [("level", "records", "counties", "residents", "services", "a week", "CPU-s", "peak MB",
             "services B/row", "all tables MB")]
    for row in found["rows"]:
        services, size = row["rows"].get("services", 0), row["bytes"].get("services", 0)
        rows.append((
            row["level"], row["records"], str(row["counties"]), f"{row['residents']:,}", f"{row['attended']:,}",
            f"{row['attended'] / row['residents'] / 52:.2%}", f"{row['cpu']:.1f}",
            f"{row['peak'] / 1e6:,.0f}", f"{size / services:.2f}" if services else "",
            f"{sum(row['bytes'].values()) / 1e6:,.1f}",
        ))
    return [
        "A nation by the command, 52 weeks, 2 threads:",
        grid(rows, left=2),
        *(f"EXTRAPOLATED to {NATION:,} residents, level {level}, records {records}: "
          f"{extrapolated(found, level, records):,.0f} CPU-s"
          + (f" (target {TARGETS[records][0]})" if records in TARGETS and level == "1 %" else "")
          for level in LEVELS for records in KINDS),
    ]


def problems(found: dict[str, Any]) -> list[str]:
    """Return that nothing could be measured; the targets of a nation are judged on a whole run, not here."""
    return [] if found["rows"] else [found["missing"]]
