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
WHOLE = 2844
WHOLE_RUNS = (("1 %", "sample"), ("1 %", "all"), ("cn_registry", "sample"), ("cn_registry", "all"))
TARGETS = {"sample": (120, 2e9), "all": (240, 2e9)}        # CPU seconds of a nation and bytes of memory
ROW = 3                       # bytes of a service in its table, all of them written


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


def measure_whole() -> dict[str, Any]:
    """Return runs of all counties, some minutes each; the kernels are compiled or loaded before."""
    run("1 %", 1, "all")
    out = []
    for level, records in WHOLE_RUNS:
        note(f"  a whole nation: level {level}, records {records}")
        out.append(run(level, WHOLE, records))
    note("")
    return {"rows": out}


def table(rows: list[dict[str, Any]]) -> str:
    """Return runs as a table, one line each."""
    out = [("level", "records", "counties", "residents", "services", "a week", "CPU-s", "peak MB", "services B/row",
            "all tables MB")]
    for row in rows:
        services, size = row["rows"].get("services", 0), row["bytes"].get("services", 0)
        out.append((
            row["level"], row["records"], f"{row['counties']:,}", f"{row['residents']:,}", f"{row['attended']:,}",
            f"{row['attended'] / row['residents'] / 52:.2%}", f"{row['cpu']:.1f}",
            f"{row['peak'] / 1e6:,.0f}", f"{size / services:.2f}" if services else "",
            f"{sum(row['bytes'].values()) / 1e6:,.1f}",
        ))
    return grid(out, left=2)


def whole_lines(found: dict[str, Any]) -> list[str]:
    """Return the table of whole nations as text, with the targets."""
    return ["A whole nation by the command, 52 weeks, 2 threads:", table(found["rows"]),
            *(f"records {records}, 1 % a week: target {cpu} CPU-s and {peak / 1e6:,.0f} MB"
              for records, (cpu, peak) in TARGETS.items())]


def whole_problems(found: dict[str, Any]) -> list[str]:
    """Return which targets a whole nation at one in a hundred a week misses."""
    out = []
    for row in found["rows"]:
        cpu, peak = TARGETS[row["records"]]
        if row["level"] == "1 %" and row["cpu"] > cpu:
            out.append(f"records {row['records']}: {row['cpu']:,.0f} CPU-s; the target is {cpu}")
        if row["peak"] > peak:
            out.append(f"records {row['records']}: peak {row['peak'] / 1e6:,.0f} MB; the target is {peak / 1e6:,.0f}")
        each = row["bytes"]["services"] / row["rows"]["services"]
        if row["records"] == "all" and each > ROW:
            out.append(f"level {row['level']}: {each:.2f} bytes a service; the target is {ROW}")
    return out


def extrapolated(found: dict[str, Any], level: str, records: str) -> float:
    """Return CPU seconds of a nation: the start, and the difference of the two runs for each further resident."""
    few, many = (row for row in found["rows"] if (row["level"], row["records"]) == (level, records))
    each = (many["cpu"] - few["cpu"]) / (many["residents"] - few["residents"])
    return few["cpu"] + each * (NATION - few["residents"])


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table as text."""
    if not found["rows"]:
        return [f"not measured: {found['missing']}"]
    return [
        "A nation by the command, 52 weeks, 2 threads:",
        table(found["rows"]),
        *(f"EXTRAPOLATED to {NATION:,} residents, level {level}, records {records}: "
          f"{extrapolated(found, level, records):,.0f} CPU-s"
          + (f" (target {TARGETS[records][0]})" if records in TARGETS and level == "1 %" else "")
          for level in LEVELS for records in KINDS),
    ]


def problems(found: dict[str, Any]) -> list[str]:
    """Return that nothing could be measured; the targets of a nation are judged on a whole run, not here."""
    return [] if found["rows"] else [found["missing"]]
